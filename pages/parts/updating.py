"""The card that gives a playlist on Spotify other tracks: look, difference, write, undo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import CancelledError
from typing import TYPE_CHECKING, Any

import streamlit as st

from music.errors import GhostnotesError
from pages.parts import state
from pages.parts.plain import plain, visible
from studio import history, services, spotify_lists
from studio.jobs import Job

if TYPE_CHECKING:
    from library.updating import Update


def draw(track_ids: Sequence[str], names: Mapping[str, str]) -> None:
    """The card, where somebody may write and has made a playlist here before.

    Parameters
    ----------
    names
        Titles by track id, for the difference in words.
    """
    visitor = state.visitor()
    if visitor is None or not services.spotify().connection(visitor).may_write:
        return
    targets = spotify_lists.targets(visitor)
    if not targets:
        return
    with st.expander("Update a playlist on Spotify", icon=":material/sync_alt:"):
        picked = st.selectbox(
            "Which", list(targets), index=None, placeholder="One that was made here",
            format_func=lambda i: visible(targets[i], 80), key="updating-which",
        )  # fmt: skip
        if picked is not None:
            with state.friendly_errors():
                _draw_one(visitor, picked, targets[picked], track_ids, names)


def _draw_one(
    visitor: str, playlist_id: str, name: str, track_ids: Sequence[str], names: Mapping[str, str]
) -> None:
    writing = spotify_lists.running(visitor, playlist_id)
    if writing is not None and not writing.done:
        _watch(writing)
        return
    _told(writing)
    looking = spotify_lists.look(visitor, playlist_id, name, track_ids)
    if not looking.done:
        _watch(looking)
        return
    planned: Update = looking.result()
    change = history.change(planned.before, planned.after)
    st.caption(f"Dry run: {change} Nothing has happened yet." if change else str(change))
    for sign, uris in (("+", change.added), ("-", change.gone)):
        if uris:
            said = [names.get(uri.rpartition(":")[2], "a track of before") for uri in uris]
            st.caption(f"{sign} {plain(', '.join(said), 400)}")
    before = spotify_lists.last_change(visitor, playlist_id)
    with st.container(horizontal=True):
        if st.button("Update it", type="primary", disabled=not change, key="updating-do"):
            spotify_lists.look_again(visitor, planned)
            spotify_lists.update(visitor, planned)
            st.rerun()
        if before is not None and st.button(
            "Undo the update", icon=":material/undo:", key="updating-undo"
        ):
            spotify_lists.look_again(visitor, planned)
            spotify_lists.undo(visitor, before)
            st.rerun()


def _told(job: Job[Any] | None) -> None:
    if job is None:
        return
    try:
        job.result()
        st.success("Written and read back.")
    except GhostnotesError as error:
        st.error(plain(error, 600), icon=":material/info:")
    except CancelledError:
        st.info("Stopped.")


@st.fragment(run_every=0.5)
def _watch(job: Job[Any]) -> None:
    if job.done:
        st.rerun()
    st.progress(job.progress.share, plain(job.progress.text or "Asking Spotify ..."))
