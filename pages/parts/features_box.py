"""Where audio features come from, and what a listener may do about those that are missing."""

from __future__ import annotations

from typing import Final

import streamlit as st

from music.tracks import Library
from pages.parts import state, work
from pages.parts.plain import plain
from studio import catalogues, imports, listing, lookups
from studio.listener import Listener
from studio.settings import settings

_EXPLAINED: Final = (
    "A feature comes from the first that knows it: your own file, an earlier look-up, a catalogue "
    "you hold, ReccoBeats if you ask it, and last an estimate. It never changes afterwards "
    "unless a better source comes."
)
_NOT_SENT: Final = (
    "Tracks that came from Spotify get features from catalogues and estimates on this computer, as "
    "long as they are in view. Their ids are sent to nobody."
)


def draw(who: Listener) -> None:
    """How much is known, and the ways to know more."""
    st.caption(listing.coverage_sentence(who.library))
    holds_api = state.view().holds_api
    own = state.own_library() if holds_api else who.library
    if own is not None and (own.invented or not len(own)):
        own = None
    if own is None and not holds_api:
        return
    with st.expander("Features that are missing", icon=":material/graphic_eq:"):
        st.caption(_EXPLAINED)
        if job := work.running(work.IMPORT):
            work.bar(job, "features")
            return
        _estimates(who)
        if not settings().hosted:
            _catalogues(own)
        if own is not None:
            _reccobeats(own)
        if holds_api:
            st.caption(_NOT_SENT)


def _estimates(who: Listener) -> None:
    before = lookups.wants_estimates(state.owner())
    wanted = st.toggle(
        f"Estimate what nobody knows ({who.n_estimable:,} tracks can be)", before,
        help="From averages of the artist and the genres. Estimates carry an uncertainty, are "
        "hollow on the map, and are never taken for facts in a roast. Tempo, liveness, key and "
        "mode cannot be estimated and stay unknown.",
    )  # fmt: skip
    if wanted != before:
        with state.friendly_errors():
            library = imports.set_estimates(state.owner(), state.own_library(), wanted)
            if library is None:
                state.look_at_own()
            else:
                state.show_library(library)
            st.rerun()


def _catalogues(own: Library | None) -> None:
    held = catalogues.held()
    if not held:
        st.caption("No catalogue yet: import a table of audio features above to add one.")
    for index in held:
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(
                f":material/table_view: **{plain(index.name, 60)}**, {index.n_rows:,} tracks"
            )
            again = st.button("Ask it again", key=f"ask-{index.path.stem}", type="tertiary")
            if again and own is not None:
                _look(own)
            elif again:
                state.look_at_own()
            if st.button("Remove", key=f"remove-{index.path.stem}", type="tertiary"):
                catalogues.remove(index)
                st.rerun()


def _reccobeats(own: Library) -> None:
    if not st.toggle(f"Ask {plain(lookups.reccobeats_host())} for the rest (uses the network)"):
        return
    request = lookups.reccobeats_request(own)
    if not request.n_ids:
        st.caption(f"There is nothing to ask {plain(request.host)}: no track with a Spotify id "
                   "lacks a feature.")  # fmt: skip
        return
    st.info(f"{plain(str(request), 300)} Nothing is sent before you press the button.",
            icon=":material/outgoing_mail:")  # fmt: skip
    if st.button(f"Send {request.n_ids:,} track ids to {plain(request.host)}", type="primary"):
        _look(own, request.n_ids)


def _look(own: Library, allowed_ids: int = 0) -> None:
    owner = state.owner()
    work.start(work.IMPORT, lambda progress: imports.fill_again(owner, own, progress, allowed_ids))
