"""The grammar: authored text, put together by the seed; no model, microseconds, always there.

Each kind of card brings a filler, which drafts it, and examples, which invent tasks for the corpus,
the prompts and the tests. Rooms of text register themselves when they are imported.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Final

import numpy as np

from llm.task import Card, Task, finished
from music.errors import ModelError

Filler = Callable[[Task, np.random.Generator], Card]
Examples = Callable[[np.random.Generator], Task]

# Importing one registers its kinds.
_AUTHORS: Final = (
    "llm.roast_lines",
    "llm.review_parts",
    "llm.genre",
    "llm.band_writing",
    "llm.settings",
)


@dataclass(frozen=True)
class Kind:
    """One kind of card the grammar can write.

    Parameters
    ----------
    filler
        Drafts any subset of a card's slots, with placeholders where names and numbers belong.
    examples
        Invents a task as users would cause it; only the keys of its values matter.
    weight
        Its share of the corpus, relative to the others.
    """

    filler: Filler
    examples: Examples
    weight: float = 1.0


_KINDS: dict[str, Kind] = {}


def register(name: str, kind: Kind) -> None:
    """Make a kind of card known under its name."""
    _KINDS[name] = kind


def kinds() -> dict[str, Kind]:
    """Everything the grammar can write, by name."""
    for module in _AUTHORS:
        import_module(module)
    return dict(_KINDS)


class Grammar:
    """The authored text as a backend."""

    name = "grammar"

    def draft(self, task: Task, seed: int) -> Card:
        """The card with its placeholders still in it.

        Raises
        ------
        ModelError
            If nobody has written text for this kind of card.
        """
        known = kinds()
        if task.kind not in known:
            raise ModelError(
                f"the grammar writes {', '.join(known) or 'nothing'}, but no {task.kind!r}."
            )
        return known[task.kind].filler(task, np.random.default_rng(seed))

    def fill(self, task: Task, seed: int) -> Card:
        """Fill every slot of the task."""
        return finished(task, self.draft(task, seed))

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card, each ended by a line break."""
        card = self.fill(task, seed)
        for slot in task.slots:
            if slot.kind == "text" and slot.name in card:
                yield f"{card[slot.name]}\n"
