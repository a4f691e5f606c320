"""Regions of the map: where tracks stand close together, and what to call them there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from music.features import Floats
from music.tracks import vibe_of_tracks
from recommender.facets import spoken_genres

TRACKS_PER_REGION: Final = 60  # about
FEWEST: Final = 3
MOST: Final = 24  # small ones, so that a region is one island and not two with a gap between
MOST_NAMED: Final = 14  # more nobody can read
SMALLEST: Final = 8  # tracks; fewer are an accident of the layout


@dataclass(frozen=True)
class Region:
    """A part of the map with a name.

    Parameters
    ----------
    name
        Genres most of its tracks have, or else what stands out in their sound.
    x, y
        Where to write it: at the track in its middle.
    track_ids
        Its tracks.
    """

    name: str
    x: float
    y: float
    track_ids: tuple[str, ...]


def regions(tracks: pd.DataFrame, points: pd.DataFrame, seed: int = 0) -> list[Region]:
    """The regions of a map, the largest first, each with a name of its own.

    Parameters
    ----------
    points
        ``x`` and ``y`` by track_id (`recommender.map.TasteMap.frame`).

    Returns
    -------
    list of Region
        At most fourteen. Left out are regions of which nothing true and new can be said.
    """
    here = tracks.loc[tracks.index.intersection(points.index, sort=False)]
    xy = points.loc[here.index, ["x", "y"]].to_numpy(dtype=np.float64)
    n = min(max(len(here) // TRACKS_PER_REGION, FEWEST), MOST, len(np.unique(xy, axis=0)))
    if n < FEWEST:
        return []
    labels = _clusters(xy, n, seed)
    parts = [np.flatnonzero(labels == label) for label in range(n)]
    parts.sort(key=lambda rows: (-len(rows), int(rows[0]) if len(rows) else 0))
    found: dict[str, Region] = {}
    for rows in parts:
        if len(rows) < min(SMALLEST, len(here) // n):
            continue
        name = next((name for name in _names(here.iloc[rows]) if name not in found), None)
        if name is not None:
            x, y = xy[rows[_middle(xy[rows])]]
            found[name] = Region(name, float(x), float(y), tuple(here.index[rows]))
    return list(found.values())[:MOST_NAMED]


def _clusters(xy: Floats, n: int, seed: int) -> Floats:
    from sklearn.cluster import KMeans

    sample = np.random.default_rng(seed).permutation(len(xy))[:5_000]
    return np.asarray(KMeans(n, n_init=2, random_state=seed).fit(xy[sample]).predict(xy))


def _middle(xy: Floats) -> int:
    """The point nearest to the median of all."""
    return int(np.linalg.norm(xy - np.median(xy, axis=0), axis=1).argmin())


def _names(tracks: pd.DataFrame) -> list[str]:
    """What may be said of some tracks, the plainest first."""
    genres = " + ".join(spoken_genres(tracks))
    sound = ", ".join(vibe_of_tracks(tracks, "").adjectives(2))
    both = f"{sound} {genres}" if sound and genres else ""
    return [name for name in (genres, both, sound) if name]
