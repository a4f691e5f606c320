"""The controls of a recommendation: sliders that rank, limits that cut, what is known too well."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import streamlit as st

from music.vibe import Vibe
from pages.parts import state
from recommender.controls import Blocked, Filters
from recommender.taste import known_in
from recommender.wishes import Wishes
from studio.listener import Listener
from studio.sentences import sought

NEVER: Final = "never"
NOWHERE: Final = "nowhere"
TO_HAND: Final = "to what is in hand"
TO_WORDS: Final = "to a mood in words"
YEARS, TEMPO, MINUTES, FAME = (1900, 2030), (40, 240), (0, 30), (0, 100)


@dataclass(frozen=True)
class Tuning:
    """Everything the controls say."""

    n: int
    per_artist: int
    per_album: int
    seed: int
    wishes: Wishes
    filters: Filters
    known: Blocked


def draw(who: Listener, in_hand: Vibe | None) -> Tuning:
    """Three sliders in sight, everything else folded away."""
    with st.container(horizontal=True):
        n = st.slider("How many", 5, 100, 25, 5)
        diversity = st.slider("Alike to varied", 0.0, 1.0, 0.2, 0.1)
        novelty = st.slider(
            "Familiar to discovery", -1.0, 1.0, 0.0, 0.1,
            help="Left: well known, by artists you start from. Right: little known, by others.",
        )  # fmt: skip
    with st.expander("Limits, mood and chance", icon=":material/tune:"):
        limits, mood, known, chance = st.tabs(["Limits", "Mood", "What I know", "Chance"])
        with limits:
            filters, per_artist, per_album = _limits()
        with mood:
            leaning, strength = _mood(who, in_hand)
        with known:
            blocked = _known(who)
        with chance:
            variety, seed = _chance()
    wishes = Wishes(novelty, leaning, strength, variety, diversity)
    return Tuning(n, per_artist, per_album, seed, wishes, filters, blocked)


def shown(question: object, n: int) -> int:
    """How many tracks are asked for: more each time "more" was pressed on the same question."""
    asked, times = st.session_state.get("recommend.more", ("", 1))
    return n * (times if asked == repr(question) else 1)


def more(question: object, n: int) -> None:
    """A button that lets the list go on where it ends."""
    times = shown(question, n) // n
    if st.button(f"{n} more", icon=":material/add:"):
        st.session_state["recommend.more"] = (repr(question), times + 1)
        st.rerun()


def _limits() -> tuple[Filters, int, int]:
    left, right = st.columns(2)
    per_artist = left.slider("At most by one artist", 1, 10, 2)
    per_album = right.slider("At most from one album", 1, 10, 2)
    years = left.slider("Years", *YEARS, YEARS)
    tempo = right.slider("Tempo (BPM)", *TEMPO, TEMPO)
    minutes = left.slider("Length (minutes)", *MINUTES, MINUTES)
    fame = right.slider("Popularity", *FAME, FAME)
    clean = left.selectbox("Explicit", ["either", "only clean", "only explicit"])
    unknown = right.selectbox("Where a value is unknown", ["leave the track out", "let it pass"])
    filters = Filters(
        years=_open(years, YEARS),
        tempo_bpm=_open(tempo, TEMPO),
        duration_s=_open((60 * minutes[0], 60 * minutes[1]), (0, 1_800)),
        popularity=_open(fame, FAME),
        explicit={"only clean": False, "only explicit": True}.get(clean),
        unknown="keep" if unknown == "let it pass" else "drop",
    )
    return filters, per_artist, per_album


def _mood(who: Listener, in_hand: Vibe | None) -> tuple[Vibe | None, float]:
    """A soft target: it ranks and never cuts."""
    ways = [NOWHERE, *([TO_HAND] if in_hand is not None else []), TO_WORDS]
    left, right = st.columns(2)
    way = left.selectbox("Lean", ways, help="Moves tracks up and down; leaves none out.")
    strength = right.slider("How far", 0.0, 1.0, 0.5, 0.1, disabled=way == NOWHERE)
    if way == TO_HAND:
        return in_hand, strength
    if way == TO_WORDS:
        words = st.text_input("Mood", placeholder="calm and sad", max_chars=200)
        with state.friendly_errors():
            if words.strip():
                return sought(words, who.genres), strength
    return None, 0.0


def _known(who: Listener) -> Blocked:
    """What is left out because it is known too well."""
    artists = st.select_slider(
        "Leave out artists I have more tracks of than", [0, 1, 2, 3, 5, 10, 20, 50, NEVER], NEVER
    )
    plays = NEVER
    if len(who.library.plays):
        plays = st.select_slider(
            "Leave out tracks I played more often than", [0, 1, 3, 10, 30, 100, NEVER], NEVER
        )
    over = [None if x == NEVER else int(x) for x in (plays, artists)]
    return known_in(who.library, plays_over=over[0], artists_over=over[1])


def _chance() -> tuple[float, int]:
    left, right = st.columns(2)
    variety = left.slider("Chance", 0.0, 1.0, 0.0, 0.1, help="0 gives the same list each time.")
    seed = int(right.number_input("Variation", 0, 999, 0))
    return variety, seed


def _open(chosen: tuple[int, int], rim: tuple[int, int]) -> tuple[float | None, float | None]:
    """A range whose ends at the rim of the slider are no limits."""
    return (
        None if chosen[0] <= rim[0] else float(chosen[0]),
        None if chosen[1] >= rim[1] else float(chosen[1]),
    )
