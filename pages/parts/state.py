"""What one visitor holds: the listener in view, the vibe in hand, and the way from page to page."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import streamlit as st

from music.errors import GhostnotesError, InputError
from music.tracks import Library
from music.vibe import Vibe
from pages.parts.plain import plain
from studio import services
from studio.listener import Listener
from studio.settings import VISITOR_COOKIE, settings

_LISTENER: Final = "state.listener"
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
        st.session_state[VISITOR] = st.context.cookies.get(VISITOR_COOKIE)
    named: str | None = st.session_state[VISITOR]
    return named


def listener() -> Listener:
    """The listener in view: the visitor's own library if there is one, otherwise the demo."""
    if _LISTENER not in st.session_state:
        st.session_state[_LISTENER] = services.listener_of(owner())
    in_view: Listener = st.session_state[_LISTENER]
    return in_view


def keep_library(library: Library) -> None:
    """Store a library as the visitor's own and look at it."""
    if not settings().hosted:
        services.store().save_library(owner(), library)
    look_at(Listener(library, key=f"{owner()}-{secrets.token_hex(4)}"))


def own_library() -> Library | None:
    """The visitor's own library, also while they look at the demo."""
    if not listener().library.invented:
        return listener().library
    return None if settings().hosted else services.store().load_library(owner())


def look_at(who: Listener) -> None:
    """Put another listener in view; the vibe in hand is dropped, because it was the other's."""
    st.session_state[_LISTENER] = who
    st.session_state.pop(_VIBE, None)


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


def onward(vibe: Vibe, *targets: tuple[str, str]) -> None:
    """A row of buttons, each ``(page, label)``, that hand this vibe on."""
    with st.container(horizontal=True):
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
