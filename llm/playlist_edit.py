"""Rules changed by hand: a chip taken away, a slider moved. Each step can be undone like a word."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from llm.lexicon import index, key
from llm.lexicon.reading import Match
from llm.playlist import Wish
from llm.vibes import blend
from music.chips import Chip, without
from music.playlist import PlaylistSpec

_SHAPING: Final = ("genres", "moods", "activities", "themes")


def edited(wish: Wish, **changes: Any) -> Wish:
    """The wish with some fields of its specification set; the same wish if nothing changes.

    Raises
    ------
    InputError
        If a field cannot hold its new value.
    """
    spec = replace(wish.spec, **changes)
    return wish if spec == wish.spec else _next(wish, spec)


def dropped(wish: Wish, chip: Chip) -> Wish:
    """The wish without one rule; what that rule did to the vibe is undone as well."""
    spec = without(wish.spec, chip)
    if chip.field.removeprefix("not_") in _SHAPING:
        vibe, _ = blend(list(_matches(spec)), wish.spec.vibe.origin)
        spec = replace(spec, vibe=vibe)
    return _next(wish, spec)


def moved(wish: Wish, feature: str, level: float) -> Wish:
    """The wish with one level of its vibe, in [0, 1], set by hand."""
    return edited(wish, vibe=wish.spec.vibe.with_(**{feature: level}))


def _next(wish: Wish, spec: PlaylistSpec) -> Wish:
    return Wish(spec, said=wish.said, before=wish)


def _matches(spec: PlaylistSpec) -> Iterator[Match]:
    """The rules that shape a vibe, as if they were said again."""
    for field in _SHAPING:
        for refused, names in (
            (False, getattr(spec, field)),
            (True, getattr(spec, f"not_{field}", ())),
        ):
            for name in names:
                if concept := index(scenes=False).get(key(name)):
                    yield Match(concept, name, 0, 0, refused=refused)
