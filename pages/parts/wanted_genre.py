"""The genre of a band: typed, or, where that is switched on, named by the Genrenator.

What a fallback did stands in the genre's notes, and so on the band's card.
"""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm.genre import Genre, invent_genre
from music.vibe import Vibe
from studio.settings import settings

_ASKED: Final = "wanted_genre.asked"


def draw(vibe: Vibe, seed: int, typed: str, ask_web: bool) -> Genre | None:
    """The genre that is wanted; None leaves it to the band."""
    if typed.strip():
        return invent_genre(vibe, seed, typed)
    if not ask_web:
        return None
    return _asked_once(vibe, seed)


def _asked_once(vibe: Vibe, seed: int) -> Genre:
    """The web's answer for this seed, asked once a visit and not at every rerun."""
    from llm.genrenator import GENRENATOR, genrenator_genre

    answers: dict[int, Genre] = st.session_state.setdefault(_ASKED, {})
    if seed not in answers:
        answers[seed] = genrenator_genre(vibe, seed, settings().genrenator_url or GENRENATOR)
    return answers[seed]
