"""The tracks of a catalogue that are worth a closer look: few enough to be ranked at leisure.

A catalogue of a million tracks is read a row group at a time; what stays are the tracks by wanted
artists and those that sound most like what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import pandas as pd

from library.catalogue import ORIGIN, Ints, hashed, united_genres
from library.catalogue_index import SHOWN, CatalogueIndex
from library.matching import fold
from music.features import FEATURE_COLUMNS, Floats, Scale
from music.tracks import as_tracks

MOST: Final = 15_000  # of one catalogue: ranked in well under a second
BY_ARTIST: Final = 0.3  # the share of them kept for tracks by wanted artists


def candidates(
    index: CatalogueIndex,
    points: Floats,
    artists: Iterable[str] = (),
    n: int = MOST,
    progress: Callable[[float, str], None] | None = None,
) -> pd.DataFrame:
    """The part of a catalogue nearest to some points, as a track table.

    Parameters
    ----------
    points
        Percentiles, shape (n_points, 9), NaN = unsaid; a track counts by the point it is nearest
        to. None at all: only artists decide.
    artists
        Names whose tracks are wanted as well.
    n
        At most so many tracks, one row an id.
    """
    keys = index.keys("id_key", "artist_key")
    wanted = pd.Series([fold(name) for name in artists], dtype="str")
    theirs = np.flatnonzero(np.isin(keys["artist_key"], hashed(wanted)))
    theirs = theirs[: max(1, int(n * BY_ARTIST))]
    gaps = _gaps(index, points, progress)
    gaps[theirs] = -1.0
    order = np.argsort(gaps, kind="stable")
    order = order[np.isfinite(gaps[order])]
    first = _first_of_each(keys["id_key"][order])[:n]
    at = np.sort(order[first])
    rows = index.take(np.flatnonzero(np.isin(keys["id_key"], keys["id_key"][at])))
    rows = united_genres(rows[list(SHOWN)])
    return as_tracks(rows[~rows["track_id"].duplicated()], ORIGIN, provenance="k")


def _gaps(
    index: CatalogueIndex, points: Floats, progress: Callable[[float, str], None] | None
) -> Floats:
    """How far each track is from its nearest point, shape (n_rows,); infinite = nothing known."""
    scale, parts, done = Scale.reference(), [], 0
    for raw in index.blocks(FEATURE_COLUMNS):
        found = scale.percentiles(raw)
        best = np.full(len(found), np.inf)
        for point in points:
            both = ~np.isnan(found) & ~np.isnan(point)
            square = np.where(both, np.nan_to_num(found) - np.nan_to_num(point), 0.0) ** 2
            n = both.sum(axis=1)
            mean = np.where(n > 0, square.sum(axis=1) / np.maximum(n, 1), np.inf)
            best = np.minimum(best, mean)
        parts.append(best)
        done += len(found)
        if progress:
            progress(done / max(index.n_rows, 1), f"Looking through {index.name}")
    return np.concatenate(parts) if parts else np.empty(0)


def _first_of_each(keys: Ints) -> Ints:
    """Positions of the first time each key comes, in order."""
    _, first = np.unique(keys, return_index=True)
    return np.sort(first)
