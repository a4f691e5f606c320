"""What the visitor said of tracks and artists: liked, disliked, never again; all remembered."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from library.store import Feedback, Verdict
from pages.parts import state
from pages.parts.plain import visible
from studio import feedback

BUTTONS: Final[tuple[tuple[str, str, Verdict], ...]] = (
    ("More like these", "thumb_up", "like"),
    ("Less like these", "thumb_down", "dislike"),
    ("Never these", "block", "block"),
)
VERDICTS: Final = {"like": "liked", "dislike": "disliked", "block": "never"}


def buttons(ticked: list[str], artists: list[str]) -> None:
    """Buttons that remember what the visitor thinks of the ticked rows."""
    for label, icon, verdict in BUTTONS:
        if st.button(label, icon=f":material/{icon}:", disabled=not ticked, key=f"say-{verdict}"):
            feedback.say(state.owner(), "track", ticked, verdict)
            st.rerun()
    if st.button("Never these artists", icon=":material/person_off:", disabled=not artists):
        feedback.say(state.owner(), "artist", artists, "block")
        st.rerun()


def take_back(tracks: pd.DataFrame) -> None:
    """How much was said, and a list from which any of it can be taken back."""
    said = feedback.of_music(state.owner())
    if not said:
        return
    counts = {v: sum(f.verdict == v for f in said) for v in VERDICTS}
    names = tracks["name"].to_dict()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Remembered: {counts['like']} liked, {counts['dislike']} disliked, "
            f"{counts['block']} blocked."
        )
        with st.popover("Take back", type="tertiary"):
            chosen = st.multiselect(
                "What you said", range(len(said)), format_func=lambda i: _label(said[i], names)
            )
            one, every = st.columns(2)
            if one.button("Take these back", disabled=not chosen):
                _forget([said[i] for i in chosen])
            if every.button("Take it all back"):
                _forget(said)


def _label(one: Feedback, names: dict[str, str]) -> str:
    thing = str(names.get(one.thing, one.thing)) if one.kind == "track" else one.thing
    return visible(f"{VERDICTS[one.verdict]}: {thing}", 80)


def _forget(said: list[Feedback]) -> None:
    for kind in ("track", "artist"):
        feedback.say(state.owner(), kind, [one.thing for one in said if one.kind == kind], None)
    st.rerun()
