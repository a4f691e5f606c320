"""The mixing desk of Hear it: where the music comes from, what it morphs into, what is rolled."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from music.vibe import Vibe
from pages.parts.knobs import PITCHES
from pages.parts.plain import plain
from studio import flows
from studio.listener import Listener
from synth.chance import rolled
from synth.config import config_from_vibe
from synth.schema import ENUMS, LEVELS, MusicConfig
from synth.tween import between

_LOCKABLE = (*ENUMS, *LEVELS, "tempo_bpm", "root")


@dataclass(frozen=True)
class Cue:
    """What is to be played: a vibe, its first config, and what to call it."""

    vibe: Vibe
    config: MusicConfig
    name: str


def draw(who: Listener, in_hand: Vibe | None) -> Cue:
    """A sentence, the vibe in hand or an own file; a second one to morph to; a roll of the dice."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sentence = st.text_input(
            "What should it sound like?", placeholder="rainy egyptian night", max_chars=2_000,
            help="Places, genres and instruments set scale, rhythm, voices; moods move the rest.",
        )  # fmt: skip
        seed = int(st.number_input("Variation", 0, 9_999, 0, width=140))
    vibe = _source(who, sentence, in_hand)
    config = config_from_vibe(vibe, seed)
    with st.expander("Morph into something else", icon=":material/swap_calls:"):
        other = st.text_input("Into", placeholder="8-bit boss fight", max_chars=2_000)
        share = st.slider("How far", 0.0, 1.0, 0.5, 0.05, disabled=not other.strip())
        if other.strip():
            target = flows.understand(other).vibe
            config = between(config, config_from_vibe(target, seed), share)
            vibe = vibe.toward(target, share)
    return Cue(vibe, _rolled(config), sentence or vibe.origin or "a vibe")


def _source(who: Listener, sentence: str, in_hand: Vibe | None) -> Vibe:
    with st.expander("From a file of your own", icon=":material/audio_file:"):
        file = st.file_uploader("WAV, FLAC, OGG or MP3", type=["wav", "flac", "ogg", "mp3"])
        st.caption("It is measured on this machine; the figures are ours, not Spotify's.")
    if sentence.strip():
        return _understood(sentence)
    if file is not None:
        from synth.analysis import analyse_file

        vibe, facts = analyse_file(file.getvalue(), f"file: {file.name}")
        tonic = PITCHES[facts.tonic]
        st.caption(
            f"Measured: {facts.tempo_bpm:.0f} BPM, {tonic} {plain(facts.mode)}, "
            f"{facts.loudness_lufs:.0f} LUFS."
        )
        return vibe
    vibe = in_hand or flows.deserved_vibe(who)
    st.caption(f"From: {plain(vibe.origin or 'the library in view', 200)}")
    return vibe


def _understood(sentence: str) -> Vibe:
    found = flows.understand(sentence)
    with st.expander("What was understood", icon=":material/lightbulb:"):
        for part in found.parts:
            st.markdown(f"**{plain(part.said)}**: {plain(part.because, 300)}")
        if found.not_understood:
            st.markdown(f"Not understood: {plain(', '.join(found.not_understood), 300)}")
    return found.vibe


def _rolled(config: MusicConfig) -> MusicConfig:
    with st.expander("Lock some, roll the rest", icon=":material/casino:"):
        keep = st.multiselect("Keep", _LOCKABLE, ["scale", "tempo_bpm", "root"])
        if st.button("Roll"):
            st.session_state["desk.roll"] = st.session_state.get("desk.roll", 0) + 1
        if st.button("As it was", disabled="desk.roll" not in st.session_state):
            st.session_state.pop("desk.roll")
    roll = st.session_state.get("desk.roll")
    return config if roll is None else rolled(config, keep=tuple(keep), seed=roll)
