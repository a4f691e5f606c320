"""A sentence sets the desk by way of any writer, and the corpus holds what sounds most like it."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from music.errors import InputError
from studio.desk_writer import _wish, corpus, right_styles, set_by
from synth.schema import MusicConfig

PHRASES = Path(__file__).parent.parent / "llm" / "phrases" / "styles.txt"


def phrases():
    rows = [r.split("|") for r in PHRASES.read_text().splitlines() if "|" in r and r[0] != "#"]
    return {said.strip(): {s.strip() for s in styles.split(",")} for said, styles in rows}


def test_the_reason_comes_with_the_settings_and_the_seed_decides():
    one = set_by("grammar", "a waltz for ghosts", seed=3)
    assert isinstance(one.config, MusicConfig)
    assert one.config.metre == "3/4"
    assert one.why.endswith(".")
    assert one == set_by("grammar", "a waltz for ghosts", seed=3)


def test_whoever_has_not_learned_it_hands_on_and_says_so():
    one = set_by("tiny", "a waltz for ghosts")
    assert one.by == "the grammar"
    assert "has not learned" in one.notes[0]
    with pytest.raises(InputError, match="sentence is empty"):
        set_by("grammar", " ")


def test_the_settings_lie_in_a_style_people_accept():
    some = dict(list(phrases().items())[:60])
    assert right_styles("grammar", some) >= 0.75


def test_the_corpus_keeps_the_candidate_that_sounds_most_like_the_sentence():
    few, many = list(corpus(3, seed=5, candidates=1)), list(corpus(3, seed=5, candidates=3))
    assert [row["wish"] for row in few] == [row["wish"] for row in many]
    for one, best in zip(few, many, strict=True):
        assert float(best["distance"]) <= float(one["distance"])
        card = json.loads(best["text"].splitlines()[-1])
        assert next(iter(card)) == "why"
        assert best["wish"] in best["text"]


def test_no_sentence_of_the_corpus_is_empty():
    rng = np.random.default_rng(0)
    assert all(_wish(rng).strip() for _ in range(1_500))
