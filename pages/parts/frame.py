"""What stands around every page: navigation, look, and the sign that says whose library it is."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import streamlit as st

PAGES: Final = (
    ("pages/home.py", "Home", ":material/home:"),
    ("pages/library.py", "Library", ":material/library_music:"),
    ("pages/map.py", "Map", ":material/scatter_plot:"),
    ("pages/recommend.py", "Recommend", ":material/recommend:"),
    ("pages/playlist.py", "Playlist", ":material/playlist_add:"),
    ("pages/roast.py", "Roast", ":material/local_fire_department:"),
    ("pages/band.py", "Band", ":material/groups:"),
    ("pages/hear_it.py", "Hear it", ":material/graphic_eq:"),
    ("pages/connect.py", "Spotify", ":material/link:"),
)
ICON: Final = Path(__file__).parent / "icon.png"
LOGO: Final = Path(__file__).parent / "logo.svg"
_FRAMED: Final = "frame.drawn"
_BACK: Final = "frame.back_to"


def draw() -> None:
    """Draw the frame and, inside it, the page that is wanted."""
    # A picture of our own: Streamlit would fetch an icon by name from another host.
    st.set_page_config(page_title="Ghostnotes", page_icon=str(ICON), layout="wide")
    st.logo(str(LOGO), size="large", link=None)  # (x) is how a ghost note is written
    st.session_state[_FRAMED] = True
    pages = [
        st.Page(path, title=title, icon=icon, default=path == "pages/home.py")
        for path, title, icon in PAGES
    ]
    page = st.navigation(pages)
    if back := st.session_state.pop(_BACK, None):
        path, query = back
        st.switch_page(path, query_params=query)
    from pages.parts import sidebar
    from studio import heap

    sidebar.draw()
    try:
        page.run()
    finally:
        heap.settle()  # the page may have loaded something heavy


def require(path: str) -> None:
    """Make sure the frame stands around the page at ``path``.

    A fresh Streamlit server (1.67) whose first request is a deep link runs the page without app.py;
    then this goes by way of app.py and comes back, link and all.
    """
    if st.session_state.get(_FRAMED):
        return
    st.session_state[_BACK] = (path, {key: st.query_params.get_all(key) for key in st.query_params})
    st.switch_page("app.py")
