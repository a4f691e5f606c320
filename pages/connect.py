"""Spotify: connect an account, bring the library here, decide what may be done with it, leave."""

from __future__ import annotations

import streamlit as st

from pages.parts import client_id, connection, frame, state
from pages.parts.plain import plain

frame.require("pages/connect.py")
st.title("Spotify")
st.markdown(
    "Nothing here needs Spotify: an export file says more, and belongs to you. Connecting an "
    "account adds two things: your playlists and saved tracks without a file, and lists from here "
    "as playlists over there."
)
with state.friendly_errors():
    client_id.draw()
    connection.draw()

if vibe := state.vibe_in_hand():
    st.caption(f"Still in hand: {plain(vibe.origin or 'a vibe')}.")
    state.onward(vibe, ("pages/recommend.py", "Back to recommending"))
