"""Hear it: a sentence, the vibe in hand, or the knobs, as music."""

from __future__ import annotations

import streamlit as st

from pages.parts import frame, knobs, player, state
from pages.parts.plain import plain
from pages.parts.sound import rendered
from studio import flows
from synth.config import config_from_vibe

frame.require("pages/hear_it.py")
st.title("Hear it")
who = state.listener()

# 1. What goes in
in_hand = state.vibe_in_hand()
sentence = st.text_input(
    "What should it sound like?",
    placeholder="rainy egyptian night",
    max_chars=2_000,
    help="Places, genres and instruments set scale, rhythm and voices; moods move the rest.",
)
seed = int(st.number_input("Variation", 0, 9_999, 0, help="Another number, another piece."))

# 2. A call or two into the rooms
with state.friendly_errors():
    if sentence.strip():
        understood = flows.understand(sentence)
        vibe = understood.vibe
        for part in understood.parts:
            st.caption(f"**{plain(part.said)}**: {plain(part.because, 200)}")
        if understood.not_understood:
            st.caption(f"Not understood: {plain(', '.join(understood.not_understood), 200)}")
    else:
        vibe = in_hand or flows.deserved_vibe(who)
        st.caption(f"From {plain(vibe.origin or 'the library in view')}")

    config = knobs.draw(config_from_vibe(vibe, seed))
    sound = rendered(config.to_json())

    # 3. What comes out
    player.draw(sound.wav, sentence or vibe.origin or "a vibe", key="hear-player")
    st.plotly_chart(sound.piano_roll, key="hear-roll", alt="The notes of the loop as a piano roll")
    with st.expander("Waveform and spectrogram"):
        st.plotly_chart(sound.waveform, key="hear-wave", alt="The waveform of the loop")
        st.plotly_chart(sound.spectrogram, key="hear-spectrum", alt="The spectrogram of the loop")
    with st.container(horizontal=True):
        st.download_button(
            "WAV", sound.wav, "ghostnotes.wav", "audio/wav",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Config", config.to_json(), "ghostnotes.json", "application/json",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip

    # 4. Where to go next
    state.onward(
        vibe,
        ("pages/band.py", "The band that plays this"),
        ("pages/recommend.py", "Real tracks near it"),
    )
