"""Sound, year, fame and length: how much likelier a song is beside the seeds than anywhere.

The seeds of one playlist agree: in sound a little, in year a lot. With the spread inside playlists
and between them known, the seeds give each number a bell curve of its own (the mean is drawn to the
catalogue's when seeds are few), and a song's evidence is the log ratio of that curve to the curve
of the whole catalogue. What is unknown says nothing. The same is told of artists by the mean of
their songs, which is less noisy than any single song.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from music.features import NAMES, Floats, N, Scale
from music.tracks import estimated, raw_features
from recommender.ranks import BellRanks

COLUMNS: Final = (*NAMES, "year", "popularity", "length")
KINDS: Final = ("sound",) * N + ("year", "popularity", "length")

# Share of the catalogue's variance that is left inside a playlist, one a column of `COLUMNS`:
# averages over 330 public playlists (2020, 2023), rounded. Tempo and liveness hardly agree.
WITHIN_SONGS: Final = np.array([0.6, 0.55, 0.6, 0.6, 0.5, 0.55, 0.95, 0.7, 0.95, 0.25, 0.65, 0.7])
WITHIN_ARTISTS: Final = np.array(
    [0.5, 0.45, 0.5, 0.45, 0.45, 0.45, 0.85, 0.6, 0.85, 0.3, 0.55, 0.6]
)
SPREAD_COUNTS_AS: Final = 6.0  # seeds; so much the known spread weighs against the seeds' own


def number_table(tracks: pd.DataFrame) -> Floats:
    """The twelve numbers of each track, shape (n, 12), in their units; NaN = unknown.

    An estimated tempo or liveness counts as unknown: estimates of these two hold no information.
    """
    sound = raw_features(tracks).copy()
    for name in ("tempo", "liveness"):
        sound[estimated(tracks, name).to_numpy(dtype=bool, na_value=False), NAMES.index(name)] = (
            np.nan
        )
    rest = np.stack(
        [
            tracks["year"].to_numpy(dtype=np.float64),
            tracks["popularity"].to_numpy(dtype=np.float64),
            np.log(tracks["duration_s"].to_numpy(dtype=np.float64)),
        ],
        axis=1,
    )
    return np.hstack([sound, rest])


class NumberScale:
    """The twelve numbers in standard deviations of a catalogue.

    Sound is ranked among all music (the reference population), so a library that is half folk and
    half techno keeps the gap between them; year, fame and length are ranked within the catalogue.
    """

    def __init__(self, table: Floats) -> None:
        self._sound = BellRanks().fit(Scale.reference().table)
        self._rest = BellRanks().fit(table[:, N:])
        self._middle, self._spread = np.zeros(len(COLUMNS)), np.ones(len(COLUMNS))
        z = self.transform(table)
        known = np.isfinite(z).any(axis=0)
        self._middle[known] = np.nanmean(z[:, known], axis=0)
        self._spread[known] = np.maximum(np.nanstd(z[:, known], axis=0), 0.1)

    def transform(self, table: Floats) -> Floats:
        """Raw numbers, shape (n, 12), to standard deviations; NaN stays NaN."""
        z = np.hstack([self._sound.transform(table[:, :N]), self._rest.transform(table[:, N:])])
        return np.asarray((z - self._middle) / self._spread)


@dataclass(frozen=True)
class Curves:
    """What the seeds say of each number: a bell curve a column, shape (12,) each."""

    mean: Floats
    variance: Floats

    def weights(self) -> tuple[Floats, Floats, Floats]:
        """The log ratio to N(0, 1) as a z^2 + b z + c, for each column."""
        a = 0.5 * (1.0 - 1.0 / self.variance)
        b = self.mean / self.variance
        c = -0.5 * (self.mean**2 / self.variance + np.log(self.variance))
        return a, b, c


def curves(z: Floats, weights: Floats, within: Floats) -> Curves:
    """The predictive curve of each column, from few values and a known spread.

    Parameters
    ----------
    z
        Shape (k, 12): the seeds in standard deviations of the catalogue; NaN = unknown.
    weights
        Shape (k,) or (k, 12): how much each seed counts, or each of its numbers.
    within
        Shape (12,): variance inside a playlist, as a share of the catalogue's; what is left of 1 is
        the variance between playlists.

    Returns
    -------
    Curves
        For a column nobody knows: the catalogue's own, mean 0 and variance 1.
    """
    w = np.where(np.isnan(z), 0.0, weights.reshape(len(z), -1))  # (k, 12)
    z = np.nan_to_num(z)
    n = w.sum(axis=0)
    middle = (w * z).sum(axis=0) / np.maximum(n, 1e-12)
    between = np.maximum(1.0 - within, 0.02)
    mean = middle * n * between / (n * between + within)
    unsure = within * between / (n * between + within)  # variance of the mean
    squares = (w * (z - middle) ** 2).sum(axis=0)
    spread = (SPREAD_COUNTS_AS * within + squares) / (SPREAD_COUNTS_AS + n)
    return Curves(mean, spread + unsure)
