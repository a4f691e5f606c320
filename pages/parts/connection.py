"""Where a visitor stands with Spotify, and what they can do about it."""

from __future__ import annotations

from concurrent.futures import CancelledError
from typing import Final

import streamlit as st

from library.spotify_policy import ATTRIBUTION, CONSENT_SENTENCE
from library.spotify_service import Connection
from library.sync import SyncReport
from music.errors import GhostnotesError
from pages.parts import saving, sign_in, state
from pages.parts.plain import plain
from studio import leaving, services, spotify_jobs
from studio.jobs import Job

_LEFT: Final = "connection.left"


def draw() -> None:
    """The cards for the state the visitor is in."""
    _draw_left()
    if not services.spotify().is_set_up:
        return
    visitor = state.visitor()
    stands = services.spotify().connection(visitor)
    with st.container(border=True):
        _draw_state(stands)
    if visitor is None or stands.state == "signed out":
        return
    with st.container(border=True):
        _draw_sync(visitor, stands)
    with st.container(border=True):
        _draw_consent(visitor, stands)
    _draw_playlists(visitor, stands)
    _draw_leaving(visitor)


def _draw_state(stands: Connection) -> None:
    name = plain(stands.name or "a Spotify account", 80)
    if stands.state == "signed out":
        st.markdown("**You are signed out.** You see Spotify's own page next and come back here.")
        st.caption("Asked for: to read your saved tracks, playlists, most played and last plays.")
        sign_in.link("Sign in with Spotify")
    elif stands.state == "sign in again":
        st.warning(
            f"Spotify has ended the sign-in of {name}, as it does after six months. Nothing is "
            "lost: sign in again and everything goes on.",
            icon=":material/lock_clock:",
        )
        sign_in.link("Sign in again", write=stands.may_write)
    else:
        st.success(f"Signed in as **{name}**.", icon=":material/check_circle:")
        if stands.state == "ends soon":
            st.info("Spotify ends every sign-in after six months, and this one soon.")
            sign_in.link("Sign in again now", write=stands.may_write)
    if stands.paused_until is not None:
        until = state.clock_time(stands.paused_until)
        st.warning(
            f"Spotify asked for a pause until **{until}**. What arrived is kept, and no call is "
            "made before then.",
            icon=":material/pause_circle:",
        )


def _draw_sync(visitor: str, stands: Connection) -> None:
    st.markdown("#### Your library from Spotify")
    job = spotify_jobs.sync_job(visitor)
    if job is not None and not job.done:
        _watch(job, visitor)
        return
    if stands.state != "sign in again":  # the card above says so
        _draw_outcome(job)
    held = services.spotify().n_rows(visitor)
    with st.container(horizontal=True):
        st.metric("Tracks", f"{held['spotify_tracks']:,}", border=True)
        st.metric("Lists", f"{held['spotify_lists']:,}", border=True)
        st.metric("Calls in 24 hours", f"{stands.calls_today} of {stands.calls_a_day}", border=True)
    if stands.synced_at is not None:
        st.caption(
            f"Complete as of {state.clock_time(stands.synced_at)}. [{ATTRIBUTION}](https://open.spotify.com)"
        )
    can = stands.state in ("signed in", "ends soon") and stands.paused_until is None
    first = "Go on" if held["spotify_lists"] else "Bring my library here"
    label = first if stands.synced_at is None else "Bring it up to date"
    if st.button(label, type="primary", disabled=not can, icon=":material/sync:"):
        spotify_jobs.start_sync(visitor)
        st.rerun()
    if held["spotify_tracks"]:
        st.page_link("pages/library.py", label="See it on the Library page")


@st.fragment(run_every=1.0)
def _watch(job: Job[SyncReport], visitor: str) -> None:
    """Progress, the calls it costs, and a way to stop; other pages stay free meanwhile."""
    if job.done:
        st.rerun()
    st.progress(job.progress.share, plain(job.progress.text or "Asking Spotify ..."))
    stands = services.spotify().connection(visitor)
    st.caption(
        f"{stands.calls_today} of {stands.calls_a_day} calls in 24 hours. Each page is kept as it "
        "arrives, so you may leave, stop or switch the machine off."
    )
    if st.button("Stop", icon=":material/stop_circle:"):
        job.cancel()


def _draw_outcome(job: Job[SyncReport] | None) -> None:
    """How the last sync went, as far as this process remembers."""
    if job is None:
        return
    try:
        report = job.result()
    except CancelledError:
        st.info("Stopped. What arrived is kept; it goes on from there.")
        return
    except GhostnotesError as error:
        st.error(plain(error, 600), icon=":material/info:")
        return
    (st.info if report.finished else st.warning)(plain(report, 600))


def _draw_consent(visitor: str, stands: Connection) -> None:
    st.markdown("#### What may be done with it")
    wanted = st.toggle("Let Ghostnotes analyse what came from Spotify", stands.consent)
    st.caption(f"{CONSENT_SENTENCE} While this is off, it is only shown, on the Library page.")
    if wanted != stands.consent:
        stamp = state.view().stamp
        services.spotify().set_consent(visitor, wanted)
        if not wanted:
            leaving.forget_fits(stamp)
        st.rerun()


def _draw_playlists(visitor: str, stands: Connection) -> None:
    if stands.may_write and stands.state != "sign in again":
        saving.draw_interrupted(visitor, stands.paused_until)
    made = [save for save in services.spotify().saves(visitor) if save.state == "done"]
    if not made:
        return
    with st.expander(f"Playlists made from here ({len(made)})", icon=":material/queue_music:"):
        rows = [
            {
                "name": save.name,
                "tracks": len(save.uris),
                "link": f"https://open.spotify.com/playlist/{save.playlist_id}",
            }
            for save in made
        ]
        link = st.column_config.LinkColumn("Spotify", display_text="open")
        st.dataframe(rows, hide_index=True, column_config={"link": link}, alt="Saved playlists")


def _draw_leaving(visitor: str) -> None:
    with st.container(horizontal=True):
        if st.button("Sign out", help="Forgets the sign-in of this browser; the library stays."):
            services.spotify().sign_out(visitor)
            state.sign_out()
            st.rerun()
        with st.popover("Disconnect", icon=":material/link_off:"):
            st.markdown(
                "Deletes all that came from Spotify here, what was made of it, and every sign-in "
                "of this account. Your own files and their library stay, and so does everything "
                "at Spotify."
            )
            if st.button("Delete it all", type="primary"):
                st.session_state[_LEFT] = leaving.disconnect(state.owner(), visitor)
                state.sign_out()
                st.rerun()


def _draw_left() -> None:
    """What a disconnect deleted, told once."""
    left: leaving.Left | None = st.session_state.pop(_LEFT, None)
    if left is not None:
        st.success(str(left), icon=":material/link_off:")
