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

from llm.safety import clean_name
from music.profile import Fact

Card = dict[str, "str | int"]

_PLACEHOLDER = re.compile(r"<([a-z][a-z0-9_]*)>")
_COUNTED = "plays|songs|tracks|times|days|hours|minutes|seconds|titles|playlists|appearances"
_HOLE = re.compile(rf"{_PLACEHOLDER.pattern}( (?:{_COUNTED})\b)?(\.(?!\.))?")


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
    group
        Slots of one group vanish together when the budget is short, the last group first (a band
        loses its fifth member, name and instrument); "" = never.
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
    group: str = ""


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


@dataclass(frozen=True)
class Filled:
    """A card, who really wrote it, and every fallback on the way in words for the page.

    Parameters
    ----------
    card
        Final text, choices and integers by slot name.
    by
        The backend that wrote it: ``"tiny"``; the one that wrote most, where several did.
    notes
        One sentence for each thing that did not go as asked; empty when all did.
    """

    card: Card
    by: str
    notes: tuple[str, ...] = ()


class Backend(Protocol):
    """Somebody who can fill a task."""

    name: str

    def fill(self, task: Task, seed: int) -> Card:
        """Fill every slot of the task; the card is valid whatever the model does.

        Text is final: placeholders are already replaced (see `finished`). Only slots with a group
        may be missing.
        """
        ...

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """Yield the text as it is made; joined it obeys the task's limits."""
        ...


def fill_in(text: str, values: Mapping[str, str]) -> str:
    """Replace each ``<name>`` by its value; a placeholder without value is a bug and raises.

    What is counted agrees with a count of one, and a name that ends in a full stop ends the
    sentence by itself.

    >>> fill_in("<n> plays of <artist>.", {"n": "212", "artist": "The Damp"})
    '212 plays of The Damp.'
    >>> fill_in("<n> plays of <artist>.", {"n": "1", "artist": "Dr. Wet Jr."})
    '1 play of Dr. Wet Jr.'
    """

    def value(match: re.Match[str]) -> str:
        told, counted, stop = values[match[1]], match[2] or "", match[3] or ""
        one = told == "1" and counted
        return f"{told}{counted[:-1] if one else counted}" + (
            "" if stop and not counted and told.endswith((".", "!", "?", "…")) else stop
        )

    return _HOLE.sub(value, text)


def draft_of(text: str, values: Mapping[str, str]) -> str:
    """The draft behind a text: each value back to its placeholder, the longest value first.

    A value inside a longer word or number stays, since it stands there by chance.

    >>> draft_of("212 plays of The Damp in 2122", {"n": "212", "artist": "The Damp"})
    '<n> plays of <artist> in 2122'
    """
    for name in sorted(values, key=lambda name: -len(values[name])):
        if value := values[name]:
            whole = rf"(?<![\w<]){re.escape(value)}(?![\w>])"
            text = re.sub(whole, f"<{name}>", text)
    return text


def placeholders(text: str) -> frozenset[str]:
    """The names of the placeholders in a text."""
    return frozenset(_PLACEHOLDER.findall(text))


def values_for(task: Task, slot: Slot) -> dict[str, str]:
    """What the placeholders of a slot stand for: the task's holes and the slot's fact.

    Names come from outside, so control characters go and 80 characters stay.
    """
    values = {**task.holes, **(slot.fact.values if slot.fact else {})}
    return {name: clean_name(value) for name, value in values.items()}


def finished(task: Task, draft: Card) -> Card:
    """A drafted card with its placeholders replaced; choices and integers stay."""
    card = dict(draft)
    for slot in task.slots:
        value = draft.get(slot.name)
        if slot.kind == "text" and isinstance(value, str):
            card[slot.name] = fill_in(value, values_for(task, slot))
    return card


def problems(task: Task, card: Card) -> list[str]:
    """Why a card does not answer its task, one sentence each; empty = valid.

    Limits on characters hold for the text before names are filled in, so a text may be longer by
    what its placeholders hold.
    """
    known = {slot.name for slot in task.slots}
    found = [f"{name} was not asked for" for name in card if name not in known]
    for slot in task.slots:
        if slot.name not in card:
            found += [] if slot.group else [f"{slot.name} is missing"]
        elif reason := _wrong(task, slot, card[slot.name]):
            found.append(f"{slot.name} {reason}: {card[slot.name]!r}")
    return found


def _wrong(task: Task, slot: Slot, value: str | int) -> str:
    if slot.kind == "integer":
        fits = isinstance(value, int) and slot.low <= value <= slot.high
        return "" if fits else f"is no integer from {slot.low} to {slot.high}"
    if not isinstance(value, str):
        return "is no text"
    if slot.kind == "choice":
        return "" if value in slot.choices else "is none of the choices"
    room = slot.max_chars + 4 * sum(map(len, values_for(task, slot).values()))
    if not slot.min_chars <= len(value.strip()) <= room:
        return f"has {len(value)} characters, not {slot.min_chars} to {room}"
    if not value.isprintable():
        return "holds characters that cannot be shown"
    return "is taken" if value.casefold() in task.avoid else ""
