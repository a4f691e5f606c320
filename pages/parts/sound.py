"""Sound for pages: a vibe as WAV bytes, made once, and the button that plays it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from music.vibe import Vibe
from pages.parts import player
from pages.parts.plain import plain

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


@st.cache_data(max_entries=32, show_spinner=False)
def loop_wav(vibe_text: str, seed: int, seconds: float | None = None) -> bytes:
    """A vibe (given as text, so that it can be a key) as WAV bytes: a loop, or so many seconds."""
    from studio.flows import sound_of

    return sound_of(Vibe.parse(vibe_text), seed, seconds)[1].wav()


def play_button(
    vibe: Vibe, label: str, *, key: str, seed: int = 0, primary: bool = False,
    seconds: float | None = None,
) -> None:  # fmt: skip
    """A button that becomes a player, already playing, when it is pressed.

    It plays a loop, or with `seconds` a piece that ends; the label may be text from outside.
    """
    place = st.empty()
    pressed = place.button(
        f"Play {plain(label)}", key=f"{key}-button", icon=":material/play_arrow:",
        type="primary" if primary else "secondary",
    )  # fmt: skip
    if pressed:
        with place.container():
            wav = loop_wav(vibe.to_text(), seed, seconds)
            player.draw(wav, label, key=f"{key}-player", autoplay=True, loop=seconds is None)


@dataclass(frozen=True)
class Rendered:
    """A piece as pages show it."""

    wav: bytes
    waveform: Figure
    spectrogram: Figure
    piano_roll: Figure
    scale_wheel: Figure


@st.cache_data(max_entries=16, show_spinner="Playing it into the tape machine ...")
def rendered(config_json: str, seconds: float | None = None) -> Rendered:
    """A config (as JSON, so that it can be a key) as a loop, or as a piece of some seconds."""
    from synth import charts
    from synth.compose import compose, compose_piece
    from synth.config import MusicConfig
    from synth.render import render

    config = MusicConfig.from_json(config_json)
    audio = render(config, duration_s=seconds)
    score = compose(config) if seconds is None else compose_piece(config, seconds)
    return Rendered(
        audio.wav(),
        charts.waveform(audio),
        charts.spectrogram(audio),
        charts.piano_roll(score),
        charts.scale_wheel(config),
    )
