"""The way to Spotify's sign-in and back: links that stay in this tab."""

from __future__ import annotations

from html import escape

import streamlit as st

PATH = "/spotify/sign-in"
_LOOK = (
    "display:inline-block;padding:.42rem 1.1rem;border-radius:999px;background:#5B3CC4;"
    "color:#fff;text-decoration:none;font-weight:500"
)


def link(label: str, *, write: bool = False) -> None:
    """A link, looking like a button, to the sign-in.

    Parameters
    ----------
    write
        Whether to ask for the right to make playlists too.
    """
    # `st.link_button` opens another tab (1.67), and the sign-in belongs to this one.
    where = f"{PATH}?write=1" if write else PATH
    st.html(f'<a href="{where}" style="{_LOOK}">{escape(label)}</a>')
