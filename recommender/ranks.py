"""Numbers made comparable: each column's ranks, bent into a bell curve, unknown stays unknown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator, OneToOneFeatureMixin, TransformerMixin
from sklearn.utils.validation import check_array, check_is_fitted, validate_data

if TYPE_CHECKING:
    from music.features import Floats


class BellRanks(OneToOneFeatureMixin, TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """Every column to a standard normal by its ranks; NaN stays NaN.

    A value shared by many rows (half of all instrumentalness is 0) gets the middle of its ranks.
    `sklearn.preprocessing.QuantileTransformer` sends the smallest value to -5.2 however many rows
    share it, which would make "sung, like half of all music" the strongest statement of all.

    Parameters
    ----------
    n_levels
        Quantiles kept per column; what lies between is interpolated.
    limit
        Furthest a value can lie from the middle, in standard deviations.

    Attributes
    ----------
    levels_
        Shape (n_levels, n_features): the quantiles of each column; NaN where a column is unknown.
    """

    def __init__(self, n_levels: int = 501, limit: float = 2.9) -> None:
        self.n_levels = n_levels
        self.limit = limit

    def fit(self, X: npt.ArrayLike, y: None = None) -> Self:
        """Learn the quantiles of each column of X, shape (n_rows, n_features)."""
        raw: Floats = validate_data(self, X, dtype=np.float64, ensure_all_finite="allow-nan")
        at = np.linspace(0.0, 1.0, self.n_levels)
        self.levels_ = np.full((self.n_levels, raw.shape[1]), np.nan)
        self.mean_, self.scale_ = np.zeros(raw.shape[1]), np.ones(raw.shape[1])
        for j, column in enumerate(raw.T):
            known = column[~np.isnan(column)]
            if len(known):
                self.levels_[:, j] = np.quantile(known, at)
                z = self._bent(known, j)
                self.mean_[j], self.scale_[j] = z.mean(), max(float(z.std()), 1e-3)
        return self

    def transform(self, X: npt.ArrayLike) -> Floats:
        """X in standard deviations, shape (n_rows, n_features), within [-limit, limit]."""
        check_is_fitted(self)
        raw: Floats = validate_data(
            self, X, dtype=np.float64, ensure_all_finite="allow-nan", reset=False
        )
        z = np.full_like(raw, np.nan)
        for j, column in enumerate(raw.T):
            if not np.isnan(self.levels_[0, j]):
                z[:, j] = (self._bent(column, j) - self.mean_[j]) / self.scale_[j]
        return np.clip(z, -self.limit, self.limit)

    def inverse_transform(self, X: npt.ArrayLike) -> Floats:
        """Standard deviations back to raw values, shape (n_rows, n_features)."""
        from scipy.special import ndtr

        check_is_fitted(self)
        z = check_array(X, dtype=np.float64, ensure_all_finite="allow-nan") * self.scale_
        at = np.linspace(0.0, 1.0, self.n_levels)
        rank = ndtr(z + self.mean_)
        columns = [np.interp(rank[:, j], at, self.levels_[:, j]) for j in range(z.shape[1])]
        return np.stack(columns, axis=1)

    def _bent(self, column: Floats, j: int) -> Floats:
        """Middle rank of each value among the levels of column j, as a normal deviate."""
        from scipy.special import ndtri

        levels, at = self.levels_[:, j], np.linspace(0.0, 1.0, self.n_levels)
        values, first, counts = np.unique(levels, return_index=True, return_counts=True)
        middle = (at[first] + at[first + counts - 1]) / 2
        rank = np.interp(column, values, middle)
        rank[np.isnan(column)] = np.nan
        edge = 0.5 / self.n_levels
        return np.asarray(ndtri(np.clip(rank, edge, 1 - edge)))

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.allow_nan = True
        return tags
