"""A linear ranker: weights under which what was chosen stands out from what was not."""

from __future__ import annotations

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
        """
        from scipy.optimize import minimize

        rows: Floats
        rows, chosen = validate_data(self, X, y, dtype=[np.float64, np.float32], y_numeric=True)
        of_list = np.zeros(len(rows)) if lists is None else np.asarray(lists)
        many = np.ones(len(rows)) if stands_for is None else np.asarray(stands_for, dtype=float)
        scale = np.where(rows.std(axis=0) > 1e-6, rows.std(axis=0), 1.0).astype(rows.dtype)
        signs = self._signs(rows.shape[1])
        bounds = [(0 if s > 0 else None, 0 if s < 0 else None) for s in signs]
        parts = _parts(rows / scale, chosen > 0, of_list, np.log(many))
        start = np.zeros(rows.shape[1])
        if parts:
            found = minimize(
                _loss, start, (parts, self.alpha), jac=True, method="L-BFGS-B", bounds=bounds,
                options={"maxiter": self.max_iter},
            )  # fmt: skip
            start, self.n_iter_ = found.x, max(int(found.nit), 1)
        else:
            self.n_iter_ = 1
        self.coef_: Floats = start / scale
        return self

    def predict(self, X: npt.ArrayLike) -> Floats:
        """Scores, shape (n,); only their order means something."""
        check_is_fitted(self)
        rows: Floats = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        return np.asarray(rows @ self.coef_)

    def _signs(self, n: int) -> Floats:
        return np.zeros(n) if self.signs is None else np.asarray(self.signs, dtype=float)


_Part = tuple[Any, Any, Any]  # chosen rows, other rows, log of how many each of the others is


def _parts(Z: Any, chosen: Any, lists: Any, log_many: Any) -> list[_Part]:
    starts = np.flatnonzero(np.r_[True, lists[1:] != lists[:-1]])
    parts = []
    for rows in np.split(np.arange(len(Z)), starts[1:]):
        yes, no = rows[chosen[rows]], rows[~chosen[rows]]
        if len(yes) and len(no):
            parts.append((Z[yes], Z[no], log_many[no]))
    return parts


def _loss(w: Floats, parts: list[_Part], alpha: float) -> tuple[float, Floats]:
    """Mean loss of the lists and its gradient."""
    loss, gradient = 0.0, np.zeros_like(w)
    for yes, no, log_many in parts:
        a, b = yes @ w, no @ w + log_many
        top = max(a.max(), b.max())
        ea, eb = np.exp(a - top), np.exp(b - top)
        total = ea + eb.sum()  # one a chosen row
        loss += float((np.log(total) + top - a).mean())
        gradient += (ea / total - 1.0) / len(a) @ yes
        gradient += eb * (1.0 / total).sum() / len(a) @ no
    n = len(parts)
    return loss / n + alpha * float(w @ w), gradient / n + 2 * alpha * w
