"""What Spotify itself would recommend: one more source of candidates, and shown as such."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from music.errors import GhostnotesError
from pages.parts import covers, state
from pages.parts.plain import plain
from recommender.recommend import Recommender
from recommender.seeds import Seeds
from studio import services, spotify_jobs
from studio.jobs import Job
from studio.listener import Listener

_N_SEEDS = 5


def draw(who: Listener, seeds: Seeds, found: list[str]) -> None:
    """The section; nothing for somebody who is not signed in.

    Parameters
    ----------
    seeds
        What the visitor started from; where that is no track, the best recommended ones serve.
    found
        The recommended track ids, best first.
    """
    visitor = state.visitor()
    if visitor is None or services.spotify().connection(visitor).state == "signed out":
        return
    with st.expander("What Spotify itself would add", icon=":material/travel_explore:"):
        st.caption(
            "Spotify's own recommendations, for the few apps that may still ask for them. They are "
            "ranked here by the same rules as everything else."
        )
        if not services.spotify().connection(visitor).consent:
            st.info("They come from the Web API, so they need your yes on the page about Spotify.")
            return
        liked = [i for i, weight in seeds.weights.items() if weight > 0]
        near = (liked or found)[:_N_SEEDS]
        job = spotify_jobs.suggest_job(visitor, near)
        if job is None or (job.done and job.future.exception() is not None):
            if job is not None:
                _tell(job)
            if near and st.button("Ask Spotify (one call)", icon=":material/travel_explore:"):
                spotify_jobs.start_suggest(visitor, near)
                st.rerun()
        elif job.done:
            _draw_list(who, near, job.result())
        else:
            _wait(job)


def _draw_list(who: Listener, near: list[str], rows: pd.DataFrame) -> None:
    new = rows[~rows.index.isin(who.library.tracks.index)]
    if new.empty:
        st.info("Spotify names nothing near these that you do not have.")
        return
    with state.friendly_errors():
        known = who.library.tracks[who.library.tracks.index.isin(near)]
        ranked = Recommender(pd.concat([known, new])).recommend(near, n=25)
        table = ranked.tracks().assign(because=ranked.frame()["because"])
        st.dataframe(
            covers.with_covers(table), placeholder="", column_config=covers.COLUMNS,
            column_order=("cover", "name", "artists", "because", "year", "link"),
            hide_index=True, row_height=44, alt=f"{len(table)} tracks that Spotify recommends",
        )  # fmt: skip
        covers.attribution(table)


def _tell(job: Job[pd.DataFrame]) -> None:
    error = job.future.exception()
    if isinstance(error, GhostnotesError):
        st.info(plain(error, 400), icon=":material/info:")


@st.fragment(run_every=1.0)
def _wait(job: Job[pd.DataFrame]) -> None:
    if job.done:
        st.rerun()
    st.caption("Asking Spotify ...")
