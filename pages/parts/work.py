"""Work too long for a click: it runs in a worker, shows how far it is, and can be stopped.

A visitor has one piece of work of a kind at a time. It outlives the page and the visit: whoever
comes back finds the bar again, and whoever comes when it is done gets the result.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import streamlit as st

from pages.parts import state
from pages.parts.plain import plain
from studio import services
from studio.jobs import Job, Progress

IMPORT: Final = "import"  # files that arrive, features that are looked up: both change the library


def start(kind: str, task: Callable[[Progress], Any]) -> None:
    """Begin, unless the visitor's work of this kind is still running."""
    services.jobs().restart(_key(kind), task)
    st.rerun()


def running(kind: str) -> Job[Any] | None:
    """The visitor's work of this kind, while it runs."""
    job = services.jobs().find(_key(kind))
    return job if job is not None and not job.done else None


def finished(kind: str) -> Job[Any] | None:
    """The visitor's work of this kind when it has ended; it is handed over once."""
    return services.jobs().take(_key(kind))


@st.fragment(run_every=0.5)
def bar(job: Job[Any], key: str) -> None:
    """How far it is, and a button that stops it."""
    if job.done:
        st.rerun()
    st.progress(job.progress.share, plain(job.progress.text or "Starting", 100))
    if st.button("Cancel", key=f"{key}-cancel", icon=":material/close:"):
        job.cancel()
    if job.progress.cancelled:
        st.caption("Stopping ...")


@st.fragment(run_every=1.0)
def glance(job: Job[Any]) -> None:
    """How far it is, in one line."""
    if job.done:
        st.rerun()
    st.caption(f":material/hourglass_top: {job.progress.share:.0%} of the work on your library.")


def _key(kind: str) -> str:
    return f"{kind}-{state.owner()}"
