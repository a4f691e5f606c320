"""Where a visitor stands with Spotify, and what they can do about it."""

from __future__ import annotations

import streamlit as st

from library.spotify_service import Connection
from pages.parts import sign_in, state
from pages.parts.plain import plain
from studio import services


def draw() -> None:
    """The card for the state the visitor is in."""
    if not services.spotify().is_set_up:
        return
    visitor = state.visitor()
    stands = services.spotify().connection(visitor)
    if visitor is None or stands.state == "signed out":
        st.markdown("You are signed out.")
        sign_in.link("Sign in with Spotify")
        return
    if stands.state == "sign in again":
        st.warning("Spotify has ended this sign-in, as it does after six months. Nothing is lost.")
        sign_in.link("Sign in again", write=stands.may_write)
    else:
        _signed_in(stands)


def _signed_in(stands: Connection) -> None:
    st.success(f"Signed in as **{plain(stands.name or 'a Spotify account', 80)}**.")
