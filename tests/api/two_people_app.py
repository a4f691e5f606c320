"""The smallest dashboard that knows Spotify: who is signed in here, and what was synced."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))  # a script's folder is its own, not the house

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from api.routes import routes
from api.sign_in import VISITOR_COOKIE
from library.auth import SpotifyApp
from library.spotify_service import SpotifyService
from library.store_schema import connect
from library.vault import MemoryVault
from tests.spotify_simulator.accounts import CLIENT_ID


@st.cache_resource
def service() -> SpotifyService:
    """The one service of this process."""
    url = os.environ["SIMULATOR"]
    app = SpotifyApp(CLIENT_ID, f"{url}/v1/", url)
    return SpotifyService(app, connect("sqlite://"), MemoryVault())


if get_script_run_ctx(suppress_warning=True) is not None:
    visitor = st.context.cookies.get(VISITOR_COOKIE)
    now = service().connection(visitor)
    st.write(f"This is: {now.name or 'nobody'}")
    if now.state == "signed in":
        service().sync(visitor)
        st.write(f"Tracks: {len(service().library(visitor))}")
elif __name__ == "__main__":
    app = st.App(__file__, routes=routes(service))
    app.run(config={"server.port": int(os.environ["PORT"]), "server.headless": True})
