"""The library in view as music: a theme for each of its sides, a year as a minute, all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from pages.parts import endless, player
from pages.parts.sound import play_button
from studio import sonify
from studio.listener import Listener

if TYPE_CHECKING:
    from plotly.graph_objects import Figure


def draw(who: Listener) -> None:
    """Everything of it; each sound is made when it is asked for."""
    _themes(who)
    _year(who)


def _themes(who: Listener) -> None:
    sides = sonify.themes(who)
    if not sides:
        st.caption("There are no tracks in view, so there is nothing to play.")
        return
    st.markdown("**A theme for each side of it**")
    for i, side in enumerate(sides):
        with st.container(horizontal=True, vertical_alignment="center"):
            play_button(side.vibe, side.name, key=f"side-{i}", seconds=sonify.THEME_S)
            st.caption(f"{side.share:.0%} of the library")
    endless.draw(
        [side.vibe for side in sides], "All of them in turn, without an end", key="own-air"
    )


def _year(who: Listener) -> None:
    st.markdown("**A year of listening as a minute of music**")
    years = sonify.years(who)
    if not years:
        st.caption("No plays with dates are known: add Spotify's extended streaming history.")
        return
    year = st.selectbox("Year", years, width=140)
    listened = sonify.year_of(who, year)
    st.plotly_chart(_arc(listened), key="own-year", alt=f"Plays in each month of {year}")
    st.caption(
        "About five seconds a month: what was played sets scale, voices and mood, how much was "
        "played sets how full it is."
    )
    if st.button(f"Play {year}", icon=":material/play_arrow:", key="own-year-play"):
        player.draw(
            _minute(listened, f"{who.key} {year}"), f"{year} in a minute", key="own-year-player",
            autoplay=True, loop=False,
        )  # fmt: skip


@st.cache_data(max_entries=4, show_spinner="Twelve months into sixty seconds ...")
def _minute(_listened: sonify.Year, key: str) -> bytes:
    return sonify.minute_of(_listened).wav()


def _arc(listened: sonify.Year) -> Figure:
    from synth.charts import arc

    moods = [vibe.get("valence") for vibe in listened.vibes]
    return arc(sonify.MONTHS, listened.plays, moods)
