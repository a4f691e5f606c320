"""What a band card asks for, and how the grammar writes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from llm.band_parts import MOODS, Writer, common, worlds
from llm.genre import is_real
from llm.grammar import Kind, register
from llm.lineup import MOST, lineup, single_instrument
from llm.task import Card, Slot, Task
from music.errors import ModelError
from music.vibe import Vibe

N_SONGS: Final = 5
N_RELATED: Final = 3
HOOKS: Final = frozenset(key.partition(".")[0] for key in common() if "." in key)
_TRIES: Final = 40
_BANNED: Final = (
    "neon", "midnight", "echo", "dream", "cosmic", "velvet", "shadow", "crystal", "phantom",
    "aurora", "whisper", "ethereal", "lunar", "stardust", "void", "ghost", "static", "infinite",
)  # fmt: skip


def band_slots(n_members: int, n_albums: int, hooks: Sequence[str] = ()) -> tuple[Slot, ...]:
    """The holes of a band card; members beyond the first vanish when a budget is short.

    Parameters
    ----------
    n_members
        1 to 7.
    n_albums
        1 to 4.
    hooks
        Up to two kinds of fact: the first colours the biography, each colours one song.
    """
    slots = [Slot("name", max_chars=44, max_tokens=12, min_chars=2)]
    slots += [
        Slot(f"member_{k}", max_chars=36, max_tokens=10, min_chars=3, group=f"member_{k}" * (k > 1))
        for k in range(1, n_members + 1)
    ]
    for k in range(1, N_SONGS + 1):
        hook = hooks[k - 2 : k - 1] if k >= 2 else ()  # the single stays the band's own
        slots.append(
            Slot(f"song_{k}", max_chars=60, max_tokens=14, min_chars=2, conditions=tuple(hook))
        )
    slots += [
        Slot(f"album_{k}", max_chars=60, max_tokens=14, min_chars=2) for k in range(1, n_albums + 1)
    ]
    slots += [
        Slot(f"related_{k}", max_chars=44, max_tokens=12, min_chars=2)
        for k in range(1, N_RELATED + 1)
    ]
    slots += [
        Slot("label", max_chars=40, max_tokens=10, min_chars=3),
        Slot("venue", max_chars=72, max_tokens=18, min_chars=5),
        Slot("bio", max_chars=260, max_tokens=72, min_chars=12, conditions=tuple(hooks[:1])),
        Slot("quote", max_chars=180, max_tokens=48, min_chars=10),
        Slot("critic", max_chars=64, max_tokens=18, min_chars=5),
    ]
    return tuple(slots)


def fill_band(task: Task, rng: np.random.Generator) -> Card:
    """Draft a band card; conditions are worlds, then moods, then the size of the band."""
    names = [word for word in task.conditions if word in worlds()]
    tags = frozenset(word for word in task.conditions if word in ("solo", "many"))
    writer = Writer(names, rng, tags, task.holes)
    card: Card = {}
    for slot in task.slots:
        card[slot.name] = _new(writer, slot, task.avoid, card, "solo" in tags)
    return card


def _new(writer: Writer, slot: Slot, avoid: frozenset[str], card: Card, solo: bool) -> str:
    """A text for a slot that is short enough, fit to print, not taken and not yet on the card."""
    kind = slot.name.rstrip("0123456789").rstrip("_")
    taken = {str(value).casefold() for value in card.values()}
    for attempt in range(_TRIES):
        if attempt == _TRIES // 2:  # a hook has few lines, and all of them may be taken
            slot = replace(slot, conditions=())
        text = _draft(writer, kind, slot, solo)
        folded = text.casefold()
        fits = len(text) <= slot.max_chars and folded not in avoid and folded not in taken
        if fits and not overused(text) and not (kind in ("name", "related") and is_real(text)):
            return text
    raise ModelError(f"the grammar found no {kind} that is not taken.")


def _draft(writer: Writer, kind: str, slot: Slot, solo: bool) -> str:
    """One try at a text of a kind."""
    if kind == "member":
        return writer.expand("{first} {surname}")
    if kind == "critic":
        return f"{writer.expand('{first} {surname}')}, {writer.text('paper')}"
    hooks = [key for word in slot.conditions if (key := f"{word}.{kind}") in common()]
    if kind == "song" and hooks:
        return writer.text(hooks[0])
    text = writer.text("name" if kind == "related" else kind)
    if kind == "bio" and hooks and not solo:  # hooks speak of "they"
        return f"{text} {writer.text(hooks[0])}"
    return text


def overused(text: str) -> bool:
    """Whether a text holds a word that every invented band seems to hold."""
    low = text.casefold()
    return any(word in low for word in _BANNED)


def band_conditions(names: Sequence[str], moods: Sequence[str], n_members: int) -> tuple[str, ...]:
    """The conditions of a band card, in the order the small model learned them."""
    size = {1: "solo", 2: "pair"}.get(n_members, "many")
    return (*names, *moods, size)


def _example(rng: np.random.Generator) -> Task:
    """A task as users cause it; names stand for names."""
    names = tuple(map(str, rng.choice(sorted(worlds()), int(rng.integers(1, 3)), replace=False)))
    moods = tuple(map(str, rng.choice(MOODS[:-1], int(rng.integers(1, 4)), replace=False)))
    n = 1 + int(rng.integers(MOST))
    hooks: tuple[str, ...] = ()
    if rng.random() < 0.6:
        hooks = tuple(map(str, rng.choice(sorted(HOOKS), int(rng.integers(1, 3)), replace=False)))
    holes = {"genre": "X", "town": "X", "founded": "1999"}
    if single_instrument(lineup(Vibe(), names, n, rng)):
        holes["instrument"] = "X"
    slots = band_slots(n, 1 + int(rng.integers(4)), hooks)
    return Task("band", slots, band_conditions(names, moods, n), holes)


register("band", Kind(fill_band, _example, 1.5))
