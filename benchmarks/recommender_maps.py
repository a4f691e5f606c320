"""How true and how quick the map is: trustworthiness, seconds, and whether old points stay put."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.recommender_data import read
from benchmarks.table import Row, median_ms
from music.features import FEATURE_COLUMNS
from music.tracks import as_tracks
from recommender.facets import facets
from recommender.map import TasteMap, map_points

K = 15
N_LOOKED_AT = 2_000  # points of a big map whose neighbourhoods are checked, drawn at random


def map_rows() -> Iterator[Row]:
    """5,000 and 50,000 real points."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield from _map(read("pp").tracks.head(5_000), 0.99, 20)
        yield from _map(fifty_thousand(), 0.97, None)


def _map(tracks: pd.DataFrame, true: float, seconds: float | None) -> Iterator[Row]:
    n = f"map of {len(tracks):,}"
    start, busy = time.perf_counter(), time.process_time()
    laid = map_points(tracks)
    took, busy = time.perf_counter() - start, time.process_time() - busy
    yield Row(f"{n}: trustworthiness({K})", trusted(laid, tracks), "", true, better="more")
    yield Row(f"{n}: t-SNE in a worker", took, "s", seconds, peer=f"{busy:.1f} s of one core")
    quick = median_ms(lambda: map_points(tracks, method="pca"), 3)
    yield Row(f"{n}: PCA, shown at once", quick, "ms")
    some = tracks.sample(frac=0.01, random_state=1)
    before = map_points(tracks.drop(index=some.index), method="pca")
    old = before.frame
    moved = np.abs(before.add(some).frame.loc[old.index, ["x", "y"]] - old[["x", "y"]])
    yield Row(f"{n}: old points moved by 1 % more", float(moved.to_numpy().max()), "", 0)
    sides = median_ms(lambda: facets(tracks), 1, 0) / 1e3
    yield Row(f"{n}: sides found and named", sides, "s")


def trusted(laid: TasteMap, tracks: pd.DataFrame) -> float:
    """Trustworthiness(15) over randomly drawn points, each against all others.

    Exactly the formula of Venna and Kaski (2001); over all points where there are few enough.
    """
    points = laid.space.points(tracks).astype(np.float32)
    xy = laid.frame.loc[tracks.index, ["x", "y"]].to_numpy(dtype=np.float32)
    n = len(points)
    drawn = np.random.default_rng(0).permutation(n)[:N_LOOKED_AT]
    worst = 0
    for row in drawn:
        gap = ((points - points[row]) ** 2).sum(axis=1)
        gap[row] = -1.0  # itself, rank 0
        near = ((xy - xy[row]) ** 2).sum(axis=1)
        near[row] = np.inf
        shown = np.argpartition(near, K)[:K]
        rank = (gap[:, None] < gap[shown]).sum(axis=0)  # 1 = the nearest
        worst += int(np.maximum(rank - K, 0).sum())
    return 1.0 - 2.0 * worst / (len(drawn) * K * (2 * n - 3 * K - 1))


def fifty_thousand() -> pd.DataFrame:
    """50,000 real points: the songs of tt and pp, and mean sounds of artists to fill up."""
    path = f"{os.environ['GHOSTNOTES_DATA']}/features_by_artist.csv.gz"
    artists = pd.read_csv(path).rename(columns={"loudness": "loudness_db", "tempo": "tempo_bpm"})
    artists = artists[["artists", *FEATURE_COLUMNS, "popularity"]].dropna()
    artists = artists.assign(track_id=[f"artist-{i}" for i in range(len(artists))])
    songs = pd.concat([read("tt").tracks, read("pp").tracks])
    songs = songs[~songs.index.duplicated()]
    every = pd.concat([songs, as_tracks(artists, "means of artists")])
    return every.sample(n=50_000, random_state=0)
