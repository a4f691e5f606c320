"""What is judged: the whole library or one of its playlists."""

from __future__ import annotations

import streamlit as st

from llm.backends import BUILT_IN, called
from llm.hf import weight_bytes
from llm.lines import INTENSITIES
from music.profile import TasteProfile, playlist_profile
from pages.parts.plain import visible
from studio.listener import Listener
from studio.settings import settings

_ALL = ""


def writer() -> str:
    """Who writes: a built-in writer, the model of the settings, or one that is typed here."""
    names = list(dict.fromkeys([settings().backend, *BUILT_IN]))
    return str(
        st.selectbox(
            "Who writes", names, format_func=called, accept_new_options=True,
            help="The built-in model knows one voice, the critic's. Or type a model of yours: "
            "`hf:FOLDER` or a Hugging Face id that is on this machine, `fast:FOLDER`, "
            "`ollama:MODEL`, `server:URL#MODEL`.",
        )
    )  # fmt: skip


def weight_of(writer: str) -> None:
    """What a model takes in memory, said before it is loaded; the way to one that is not here."""
    kind, _, model = writer.partition(":")
    if kind != "hf" or not model:
        return
    if n_bytes := weight_bytes(model):
        st.caption(f"{n_bytes / 1e6:,.0f} MB of weights, read when it first writes.")
    else:
        from pages.parts import fetching

        fetching.draw(model)


def milder_or_meaner(key: str) -> None:
    """Two buttons that move the chosen intensity, kept under ``key``, by one."""
    at = INTENSITIES.index(st.session_state[key])

    def move(by: int) -> None:
        st.session_state[key] = INTENSITIES[at + by]

    with st.container(horizontal=True):
        st.button("Less mean", icon=":material/sentiment_satisfied:", disabled=at == 0,
                  on_click=move, args=(-1,), type="tertiary")  # fmt: skip
        st.button("More mean", icon=":material/whatshot:", disabled=at == len(INTENSITIES) - 1,
                  on_click=move, args=(1,), type="tertiary")  # fmt: skip


def pick(who: Listener) -> tuple[str, TasteProfile]:
    """What to call it in a sentence, and its facts."""
    playlists = who.playlists().dropna(subset="name")
    names = {_ALL: "the whole library"} | dict(
        zip(playlists["playlist_id"], playlists["name"], strict=True)
    )
    chosen = st.selectbox("About", list(names), format_func=lambda i: visible(names[i], 60))
    if chosen == _ALL:
        return "this library", who.profile
    return f"“{visible(names[chosen], 60)}”", playlist_profile(who.library, chosen)
