"""A model that is not on this machine: asked about, and fetched, only when somebody says so."""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm import hub
from music.errors import GhostnotesError
from pages.parts import state, work
from pages.parts.plain import plain, visible
from studio.settings import settings

_OFFER: Final = "fetching.offer"
_WORK: Final = "fetch"


def draw(model: str) -> None:
    """What can be done about a model that is not here; nothing, where it is."""
    if job := work.running(_WORK):
        work.bar(job, _WORK)
        return
    if ended := work.finished(_WORK):
        with state.friendly_errors():
            ended.result()
        st.session_state.pop(_OFFER, None)
    if settings().hosted or hub.is_here(model):
        return
    name = plain(visible(model, 80))
    held: hub.Offer | None = st.session_state.get(_OFFER)
    if held is None or held.model != model:
        st.caption(f"{name} is not on this machine. It can be fetched from Hugging Face.")
        if st.button("Ask what it weighs", icon=":material/cloud:", help=(
            f"Sends its name to {settings().hub_url}, and nothing else. Nothing is fetched yet."
        )):  # fmt: skip
            _ask(model)
        return
    st.caption(plain(str(held), 400))
    if st.button(f"Fetch {held.n_bytes / 1e6:,.0f} MB", icon=":material/cloud_download:"):
        work.start(_WORK, lambda progress: hub.fetch(held, progress, settings().hub_url))


def _ask(model: str) -> None:
    try:
        st.session_state[_OFFER] = hub.offer(model, settings().hub_url)
    except GhostnotesError as error:
        st.warning(plain(error, 400), icon=":material/cloud_off:")
    else:
        st.rerun()
