"""Taking music home: audio in four formats, stems, MIDI, the config, Strudel code."""

from __future__ import annotations

import streamlit as st

from synth.compose import compose, compose_piece
from synth.files import encoded, stems_zip
from synth.midi import midi
from synth.render import render
from synth.schema import MusicConfig
from synth.score import Score
from synth.strudel import share_link, strudel

_AUDIO = {"WAV": "audio/wav", "FLAC": "audio/flac", "OGG": "audio/ogg", "MP3": "audio/mpeg"}


def draw(config: MusicConfig, seconds: float | None) -> None:
    """The buttons; each file is made when it is asked for."""

    def audio(kind: str) -> bytes:
        return encoded(render(config, duration_s=seconds), kind.casefold(), config)

    with st.container(horizontal=True):
        for kind, mime in _AUDIO.items():
            st.download_button(
                kind, lambda kind=kind: audio(kind), f"ghostnotes.{kind.casefold()}", mime,
                icon=":material/download:", on_click="ignore", key=f"export-{kind}",
            )  # fmt: skip
        st.download_button(
            "Stems", lambda: stems_zip(_score(config, seconds), 44_100), "ghostnotes-stems.zip",
            "application/zip", icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "MIDI", lambda: midi(_score(config, seconds)), "ghostnotes.mid", "audio/midi",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Config", config.to_json(), "ghostnotes.json", "application/json",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    told = "FLAC, OGG and MP3 carry the config as a tag, so a file can be turned back into it."
    if config.ambience != "none":
        told += f" MIDI and code hold the notes, without the {config.ambience} around them."
    st.caption(told)


def draw_code(config: MusicConfig) -> None:
    """The loop as Strudel code, which anybody can change while it plays."""
    score = compose(config)
    st.code(strudel(score), language="javascript", height=320)
    st.link_button("Open at strudel.cc", share_link(score), icon=":material/open_in_new:")
    st.caption("The link carries the code in its address; opening it tells strudel.cc.")


def _score(config: MusicConfig, seconds: float | None) -> Score:
    return compose(config) if seconds is None else compose_piece(config, seconds)
