"""The sentence on the page: what is asked, every follow-up, and the way back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import pandas as pd
import streamlit as st

from music.vibe import Vibe
from pages.parts.plain import plain
from studio import playlists
from studio.listener import Listener

if TYPE_CHECKING:
    from llm.playlist import Wish

EXAMPLES: Final = (
    "a relaxing jazz playlist for reading, nothing after 1970, no vocals, about an hour",
    "20 songs for a long drive at night, no ballads",
    "sad but danceable, from the 2000s, at most one per artist",
    "start quiet, get loud: 40 minutes for running",
)
MOST: Final = 1_000  # tracks a playlist holds here
_WISH: Final = "playlist.wish"
_LOCKED: Final = "playlist.locked"
_GONE: Final = "playlist.gone"
_SEED: Final = "playlist.seed"


def ask(who: Listener) -> Wish | None:
    """The wish so far; None before the first sentence."""
    with (
        st.form("playlist-ask", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input("What do you want to hear?", placeholder=EXAMPLES[0], max_chars=4_000)
        asked = st.form_submit_button("Find it", type="primary")
    if held() is None:
        st.caption(
            "Say it as to a friend: genres, moods, years, artists, “no ...”, “like ...”, how long. "
            "English, German, French or Spanish. Every track comes from the library in view."
        )
        with st.container(horizontal=True):
            for i, example in enumerate(EXAMPLES):
                if st.button(example, key=f"playlist-example-{i}"):
                    text, asked = example, True
    if asked:
        start(who.curator.wish(text))
        st.rerun()
    return held()


def offer(vibe: Vibe) -> None:
    """What another page handed over, as a beginning."""
    said = vibe.origin or "a vibe"
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"In hand: {plain(said, 200)}")
        if st.button("A playlist like it", icon=":material/playlist_add:"):
            start(playlists.wish_of_vibe(vibe))
            st.rerun()


def follow_up(who: Listener, wish: Wish) -> None:
    """What was said so far, one more sentence, and undo."""
    for said in wish.said:
        st.caption(f":material/chat_bubble: {plain(said, 300)}")
    with (
        st.form("playlist-more", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        more = st.text_input(
            "And?", placeholder="less upbeat · more 90s · drop the Coldplay", max_chars=4_000
        )
        changed = st.form_submit_button("Change it")
        undo = st.form_submit_button(
            "Undo", icon=":material/undo:", disabled=wish.before is None and not changed
        )
    if undo and wish.before is not None:
        take(wish.before)
        st.rerun()
    if changed and more.strip():
        take(who.curator.refine(wish, more))
        st.rerun()
    if wish.not_understood:
        st.caption(f":material/help: Not understood: {plain(', '.join(wish.not_understood), 200)}")


def held() -> Wish | None:
    """The wish in hand."""
    wish: Wish | None = st.session_state.get(_WISH)
    return wish


def take(wish: Wish) -> None:
    """Go on with this wish; locks and swaps stay."""
    st.session_state[_WISH] = wish


def start(wish: Wish, locked: Sequence[str] = (), seed: int = 0) -> None:
    """Begin anew with this wish."""
    st.session_state[_WISH] = wish
    st.session_state[_LOCKED] = list(locked)
    st.session_state[_GONE] = []
    st.session_state[_SEED] = seed


def take_tracks(tracks: pd.DataFrame, origin: str) -> None:
    """Begin with tracks from elsewhere: a lasso, a page of recommendations, another table."""
    start(playlists.wish_of_tracks(tracks, origin), locked=[str(i) for i in tracks.index])


def send_button(tracks: pd.DataFrame, origin: str) -> None:
    """A button that makes a playlist of a selection and opens it there."""
    label = f"A playlist of these {len(tracks):,}"
    if st.button(label, icon=":material/playlist_add:", key="send-to-playlist"):
        take_tracks(tracks.head(MOST), origin)
        st.switch_page("pages/playlist.py")


def locked() -> list[str]:
    """Ids that stay in the list."""
    return list(st.session_state.get(_LOCKED, []))


def gone() -> list[str]:
    """Ids that must not come again."""
    return list(st.session_state.get(_GONE, []))


def seed() -> int:
    """Which mix."""
    return int(st.session_state.get(_SEED, 0))


def lock(ids: Sequence[str]) -> None:
    """Keep these whatever the rules say."""
    st.session_state[_LOCKED] = list(dict.fromkeys([*locked(), *ids]))


def unlock(ids: Sequence[str]) -> None:
    """Let these go again if the rules say so."""
    st.session_state[_LOCKED] = [i for i in locked() if i not in ids]


def swap(ids: Sequence[str]) -> None:
    """Others in the place of these."""
    unlock(ids)
    st.session_state[_GONE] = list(dict.fromkeys([*gone(), *ids]))


def another_mix() -> None:
    """The same rules, other good tracks."""
    st.session_state[_SEED] = seed() + 1
