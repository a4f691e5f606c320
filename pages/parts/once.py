"""No joke twice: within a visit a roast or a review avoids what earlier ones said."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import streamlit as st

from llm.review import Review, review
from llm.roast import Roast, roast
from music.profile import TasteProfile
from pages.parts import live, thumb

_MADE: Final = "once.roasts"
_REVIEWS: Final = "once.reviews"
_MOST: Final = 200  # of each, of a visit, that are remembered

K = TypeVar("K")
T = TypeVar("T")
_Key = tuple[str, int, int, str, str, str]


def roasted(
    profile: TasteProfile, seed: int, intensity: str, persona: str, writer: str
) -> Roast | None:
    """The roast of these choices; asked for again it is the same, whatever was said since.

    None while a big model still writes it, or after it was stopped.
    """
    made: dict[_Key, Roast] = st.session_state.setdefault(_MADE, {})
    key = (profile.name, profile.n_tracks, seed, intensity, persona, writer)

    def write() -> Roast | None:
        said = [line.text for earlier in made.values() for line in earlier.lines]
        learned = thumb.learned()
        return live.written(
            writer, key, lambda: roast(profile, seed, intensity, persona, writer, said, (), learned)
        )

    return _kept(made, key, write)


def reviewed(profile: TasteProfile, seed: int, what: str, writer: str) -> Review | None:
    """The review of these choices, as `roasted` does it."""
    made: dict[tuple[str, int, int, str], Review] = st.session_state.setdefault(_REVIEWS, {})
    key = (what, profile.n_tracks, seed, writer)

    def write() -> Review | None:
        said = [earlier.to_text() for earlier in made.values()]
        return live.written(
            writer, ("review", *key), lambda: review(profile, seed, what, writer, said)
        )

    return _kept(made, key, write)


def _kept(made: dict[K, T], key: K, write: Callable[[], T | None]) -> T | None:
    """What was made for these choices, written if it was not; the oldest of many gives way."""
    if key not in made:
        written = write()
        if written is None:
            return None
        made[key] = written
        if len(made) > _MOST:
            del made[next(iter(made))]
    return made[key]
