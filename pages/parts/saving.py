"""The card that turns a list of tracks into a playlist on Spotify: dry run, create, undo."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import CancelledError
from datetime import datetime
from typing import TYPE_CHECKING

import streamlit as st

from music.errors import GhostnotesError, InputError
from pages.parts import sign_in, state
from pages.parts.plain import plain, visible
from studio import services, spotify_jobs
from studio.jobs import Job

if TYPE_CHECKING:
    from library.saving import Plan, Saved
    from library.saving_journal import Save


def draw(key: str, name: str, track_ids: Sequence[str], description: str = "") -> None:
    """The card.

    Parameters
    ----------
    key
        Tells the cards of different pages apart.
    name
        What the playlist is called unless the visitor says otherwise.
    track_ids
        In playing order; those that Spotify does not know are left out and named.
    description
        Stands in the playlist's description; our mark comes behind it.
    """
    with st.expander("Save to Spotify", icon=":material/playlist_add_check:"):
        named = st.text_input(
            "Name of the playlist", visible(name, 100), max_chars=100, key=f"saving-{key}-name"
        )
        try:
            plan = spotify_jobs.dry_run(named, track_ids, description)
        except InputError as error:
            st.info(plain(error, 300), icon=":material/info:")
            return
        with state.friendly_errors():
            _draw_action(key, plan)


def draw_interrupted(visitor: str, paused_until: datetime | None) -> None:
    """Every save that was interrupted, with the ways to go on with it or to take it back."""
    for plan, save in spotify_jobs.interrupted(visitor):
        st.markdown(f"“{plain(save.name, 100)}”, {len(save.uris):,} tracks")
        _draw_save(save.save_id, visitor, plan, save, paused_until)


def _draw_plan(plan: Plan) -> None:
    n_out = len(plan.left_out)
    out = f"; {n_out} cannot, because Spotify does not know them" if n_out else ""
    st.caption(
        f"Dry run: {len(plan.uris):,} tracks go into a new playlist “{plain(plan.name, 100)}”"
        f"{out}. That takes {plan.n_calls} calls to Spotify. Nothing has happened yet."
    )
    if plan.left_out:
        names = state.shown().library.tracks["name"]
        rows = [
            {"track": names.get(one.track_id, one.track_id), "why": one.reason}
            for one in plan.left_out
        ]
        st.dataframe(rows, hide_index=True, height=140, alt="Tracks that stay out, with reasons")


def _draw_action(key: str, plan: Plan) -> None:
    """What can be done with the plan, depending on where the visitor stands with Spotify."""
    visitor = state.visitor()
    connection = services.spotify().connection(visitor) if visitor else None
    ready = connection is not None and connection.state != "signed out"
    before = spotify_jobs.saved_before(visitor, plan) if visitor and ready else None
    if before is None:
        _draw_plan(plan)
    if visitor is None or connection is None or not ready:
        st.page_link("pages/connect.py", label="Connect Spotify first", icon=":material/link:")
    elif connection.state == "sign in again":
        st.warning("Spotify has ended this sign-in. Sign in again; nothing is lost.")
        sign_in.link("Sign in again", write=True)
    elif not connection.may_write:
        st.caption("Making playlists needs one more yes from you at Spotify.")
        sign_in.link("Allow playlists to be made", write=True)
    else:
        _draw_save(key, visitor, plan, before, connection.paused_until)


def _draw_save(
    key: str, visitor: str, plan: Plan, before: Save | None, paused_until: datetime | None
) -> None:
    job = spotify_jobs.save_job(visitor, plan)
    if job is not None and not job.done:
        _watch(job)
        return
    saved = _outcome(job)
    disabled = paused_until is not None
    if paused_until is not None:
        until = state.clock_time(paused_until)
        st.warning(f"Spotify asked for a pause until {until}; saving can go on then.")
    with st.container(horizontal=True, vertical_alignment="center"):
        if before is None:
            if st.button("Create on Spotify", type="primary", disabled=disabled, key=f"make-{key}"):
                spotify_jobs.start_save(visitor, plan)
                st.rerun()
            return
        _tell(before, saved)
        if before.state != "done" and st.button("Go on", disabled=disabled, key=f"go-on-{key}"):
            spotify_jobs.go_on(visitor, plan, before)
            st.rerun()
        if st.button("Undo", icon=":material/undo:", disabled=disabled, key=f"undo-{key}"):
            spotify_jobs.take_back(visitor, plan, before)
            st.rerun()


def _tell(save: Save, saved: Saved | None) -> None:
    """What stands at Spotify now."""
    if save.state != "done":
        st.warning("This save was interrupted. Going on puts no track in twice.")
        return
    other = ""
    if saved is not None and saved.n_different:
        other = f" Spotify shows {saved.n_different} of them as another release of the same song."
    if save.rejected:
        other += f" {len(save.rejected)} are gone from Spotify and were left out."
    st.success(f"“{plain(save.name)}” is on Spotify, {len(save.uris):,} tracks read back.{other}")
    link = f"https://open.spotify.com/playlist/{save.playlist_id}"
    st.link_button("Open in Spotify", link, icon=":material/open_in_new:")


def _outcome(job: Job[Saved | None] | None) -> Saved | None:
    """What the last job made; its error is shown as its sentence."""
    if job is None:
        return None
    try:
        return job.result()
    except GhostnotesError as error:
        st.error(plain(error, 600), icon=":material/info:")
    except CancelledError:
        st.info("Stopped.")
    return None


@st.fragment(run_every=1.0)
def _watch(job: Job[Saved | None]) -> None:
    """Progress until the job is done; then the whole page once more."""
    if job.done:
        st.rerun()
    st.progress(job.progress.share, plain(job.progress.text or "Asking Spotify ..."))
