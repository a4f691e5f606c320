"""Hear it: a sentence, the vibe in hand, a file of your own, or the knobs, as music."""

from __future__ import annotations

import streamlit as st

from pages.parts import desk, exports, frame, guessing, knobs, player, state
from pages.parts.sound import rendered

frame.require("pages/hear_it.py")
st.title("Hear it")
who = state.listener()

with state.friendly_errors():
    # 1. What goes in
    cue = desk.draw(who, state.vibe_in_hand())
    config = knobs.draw(cue.config)
    form = st.segmented_control(
        "Form", ["an endless loop", "a piece with an ending"], default="an endless loop",
        required=True,
    )  # fmt: skip
    loops = form == "an endless loop"
    seconds = None if loops else float(st.slider("Seconds", 6, 300, 30))

    # 2. A call into the room
    sound = rendered(config.to_json(), seconds)

    # 3. What comes out
    player.draw(sound.wav, cue.name, key="hear-player", loop=loops)
    roll, wheel = st.columns([3, 1])
    roll.plotly_chart(sound.piano_roll, key="hear-roll", alt="Every note as a piano roll")
    wheel.plotly_chart(sound.scale_wheel, key="hear-wheel", alt=f"The tones of {config.scale}")
    with st.expander("Waveform and spectrogram", icon=":material/graphic_eq:"):
        st.plotly_chart(sound.waveform, key="hear-wave", alt="The waveform")
        st.plotly_chart(sound.spectrogram, key="hear-spectrum", alt="The spectrogram")
    exports.draw(config, seconds)

    # 4. Where to go next
    state.onward(
        cue.vibe,
        ("pages/band.py", "The band that plays this"),
        ("pages/recommend.py", "Real tracks near it"),
    )

with st.expander("Guess the vibe: a game for two ears", icon=":material/hearing:"):
    guessing.draw()
