"""A sentence becomes synth settings by any backend, and never one that does not exist."""

from __future__ import annotations

import numpy as np
import pytest

from llm.grammar import Grammar
from llm.settings import FIELDS, example, settings, settings_task
from llm.slots import SlotDecoder
from llm.task import problems
from music.errors import InputError
from music.theory import STYLES
from tests.llm.models import JsonScript, random_gpt


def test_the_lexicon_gives_the_reason_first_and_then_a_style():
    task = settings_task("bossa nova in the rain")
    card = Grammar().fill(task, 0)
    assert next(iter(card)) == "why"
    assert "Bossa" in str(card["why"])
    told = settings(task, card)
    assert told["rhythm"] in STYLES["bossa nova"].rhythms
    low, high = STYLES["bossa nova"].tempo_bpm
    assert low <= told["tempo_bpm"] <= high
    assert 0 <= told["energy"] <= 1
    assert "why" not in told


def test_any_model_fills_valid_settings():
    decoder, rng = SlotDecoder(random_gpt(context=1024), JsonScript(), 60), np.random.default_rng(0)
    for seed in range(10):
        task = example(rng)
        assert problems(task, decoder.fill(task, seed)) == []
        assert problems(task, Grammar().fill(task, seed)) == []


def test_more_fields_can_be_asked_for():
    task = settings_task("march", {**FIELDS, "habit": ("song", "riff"), "kit": ("none", "rock")})
    card = Grammar().fill(task, 1)
    assert card["habit"] in ("song", "riff")
    assert problems(task, card) == []


def test_an_empty_wish_is_told():
    with pytest.raises(InputError, match="the sentence is empty"):
        settings_task("  ")
