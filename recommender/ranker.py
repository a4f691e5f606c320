"""A linear ranker: weights under which what was chosen stands out from what was not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import check_is_fitted, validate_data

from music.features import Floats


class ListLogit(BaseEstimator):  # type: ignore[misc]
    """Conditional logistic regression over lists: each chosen row against all rows not chosen.

    For every list it maximises the mean, over its chosen rows, of the log share of the chosen row
    in a softmax over itself and the rows that were not chosen. An ordinary logistic regression asks
    "is it likely?"; this one asks what a ranking asks: "is it likelier than the others?"

    Parameters
    ----------
    alpha
        Strength of the quadratic penalty, on weights of standardised columns.
    max_iter
        Most steps of L-BFGS.
    signs
        +1, 0 or -1 a column: the weight may only be positive, be anything, only be negative.

    Attributes
    ----------
    coef_
        Shape (n_features,): one weight a column.
    """

    def __init__(
        self, alpha: float = 1e-3, max_iter: int = 120, signs: npt.ArrayLike | None = None
    ) -> None:
        self.alpha = alpha
        self.max_iter = max_iter
        self.signs = signs

    def fit(
        self,
        X: npt.ArrayLike,
        y: npt.ArrayLike,
        lists: npt.ArrayLike | None = None,
        stands_for: npt.ArrayLike | None = None,
        prior: npt.ArrayLike | None = None,
    ) -> Self:
        """Learn the weights.

        Parameters
        ----------
        X
            Shape (n, n_features).
        y
            Shape (n,): above 0 = chosen.
        lists
            Shape (n,): which list a row belongs to; rows of a list stand together. One list if not
            given.
        stands_for
            Shape (n,): how many rows a row that was not chosen stands for, where they were sampled.
        prior
            Shape (n_features,): the weights the penalty draws to; zeros if not given.
        """
        from scipy.optimize import minimize

        rows: Floats
        rows, chosen = validate_data(self, X, y, dtype=[np.float64, np.float32], y_numeric=True)
        n = len(rows)
        of_list = np.zeros(n) if lists is None else np.asarray(lists)
        many = np.ones(n) if stands_for is None else np.asarray(stands_for, dtype=float)
        scale = np.where(rows.std(axis=0) > 1e-6, rows.std(axis=0), 1.0).astype(rows.dtype)
        wanted = np.zeros(rows.shape[1]) if prior is None else np.asarray(prior) * scale
        signs = self._signs(rows.shape[1])
        bounds = [(0 if s > 0 else None, 0 if s < 0 else None) for s in signs]
        told = _Lists.of(rows / scale, chosen > 0, of_list, np.log(many))
        start, self.n_iter_ = wanted, 1
        if told is not None:
            found = minimize(
                _loss, start, (told, self.alpha, wanted), jac=True, method="L-BFGS-B",
                bounds=bounds, options={"maxiter": self.max_iter},
            )  # fmt: skip
            start, self.n_iter_ = found.x, max(int(found.nit), 1)
        self.coef_: Floats = start / scale
        return self

    def predict(self, X: npt.ArrayLike) -> Floats:
        """Scores, shape (n,); only their order means something."""
        check_is_fitted(self)
        rows: Floats = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return np.asarray(rows @ self.coef_)

    def _signs(self, n: int) -> Floats:
        return np.zeros(n) if self.signs is None else np.asarray(self.signs, dtype=float)


@dataclass(frozen=True)
class _Lists:
    """Rows of lists that hold both chosen rows and others, list by list.

    Parameters
    ----------
    Z
        Shape (n, n_features), in standard deviations.
    chosen
        Shape (n,).
    starts
        Shape (n_lists,): where each list begins.
    number
        Shape (n,): which list a row belongs to.
    log_many
        Shape (n,): log of how many rows a row stands for; 0 for those that were chosen.
    """

    Z: npt.NDArray[Any]
    chosen: npt.NDArray[np.bool_]
    starts: npt.NDArray[np.intp]
    number: npt.NDArray[np.intp]
    log_many: Floats

    @classmethod
    def of(
        cls, Z: npt.NDArray[Any], chosen: npt.NDArray[np.bool_], lists: npt.NDArray[Any],
        log_many: Floats,
    ) -> _Lists | None:  # fmt: skip
        """The lists that can teach something; None if there is none."""
        number = np.cumsum(np.r_[True, lists[1:] != lists[:-1]]) - 1
        n_rows = np.bincount(number)
        n_chosen = np.bincount(number, chosen)
        keep = ((n_chosen > 0) & (n_chosen < n_rows))[number]
        if not keep.any():
            return None
        if not keep.all():
            Z, chosen, number, log_many = Z[keep], chosen[keep], number[keep], log_many[keep]
        _, starts, code = np.unique(number, return_index=True, return_inverse=True)
        return cls(Z, chosen, starts, code, np.where(chosen, 0.0, log_many))


def _loss(w: Floats, told: _Lists, alpha: float, wanted: Floats) -> tuple[float, Floats]:
    """Mean loss of the lists and its gradient."""
    yes, of, starts = told.chosen, told.number, told.starts
    score = told.Z @ w.astype(told.Z.dtype) + told.log_many
    top = np.maximum.reduceat(score, starts)
    e = np.exp(score - top[of])
    others = np.add.reduceat(np.where(yes, 0.0, e), starts)
    total = e + others[of]  # of a chosen row and all that were not chosen
    share = 1.0 / (np.add.reduceat(yes.astype(float), starts)[of] * len(starts))
    loss = float(((np.log(total) + top[of] - score) * share)[yes].sum())
    inverse = np.add.reduceat(np.where(yes, 1.0 / total, 0.0), starts)
    pull = np.where(yes, e / total - 1.0, e * inverse[of]) * share
    gradient = (pull.astype(told.Z.dtype) @ told.Z).astype(np.float64)
    off = w - wanted
    return loss + alpha * float(off @ off), gradient + 2 * alpha * off
