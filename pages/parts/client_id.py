"""The wizard for the client id: how to get one in 2026, tested before it is kept."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import streamlit as st

from library.auth_check import spotify_app_check, wizard_steps
from pages.parts.plain import plain
from studio import services
from studio.settings import settings

_SAID: Final = "client_id.said"


def draw() -> None:
    """Steps, the redirect URI to copy, and the field; open while there is no client id."""
    known = services.client_id()
    fixed = bool(settings().spotify_client_id) or settings().hosted
    if fixed and known:
        return  # whoever runs this server has seen to it
    if said := st.session_state.pop(_SAID, None):
        st.success(said, icon=":material/key:")
    label = "The client id" if known else "First, a client id (five minutes, once)"
    with st.expander(label, expanded=not known, icon=":material/key:"):
        st.markdown(
            "Spotify lets no program in without an *app* that somebody registered. Since 2026 its "
            "owner needs **Premium**, and **five people** at most may use it. There is no secret: "
            "the client id only says which app asks."
        )
        uri = redirect_uri()
        st.markdown("\n".join(f"{i}. {step}" for i, step in enumerate(wizard_steps(uri), 1)))
        st.code(uri, language=None)
        if settings().hosted:
            st.info("This server is for everybody, so only whoever runs it can set a client id.")
            return
        _field(known, uri)


def _field(known: str, uri: str) -> None:
    with st.form("client-id", border=False):
        entered = st.text_input("Client id", known, max_chars=64, placeholder="32 characters")
        if not st.form_submit_button("Test and keep", type="primary"):
            return
    if not entered.strip():
        services.set_client_id("")
        st.rerun()
    with st.spinner("Asking Spotify whether it knows this app ..."):
        check = spotify_app_check(entered, uri, settings().spotify_accounts_url)
    if check.works is False:
        st.error(plain(check.sentence, 400), icon=":material/info:")
        return
    services.set_client_id(entered)
    st.session_state[_SAID] = check.sentence
    st.rerun()


def redirect_uri() -> str:
    """The address Spotify sends people back to, as it has to be registered."""
    if settings().public_url:
        return f"{settings().public_url}/callback"
    port = urlsplit(st.context.url or "").port or settings().port
    return f"http://127.0.0.1:{port}/callback"
