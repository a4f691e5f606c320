"""The model card beside the weights, written from what was measured."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Final

from llm.train.evaluate import Figure
from llm.train.loop import Recipe

TOLERANCE: Final = 0.02  # `make train` elsewhere gives these task metrics again within this
REPRODUCIBLE: Final = (
    "valid cards",
    "sentences that end by themselves",
    "texts that fit their fact",
    "texts that fit their conditions",
)


def write_card(
    folder: Path,
    recipe: Recipe,
    figures: Sequence[Figure],
    about: Mapping[str, float],
    kinds: Sequence[str],
) -> None:
    """Write ``MODEL_CARD.md`` for people and ``metrics.json`` for programs.

    Parameters
    ----------
    folder
        Where the weights are.
    recipe
        How they were made.
    figures
        What was measured.
    about
        Parameters, corpus size, CPU minutes and so on, by name.
    kinds
        Which kinds of card the model has learned.
    """
    table = "\n".join(
        f"| {f.name} | {_shown(f.value)} | {'' if f.grammar is None else _shown(f.grammar)} "
        f"| {f.unit} |"
        for f in figures
    )
    facts = "\n".join(f"- {name}: {_shown(value)}" for name, value in about.items())
    facts += f"\n- kinds of card: {', '.join(kinds)}"
    text = _TEXT.format(table=table, facts=facts, recipe=json.dumps(asdict(recipe)))
    (folder / "MODEL_CARD.md").write_text(text, encoding="utf-8")
    told = {
        "kinds": list(kinds),
        "recipe": asdict(recipe),
        "figures": {f.name: f.value for f in figures},
    }
    (folder / "metrics.json").write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def drifted(folder: Path, figures: Sequence[Figure]) -> list[str]:
    """Task metrics that differ from the shipped ones by more than 2 points of 100, as sentences."""
    told = json.loads((folder / "metrics.json").read_text(encoding="utf-8"))["figures"]
    return [
        f"{f.name}: {f.value:.3f}, shipped {told[f.name]:.3f}"
        for f in figures
        if f.name in REPRODUCIBLE and f.name in told and abs(f.value - told[f.name]) > TOLERANCE
    ]


def _shown(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3f}"


_TEXT: Final = """\
# The built-in model

A small GPT-2 trained from scratch on text this project wrote, by this project's own pipeline
(`make train`). It runs on numpy alone. It reads special tokens (kind of card, slot, fact, tone)
and writes placeholders such as `<artist>`, which are filled in afterwards: no listener's data was
in its training, and it never sees a name.

{facts}

Recipe: `{recipe}`

## Measured

On cards that were not in the corpus (facts, tones and lengths drawn anew). The column "grammar" is
the same number for the authored grammar the model learned from.

| figure | model | grammar | unit |
|---|---|---|---|
{table}

"Fits" is judged by the nearest authored text. Limits: it has read nothing but our own jokes, so it
recombines them; it knows no music, no language but English, no voice but the critic's and no kind
of fact beyond its corpus (for those the grammar writes, and the page says so). Which of the two is
the default is decided by blind pairs, not by these numbers: of 50 roasts of the demo's listener
read without names on 2026-11-25, four readers (language models, each told to be somebody else)
gave the grammar 103 votes and this model 97: Bradley-Terry strength of the grammar +0.03 (95 %
-0.25 to +0.31). Nobody has won, so the default is the one that needs no model and knows every
voice, the grammar. (A round before, with a model that read fewer lines and a grammar with thirty
weak lines more, three readers gave the model 88 votes of 150; in this one it sampled a little more
freely, at 1.1.) `ghostnotes judge` takes your votes.
"""
