"""What one visitor holds: the listener in view, the vibe in hand, and the way from page to page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from music.errors import GhostnotesError, InputError
from music.tracks import Library
from music.vibe import Vibe
from pages.parts.plain import plain
from studio import clock, services
from studio.listener import Listener
from studio.settings import VISITOR_COOKIE, settings
from studio.view import View, open_view, stamp_of

_VIEW: Final = "state.view"
_OWN: Final = "state.own"
_VIBE: Final = "state.vibe"
_OWNER: Final = "state.owner"
VISITOR: Final = "state.visitor"


def owner() -> str:
    """Whose data this visitor sees; on a hosted server everybody is on their own."""
    if not settings().hosted:
        return services.ME
    return str(st.session_state.setdefault(_OWNER, secrets.token_urlsafe(16)))


def visitor() -> str | None:
    """The secret that names this browser's sign-in with Spotify; None without one."""
    if VISITOR not in st.session_state:
        held = st.context.cookies.get(VISITOR_COOKIE)
        st.session_state[VISITOR] = held if isinstance(held, str) else None  # AppTest has mocks
    named: str | None = st.session_state[VISITOR]
    return named


def sign_out() -> None:
    """Forget, in this session, who was signed in with Spotify."""
    st.session_state[VISITOR] = None


def zone() -> str:
    """Where the visitor lives: their browser says it, or this machine where they sit at it."""
    said = clock.known_zone(st.context.timezone)
    return said or (clock.UNKNOWN if settings().hosted else clock.machine_zone())


def clock_time(moment: datetime) -> str:
    """A moment on the visitor's clock: "18:04", with the day where it is not today."""
    there = moment.astimezone(ZoneInfo(zone()))
    today = datetime.now(there.tzinfo).date() == there.date()
    return f"{there:%H:%M}" if today else f"{there:%H:%M on %A, %d %B}"


def view() -> View:
    """What is in view: the visitor's own library if there is one, otherwise the demo."""
    held: View | None = st.session_state.get(_VIEW)
    if held is None:
        held = open_view(own_library(), owner(), visitor(), zone(), owner())
    elif held.stamp != stamp_of(visitor()):  # a sync ended, or somebody changed their mind
        key = f"{owner()}-{secrets.token_hex(4)}"
        held = open_view(own_library(), key, visitor(), zone(), owner())
    st.session_state[_VIEW] = held
    return held


def listener() -> Listener:
    """The listener in view, as far as it may be analysed."""
    return view().listener


def shown() -> Listener:
    """What may be looked at, row by row: also what came from Spotify and enters nothing."""
    return view().shown


def usable(tracks: pd.DataFrame) -> pd.DataFrame:
    """Those of the shown tracks that may be summed up and handed to other pages."""
    if not view().n_held_back:
        return tracks
    return tracks[tracks.index.isin(listener().library.tracks.index)]


def show_library(library: Library) -> None:
    """Look at a library that was stored as the visitor's own; where nothing is stored, hold it."""
    if settings().hosted:
        st.session_state[_OWN] = library
    look_at_own(library)


def own_library() -> Library | None:
    """What the visitor brought in files, also while they look at something else."""
    if settings().hosted:
        own: Library | None = st.session_state.get(_OWN)
        return own
    return services.store().load_library(owner())


def has_own() -> bool:
    """Whether there is anything of the visitor's own to look at."""
    if stamp_of(visitor()):
        return True
    return _OWN in st.session_state or services.store().revision(owner()) > 0


def look_at(who: Listener) -> None:
    """Put another listener in view; the vibe in hand is dropped, because it was the other's."""
    st.session_state[_VIEW] = View(who, who, stamp=stamp_of(visitor()))
    st.session_state.pop(_VIBE, None)


def look_at_own(library: Library | None = None) -> None:
    """Put what belongs to the visitor in view; ``library`` saves looking it up."""
    own = own_library() if library is None else library
    key = f"{owner()}-{secrets.token_hex(4)}"
    st.session_state[_VIEW] = open_view(own, key, visitor(), zone(), owner())
    st.session_state.pop(_VIBE, None)


def forget_own() -> None:
    """Drop what this session holds of the visitor; the demo comes into view."""
    st.session_state.pop(_OWN, None)
    sign_out()
    look_at(services.demo())


def vibe_in_hand() -> Vibe | None:
    """The vibe another page, or a link, handed over."""
    if "vibe" in st.query_params:
        try:
            st.session_state[_VIBE] = Vibe.parse(st.query_params["vibe"])
        except InputError as error:
            st.error(plain(error, 300))
            del st.query_params["vibe"]
    held: Vibe | None = st.session_state.get(_VIBE)
    return held


def hold(vibe: Vibe) -> None:
    """Take a vibe in hand, so that every page starts from it."""
    st.session_state[_VIBE] = vibe
    st.query_params.pop("vibe", None)


def go(page: str, vibe: Vibe) -> None:
    """Open a page with this vibe in hand."""
    st.session_state[_VIBE] = vibe
    st.switch_page(page, query_params={"vibe": vibe.to_text()})


def onward(vibe: Vibe, *targets: tuple[str, str], tracks: pd.DataFrame | None = None) -> None:
    """A row of buttons, each ``(page, label)``, that hand this vibe on.

    Parameters
    ----------
    tracks
        What was selected: a first button makes a playlist of exactly these.
    """
    with st.container(horizontal=True):
        if tracks is not None and len(tracks):
            from pages.parts import wish_box

            wish_box.send_button(tracks, vibe.origin)
        for page, label in targets:
            if st.button(label, key=f"onward-{page}-{hash(vibe) & 0xFFFFFFFF:x}"):
                go(page, vibe)


@contextmanager
def friendly_errors() -> Iterator[None]:
    """Show an error of ours as its one sentence; anything else is a bug and shows as one."""
    try:
        yield
    except GhostnotesError as error:
        st.error(plain(error, 600), icon=":material/info:")
