"""The map as a chart: the quick picture at once, the good one when a worker has made it."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from music.features import NAMES
from music.vibe import Vibe
from pages.parts.plain import plain
from recommender import charts
from recommender.map import TasteMap, map_points
from recommender.nearest import nearest
from recommender.selection import selected
from studio import services
from studio.jobs import Job
from studio.listener import Listener


def draw(who: Listener, vibe: Vibe | None) -> list[str]:
    """The map of a listener and the ids that are selected on it."""
    job = services.jobs().submit(f"map-{who.key}", lambda _: map_points(who.library.tracks, seed=0))
    if job.done:
        shown: TasteMap = job.result()
    else:
        shown = who.quick_map
        _wait(job)
    if vibe is not None:
        _near(who, vibe)
    groups = {facet.name: facet.track_ids for facet in who.facets}
    option, series = charts.map_option(
        who.library.tracks, shown.frame, groups, labels=who.regions(shown)
    )
    state = st.echarts_chart(
        option, key=f"map-{who.key}-{shown.method}", on_select="rerun", height=600,
        alt=f"{len(shown.frame):,} tracks, a colour for each of {len(groups)} sides of the library",
    )  # fmt: skip
    return _caught(state, shown, series)


@st.fragment(run_every=1.0)
def _wait(job: Job[TasteMap]) -> None:
    """Look once a second whether the good picture is there."""
    if job.done:
        st.rerun()
    st.caption("A first picture; a better one is being drawn and will replace it.")


def draw_shape(caught: pd.DataFrame, vibe: Vibe) -> None:
    """A selection against all music: a star of its middles, and how a feature is spread."""
    left, right = st.columns(2)
    with left:
        st.plotly_chart(
            charts.radar(vibe), key="map-radar", config={"displayModeBar": False},
            alt=f"Where the middle of the selection stands among all music: "
            f"{', '.join(vibe.adjectives(4)) or 'nothing stands out'}",
        )  # fmt: skip
    with right:
        feature = st.selectbox("Spread of", NAMES, NAMES.index(charts.most_telling(vibe)))
        st.plotly_chart(
            charts.distribution(caught, feature, "the selection"), key="map-spread",
            config={"displayModeBar": False},
            alt=f"How {feature} is spread over the selection, beside all music",
        )  # fmt: skip
    st.caption("100 % = more than all other music; the dotted line is how all music is spread.")


def _near(who: Listener, vibe: Vibe) -> None:
    """Where on the map the vibe in hand would be, in words."""
    closest = nearest(who.library.tracks, vibe, k=3)
    names = ", ".join(f"“{plain(name, 60)}”" for name in closest["name"].fillna("?"))
    st.caption(f"Nearest to what is in hand ({plain(vibe.origin or 'a vibe', 60)}): {names}.")


def _caught(state: object, shown: TasteMap, series: dict[str, list[str]]) -> list[str]:
    """The ids of a selection: areas of a brush, or clicked points of a series."""
    selection = getattr(state, "selection", None)
    if not selection:
        return []
    areas = selection.get("areas") or []
    if areas:
        return list(selected(shown.frame, areas))
    found: list[str] = []
    for part in selection.get("selected") or []:
        ids = series.get(str(part.get("series_name", "")), [])
        found += [ids[i] for i in part.get("data_indices", []) if 0 <= i < len(ids)]
    return found
