"""Kept playlists on the page: open one, see what today's library would change, refresh it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import state, wish_box
from pages.parts.plain import plain, visible
from studio import history
from studio.listener import Listener

if TYPE_CHECKING:
    from llm.playlist import Wish
    from recommender.playlist import Found


def keep_button(wish: Wish, found: Found) -> None:
    """Puts the list on the shelf, rules and all."""
    if st.button("Keep", icon=":material/bookmark_add:", key="keep-playlist"):
        history.keep(state.owner(), wish, found, wish_box.locked(), wish_box.seed())
        st.toast(f"Kept: {visible(wish.spec.name, 60)}", icon=":material/bookmark_added:")


def draw(who: Listener) -> None:
    """The shelf, if there is anything on it."""
    lists = history.kept(state.owner())
    if not lists:
        return
    by_id = {one.item_id: one for one in lists}
    label = f"{len(lists)} kept " + ("playlist" if len(lists) == 1 else "playlists")
    with st.expander(label, icon=":material/bookmarks:"):
        picked = st.selectbox(
            "Kept", list(by_id), index=None, placeholder="Choose one", key="kept-playlist",
            format_func=lambda i: f"{visible(by_id[i].name, 60)} ({len(by_id[i].tracks)})",
            label_visibility="collapsed",
        )  # fmt: skip
        if picked is not None:
            _draw_one(who, by_id[picked])


def _draw_one(who: Listener, one: history.Kept) -> None:
    for said in one.said:
        st.caption(f":material/chat_bubble: {plain(said, 300)}")
    _, change = history.refreshed(who.curator, one)
    st.caption(f"By the same rules today: {change}")
    tracks = who.library.tracks
    for sign, ids in (("+", change.added), ("-", change.gone)):
        if ids:
            st.caption(f"{sign} {plain(', '.join(_names(tracks['name'], ids)), 400)}")
    with st.container(horizontal=True):
        if st.button("Refresh and open", icon=":material/refresh:", type="primary"):
            there = [i for i in one.locked if i in tracks.index]
            wish_box.start(one.wish(), there, one.seed)
            st.rerun()
        if st.button("Open as it was", disabled=not any(i in tracks.index for i in one.tracks)):
            there = [i for i in one.tracks if i in tracks.index]
            wish_box.start(one.wish(), there, one.seed)
            st.rerun()
        if st.button("Throw away", icon=":material/delete:", key="drop-playlist"):
            history.drop(state.owner(), one)
            st.session_state.pop("kept-playlist", None)
            st.rerun()


def _names(names: object, ids: Iterable[str]) -> list[str]:
    known = names.fillna("?").to_dict()  # type: ignore[attr-defined]
    return [str(known.get(i, "a track that is gone")) for i in ids]
