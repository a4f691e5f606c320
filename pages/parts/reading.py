"""Says on the page that titles are still being read, and draws it anew when they are."""

from __future__ import annotations

from typing import Any

import streamlit as st

from pages.parts.plain import plain
from studio import playlists
from studio.jobs import Job
from studio.listener import Listener


def draw(who: Listener) -> None:
    """A line while the encoder reads titles and artists; nothing when that is done."""
    job = playlists.reading(who)
    if job is not None and not job.done:
        _wait(job)


@st.fragment(run_every=1.0)
def _wait(job: Job[Any]) -> None:
    if job.done:
        st.rerun()
    told = job.progress.text or "about to begin"
    st.caption(
        ":material/hourglass_top: Reading what titles and artists mean, once "
        f"({plain(told, 80)}). Until then lists go by genres, figures and words; after that they "
        "are made anew."
    )
