"""The built-in model's rows of `benchmarks.words`: what training measured, and what it copies."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

import numpy as np

from benchmarks.table import Row
from llm.grammar import kinds
from llm.tiny import WEIGHTS, Tiny
from llm.train.corpus import documents, in_one_voice
from llm.train.loop import Recipe

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
N_CARDS = 200 if PROOF else 40
MUSTS = {
    "valid cards": 1.0,
    "texts that fit their fact": 0.95,
    "texts that fit their conditions": None,
    "sentences that end by themselves": None,
}


def rows() -> Iterator[Row]:
    """Every row."""
    yield from trained()
    yield from copied()


def trained() -> Iterator[Row]:
    """What the training measured on new cards; the model card has the whole table."""
    figures = json.loads((WEIGHTS / "metrics.json").read_text("utf-8"))["figures"]
    for name, must in MUSTS.items():
        yield Row(f"tiny: {name}", figures[name], "share", must, better="more",
                  peer="by make train, on new cards")  # fmt: skip


def copied() -> Iterator[Row]:
    """Whole roasts and cards of the model that stand in its corpus, every text of them."""
    recipe = Recipe()
    seen = {tuple(p.text for p in doc.passages) for doc in documents(recipe.documents, recipe.seed)}
    tiny, rng = Tiny(), np.random.default_rng(recipe.seed + 2)
    hits = 0
    for k in range(N_CARDS):
        kind = kinds()[("roast", "band", "review")[k % 3]]
        task = in_one_voice(kind.examples(rng))
        card = tiny.decoder.draft(task, k)
        hits += tuple(str(card[slot.name]) for slot in task.slots if slot.name in card) in seen
    yield Row("tiny: whole texts that stand in its corpus", float(hits), "", 0,
              peer=f"of {N_CARDS}; corpus of {recipe.documents:,}")  # fmt: skip
