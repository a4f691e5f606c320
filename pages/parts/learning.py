"""What the recommender learns from one's own playlists: in a worker, remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import state
from pages.parts.plain import plain
from studio import services, taught
from studio.settings import settings

if TYPE_CHECKING:
    from recommender.recommend import Recommender
    from studio.jobs import Job
    from studio.listener import Listener


def draw(who: Listener) -> None:
    """Where it stands, a button that teaches, and one that goes back."""
    job = services.jobs().find(_key(who))
    if job is not None and not job.done:
        _wait(job)
        return
    if job is not None:
        with state.friendly_errors():
            job.result()
    if who.lesson:
        st.warning(plain(who.lesson, 300))
    learned = taught.has_learned(who)
    st.caption(
        f"In use: what {len(who.recommender.catalogue.playlists)} of your playlists taught it."
        if learned
        else "In use: the weights that ship. Your playlists can teach it what counts for you: "
        "artists, years, sound, and which songs you put side by side. It takes seconds."
    )
    if settings().hosted and who.library.invented:
        st.caption("The invented library is everybody's here; import your own to teach it.")
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Learn again" if learned else "Learn now", icon=":material/school:"):
            services.jobs().restart(_key(who), lambda told: taught.teach(who, told))
            st.rerun()
        if learned and st.button("Forget what was learned", type="tertiary"):
            services.jobs().forget(_key(who))
            taught.unlearn(who)
            st.rerun()


@st.fragment(run_every=1.0)
def _wait(job: Job[Recommender]) -> None:
    if job.done:
        st.rerun()
    st.progress(job.progress.share, job.progress.text or "Waiting for a free worker")


def _key(who: Listener) -> str:
    return f"teach-{who.key}"
