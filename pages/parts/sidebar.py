"""The foot of the sidebar: whose library is in view, and the vibe in hand."""

from __future__ import annotations

import streamlit as st

from pages.parts import import_box, state, work
from pages.parts.plain import plain
from studio import services


def draw() -> None:
    """Draw it; the only place that says "invented" on every page."""
    import_box.collect()
    with st.sidebar:
        if job := work.running(work.IMPORT):
            work.glance(job)
        who = state.listener()
        if who.library.invented:
            st.caption(f"You look at **{plain(who.library.name)}**, who is invented.")
            st.page_link("pages/library.py", label="Import your own", icon=":material/upload:")
        else:
            n = who.figures["tracks"]
            st.caption(f"You look at **{plain(who.library.name)}**: {n:,} tracks.")
            if st.button("Back to the demo", icon=":material/undo:"):
                state.look_at(services.demo())
                st.rerun()
        if held_back := state.view().n_held_back:
            st.caption(
                f"{held_back:,} tracks from Spotify are on the Library page only, until you let "
                "them be analysed."
            )
            st.page_link("pages/connect.py", label="Decide that", icon=":material/rule:")
        if vibe := state.vibe_in_hand():
            words = ", ".join([*vibe.adjectives(), *(w for w, _ in vibe.words[:3])]) or "a vibe"
            st.caption(f"In hand: {plain(vibe.origin or 'a vibe', 60)} ({plain(words, 60)})")
