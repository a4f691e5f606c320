"""Roast: a critic that has read your rows, with the evidence under each joke."""

from __future__ import annotations

import json

import streamlit as st

from llm.lines import INTENSITIES, PERSONAS
from llm.roast import roast
from music.tracks import vibe_of_tracks
from pages.parts import frame, roast_card, shelf, state
from pages.parts.plain import plain

frame.require("pages/roast.py")
st.title("Roast")
who = state.listener()

# 1. What goes in
with st.container(horizontal=True, vertical_alignment="bottom"):
    intensity = st.segmented_control(
        "How hard", INTENSITIES, default="tease", required=True,
        format_func={"pat": "a pat", "tease": "a tease", "cook": "cooked"}.__getitem__,
    )  # fmt: skip
    persona = st.selectbox("Who speaks", list(PERSONAS), format_func=PERSONAS.__getitem__)
    if st.button("Again", icon=":material/refresh:"):
        st.session_state["roast.seed"] = st.session_state.get("roast.seed", 0) + 1
seed = int(st.session_state.get("roast.seed", 0))
if in_hand := state.vibe_in_hand():
    st.caption(f"In hand: {plain(in_hand.origin or 'a vibe')}. A roast is about the whole library.")

# 2. A call into the room
with state.friendly_errors():
    written = roast(who.profile, seed=seed, intensity=intensity, persona=persona)

    # 3. What comes out
    for note in written.notes:
        st.info(plain(note, 300), icon=":material/info:")
    roast_card.draw(written, who)
    with st.container(horizontal=True):
        name = f"{who.library.name}, {intensity}, {persona}, {seed}"
        shelf.keep_button("roast", name, written.to_dict())
        st.download_button(
            "Text", written.to_text(), "ghostnotes-roast.txt", "text/plain",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "JSON", json.dumps(written.to_dict(), indent=1, default=str), "ghostnotes-roast.json",
            "application/json", icon=":material/download:", on_click="ignore",
        )  # fmt: skip

    if kept := shelf.chosen("roast", "From your shelf"):
        with st.container(border=True):
            for paragraph in str(kept.body["text"]).split("\n\n"):
                st.markdown(plain(paragraph, 1_000))

    # 4. Where to go next
    rows = list(dict.fromkeys(row for joke in written.jokes for row in joke.fact.rows))
    if rows:
        vibe = vibe_of_tracks(who.library.tracks.loc[rows], "what the roast was about")
        state.onward(
            vibe,
            ("pages/band.py", "The band this deserves"),
            ("pages/recommend.py", "Tracks that would help"),
            ("pages/hear_it.py", "Hear the shame"),
        )
