"""The map as a chart: the quick picture at once, the good one when a worker has made it."""

from __future__ import annotations

import streamlit as st

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
    option, series = charts.map_option(who.library.tracks, shown.frame, groups)
    state = st.echarts_chart(
        option, key=f"map-{who.key}-{shown.method}", on_select="rerun", height=560,
        alt=f"{len(shown.frame):,} tracks, a colour for each of {len(groups)} sides of the library",
    )  # fmt: skip
    return _caught(state, shown, series)


@st.fragment(run_every=1.0)
def _wait(job: Job[TasteMap]) -> None:
    """Look once a second whether the good picture is there."""
    if job.done:
        st.rerun()
    st.caption("A first picture; a better one is being drawn and will replace it.")


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
