"""Tracks beside the library on the playlist page: of a catalogue, and of Spotify's search."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

from music.errors import GhostnotesError
from music.playlist import PlaylistSpec
from pages.parts import state
from pages.parts.plain import plain, visible
from studio import catalogues, playlists, services, spotify_lists
from studio.jobs import Job
from studio.listener import Listener

if TYPE_CHECKING:
    from library.catalogue_index import CatalogueIndex


def beside(who: Listener, spec: PlaylistSpec) -> pd.DataFrame | None:
    """More tracks to choose from, or None; draws a choice where there is anything to choose."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        index = _catalogue()
        visitor = _searcher()
    parts = []
    if index is not None:
        parts.append(_made(playlists.from_catalogue(who, index, spec)))
    if visitor is not None:
        parts.append(_offered(spotify_lists.search(visitor, spec)))
    found = [part for part in parts if part is not None]
    return pd.concat(found)[lambda t: ~t.index.duplicated()] if found else None


def _catalogue() -> CatalogueIndex | None:
    """The catalogue to choose from beside the library; None = only the library."""
    held = {index.name: index for index in catalogues.held()}
    if not held:
        return None
    picked = st.selectbox(
        "Tracks from", ["", *held], key="playlist-source",
        format_func=lambda n: f"the library and {visible(n, 40)}" if n else "the library",
    )  # fmt: skip
    return held.get(picked)


def _searcher() -> str | None:
    """The secret of the visitor who wants Spotify searched."""
    visitor = state.visitor()
    if visitor is None:
        return None
    stands = services.spotify().connection(visitor)
    if stands.state not in ("signed in", "ends soon"):
        return None
    wanted = st.toggle(
        "Also search Spotify", key="playlist-search", disabled=not stands.consent,
        help="At most 30 searches of ten tracks a list, remembered for a day."
        if stands.consent
        else "What its API says would enter a ranking, so it needs your consent: page Spotify.",
    )  # fmt: skip
    return visitor if wanted and stands.consent else None


def _made(job: Job[pd.DataFrame]) -> pd.DataFrame | None:
    if not job.done:
        _wait(job)
        return None
    tracks = job.result()
    return tracks if len(tracks) else None


def _offered(job: Job[Any]) -> pd.DataFrame | None:
    if not job.done:
        _wait(job)
        return None
    try:
        offer = job.result()
    except GhostnotesError as error:
        st.warning(plain(error, 300))
        return None
    except CancelledError:
        return None
    st.caption(f":material/travel_explore: {plain(str(offer), 300)}")
    tracks: pd.DataFrame = offer.tracks
    return tracks if len(tracks) else None


@st.fragment(run_every=0.5)
def _wait(job: Job[Any]) -> None:
    if job.done:
        st.rerun()
    st.progress(job.progress.share, plain(job.progress.text or "Looking ..."))
