"""The tracks of a catalogue that are worth a closer look: few enough to be ranked at leisure.

A catalogue of a million tracks is read a row group at a time; what stays are the tracks by wanted
artists and those that sound most like what is wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.catalogue import ORIGIN, Ints, hashed, united_genres
from library.catalogue_index import SHOWN, CatalogueIndex
from library.matching import fold
from music.features import FEATURE_COLUMNS, Floats, Scale
from music.tracks import as_tracks

MOST: Final = 8_000  # of one catalogue: more take long to make ready (17,000 tracks 2.6 s)
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
        Percentiles, shape (n_points, 9), NaN = unsaid; each point brings as many tracks as another.
        No points: only artists decide.
    artists
        Names whose tracks are wanted as well.
    n
        At most so many tracks, one row an id.
    """
    keys = index.keys("id_key", "artist_key")
    wanted = pd.Series([fold(name) for name in artists], dtype="str")
    theirs = np.flatnonzero(np.isin(keys["artist_key"], hashed(wanted)))
    order = np.concatenate(
        [theirs[: max(1, int(n * BY_ARTIST))], _near(index, points, n, progress)]
    )
    at = order[_first_of_each(keys["id_key"][order])[:n]]
    rows = index.take(np.flatnonzero(np.isin(keys["id_key"], keys["id_key"][at])))
    rows = united_genres(rows[list(SHOWN)])
    return as_tracks(rows[~rows["track_id"].duplicated()], ORIGIN, provenance="k")


def _near(
    index: CatalogueIndex, points: Floats, n: int, progress: Callable[[float, str], None] | None
) -> Ints:
    """Positions of the tracks nearest to each point, the points taking turns."""
    if not len(points) or not index.n_rows:
        return np.empty(0, dtype=np.int64)
    scale, parts, done = Scale.reference(), [], 0
    for raw in index.blocks(FEATURE_COLUMNS):
        parts.append(_gaps(scale.percentiles(raw), points))
        done += len(raw)
        if progress:
            progress(done / index.n_rows, f"Looking through {index.name}")
    gaps = np.concatenate(parts, axis=1)  # (n_points, n_rows)
    n = min(2 * n, gaps.shape[1])  # a track may stand there once for each of its genres
    best = np.argpartition(gaps, n - 1, axis=1)[:, :n]
    turns = np.take_along_axis(best, np.take_along_axis(gaps, best, 1).argsort(axis=1), 1).T.ravel()
    return np.asarray(turns[np.isfinite(gaps[np.tile(np.arange(len(points)), n), turns])])


def _gaps(found: Floats, points: Floats) -> npt.NDArray[np.float32]:
    """Mean squared distance over what both know, shape (n_points, n); infinite = nothing."""
    known = ~np.isnan(found)
    filled = np.where(known, found, 0.0)
    said = ~np.isnan(points)
    at = np.where(said, points, 0.0)
    n = said.astype(float) @ known.T.astype(float)
    # sum over shared features of (x - p)^2, as three products
    square = said @ (filled**2).T - 2 * at @ filled.T + (at**2) @ known.T
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(n > 0, square / n, np.inf).astype(np.float32)


def _first_of_each(keys: Ints) -> Ints:
    """Positions of the first time each key comes, in order."""
    _, first = np.unique(keys, return_index=True)
    return np.sort(first)
