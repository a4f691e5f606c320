"""The nine audio features: names, units, ranges, and the scale that makes them comparable.

A raw value (tempo 174 BPM, loudness -6 dB) says little beside another; its percentile among real
tracks says how unusual it is. `Scale` turns one into the other against a frozen reference table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from music.errors import InputError

Floats = npt.NDArray[np.float64]

N_LEVELS: Final = 101  # percentiles 0, 1, ..., 100


@dataclass(frozen=True)
class Feature:
    """One audio feature as Spotify defined it.

    ``column`` is its name in a track table (with the unit); ``low`` and ``high`` bound legal raw
    values; ``up`` and ``down`` are the words for much and little of it.
    """

    name: str
    column: str
    low: float
    high: float
    unit: str
    up: str
    down: str


FEATURES: Final = (
    Feature("danceability", "danceability", 0, 1, "", "danceable", "undanceable"),
    Feature("energy", "energy", 0, 1, "", "energetic", "gentle"),
    Feature("loudness", "loudness_db", -60, 6, "dB", "loud", "quiet"),
    Feature("speechiness", "speechiness", 0, 1, "", "talkative", "sung"),
    Feature("acousticness", "acousticness", 0, 1, "", "acoustic", "electronic"),
    Feature("instrumentalness", "instrumentalness", 0, 1, "", "instrumental", "vocal"),
    Feature("liveness", "liveness", 0, 1, "", "live", "studio-bound"),
    Feature("valence", "valence", 0, 1, "", "happy", "sad"),
    Feature("tempo", "tempo_bpm", 0, 300, "BPM", "fast", "slow"),
)

NAMES: Final = tuple(f.name for f in FEATURES)
FEATURE_COLUMNS: Final = tuple(f.column for f in FEATURES)
N: Final = len(NAMES)


def index_of(name: str) -> int:
    """Position of a feature in every array of shape (..., 9).

    >>> index_of("energy")
    1
    """
    try:
        return NAMES.index(name)
    except ValueError:
        raise InputError(f"{name!r} is no audio feature; there are {', '.join(NAMES)}.") from None


@dataclass(frozen=True)
class Scale:
    """Raw feature values to percentiles in [0, 1] of a reference population, and back.

    Parameters
    ----------
    table
        Shape (101, 9): row p holds the p-th percentile of each feature, columns in `NAMES` order.
        Rows never decrease.
    """

    table: Floats

    def __post_init__(self) -> None:
        if self.table.shape != (N_LEVELS, N):
            raise InputError(f"a scale table has shape ({N_LEVELS}, {N}), got {self.table.shape}")
        if (np.diff(self.table, axis=0) < 0).any():
            raise InputError("a scale table must not decrease from one percentile to the next")

    @staticmethod
    @lru_cache(maxsize=1)
    def reference() -> Scale:
        """The frozen reference population (source and date stand in ``tables/scale.csv``)."""
        text = files("music.tables").joinpath("scale.csv").read_text(encoding="utf-8")
        rows = [line for line in text.splitlines() if line and not line.startswith("#")]
        if rows[0].split(",") != list(NAMES):
            raise InputError(f"tables/scale.csv has columns {rows[0]}, expected {','.join(NAMES)}")
        return Scale(np.array([[float(x) for x in row.split(",")] for row in rows[1:]]))

    def percentiles(self, raw: npt.ArrayLike) -> Floats:
        """Raw values, shape (..., 9), to percentiles in [0, 1]; NaN stays NaN.

        A value shared by several percentiles (half of all instrumentalness is 0) gets their middle,
        so ties are fair; values outside the table are clipped to 0 or 1.
        """
        raw = _nine(raw, "raw")
        levels = np.linspace(0.0, 1.0, N_LEVELS)
        out = np.empty_like(raw)
        for j in range(N):
            column, x = self.table[:, j], raw[..., j]
            low = np.searchsorted(column, x, side="left")
            high = np.searchsorted(column, x, side="right")
            tied = (levels[np.minimum(low, N_LEVELS - 1)] + levels[np.maximum(high - 1, 0)]) / 2
            out[..., j] = np.where(high > low, tied, np.interp(x, *_strict(column, levels)))
        out[np.isnan(raw)] = np.nan
        return out

    def raw(self, percentiles: npt.ArrayLike) -> Floats:
        """Percentiles in [0, 1], shape (..., 9), to raw values; NaN stays NaN."""
        percentiles = np.clip(_nine(percentiles, "percentiles"), 0.0, 1.0)
        levels = np.linspace(0.0, 1.0, N_LEVELS)
        columns = [np.interp(percentiles[..., j], levels, self.table[:, j]) for j in range(N)]
        return np.stack(columns, axis=-1)


def clean_raw(raw: npt.ArrayLike) -> Floats:
    """Raw values with everything impossible turned to NaN.

    Out-of-range values become missing, and so does every 0 in a row whose tempo is 0: music has a
    tempo, so such a row is a failed look-up that an export wrote as zeros.
    """
    raw = _nine(raw, "raw").copy()
    low = np.array([f.low for f in FEATURES])
    high = np.array([f.high for f in FEATURES])
    with np.errstate(invalid="ignore"):
        raw[(raw < low) | (raw > high)] = np.nan
    failed = raw[..., [index_of("tempo")]] == 0
    raw[failed & (raw == 0)] = np.nan
    return raw


def _strict(column: Floats, levels: Floats) -> tuple[Floats, Floats]:
    """The table's distinct values and the middle level of each, as `np.interp` wants them."""
    values, first, counts = np.unique(column, return_index=True, return_counts=True)
    middle = levels[first] / 2 + levels[first + counts - 1] / 2
    return values, middle


def _nine(values: npt.ArrayLike, name: str) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != N:
        raise InputError(f"{name} must have shape (..., {N}), got {array.shape}")
    return array


# Raw values from which the word for "much" is true: most music has some acousticness, and being in
# its upper half does not make a track acoustic.
_TRULY: Final = {"acousticness": 0.4, "instrumentalness": 0.4, "liveness": 0.5, "speechiness": 0.2}
_SAYS_NOTHING: Final = ("vocal", "sung", "studio-bound")  # true of nearly everything


def describe(percentiles: Sequence[float], weights: Sequence[float], limit: int = 3) -> list[str]:
    """The words for what stands out and is true, strongest first: ``["loud", "fast", "sad"]``."""
    deviation = (np.asarray(percentiles, dtype=float) - 0.5) * np.asarray(weights, dtype=float)
    raw = Scale.reference().raw(percentiles)
    words: list[str] = []
    for j in np.argsort(-np.abs(np.nan_to_num(deviation)), kind="stable"):
        feature = FEATURES[j]
        word = feature.up if deviation[j] > 0 else feature.down
        hardly = deviation[j] > 0 and raw[j] < _TRULY.get(feature.name, -np.inf)
        if abs(deviation[j]) > 0.1 and not hardly and word not in _SAYS_NOTHING:
            words.append(word)
    return words[:limit]
