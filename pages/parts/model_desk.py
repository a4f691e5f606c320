"""The desk of Hear it, set by a language model: for those who have one that reads sentences."""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm.backends import called
from pages.parts import live, subject
from pages.parts.plain import plain
from studio.desk_writer import Setting, set_by
from studio.settings import settings
from synth.schema import MusicConfig

LEXICON: Final = "the lexicon"


def pick() -> str:
    """Who sets the desk from a sentence."""
    writer = str(
        st.selectbox(
            "Who sets the desk", [LEXICON, settings().backend], accept_new_options=True,
            format_func=called, key="desk.writer",
            help="Or type a model of yours: `hf:FOLDER`, `fast:FOLDER`, `ollama:MODEL`, "
            "`server:URL#MODEL`. It reads the sentence, says why, then sets scale, rhythm, voices "
            "and levels; what it may choose among always plays.",
        )
    )  # fmt: skip
    subject.weight_of(writer)
    return writer


def turned(config: MusicConfig, writer: str, sentence: str, seed: int) -> MusicConfig:
    """The config the writer sets; as it is by the lexicon, without a sentence, or while it writes.

    The model's reason and what a fallback did are shown.
    """
    if writer == LEXICON or not sentence.strip():
        return config
    found: Setting | None = live.written(
        writer, ("desk", sentence, seed), lambda: set_by(writer, sentence, seed)
    )
    if found is None:
        return config
    for note in found.notes:
        st.info(plain(note, 300), icon=":material/info:")
    st.caption(f"{plain(found.why, 300)} (set by {plain(found.by)})")
    return found.config
