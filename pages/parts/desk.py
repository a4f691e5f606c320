"""The mixing desk of Hear it: where the music comes from, what it morphs into, what is rolled.

The page shows the player first; what changes the music hides behind one row of buttons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from llm.vibes import Understood
from music.vibe import Vibe
from pages.parts import knobs, model_desk
from pages.parts.plain import plain
from studio import flows
from studio.listener import Listener
from synth.chance import rolled
from synth.config import config_from_vibe, vibe_from_config
from synth.schema import ENUMS, LEVELS, MusicConfig
from synth.tween import between

_LOCKABLE: Final = (*ENUMS, *LEVELS, "tempo_bpm", "root")
_LOCKED: Final = ("scale", "tempo_bpm", "root")
_ROLL: Final = "desk.roll"
_EXAMPLES: Final = (
    "rainy tokyo night",
    "funeral clown",
    "8-bit boss fight",
    "grandma's attic radio",
)


@dataclass(frozen=True)
class Cue:
    """What is to be played: a vibe, its config, what to call it, and the ends of its morph."""

    vibe: Vibe
    config: MusicConfig
    name: str
    ends: tuple[Vibe, ...] = ()


def source(who: Listener, in_hand: Vibe | None) -> tuple[Cue, int]:
    """A sentence, the vibe in hand or a file of one's own; and which variation of it."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        sentence = st.text_input(
            "What should it sound like?", placeholder="rainy egyptian night", max_chars=2_000,
            help="Places, genres and instruments set scale, rhythm, voices; moods move the rest.",
            key="desk.sentence",
        )  # fmt: skip
        seed = int(st.number_input("Variation", 0, 9_999, 0, width=140))
    file = st.session_state.get("desk.file")
    if sentence.strip():
        found = flows.understand(sentence)
        _say_what_was_understood(found)
        return Cue(found.vibe, flows.piece_of(found, seed), sentence), seed
    if file is not None:
        return _from_file(file.getvalue(), file.name, seed), seed
    vibe = in_hand or flows.deserved_vibe(who)
    name = vibe.origin or "the library in view"
    st.caption(f"From: {plain(name, 200)}")
    _examples()
    return Cue(vibe, config_from_vibe(vibe, seed), name), seed


def tools(cue: Cue, seed: int) -> Cue:
    """One row of buttons that change the music; each opens what belongs to it."""
    with st.container(horizontal=True):
        with st.popover("Morph", icon=":material/swap_calls:"):
            other = st.text_input(
                "Into", placeholder="8-bit boss fight", max_chars=2_000,
                help="The same beat all the way; a slider between the two appears.",
            )  # fmt: skip
        dice = st.popover("Roll", icon=":material/casino:")
        turned = st.popover("Knobs", icon=":material/tune:")
        with st.popover("Writer", icon=":material/edit_note:"):
            writer = model_desk.pick()
        with st.popover("Own file", icon=":material/audio_file:"):
            st.file_uploader(
                "WAV, FLAC, OGG or MP3", type=["wav", "flac", "ogg", "mp3"], key="desk.file"
            )
            st.caption(
                "Up to 15 minutes. It is measured on this machine and goes nowhere else; the "
                "figures are ours, not Spotify's. A sentence above goes first."
            )
    sentence = str(st.session_state.get("desk.sentence", ""))
    cue = replace(cue, config=model_desk.turned(cue.config, writer, sentence, seed))
    if other.strip():
        cue = _morphed(cue, other, seed)
    with dice:
        config = _rolled(cue.config)
    with turned:
        config = knobs.draw(config)
    return replace(cue, config=config)


def _examples() -> None:
    """A few sentences to press, where nobody has written one yet."""
    with st.container(horizontal=True):
        for text in _EXAMPLES:
            st.button(text, key=f"example-{text}", on_click=_write, args=(text,), type="tertiary")


def _write(text: str) -> None:
    st.session_state["desk.sentence"] = text


def _from_file(data: bytes, file_name: str, seed: int) -> Cue:
    """A file that was made here gives its config back; any other is measured."""
    from synth.analysis import analyse_file
    from synth.files import made_here

    name = f"file: {file_name}"
    if (config := made_here(data)) is not None:
        st.caption(f"{plain(file_name, 60)} was made here: this is the very piece it holds.")
        return Cue(vibe_from_config(config), config, name)
    vibe, facts = analyse_file(data, name)
    beat = f"{facts.tempo_bpm:.0f} BPM" if facts.tempo_bpm else "no beat"
    st.caption(
        f"Measured in {plain(file_name, 60)}: {beat}, {knobs.PITCHES[facts.tonic]} "
        f"{plain(facts.mode)}, {facts.loudness_lufs:.0f} LUFS. These are our measurements."
    )
    return Cue(vibe, config_from_vibe(vibe, seed), name)


def _say_what_was_understood(found: Understood) -> None:
    """One line of it, and the reasons behind a click."""
    with st.expander(plain(found.summary(), 400), icon=":material/lightbulb:"):
        for part in found.parts:
            st.markdown(f"**{plain(part.said)}**: {plain(part.because, 300)}")
        if not found.parts:
            st.markdown(
                "None of these words mean music here, so it plays the middle of everything. Try a "
                "place, a mood, an instrument, a genre or a time of day."
            )


def _morphed(cue: Cue, other: str, seed: int) -> Cue:
    found = flows.understand(other)
    target = found.vibe
    share = st.slider(
        f"{plain(cue.name, 40)} → {plain(other, 40)}", 0.0, 1.0, 0.5, 0.05, key="desk.share",
        help="0 is the first, 1 the second.",
    )  # fmt: skip
    config = between(cue.config, flows.piece_of(found, seed), share)
    return Cue(cue.vibe.toward(target, share), config, f"{cue.name} → {other}", (cue.vibe, target))


def _rolled(config: MusicConfig) -> MusicConfig:
    st.caption("Everything that is not kept is drawn anew.")
    keep = st.multiselect("Keep", _LOCKABLE, _LOCKED, format_func=knobs.label)
    if st.button("Roll", icon=":material/casino:"):
        st.session_state[_ROLL] = st.session_state.get(_ROLL, 0) + 1
    if st.button("As it was", disabled=_ROLL not in st.session_state):
        st.session_state.pop(_ROLL)
    roll = st.session_state.get(_ROLL)
    return config if roll is None else rolled(config, keep=tuple(keep), seed=roll)
