"""A thumb under a joke, and what the thumbs have taught so far."""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm.preference import MIN_VOTES, Preference
from llm.roast import Roast, RoastLine, vote_on
from pages.parts import state
from studio import thumbs

_LEARNED: Final = "thumb.learned"


def draw(line: RoastLine, written: Roast, key: str) -> None:
    """Two thumbs for a line; pressing one again takes it back."""
    key = f"{key}-{hash((line.text, written.intensity, written.persona)) & 0xFFFFFFFF:x}"
    said = thumbs.liked(state.owner(), vote_on(line, written, True))
    if said is not None:
        st.session_state.setdefault(key, int(said))
    st.feedback("thumbs", key=key, on_change=_remember, args=(line, written, key))


def _remember(line: RoastLine, written: Roast, key: str) -> None:
    chosen = st.session_state[key]
    said = vote_on(line, written, bool(chosen))
    if chosen is None:
        thumbs.forget_vote(state.owner(), said)
    else:
        thumbs.vote(state.owner(), said)
    st.session_state.pop(_LEARNED, None)


def learned() -> Preference | None:
    """What this visitor's thumbs have taught, learned anew after each of them."""
    if _LEARNED not in st.session_state:
        st.session_state[_LEARNED] = thumbs.preference(state.owner())
    found: Preference | None = st.session_state[_LEARNED]
    return found


def tell() -> None:
    """What the thumbs do, and the way to take them along."""
    votes = thumbs.votes(state.owner())
    if not votes:
        st.caption("A thumb under a joke is remembered here, and teaches the next roast.")
        return
    taught = (
        "The next roast keeps, of four drafts of each line, the one most like those you liked."
        if learned()
        else f"From {MIN_VOTES} thumbs of both kinds on, the next roast learns from them."
    )
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"{len(votes):,} {'thumb' if len(votes) == 1 else 'thumbs'}. {taught}")
        st.download_button(
            "My thumbs", thumbs.as_lines(votes), "thumbs.jsonl", "application/jsonl",
            icon=":material/thumbs_up_down:", type="tertiary", on_click="ignore",
            help="For `ghostnotes train --preferences thumbs.jsonl`, which teaches them to the "
            "built-in model.",
        )  # fmt: skip
