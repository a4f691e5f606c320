"""Roast: a critic that has read your rows, with the evidence under each joke."""

from __future__ import annotations

import json

import streamlit as st

from llm.backends import backend
from llm.lines import INTENSITIES, PERSONAS
from llm.roast import Roast
from music.tracks import vibe_of_tracks
from pages.parts import (
    blind,
    conversation,
    frame,
    once,
    roast_card,
    shelf,
    speaker,
    state,
    subject,
    thumb,
)
from pages.parts.plain import plain

frame.require("pages/roast.py")
st.title("Roast")
who = state.listener()

# 1. What goes in
with st.container(horizontal=True, vertical_alignment="bottom"):
    form = st.segmented_control(
        "In the form of", ["talk", "speech", "review"], default="speech", required=True,
        format_func={"talk": "a conversation", "speech": "a speech", "review": "a review"}.get,
    )  # fmt: skip
    intensity = st.segmented_control(
        "How hard", INTENSITIES, default="tease", required=True, key="roast.intensity",
        format_func={"pat": "a pat", "tease": "a tease", "cook": "cooked"}.get,
    )  # fmt: skip
with st.container(horizontal=True, vertical_alignment="bottom"):
    persona = st.selectbox("Who speaks", list(PERSONAS), format_func=PERSONAS.get)
    what, profile = subject.pick(who)
    writer = subject.writer()
    if st.button("Again", icon=":material/refresh:"):
        st.session_state["roast.seed"] = st.session_state.get("roast.seed", 0) + 1
seed = int(st.session_state.get("roast.seed", 0))
if in_hand := state.vibe_in_hand():
    st.caption(f"In hand: {plain(in_hand.origin or 'a vibe')}. A roast is about {plain(what)}.")

# 2. A call into the room
written: Roast | None = None
subject.weight_of(writer)
with state.friendly_errors():
    backend(writer)
    if form == "review":
        judged = once.reviewed(profile, seed, what, writer)
        if judged is None:
            st.stop()
        roast_card.draw_review(judged)
        text, body, facts = judged.to_text(), judged.to_dict(), judged.facts
    else:
        if form == "talk":
            written = conversation.draw(profile, seed, intensity, persona, writer)
            if written is None:
                st.stop()
        else:
            written = once.roasted(profile, seed, intensity, persona, writer)
            if written is None:
                st.stop()
        roast_card.draw(written, who)
        if form == "speech":
            subject.milder_or_meaner("roast.intensity")
        thumb.tell()
        text, body = written.to_text(), written.to_dict()
        facts = tuple(joke.fact for joke in written.jokes if joke.fact)

    # 3. What comes out
    with st.container(horizontal=True, vertical_alignment="center"):
        shelf.keep_button(
            "roast", f"{who.library.name}, {form}, {intensity}, {persona}, {seed}", body
        )
        speaker.draw(text, key="roast-speaker")
        st.download_button(
            "Text", text, "ghostnotes-roast.txt", "text/plain",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "JSON", json.dumps(body, indent=1, default=str), "ghostnotes-roast.json",
            "application/json", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        if written is not None and written.jokes:
            roast_card.share_button(written, who)
    if kept := shelf.chosen("roast", "From your shelf"):
        with st.container(border=True):
            for paragraph in str(kept.body["text"]).split("\n\n"):
                st.markdown(plain(paragraph, 1_000))

    # 4. Where to go next
    rows = list(dict.fromkeys(row for fact in facts for row in fact.rows))
    if rows:
        vibe = vibe_of_tracks(who.library.tracks.loc[rows], "what the roast was about")
        state.onward(
            vibe,
            ("pages/band.py", "The band this deserves"),
            ("pages/recommend.py", "Tracks that would help"),
            ("pages/hear_it.py", "Hear the shame"),
        )

# 5. Who should write
blind.draw()
