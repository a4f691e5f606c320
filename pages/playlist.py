"""Playlist: a sentence becomes a list of tracks, with visible rules and a reason for each."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from music.tracks import vibe_of_tracks
from pages.parts import (
    covers,
    files_of_list,
    frame,
    kept_lists,
    more_tracks,
    reading,
    saving,
    state,
    tracklist,
    updating,
    wish_box,
)
from pages.parts import wish_rules as rules
from pages.parts.plain import plain

frame.require("pages/playlist.py")
st.title("Playlist")
who = state.listener()

if not len(who.library):
    st.info("There are no tracks to choose from yet.")
    st.page_link("pages/library.py", label="Import some", icon=":material/upload:")
    st.stop()

with state.friendly_errors():
    # 1. What goes in: a sentence, follow-ups, rules by hand
    kept_lists.draw(who)
    reading.draw(who)
    in_hand = state.vibe_in_hand()
    wish = wish_box.ask(who)
    if wish is None:
        if in_hand:
            wish_box.offer(in_hand)
        st.stop()
    wish_box.follow_up(who, wish)
    wish = rules.draw(wish)
    if in_hand and wish.spec.says_nothing():
        st.caption(f"The wish says no mood, so {plain(in_hand.origin or 'what is in hand')} does.")
        wish = replace(wish, spec=replace(wish.spec, vibe=in_hand))

    # 2. A call into the room
    found = who.curator.find(
        wish.spec, locked=wish_box.locked(), without=wish_box.gone(), seed=wish_box.seed(),
        beside=more_tracks.beside(who, wish.spec),
    )  # fmt: skip

    # 3. What comes out
    told = [plain(note, 300) for note in (*wish.notes, *found.relaxed, *found.notes)]
    if told:
        st.info("  \n".join(told), icon=":material/info:")
    if found.tracks.empty:
        st.stop()
    tracklist.head(wish.spec.name, found)
    ticked = tracklist.draw(found)
    covers.attribution(found.tracks)
    tracklist.actions(found, ticked)

    # 4. Where to go next
    with st.container(horizontal=True):
        kept_lists.keep_button(wish, found)
        files_of_list.draw(found)
    said = "; ".join(wish.said)
    saving.draw("playlist", wish.spec.name, found.ids, f"Asked for: {said}" if said else "")
    updating.draw(found.ids, found.tracks["name"].fillna("?").to_dict())
    state.onward(
        vibe_of_tracks(found.tracks, f"playlist: {wish.spec.name}"),
        ("pages/band.py", "The band these deserve"),
        ("pages/hear_it.py", "Hear them as one vibe"),
        ("pages/recommend.py", "More like these"),
    )
