"""A wish for a playlist on the page: the sentence, its follow-ups, and the rules as chips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from music.playlist import PlaylistSpec
from music.vibe import Vibe
from pages.parts.plain import plain, visible
from studio import flows
from studio.listener import Listener

if TYPE_CHECKING:
    from llm.playlist import Wish

EXAMPLES: Final = (
    "a relaxing jazz playlist for reading, nothing after 1970, no vocals, about an hour",
    "20 songs for a long drive at night, no ballads",
    "sad but danceable, from the 2000s, at most one per artist",
)
ORDERS: Final = {
    "arc": "an arc: up and down again", "rising": "rising", "falling": "falling",
    "shuffle": "shuffled", "mix": "mixed by key and tempo",
}  # fmt: skip
_WISH: Final = "playlist.wish"
_KEEP: Final = "playlist.keep"
_DROP: Final = "playlist.drop"
_SLIDERS: Final = ("n_tracks", "minutes", "per_artist", "order", "name")  # not chips


def ask(who: Listener) -> Wish | None:
    """The wish so far; None before the first sentence."""
    held = st.session_state.get(_WISH)
    with (
        st.form("playlist-ask", border=False),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        text = st.text_input("What do you want to hear?", placeholder=EXAMPLES[0], max_chars=4_000)
        asked = st.form_submit_button("Find it", type="primary")
    if held is None:
        st.caption(
            "Say it as to a friend: genres, moods, years, artists, “no ...”, “like ...”, how long. "
            "It chooses among the tracks of the library in view."
        )
        with st.container(horizontal=True):
            for i, example in enumerate(EXAMPLES):
                if st.button(example, key=f"playlist-example-{i}"):
                    text, asked = example, True
    if asked:
        held = flows.wish(who, text)
        _take(held)
        st.session_state.pop(_KEEP, None)
        st.session_state.pop(_DROP, None)
    return held if held is None else _follow_up(who, held)


def _follow_up(who: Listener, held: Wish) -> Wish:
    from llm.playlist_follow import refine

    for said in held.said:
        st.caption(f"You: {plain(said, 300)}")
    with (
        st.form("playlist-more", border=False, clear_on_submit=True),
        st.container(horizontal=True, vertical_alignment="bottom"),
    ):
        more = st.text_input("And?", placeholder="less upbeat · more 90s · drop the Coldplay")
        changed = st.form_submit_button("Change it")
    if changed and more.strip():
        held = refine(held, more, who.gazetteer)
        _take(held)
        st.rerun()
    if held.before is not None and st.button("Undo", icon=":material/undo:"):
        _take(held.before)
        st.rerun()
    if held.not_understood:
        st.caption(f"Not understood: {plain(', '.join(held.not_understood), 200)}")
    return held


def edit(held: Wish, in_hand: Vibe | None) -> Wish:
    """The rules as chips (take one away by clicking it) and sliders; the wish they leave."""
    spec = held.spec
    chips = [name for name in spec.limits() if name not in _SLIDERS]
    labels = {name: f"{name.replace('_', ' ')}: {_said(getattr(spec, name))}" for name in chips}
    key = f"playlist-chips-{hash(spec) & 0xFFFFFFFF:x}"
    if chips:
        on = st.pills(
            "Rules (click one to drop it)", chips, selection_mode="multi", default=chips,
            format_func=lambda name: visible(labels[name], 60), key=key,
        )  # fmt: skip
        blank = PlaylistSpec()
        gone = {name: getattr(blank, name) for name in chips if name not in on}
        spec = replace(spec, **gone)
    with st.container(horizontal=True):
        n = st.slider("Tracks", 5, 100, spec.n_tracks or 30, disabled=spec.minutes is not None)
        cap = st.slider("At most by one artist", 1, 10, spec.per_artist or 10)
        order = st.selectbox(
            "Order", list(ORDERS), list(ORDERS).index(spec.order), format_func=ORDERS.__getitem__
        )
        if st.button("Another mix", icon=":material/casino:"):
            st.session_state["playlist.seed"] = st.session_state.get("playlist.seed", 0) + 1
    n_tracks = n if spec.minutes is None else spec.n_tracks  # a length in minutes decides alone
    spec = replace(spec, n_tracks=n_tracks, per_artist=cap, order=order)
    if in_hand is not None and not any(spec.vibe.weights) and not spec.vibe.words:
        spec = replace(spec, vibe=in_hand)
    return replace(held, spec=spec)


def kept_and_dropped() -> tuple[list[str], list[str]]:
    """Track ids that must stay, and ids that must not come."""
    return list(st.session_state.get(_KEEP, [])), list(st.session_state.get(_DROP, []))


def table_buttons(ticked: Sequence[str]) -> None:
    """Keep or swap the ticked rows."""
    keep, drop = kept_and_dropped()
    if st.button("Keep these", icon=":material/lock:", disabled=not ticked):
        st.session_state[_KEEP] = list(dict.fromkeys([*keep, *ticked]))
        st.rerun()
    if st.button("Swap these", icon=":material/swap_horiz:", disabled=not ticked):
        st.session_state[_DROP] = list(dict.fromkeys([*drop, *ticked]))
        st.session_state[_KEEP] = [i for i in keep if i not in ticked]
        st.rerun()


def _take(wish: Wish) -> None:
    st.session_state[_WISH] = wish


def _said(value: Any) -> str:
    """A rule's value for people: ``(None, 1970)`` is "to 1970"."""
    if isinstance(value, tuple) and len(value) == 2 and not isinstance(value[0], str | tuple):
        low, high = value
        return (
            f"to {high}" if low is None else f"from {low}" if high is None else f"{low} to {high}"
        )
    if isinstance(value, tuple):
        return ", ".join(_said(v) if isinstance(v, tuple) else str(v) for v in value)
    return "yes" if value is True else "no" if value is False else str(value)
