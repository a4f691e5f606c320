"""Hear it: a sentence, the vibe in hand, a file of your own, or the knobs, as music."""

from __future__ import annotations

import streamlit as st

from pages.parts import desk, endless, exports, frame, guessing, own_music, player, state
from pages.parts.sound import rendered

frame.require("pages/hear_it.py")
st.title("Hear it")
who = state.listener()

with state.friendly_errors():
    # 1. What goes in; the player stands above what changes the music
    cue, seed = desk.source(who, state.vibe_in_hand())
    stage = st.container()
    form = st.segmented_control(
        "Form", ["a loop", "with an ending", "without end"], default="a loop", required=True,
        label_visibility="collapsed",
    )  # fmt: skip
    seconds = float(st.slider("Seconds", 6, 300, 30)) if form == "with an ending" else None
    cue = desk.tools(cue, seed)

    # 2. A call into the room
    sound = rendered(cue.config.to_json(), seconds)

    # 3. What comes out
    with stage:
        if form == "without end":
            endless.draw(cue.ends or (cue.vibe,), cue.name, key="hear-air", seed=seed)
            st.caption("It wanders for as long as this page is open; knobs and rolls stay behind.")
        else:
            player.draw(sound.wav, cue.name, key="hear-player", loop=seconds is None)
    notes, colours, take, code = st.tabs(["Notes", "Sound", "Take it home", "As code"])
    with notes:
        roll, wheel = st.columns([3, 1])
        roll.plotly_chart(sound.piano_roll, key="hear-roll", alt="Every note as a piano roll")
        wheel.plotly_chart(
            sound.scale_wheel, key="hear-wheel", alt=f"The tones of {cue.config.scale}"
        )
    with colours:
        st.plotly_chart(sound.waveform, key="hear-wave", alt="The waveform")
        st.plotly_chart(sound.spectrogram, key="hear-spectrum", alt="The spectrogram")
    with take:
        exports.draw(cue.config, seconds)
    with code:
        exports.draw_code(cue.config)

    # 4. Where to go next
    state.onward(
        cue.vibe,
        ("pages/band.py", "The band that plays this"),
        ("pages/recommend.py", "Real tracks near it"),
    )
    st.divider()
    with st.expander(f"{who.library.name} as music", icon=":material/library_music:"):
        own_music.draw(who)

with st.expander("Guess the vibe: a game for two ears", icon=":material/hearing:"):
    guessing.draw()
