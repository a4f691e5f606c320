"""In which order a playlist plays: an arc, rising, falling, shuffled, or mixed by tempo and key."""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.features import NAMES, Floats
from music.playlist import Order
from music.tracks import percentiles

Ints = npt.NDArray[np.intp]

# How far apart two keys sound on the circle of fifths: 0 same, 6 opposite.
KEY_WEIGHT: Final = 1.0
TEMPO_WEIGHT: Final = 12.0  # an eighth of an octave of tempo is as far as one and a half fifths
ENERGY_WEIGHT: Final = 2.0
UNKNOWN_STEP: Final = 2.0
PEAK: Final = 0.62  # an arc peaks a little after the middle


def in_order(tracks: pd.DataFrame, order: Order, seed: int = 0) -> Ints:
    """Positions of the tracks in playing order, shape (n_tracks,).

    Tracks whose energy is unknown keep the place their rank gave them.
    """
    n = len(tracks)
    if n < 2:
        return np.arange(n)
    if order == "shuffle":
        return np.random.default_rng(seed).permutation(n)
    if order == "mix":
        return _mixed(tracks)
    energy = energies(tracks)
    rising = np.argsort(energy, kind="stable")
    if order == "rising":
        return rising
    return rising[::-1] if order == "falling" else _arc(rising)


def energies(tracks: pd.DataFrame) -> Floats:
    """How much energy each track has, shape (n,): what is known of it, the median elsewhere."""
    features = percentiles(tracks)[:, [NAMES.index(f) for f in ("energy", "loudness", "tempo")]]
    known = ~np.isnan(features)
    weights = known * np.array([1.0, 0.5, 0.25])
    total = weights.sum(axis=1)
    mean = (np.nan_to_num(features) * weights).sum(axis=1) / np.where(total > 0, total, 1.0)
    if not (total > 0).any():
        return np.full(len(tracks), 0.5)
    return np.asarray(np.where(total > 0, mean, np.median(mean[total > 0])))


def _arc(rising: Ints) -> Ints:
    """From calm up to the peak and down again: every track goes to one side by turns."""
    n = len(rising)
    n_down = round(n * (1.0 - PEAK))
    down = np.zeros(n, dtype=bool)
    if n_down:
        down[np.round(np.linspace(0, n - 1, n_down + 2)[1:-1]).astype(int)] = True
    return np.concatenate([rising[~down], rising[down][::-1]])


def _mixed(tracks: pd.DataFrame) -> Ints:
    """Each next track is the nearest of those left, by tempo, key and energy."""
    step = _steps(tracks)
    left = list(range(len(tracks)))
    at = int(np.argmin(energies(tracks)))
    path = [at]
    left.remove(at)
    while left:
        at = left[int(np.argmin(step[at, left]))]
        path.append(at)
        left.remove(at)
    return np.array(path)


def _steps(tracks: pd.DataFrame) -> Floats:
    """How hard each transition is to hear past, shape (n, n)."""
    tempo = np.log2(tracks["tempo_bpm"].to_numpy(dtype=float))
    gap = np.abs(tempo[:, None] - tempo[None, :])
    gap = np.abs(gap - np.round(gap))  # double and half tempo mix
    fifths = _fifths(tracks)
    turn = np.abs(fifths[:, None] - fifths[None, :]) % 12
    turn = np.minimum(turn, 12 - turn)
    energy = energies(tracks)
    lift = np.abs(energy[:, None] - energy[None, :])
    unknown = UNKNOWN_STEP
    return np.asarray(
        np.nan_to_num(TEMPO_WEIGHT * gap, nan=unknown)
        + np.nan_to_num(KEY_WEIGHT * turn, nan=unknown)
        + ENERGY_WEIGHT * lift
    )


def _fifths(tracks: pd.DataFrame) -> Floats:
    """Place on the circle of fifths, a minor key at its relative major; NaN = unknown."""
    key, mode = tracks["key"].to_numpy(dtype=float), tracks["mode"].to_numpy(dtype=float)
    relative = np.where(mode == 0, key + 3, key)
    return np.asarray((relative * 7) % 12)
