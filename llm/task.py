"""What a backend is asked: a task of slots. Every backend reads the same task its own way.

The grammar reads the facts and conditions of each slot, the small model turns them into special
tokens, a big model gets a prompt rendered from them. What comes back is a `Card`: one value a slot,
valid whatever the model does. Names from the outside never reach a model: text carries placeholders
such as ``<artist>``, which `fill_in` replaces afterwards.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol

from music.profile import Fact

Card = dict[str, "str | int"]

_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9_]*)>")


@dataclass(frozen=True)
class Slot:
    """One hole in a card.

    Parameters
    ----------
    name
        Its key in the card: ``"opening"``, ``"line_1"``, ``"song_3"``.
    kind
        ``"text"`` is sampled within the limits, ``"choice"`` is one of `choices`,
        ``"integer"`` lies between `low` and `high` (both included).
    fact
        The fact a line is about; the text may use its placeholders and no other number or name.
    conditions
        Single words that steer the text, e.g. ``("cook", "clerk")``; each is one special token of
        the small model.
    """

    name: str
    kind: Literal["text", "choice", "integer"] = "text"
    max_chars: int = 200
    max_tokens: int = 48
    min_chars: int = 1
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    fact: Fact | None = None
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True)
class Task:
    """A card to fill.

    Parameters
    ----------
    kind
        What is being written: ``"roast"``, ``"review"``, ``"genre"``, ``"band"``, ``"config"``.
    slots
        The holes, in writing order; a later one may lean on an earlier one.
    conditions
        Steer the whole card, as in `Slot`.
    holes
        Values for placeholders every slot may use, e.g. ``{"genre": "sea-shanty trap"}``.
    avoid
        Values no slot may return (names already taken), compared casefolded.
    """

    kind: str
    slots: tuple[Slot, ...]
    conditions: tuple[str, ...] = ()
    holes: Mapping[str, str] = field(default_factory=dict)
    avoid: frozenset[str] = frozenset()


class Backend(Protocol):
    """Somebody who can fill a task."""

    name: str

    def fill(self, task: Task, seed: int) -> Card:
        """Fill every slot of the task; the card is valid whatever the model does."""
        ...

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """Yield the text as it is made; joined it obeys the task's limits."""
        ...


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replace each ``<name>`` by its value; a placeholder without value is a bug and raises.

    >>> fill_in("<n> plays of <artist>", {"n": "212", "artist": "The Damp"})
    '212 plays of The Damp'
    """
    return _PLACEHOLDER.sub(lambda match: values[match.group(1)], text)


def placeholders(text: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))
