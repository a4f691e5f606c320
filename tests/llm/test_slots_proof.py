"""Ten thousand cards of models that know nothing are valid; ten thousand roasts hold no slur."""

from __future__ import annotations

import os

import numpy as np
import pytest

from benchmarks.listeners import listener
from benchmarks.random_models import random_gpt2, random_llama
from llm.grammar import kinds
from llm.lines import INTENSITIES, PERSONAS
from llm.roast import roast
from llm.safety import offensive
from llm.slots import SlotDecoder
from llm.task import problems
from tests.llm.models import ADVERSARIES, Adversary, JsonScript

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
BUDGETS = (60, 120, 400)
N_RANDOM = 1_667 if PROOF else 6  # cards a model and budget: over 10,000 in full
N_HOSTILE = 60 if PROOF else 10  # cards an adversary and budget: 1,620 in full
N_ROASTS = 10_000 if PROOF else 40
MODELS = {"GPT-2": random_gpt2, "Llama": random_llama}


def broken(decoder, first, n):
    """What is wrong with n cards, the kinds in turn; each seed has a task of its own."""
    examples = kinds()
    names = sorted(examples)
    wrong = []
    for seed in range(first, first + n):
        task = examples[names[seed % len(names)]].examples(np.random.default_rng(seed))
        card = decoder.fill(task, seed)
        if flaws := problems(task, card):
            wrong.append((task.kind, seed, flaws))
    return wrong


@pytest.mark.proof
@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("model", MODELS)
def test_random_weights_give_valid_cards_of_every_kind(model, budget):
    causal, script = MODELS[model]()
    decoder = SlotDecoder(causal, script, budget, temperature=1.0)
    first = (sorted(MODELS).index(model) * len(BUDGETS) + BUDGETS.index(budget)) * N_RANDOM
    assert broken(decoder, first, N_RANDOM) == []


@pytest.mark.proof
@pytest.mark.parametrize("budget", BUDGETS)
@pytest.mark.parametrize("kind", ADVERSARIES)
def test_no_logits_break_a_card_of_any_kind(kind, budget):
    decoder = SlotDecoder(Adversary(kind), JsonScript(), budget)
    assert broken(decoder, ADVERSARIES.index(kind), N_HOSTILE) == []


@pytest.mark.proof
def test_no_roast_holds_a_slur():
    """Half of the names in the facts are markup, punctuation or nothing one could pronounce."""
    voices = [(tone, voice) for tone in INTENSITIES for voice in sorted(PERSONAS)]
    hits = [
        (seed, line.fact and line.fact.kind)
        for seed in range(N_ROASTS)
        for line in roast(listener(seed, hostile=0.5), seed, *voices[seed % len(voices)]).lines
        if offensive(line.text)
    ]
    assert hits == []
