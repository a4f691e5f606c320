"""The map: every track as a point of the plane, neighbours in taste beside each other.

PCA gives a picture at once. t-SNE over landmarks gives the good one: some thousand tracks are laid
out by t-SNE, every other track stands among the landmarks it is like. So a map need never be made
again: new tracks find their place among the old points, which do not move.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np
import pandas as pd

from music.errors import InputError
from music.features import Floats
from music.tracks import percentiles
from recommender.seeds import Ints
from recommender.space import TasteSpace, strongest

N_LANDMARKS: Final = 6_000
N_NEIGHBOURS: Final = 3
ISLAND: Final = 0.1  # of the spread of the map; landmarks further apart on it are never averaged
MIN_FOR_TSNE: Final = 16
ROWS_AT_ONCE: Final = 1_024  # 1,024 x 6,000 distances are 48 MB


@dataclass(frozen=True)
class TasteMap:
    """A laid-out map that can take in more tracks.

    Parameters
    ----------
    frame
        Indexed by track_id: ``x`` and ``y``, and ``known``, the share of the nine features in
        [0, 1] that are known and not estimated (a door draws little-known tracks paler).
    method
        ``"pca"`` (the quick picture) or ``"t-sne"``.
    """

    frame: pd.DataFrame
    method: Literal["pca", "t-sne"]
    space: TasteSpace
    landmarks: Floats
    places: Floats

    def add(self, tracks: pd.DataFrame) -> TasteMap:
        """The same map with more tracks; points that were there stay exactly where they are."""
        new = tracks.loc[~tracks.index.isin(self.frame.index)]
        if not len(new):
            return self
        xy = _among(self.space.points(new), self.landmarks, self.places)
        return replace(self, frame=pd.concat([self.frame, _frame(new, xy)]))

    def to_dict(self) -> dict[str, tuple[float, float]]:
        """track_id -> (x, y)."""
        pairs = self.frame[["x", "y"]].to_numpy().tolist()
        return {t: (x, y) for t, (x, y) in zip(self.frame.index, pairs, strict=True)}


def map_points(
    tracks: pd.DataFrame, seed: int = 0, method: Literal["pca", "t-sne"] = "t-sne"
) -> TasteMap:
    """Lay out tracks; ``method="pca"`` takes milliseconds, ``"t-sne"`` seconds (use a worker).

    Parameters
    ----------
    tracks
        A track table; unknown features are taken from the artist's other tracks, then the middle.
    seed
        The same tracks and seed give the same map.

    Raises
    ------
    InputError
        If there are no tracks.
    """
    if not len(tracks):
        raise InputError("there are no tracks to put on a map.")
    space = TasteSpace().fit(tracks)
    points = space.points(tracks)
    rng = np.random.default_rng(seed)
    chosen = np.sort(rng.permutation(len(points))[:N_LANDMARKS])
    landmarks = points[chosen]
    if method == "pca" or len(landmarks) < MIN_FOR_TSNE:
        method, xy = "pca", _pca(points)
        return TasteMap(_frame(tracks, xy), method, space, landmarks, xy[chosen])
    places = _tsne(landmarks, seed)
    xy = np.empty((len(points), 2))
    xy[chosen] = places
    others = np.setdiff1d(np.arange(len(points)), chosen)
    xy[others] = _among(points[others], landmarks, places)
    return TasteMap(_frame(tracks, xy), method, space, landmarks, places)


def _pca(points: Floats) -> Floats:
    """The two widest directions, shape (n, 2), scaled to a spread of 1; signs are fixed."""
    centred = points - points.mean(axis=0)
    xy = centred @ strongest(centred, 2)
    return np.asarray(xy / max(float(xy.std()), 1e-9))


def _tsne(points: Floats, seed: int) -> Floats:
    """t-SNE of the landmarks, shape (n, 2), scaled to a spread of 1."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    # Equal points would be dealt with as nearest neighbours at distance 0 and fly apart at random;
    # a hair's breadth between them keeps them together. Also, one spot alone has no PCA to start.
    points = points + np.random.default_rng(seed).normal(0, 1e-4, points.shape)
    perplexity = min(30.0, (len(points) - 1) / 3)
    layout = TSNE(init="pca", max_iter=500, perplexity=perplexity, random_state=seed, n_jobs=1)
    with threadpool_limits(1):
        xy = layout.fit_transform(points.astype(np.float32))
    return np.asarray((xy - xy.mean(axis=0)) / max(float(xy.std()), 1e-9), dtype=np.float64)


def _among(points: Floats, landmarks: Floats, places: Floats) -> Floats:
    """Places among the nearest landmarks, weighted by nearness, shape (n, 2).

    t-SNE tears neighbours apart where islands form, and the middle of two islands is sea: only
    landmarks beside the nearest one count (50,000 tracks: trustworthiness 0.964 without, 0.997
    with).
    """
    xy = np.empty((len(points), 2))
    for start in range(0, len(points), ROWS_AT_ONCE):
        block = points[start : start + ROWS_AT_ONCE]
        nearest, gap = _nearest(block, landmarks)
        weight = 1.0 / (gap + 1e-6) ** 3
        first = np.take_along_axis(nearest, gap.argmin(axis=1)[:, None], axis=1)
        away = np.linalg.norm(places[nearest] - places[first], axis=2)  # (n, 3)
        weight[away > ISLAND] = 0.0
        weight /= weight.sum(axis=1, keepdims=True)
        xy[start : start + ROWS_AT_ONCE] = (weight[:, :, None] * places[nearest]).sum(axis=1)
    return xy


def _nearest(points: Floats, landmarks: Floats) -> tuple[Ints, Floats]:
    """The nearest landmarks of each point and their distances, shapes (n, 3)."""
    squares = (landmarks**2).sum(axis=1) - 2 * points @ landmarks.T
    k = min(N_NEIGHBOURS, len(landmarks))
    nearest = np.argpartition(squares, k - 1, axis=1)[:, :k]
    gap = np.linalg.norm(points[:, None, :] - landmarks[nearest], axis=2)
    return nearest, gap


def _frame(tracks: pd.DataFrame, xy: Floats) -> pd.DataFrame:
    guessed = tracks["provenance"].fillna("").str.count("e").to_numpy()
    known = (np.isfinite(percentiles(tracks)).sum(axis=1) - guessed) / 9
    columns = {"x": xy[:, 0], "y": xy[:, 1], "known": known}
    return pd.DataFrame(columns, index=tracks.index)
