"""Charts of this room: plain plotly figures and plain ECharts options, no page in sight.

Colours are given by the page (its theme), so every chart looks at home in light and dark.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from music.features import FEATURES, NAMES, N, Scale
from music.tracks import mostly_estimated, percentiles
from music.vibe import Vibe
from recommender.regions import Region

if TYPE_CHECKING:
    from plotly.graph_objects import Figure

Option = dict[str, Any]

# Okabe and Ito's palette without black and yellow: told apart by all common kinds of colour vision.
PALETTE: Final = ("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#7F7F7F")
OTHERS: Final = "everything else"
ESTIMATED: Final = ", estimated"  # behind a group's name: its tracks whose features are guesses
MANY: Final = 5_000  # points from which on ECharts draws in its fast mode
MAX_NAME: Final = 80
MAX_LABEL: Final = 36


def radar(vibe: Vibe, other: Vibe | None = None, colours: Sequence[str] = PALETTE) -> Figure:
    """A vibe as a nine-pointed star, against the middle of all music (0.5) or another vibe.

    What a vibe does not say is left out of its line.
    """
    from plotly.graph_objects import Figure, Scatterpolar

    figure = Figure()
    middle = Vibe.of(dict.fromkeys(NAMES, 0.5), origin="the middle of all music")
    for shown, colour in ((other or middle, "#9A9A9A"), (vibe, colours[0])):
        said = [j for j in range(N) if shown.weights[j] > 0]
        closed = [*said, *said[:1]]
        figure.add_trace(
            Scatterpolar(
                r=[shown.features[j] * 100 for j in closed],
                theta=[NAMES[j] for j in closed],
                name=plain_name(shown.origin or "this vibe"),
                fill="toself",
                line={"color": colour},
                opacity=0.75,
                hovertemplate="%{theta}: above %{r:.0f} % of all music<extra></extra>",
            )
        )
    axis = {"range": [0, 100], "tickvals": [0, 50, 100], "ticksuffix": " %"}
    figure.update_layout(
        polar={"radialaxis": axis}, margin={"t": 40, "b": 40, "l": 90, "r": 90},
        legend={"orientation": "h", "y": -0.15, "x": 0.5, "xanchor": "center"}, height=420,
    )  # fmt: skip
    return figure


def most_telling(vibe: Vibe) -> str:
    """The feature in which a vibe stands furthest from the middle of all music."""
    away = np.abs(np.array(vibe.features) - 0.5) * np.array(vibe.weights)
    return NAMES[int(away.argmax())]


def distribution(
    tracks: pd.DataFrame, feature: str, name: str = "these tracks", colours: Sequence[str] = PALETTE
) -> Figure:
    """How a feature is spread over some tracks, beside the reference population (always even).

    Each bar is a tenth of all music; a bar above the line is a tenth these tracks like.
    """
    from plotly.graph_objects import Bar, Figure

    j = NAMES.index(feature)
    values = percentiles(tracks)[:, j]
    values = values[np.isfinite(values)]
    counts, _ = np.histogram(values, bins=10, range=(0, 1))
    share = counts / max(len(values), 1) * 100
    edges = Scale.reference().table[::10, j]
    unit = f" {FEATURES[j].unit}" if FEATURES[j].unit else ""
    labels = [f"{a:.3g} to {b:.3g}{unit}" for a, b in pairwise(edges)]
    bars = Bar(
        x=np.arange(5, 100, 10),
        y=share,
        marker={"color": colours[0]},
        name=plain_name(name),
        customdata=labels,
        hovertemplate="%{customdata}: %{y:.0f} % of %{fullData.name}<extra></extra>",
    )
    figure = Figure([bars])
    figure.add_hline(y=10, line={"dash": "dot", "color": "#9A9A9A"}, annotation_text="all music")
    figure.update_xaxes(
        title=f"{FEATURES[j].down}  →  {FEATURES[j].up}", tickvals=[0, 50, 100],
        ticktext=["least of all music", "middle", "most"], range=[0, 100],
    )  # fmt: skip
    figure.update_yaxes(title=f"% of {len(values):,} tracks", rangemode="tozero")
    figure.update_layout(bargap=0.08, margin={"t": 30, "b": 40}, showlegend=False)
    return figure


def map_groups(tracks: pd.DataFrame, groups: Mapping[str, Sequence[str]]) -> pd.Series:
    """The group of each track, `OTHERS` for the rest; for the colours of a map.

    Parameters
    ----------
    groups
        Name -> track ids, the most important first (facets, playlists); a track belongs to the
        first that names it.
    """
    group = pd.Series(OTHERS, index=tracks.index, dtype="str")
    for name, ids in reversed(list(groups.items())):
        group[group.index.isin(list(ids))] = name
    return group


def map_option(
    tracks: pd.DataFrame,
    points: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    colours: Sequence[str] = PALETTE,
    labels: Sequence[Region] = (),
) -> tuple[Option, dict[str, list[str]]]:
    """The map as ECharts options for `st.echarts_chart`, with box and lasso selection.

    Parameters
    ----------
    points
        ``x`` and ``y`` by track_id (`recommender.map.TasteMap.frame`).
    labels
        Regions whose names are written on the map; they cannot be selected.

    Returns
    -------
    option : dict
        One scatter series a group: indices in a selection count within a series. Tracks whose
        features are estimated are a series of their own, hollow and paler.
    ids : dict
        Series name -> its track ids, in the order of its points.
    """
    here = tracks.loc[tracks.index.isin(points.index)]
    series, ids = [], {}
    for name, colour, rows, guessed in _map_parts(here, groups, colours):
        ids[name] = rows.index.tolist()
        xy = points.loc[rows.index, ["x", "y"]].round(4).to_numpy().tolist()
        titles = _labels(rows)
        data = [[x, y, title] for (x, y), title in zip(xy, titles, strict=True)]
        series.append(_series(name, data, colour, len(here), guessed))
    if labels:
        series.append(_written(labels))
    return _option(series), ids


def map_html(
    tracks: pd.DataFrame,
    points: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    title: str = "Ghostnotes map",
    colours: Sequence[str] = PALETTE,
    labels: Sequence[Region] = (),
) -> str:
    """The map as one HTML page that works offline: plotly.js inside, every name escaped."""
    figure = map_figure(tracks, points, groups, colours)
    for region in labels:
        figure.add_annotation(
            x=region.x, y=region.y, text=f"<b>{plain_name(_short(region.name))}</b>",
            showarrow=False, bgcolor="rgba(255,255,255,0.75)",
            font={"size": 13, "color": "#222222"},
        )  # fmt: skip
    figure.update_layout(title={"text": plain_name(title)})
    body = figure.to_html(include_plotlyjs=True, full_html=False, default_height="96vh")
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
    return f"{head}<body style='margin:0;background:#fff'>{body}</body></html>"


def map_figure(
    tracks: pd.DataFrame,
    points: pd.DataFrame,
    groups: Mapping[str, Sequence[str]],
    colours: Sequence[str] = PALETTE,
) -> Figure:
    """The map as a plotly figure, one trace a group."""
    from plotly.graph_objects import Figure, Scattergl

    here = tracks.loc[tracks.index.isin(points.index)]
    figure = Figure()
    for name, colour, rows, guessed in _map_parts(here, groups, colours):
        xy = points.loc[rows.index]
        figure.add_trace(
            Scattergl(
                x=xy["x"].round(4),
                y=xy["y"].round(4),
                mode="markers",
                name=plain_name(name),
                text=[plain_name(label) for label in _labels(rows)],
                hovertemplate="%{text}<extra></extra>",
                marker={
                    "size": 6,
                    "color": colour,
                    "opacity": 0.8 if guessed else 0.7,
                    "symbol": "circle-open" if guessed else "circle",
                },
            )
        )
    axis = {"visible": False, "showgrid": False}
    figure.update_layout(
        template="plotly_white", xaxis=axis, yaxis=axis | {"scaleanchor": "x"}, dragmode="pan",
        legend={"itemsizing": "constant"}, margin={"l": 10, "r": 10, "t": 50, "b": 10},
    )  # fmt: skip
    return figure


def plain_name(text: str) -> str:
    """A name plotly shows as it is: plotly reads ``<b>`` and ``%{...}`` in texts as markup."""
    short = text if len(text) <= MAX_NAME else text[: MAX_NAME - 1] + "…"
    return escape(short, quote=False).replace("%{", "% {").replace("$", "&#36;")


def _map_parts(
    tracks: pd.DataFrame, groups: Mapping[str, Sequence[str]], colours: Sequence[str]
) -> Iterator[tuple[str, str, pd.DataFrame, bool]]:
    """What a map draws as one: name, colour, tracks, and whether their features are estimated."""
    group, guess = map_groups(tracks, groups), mostly_estimated(tracks)
    for i, name in enumerate([*groups, OTHERS]):
        mine = (group == name).to_numpy()
        for guessed in (False, True):
            rows = tracks[mine & (guess == guessed)]
            if len(rows):
                yield f"{name}{ESTIMATED * guessed}", colours[i % len(colours)], rows, guessed


def _labels(tracks: pd.DataFrame) -> list[str]:
    names = tracks["name"].fillna("(no title)") + " · " + tracks["artists"].fillna("unknown")
    return [name[:MAX_NAME] for name in names]


def _series(name: str, data: list[list[Any]], colour: str, n_points: int, guessed: bool) -> Option:
    return {
        "type": "scatter",
        "name": name,
        "data": data,
        "symbolSize": 6 if n_points < MANY else 3,
        "large": n_points >= MANY,  # ten times faster; but it cannot dim what is not selected
        "progressive": 0,  # otherwise a selection is silently short above its threshold
        "selectedMode": "multiple",
        "encode": {"x": 0, "y": 1, "itemName": 2, "tooltip": [2]},
        "itemStyle": _hollow(colour) if guessed else {"color": colour, "opacity": 0.75},
    }


def _hollow(colour: str) -> Option:
    """A ring one can see through; ECharts' own empty circle is white inside, in the dark too."""
    return {"color": "transparent", "borderColor": colour, "borderWidth": 1.2, "opacity": 0.8}


def _written(regions: Sequence[Region]) -> Option:
    """Names on the map; where two would overlap the smaller region keeps silent."""
    names = [
        {"name": _short(region.name), "value": [round(region.x, 4), round(region.y, 4)]}
        for region in regions
    ]
    label: Option = {
        "show": True, "formatter": "{b}", "fontSize": 12, "fontWeight": "bold", "opacity": 1,
        "color": "#1F1F1F", "backgroundColor": "rgba(255,255,255,0.8)", "padding": [2, 5],
        "borderRadius": 4,
    }  # fmt: skip
    return {
        "type": "scatter", "data": names, "symbolSize": 1, "silent": True, "z": 10,
        "itemStyle": {"color": "transparent"}, "label": label, "labelLayout": {"hideOverlap": True},
        "tooltip": {"show": False},
    }  # fmt: skip


def _short(name: str) -> str:
    return name if len(name) <= MAX_LABEL else name[: MAX_LABEL - 1] + "…"


def _option(series: list[Option]) -> Option:
    axis: Option = {"type": "value", "show": False, "scale": True}
    return {
        "animation": False,
        "legend": {
            "type": "scroll", "bottom": 0,  # the tools have the top, also on a phone
            "data": [s["name"] for s in series if "name" in s],
        },
        "tooltip": {"trigger": "item", "renderMode": "richText"},  # text, never HTML
        "grid": {"left": 32, "right": 32, "top": 40, "bottom": 44},
        "xAxis": axis,
        "yAxis": axis,
        "dataZoom": [{"type": "inside"}, {"type": "inside", "orient": "vertical"}],
        "toolbox": {"feature": {"brush": {"type": ["rect", "polygon", "keep", "clear"]}}},
        "brush": {
            "xAxisIndex": 0, "yAxisIndex": 0, "throttleType": "debounce", "throttleDelay": 100,
        },
        "series": series,
    }  # fmt: skip
