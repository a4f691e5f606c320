"""A second opinion on the best candidates: boosted trees, which see how features work together."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator
from sklearn.utils.validation import _check_sample_weight, check_is_fitted, validate_data

from music.features import Floats
from recommender.catalogue import Catalogue
from recommender.learn import Example, feature_names, sign_of
from recommender.score import Weights, seed_share

POOL: Final = 1_500  # the best tracks by the linear score; trees look at no others
TOP: Final = 100  # the linear score is told to the trees relative to the mean of so many best
SHARE: Final = (0.35, 0.5)  # how much the trees count, for one seed and for many
MOST_EXAMPLES: Final = 450


class TreeRanker(BaseEstimator):  # type: ignore[misc]
    """Gradient-boosted trees that tell chosen rows from the others, as a ranker.

    Parameters
    ----------
    max_iter, learning_rate, min_samples_leaf
        As in `sklearn.ensemble.HistGradientBoostingClassifier`.
    signs
        +1, 0 or -1 a column: the score may only rise with it, do anything, only fall.
    random_state
        Seed of the validation split and the binning.
    """

    def __init__(
        self,
        max_iter: int = 120,
        learning_rate: float = 0.08,
        min_samples_leaf: int = 100,
        signs: Sequence[int] | None = None,
        random_state: int | None = 0,
    ) -> None:
        self.max_iter = max_iter
        self.learning_rate = learning_rate
        self.min_samples_leaf = min_samples_leaf
        self.signs = signs
        self.random_state = random_state

    def fit(
        self, X: npt.ArrayLike, y: npt.ArrayLike, sample_weight: npt.ArrayLike | None = None
    ) -> Self:
        """Learn from rows X, shape (n, n_features), of which those with y > 0 were chosen."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        rows: Floats
        rows, target = validate_data(self, X, y, dtype=[np.float64, np.float32], y_numeric=True)
        if sample_weight is not None:
            sample_weight = _check_sample_weight(sample_weight, rows)
        chosen = target > 0
        self.trees_: Any = None
        if chosen.any() and not chosen.all():
            trees = HistGradientBoostingClassifier(
                max_iter=self.max_iter,
                learning_rate=self.learning_rate,
                min_samples_leaf=self.min_samples_leaf,
                max_leaf_nodes=31,
                l2_regularization=5.0,
                monotonic_cst=self.signs,
                early_stopping=False,
                random_state=self.random_state,
            )
            with _threads().limit(limits=1):
                self.trees_ = trees.fit(rows, chosen, sample_weight=sample_weight)
        return self

    def predict(self, X: npt.ArrayLike) -> Floats:
        """Log odds of being chosen, shape (n,); zeros where nothing could be told apart."""
        check_is_fitted(self)
        rows: Floats = validate_data(self, X, dtype=[np.float64, np.float32], reset=False)
        if self.trees_ is None:
            return np.zeros(len(rows))
        with _threads().limit(limits=1):
            return np.asarray(self.trees_.decision_function(rows))


@lru_cache(maxsize=1)
def _threads() -> Any:
    """Holds the trees to one thread: on a busy machine several wait for each other."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def fit_trees(
    catalogue: Catalogue,
    found: Sequence[Example],
    weights: Weights,
    deaf: Collection[str] = (),
) -> TreeRanker:
    """Trees over the features, the linear score and the number of seeds.

    Parameters
    ----------
    weights
        The linear model the trees stand on; they are told its score.
    deaf
        Features they shall not learn from.
    """
    names = feature_names(catalogue)
    heard = np.array([name not in deaf for name in names])
    step = max(1, -(-len(found) // MOST_EXAMPLES))
    tables, target, weight = [], [], []
    for example in found[::step]:
        linear = example.features @ weights.array(names, example.n_seeds)
        tables.append(tree_table(example.features * heard, linear, example.n_seeds))
        chosen = np.arange(len(linear)) < example.n_chosen
        target.append(chosen)
        rivals = np.where(example.stands_for > 1, 3.0, 1.0)
        weight.append(np.where(chosen, 20.0 / np.sqrt(example.n_chosen), rivals))
    signs = [*(sign_of(name) for name in names), 1, 0]
    ranker = TreeRanker(signs=signs)
    return ranker.fit(np.vstack(tables), np.concatenate(target), np.concatenate(weight))


def tree_table(features: npt.NDArray[Any], linear: Floats, n_seeds: float) -> npt.NDArray[Any]:
    """What the trees see, shape (n, n_features + 2); `features` hold the best rows by `linear`."""
    level = relative(linear)[:, None]
    seeds = np.full((len(features), 1), seed_share(n_seeds))
    return np.hstack([features, level, seeds]).astype(np.float32)


def relative(linear: Floats) -> Floats:
    """Linear scores against the mean of the hundred best."""
    top = np.partition(linear, -min(TOP, len(linear)))[-min(TOP, len(linear)) :]
    return np.asarray(linear - top.mean())


def opinion(
    ranker: TreeRanker, features: npt.NDArray[Any], linear: Floats, n_seeds: float
) -> Floats:
    """What the trees add to the linear score of each row, shape (n,)."""
    low, high = SHARE
    share = low + (high - low) * seed_share(n_seeds)
    told = ranker.predict(tree_table(features, linear, n_seeds))
    return np.asarray(share * (told - relative(linear)))
