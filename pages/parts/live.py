"""Watching a big model write, word by word, with a button that stops it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from concurrent.futures import CancelledError
from typing import TypeVar

import streamlit as st

from llm.backends import BUILT_IN, called
from llm.listening import listening
from pages.parts import state
from pages.parts.plain import plain
from studio import services
from studio.jobs import Job, Progress

T = TypeVar("T")

LOOKS_S = 0.5  # between two looks at what was written


def written(writer: str, key: Hashable, make: Callable[[], T]) -> T | None:
    """What ``make`` makes: at once by a built-in writer, else in a worker while one can watch.

    None while it is being written, and after it was stopped.
    """
    if writer in BUILT_IN:
        return make()

    def work(progress: Progress) -> T:
        with listening(lambda text: progress(0.0, text)):
            return make()

    name = f"write-{state.owner()}-{key}"
    job = services.jobs().find(name) or services.jobs().submit(name, work)
    if not job.done:
        _watch(job, writer)
        return None
    try:
        return job.result()
    except CancelledError:
        st.info(f"{called(writer, begins=True)} was stopped.", icon=":material/stop_circle:")
        if st.button("Let it write again", icon=":material/refresh:"):
            services.jobs().submit(name, work)
            st.rerun()
        return None


@st.fragment(run_every=LOOKS_S)
def _watch(job: Job[T], writer: str) -> None:
    if job.done:
        st.rerun()
    st.caption(f"{called(writer, begins=True)} is writing; what it says is checked afterwards.")
    st.markdown(f"*{plain(job.progress.text, 600)} …*" if job.progress.text else "*…*")
    st.button("Stop", icon=":material/stop:", on_click=job.cancel)
