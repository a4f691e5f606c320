"""Evidence from numbers: the song's own sound, year, fame and length, and its artist's style."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from music.features import FEATURES, Floats, N, Scale
from music.tracks import estimated
from recommender.curves import (
    COLUMNS,
    KINDS,
    WITHIN_ARTISTS,
    WITHIN_SONGS,
    Curves,
    NumberScale,
    curves,
    number_table,
)
from recommender.seeds import VIBE_COUNTS_AS, Ints, SeedRows
from recommender.witness import Groups, Singles

_KIND_NAMES: Final = tuple(dict.fromkeys(KINDS))
# How much a listener makes of each number in a reason: "speechiness 0.03" is true of most music.
TELLING: Final = np.array(
    [{"speechiness": 0.2, "liveness": 0.3, "instrumentalness": 0.4}.get(c, 1.0) for c in COLUMNS]
)
_TO_KIND: Final = np.array([[kind == name for name in _KIND_NAMES] for kind in KINDS], dtype=float)


class Numbers:
    """What numbers say about groups of tracks: about each song, or about each artist.

    Parameters
    ----------
    raw
        Shape (n_groups, 12): the values in their units, for the reasons; NaN = unknown.
    z
        Shape (n_groups, 12): the same in standard deviations, for the evidence.
    guessed
        Shape (n_groups, 12): which of the values are estimates.
    scale
        What turned `raw` to `z`, so that a vibe can be turned too.
    """

    def __init__(
        self,
        raw: Floats,
        z: Floats,
        guessed: np.ndarray,
        groups: Groups,
        scale: NumberScale,
        features: Mapping[str, str],
        within: Floats,
        whose: str,
    ) -> None:
        self.features, self.groups = features, groups
        self._raw, self.z, self._guessed, self._scale = raw, z, guessed, scale
        self._within, self._whose = within, whose
        known, filled = ~np.isnan(z), np.nan_to_num(z)
        # What the curves are applied to: squares, values and presences, shape (n_groups, 36).
        stacked = np.hstack([filled**2, filled, known])
        self._terms: Singles = np.ascontiguousarray(stacked, dtype=np.float32)

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Log likelihood ratios by kind of number, shape (n_groups, 4)."""
        a, b, c = self.curves(seeds).weights()
        matrix = np.vstack([term[:, None] * _TO_KIND for term in (a, b, c)])  # (36, 4)
        terms = self._terms if only is None else self._terms[only]
        return np.asarray(terms @ matrix.astype(np.float32))

    def curves(self, seeds: SeedRows) -> Curves:
        """What these seeds say of each number."""
        groups, counts = self.groups.of_seeds(seeds)
        z = self.z[groups]
        weights = np.repeat(counts[:, None], len(COLUMNS), axis=1)
        if seeds.vibe is not None:
            z = np.vstack([z, self._scale.transform(_raw_of(seeds))])
            certainty = np.concatenate([np.array(seeds.vibe.weights), np.zeros(len(COLUMNS) - N)])
            weights = np.vstack([weights, VIBE_COUNTS_AS * certainty])
        return curves(z, weights, self._within)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """The number (two, for sound) that speaks loudest for a track, beside the seeds' middle."""
        group = int(self.groups.code[row])
        a, b, c = self.curves(seeds).weights()
        z = self.z[group]
        speaks = np.nan_to_num(a * z**2 + b * z + c, nan=-np.inf)
        mine = np.array([part == "style" or kind == part for kind in KINDS])
        telling = np.where(speaks > 0, speaks * TELLING, speaks)
        best = [j for j in np.argsort(-telling, kind="stable") if mine[j] and speaks[j] > 0]
        said = [self._say(j, group, seeds) for j in best]
        told = [text for text in said if text][:2]
        return f"{self._whose}{', '.join(told)}" if told else None

    def _say(self, j: int, group: int, seeds: SeedRows) -> str:
        """The number beside what the seeds have; "" where they say nothing of it."""
        value = float(self._raw[group, j])
        pool = self._raw[self.groups.of_seeds(seeds)[0], j]
        pool = pool[~np.isnan(pool)]
        asked = len(pool) == 0
        middle = float(_raw_of(seeds)[0, j]) if asked else float(np.median(pool))
        if np.isnan(middle):
            return ""
        guess = ", an estimate" if self._guessed[group, j] else ""
        seeds_have = "your seeds" if len(seeds.rows) else "asked for"
        name = COLUMNS[j]
        if name == "tempo":
            return f"tempo within {abs(value - middle):.0f} BPM of {middle:.0f}"
        if name == "year":
            return f"from {value:.0f} ({seeds_have} {middle:.0f})"
        if name == "length":
            return f"{_clock(value)} long ({seeds_have} {_clock(middle)})"
        if name == "popularity":
            return f"popularity {value:.0f} ({seeds_have} {middle:.0f})"
        digits, unit = (1, " dB") if FEATURES[j].unit == "dB" else (2, "")
        return f"{name} {value:.{digits}f}{unit}{guess} ({seeds_have} {middle:.{digits}f})"


def about_songs(tracks: pd.DataFrame, songs: Groups) -> Numbers:
    """Each song's own numbers; `songs` holds one group a track."""
    raw = number_table(tracks)
    scale = NumberScale(raw)
    features = {"sound": "sound", "year": "year", "popularity": "popularity", "length": "length"}
    z = scale.transform(raw)
    return Numbers(raw, z, _guessed(tracks), songs, scale, features, WITHIN_SONGS, "")


def about_artists(songs: Numbers, artists: Groups) -> Numbers:
    """The means over each artist's songs, drawn to the catalogue's where songs are few."""
    raw, _ = _group_means(songs._raw, artists, drawn_by=0.0)
    z, spread = _group_means(songs.z, artists, drawn_by=1.0)
    guessed, _ = _group_means(songs._guessed.astype(float), artists, drawn_by=0.0)
    features = {f"artist_{kind}": "style" for kind in _KIND_NAMES}
    return Numbers(
        raw, z / spread, guessed > 0.5, artists, songs._scale, features, WITHIN_ARTISTS,
        "this artist: ",
    )  # fmt: skip


def _group_means(values: Floats, groups: Groups, drawn_by: float) -> tuple[Floats, Floats]:
    """Mean of each group over what is known, and the spread of those means, shapes (g, 12), (12,).

    ``drawn_by`` songs at the catalogue's middle (0) are counted in; unknown stays NaN.
    """
    known = ~np.isnan(values)
    columns = range(values.shape[1])
    count = np.stack(
        [np.bincount(groups.code, known[:, j], minlength=len(groups)) for j in columns], axis=1
    )
    filled = np.where(known, values, 0.0)
    total = np.stack(
        [np.bincount(groups.code, filled[:, j], minlength=len(groups)) for j in columns], axis=1
    )
    means = np.where(count > 0, total / np.maximum(count + drawn_by, 1e-9), np.nan)
    spread = np.where(count.any(axis=0), np.nan_to_num(means).std(axis=0), 1.0)
    return means, np.maximum(spread, 1e-3)


def _raw_of(seeds: SeedRows) -> Floats:
    """A vibe's raw values, shape (1, 12); NaN where it says nothing."""
    raw = np.full((1, len(COLUMNS)), np.nan)
    if seeds.vibe is not None:
        said = np.array(seeds.vibe.weights) > 0
        raw[0, :N][said] = Scale.reference().raw(np.array(seeds.vibe.features))[said]
    return raw


def _guessed(tracks: pd.DataFrame) -> np.ndarray:
    """Which numbers are estimates, shape (n, 12)."""
    out = np.zeros((len(tracks), len(COLUMNS)), dtype=bool)
    for j, feature in enumerate(FEATURES):
        out[:, j] = estimated(tracks, feature.name).to_numpy(dtype=bool, na_value=False)
    return out


def _clock(log_seconds: float) -> str:
    seconds = round(float(np.exp(log_seconds)))
    return f"{seconds // 60}:{seconds % 60:02d}"
