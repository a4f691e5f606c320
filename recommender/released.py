"""Evidence from release dates: playlists of new music are made week by week.

The year is heard elsewhere (`recommender.numbers`). Where the day is known it says more: what came
out within weeks of the seeds is often put beside them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd

from recommender.seeds import Ints, SeedRows
from recommender.witness import Groups, Singles, chosen

WEEKS, MONTHS = 0.12, 0.5  # years: how fast "near" and "around" fade
FLOOR: Final = 0.02  # what a date far from all seeds is worth, so that its log is finite


class ReleaseDates:
    """How near a release date is to those of the seeds, in weeks and in months.

    Tracks of one day are one group. An unknown date says nothing: it stands at the mean.
    """

    features: Mapping[str, str] = {"released_near": "year", "released_around": "year"}

    def __init__(self, tracks: pd.DataFrame) -> None:
        self.groups = Groups.of(tracks["released"].round(3).astype("str"))
        self._at = np.full(len(self.groups), np.nan)  # decimal years
        self._at[self.groups.code] = tracks["released"].to_numpy(dtype=np.float64)
        self._known = ~np.isnan(self._at)

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Log of the mean nearness to the seeds, shape (n_groups, 2)."""
        out = np.zeros((len(self.groups), 2), dtype=np.float32)
        dates, weights = self._dates(seeds)
        if len(dates):
            gaps = np.abs(self._at[self._known][:, None] - dates)  # (n_known, n_dates)
            for j, fade in enumerate((WEEKS, MONTHS)):
                out[self._known, j] = np.log(np.exp(-gaps / fade) @ weights + FLOOR)
            size = self.groups.size[self._known]
            out[~self._known] = size @ out[self._known] / size.sum()
        return chosen(out, only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """How many weeks lie between the track and the nearest seed."""
        dates, _ = self._dates(seeds)
        at = self._at[self.groups.code[row]]
        if not len(dates) or np.isnan(at):
            return None
        weeks = round(float(np.abs(dates - at).min()) * 52.18)
        if weeks > 26:
            return None
        return f"released within {max(weeks, 1)} weeks of one of your seeds"

    def _dates(self, seeds: SeedRows) -> tuple[np.ndarray, np.ndarray]:
        """The distinct dates of the seeds and their shares, shape (n_dates,) each."""
        at = self._at[self.groups.code[seeds.rows]]
        known = ~np.isnan(at)
        dates, place = np.unique(at[known], return_inverse=True)
        shares = np.bincount(place, seeds.weights[known], minlength=len(dates))
        return dates, shares / max(float(shares.sum()), 1e-9)
