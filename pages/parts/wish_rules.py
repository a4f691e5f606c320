"""The rules of a wish on the page: chips that can be dropped, length, order, and sliders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import streamlit as st

from music.chips import chips
from music.features import FEATURES
from pages.parts import wish_box
from pages.parts.plain import visible

if TYPE_CHECKING:
    from llm.playlist import Wish

ORDERS: Final = {
    "arc": "an arc: up and down again", "rising": "rising", "falling": "falling",
    "shuffle": "shuffled", "mix": "mixed by key and tempo",
}  # fmt: skip
FAMILIAR: Final = {None: "either", True: "known to me", False: "new to me"}
CLEAN: Final = {None: "either", False: "nothing explicit", True: "explicit is fine"}
_LEVELS: Final = ("energy", "valence", "danceability", "acousticness", "instrumentalness")
_TEMPO: Final = (40, 220)
_POPULAR: Final = (0, 100)
_YEARS: Final = (1920, 2030)


def draw(wish: Wish) -> Wish:
    """Show the rules; a change is a step that can be undone, and draws the page anew."""
    key = f"{hash(wish.spec) & 0xFFFFFFFF:x}"  # other rules have other widgets
    drafts = [_pills(wish, key), _length_and_order(wish, key)]
    with st.expander("Every rule", icon=":material/tune:"):
        drafts += [_limits(wish, key), _levels(wish, key)]
    for draft in drafts:
        if draft.spec != wish.spec:
            wish_box.take(draft)
            st.rerun()
    return wish


def _pills(wish: Wish, key: str) -> Wish:
    from llm.playlist_edit import dropped

    shown = {chip.key: chip for chip in chips(wish.spec)}
    if not shown:
        return wish
    on = st.pills(
        "Rules (click one to drop it)", list(shown), selection_mode="multi", default=list(shown),
        format_func=lambda name: visible(shown[name].text, 60), key=f"playlist-chips-{key}",
    )  # fmt: skip
    for name, chip in shown.items():
        if name not in on:
            wish = dropped(wish, chip)
    return wish


def _length_and_order(wish: Wish, key: str) -> Wish:
    from llm.playlist_edit import edited

    spec = wish.spec
    with st.container(horizontal=True, vertical_alignment="bottom"):
        by = st.segmented_control(
            "Length in", ["tracks", "minutes"], default="minutes" if spec.minutes else "tracks",
            required=True, key=f"playlist-by-{key}",
        )  # fmt: skip
        if by == "minutes":
            now = round(spec.minutes or 60)
            minutes = st.slider("Minutes", 5, max(240, now), max(now, 5), key=f"playlist-min-{key}")
            length: dict[str, Any] = {"minutes": float(minutes), "n_tracks": None}
            if spec.minutes and round(spec.minutes) == minutes:
                length = {}
        else:
            n = st.slider(
                "Tracks", 1, max(100, spec.n_tracks or 30), spec.n_tracks or 30,
                key=f"playlist-n-{key}",
            )  # fmt: skip
            length = {"n_tracks": n, "minutes": None}
        cap = st.slider(
            "Most by one artist", 1, max(10, spec.per_artist or 0), spec.per_artist or 10,
            key=f"playlist-cap-{key}",
        )  # fmt: skip
        order = st.selectbox(
            "Order", list(ORDERS), list(ORDERS).index(spec.order), format_func=ORDERS.__getitem__,
            key=f"playlist-order-{key}",
        )  # fmt: skip
    if cap == 10 and spec.per_artist is None:
        cap = None  # no cap was said, and none was set
    return edited(wish, per_artist=cap, order=order, **length)


def _limits(wish: Wish, key: str) -> Wish:
    from llm.playlist_edit import edited

    spec = wish.spec
    with st.container(horizontal=True):
        changes = {
            "years": _range("Years", spec.years, _YEARS, key),
            "tempo_bpm": _range("Beats per minute", spec.tempo_bpm, _TEMPO, key),
            "popularity": _range("Popularity", spec.popularity, _POPULAR, key),
        }
    with st.container(horizontal=True):
        for field, label, options in (
            ("known", "Known to me", FAMILIAR), ("explicit", "Explicit", CLEAN),
        ):  # fmt: skip
            held = list(options).index(getattr(spec, field))
            changes[field] = st.selectbox(
                label, list(options), held, format_func=options.__getitem__,
                key=f"playlist-{field}-{key}",
            )  # fmt: skip
    return edited(wish, **changes)


def _range(
    label: str, held: tuple[float | None, float | None], ends: tuple[int, int], key: str
) -> tuple[float | None, float | None]:
    """A slider with two ends; an end that is not moved leaves its side open."""
    first, last = ends
    low, high = (int(v) if v is not None else end for v, end in zip(held, ends, strict=True))
    now = st.slider(
        label, min(first, low), max(last, high), (low, high), key=f"playlist-{label}-{key}"
    )
    if now == (low, high):
        return held
    return (
        held[0] if now[0] == low else None if now[0] <= first else now[0],
        held[1] if now[1] == high else None if now[1] >= last else now[1],
    )


def _levels(wish: Wish, key: str) -> Wish:
    """What the tracks should sound like; a level that was never said rests in the middle."""
    from llm.playlist_edit import moved

    by_name = {feature.name: feature for feature in FEATURES}
    with st.container(horizontal=True):
        for name in _LEVELS:
            held = wish.spec.vibe.get(name)
            now = round(100 * (0.5 if held is None else held))
            level = st.slider(
                name.capitalize() + ("" if held is not None else " (any)"), 0, 100, now,
                key=f"playlist-{name}-{key}",
                help=f"0 is the most {by_name[name].down} of all music, 100 the most "
                f"{by_name[name].up}.",
            )  # fmt: skip
            if level != now:
                wish = moved(wish, name, level / 100)
    return wish
