"""The controls of a recommendation: sliders that rank, limits that cut, and what was said."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from music.vibe import Vibe
from pages.parts import state
from recommender.controls import Blocked, Filters
from recommender.wishes import Wishes
from studio import services


@dataclass(frozen=True)
class Tuning:
    """Everything the controls say."""

    n: int
    per_artist: int
    per_album: int
    seed: int
    wishes: Wishes
    filters: Filters


def draw(in_hand: Vibe | None) -> Tuning:
    """The controls."""
    with st.container(horizontal=True):
        n = st.slider("How many", 5, 100, 25, 5)
        diversity = st.slider("Alike to varied", 0.0, 1.0, 0.2, 0.1)
        novelty = st.slider(
            "Familiar to discovery", -1.0, 1.0, 0.0, 0.1,
            help="Left: well known, by artists you start from. Right: little known, by others.",
        )  # fmt: skip
    with st.expander("Limits and chance", icon=":material/tune:"):
        left, right = st.columns(2)
        per_artist = left.slider("At most by one artist", 1, 10, 2)
        per_album = right.slider("At most from one album", 1, 10, 2)
        variety = left.slider("Chance", 0.0, 1.0, 0.0, 0.1, help="0 gives the same list each time.")
        seed = int(right.number_input("Variation", 0, 999, 0))
        years = left.slider("Years", 1900, 2030, (1900, 2030))
        tempo = right.slider("Tempo (BPM)", 40, 240, (40, 240))
        minutes = left.slider("Length (minutes)", 0, 30, (0, 30))
        clean = right.selectbox("Explicit", ["either", "only clean", "only explicit"])
        unknown = right.checkbox("Let tracks pass whose year, tempo or length nobody knows")
        strength = left.slider("Lean to what is in hand", 0.0, 1.0, 0.0, 0.1, disabled=not in_hand)
    return Tuning(
        n, per_artist, per_album, seed,
        Wishes(novelty, in_hand, strength, variety, diversity),
        Filters(
            years=_open(years, 1900, 2030),
            tempo_bpm=_open(tempo, 40, 240),
            duration_s=_open((60 * minutes[0], 60 * minutes[1]), 0, 1800),
            explicit={"only clean": False, "only explicit": True}.get(clean),
            unknown="keep" if unknown else "drop",
        ),
    )  # fmt: skip


def _open(chosen: tuple[int, int], low: int, high: int) -> tuple[float | None, float | None]:
    """A range whose ends at the rim of the slider are no limits."""
    return (
        None if chosen[0] <= low else float(chosen[0]),
        None if chosen[1] >= high else float(chosen[1]),
    )


@dataclass(frozen=True)
class Said:
    """What the visitor said of tracks and artists so far."""

    likes: tuple[str, ...]
    dislikes: tuple[str, ...]
    blocked: Blocked


def said_before() -> Said:
    """Read it from the store."""
    said = services.store().feedback(state.owner())
    of_tracks = {f.thing: f.verdict for f in said if f.kind == "track"}
    return Said(
        tuple(t for t, v in of_tracks.items() if v == "like"),
        tuple(t for t, v in of_tracks.items() if v == "dislike"),
        Blocked.of(
            (t for t, v in of_tracks.items() if v == "block"),
            (f.thing for f in said if f.kind == "artist" and f.verdict == "block"),
        ),
    )


def say(ticked: list[str], artists: list[str]) -> None:
    """Buttons that remember what the visitor thinks of the ticked rows."""
    for label, icon, verdict in (
        ("More like these", "thumb_up", "like"),
        ("Less like these", "thumb_down", "dislike"),
        ("Never these", "block", "block"),
    ):
        if st.button(label, icon=f":material/{icon}:", disabled=not ticked, key=f"say-{verdict}"):
            for track_id in ticked:
                services.store().set_feedback(state.owner(), "track", track_id, verdict)
            st.rerun()
    if st.button("Never these artists", icon=":material/person_off:", disabled=not artists):
        for artist in artists:
            services.store().set_feedback(state.owner(), "artist", artist, "block")
        st.rerun()


def forget_said(said: Said) -> None:
    """How much was said, and a button that takes it all back."""
    n_blocked = len(said.blocked.track_ids) + len(said.blocked.artists)
    if not (said.likes or said.dislikes or n_blocked):
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            f"Remembered: {len(said.likes)} liked, {len(said.dislikes)} disliked, "
            f"{n_blocked} blocked."
        )
        if st.button("Take it all back", type="tertiary"):
            for one in services.store().feedback(state.owner()):
                if one.kind in ("track", "artist"):
                    services.store().set_feedback(state.owner(), one.kind, one.thing, None)
            st.rerun()
