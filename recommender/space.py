"""The space the map and the facets live in: sound, genre, and a little year and fame."""

from __future__ import annotations

from typing import Final, Self

import numpy as np
import pandas as pd
from scipy import sparse

from music.features import Floats, N
from music.tracks import percentiles, split
from recommender.artists import artist_keys
from recommender.ranks import BellRanks

N_GENRE_DIRECTIONS: Final = 8
AROUND: Final = 0.25  # how wide year and fame spread beside a feature, so they only break ties


class TasteSpace:
    """Tracks as points; fitted once, so that later tracks land in the same space.

    Sound is the nine percentiles around their middle. The genre directions are the strongest of
    the tf-idf of the genres and together weigh as much as the sound. What a track lacks it takes
    from its artist's other tracks, and after that from the middle.

    Attributes
    ----------
    vocabulary_
        Genre -> its row in `directions_`.
    directions_
        Shape (n_genres, n_directions): where each genre points, rarity and scale included.
    """

    def fit(self, tracks: pd.DataFrame) -> Self:
        """Learn the genre directions and the ranks of year and fame."""
        self.ranks_ = BellRanks().fit(_around(tracks))
        lists = split(tracks["genres"].str.casefold())
        self.vocabulary_ = {w: j for j, w in enumerate(sorted({w for ws in lists for w in ws}))}
        self.directions_ = self._directions(_incidence(lists, self.vocabulary_))
        self.middle_ = np.zeros(self.directions_.shape[1])
        told = self._genres(lists)
        self.middle_ = np.nanmean(told, axis=0) if np.isfinite(told).any() else self.middle_
        size = np.sqrt(np.nanmean((told - self.middle_) ** 2) * told.shape[1]) if told.size else 0
        sound = percentiles(tracks) - 0.5
        loud = np.sqrt(np.nanmean(sound**2) * N) if np.isfinite(sound).any() else 0.5
        self.scale_ = float(loud / size) if np.isfinite(size) and size > 0 else 1.0
        return self

    def points(self, tracks: pd.DataFrame) -> Floats:
        """Tracks as points, shape (n, 9 + n_directions + 2); nothing in it is missing."""
        lists = split(tracks["genres"].str.casefold())
        genres = (self._genres(lists) - self.middle_) * self.scale_
        around = AROUND * self.ranks_.transform(_around(tracks))
        told = np.hstack([percentiles(tracks) - 0.5, genres, around])
        return np.nan_to_num(_from_artist(told, artist_keys(tracks)))

    def _directions(self, has: sparse.csr_array) -> Floats:
        """The strongest directions of the tf-idf of the genres."""
        n = min(N_GENRE_DIRECTIONS, has.shape[0] - 1, has.shape[1] - 1)
        if n < 1:
            return np.zeros((has.shape[1], 0))
        from sklearn.decomposition import TruncatedSVD

        rarity = np.log((1 + has.shape[0]) / (1 + np.asarray(has.sum(axis=0)).ravel())) + 1
        squeezed = TruncatedSVD(n, random_state=0).fit(_unit_rows(has * rarity[None, :]))
        return np.asarray(rarity[:, None] * squeezed.components_.T)

    def _genres(self, lists: pd.Series) -> Floats:
        """The direction each list of genres points to; NaN where there is none that is known."""
        has = _incidence(lists, self.vocabulary_)
        summed = np.asarray(has @ self.directions_)
        length = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.where(length > 0, summed / np.where(length > 0, length, 1.0), np.nan)


def _around(tracks: pd.DataFrame) -> Floats:
    return tracks[["year", "popularity"]].to_numpy(dtype=np.float64)


def _from_artist(told: Floats, artists: pd.Series) -> Floats:
    """Unknown values replaced by the mean over the artist's tracks, where that is known."""
    if not np.isnan(told).any():
        return told
    code, names = pd.factorize(artists)
    means = pd.DataFrame(told).groupby(code).mean().reindex(range(len(names))).to_numpy()
    lent = np.vstack([means, np.full(told.shape[1], np.nan)])[code]  # the last for code -1
    return np.where(np.isnan(told), lent, told)


def _incidence(lists: pd.Series, vocabulary: dict[str, int]) -> sparse.csr_array:
    known = [[vocabulary[w] for w in dict.fromkeys(words) if w in vocabulary] for words in lists]
    rows = np.repeat(np.arange(len(known)), [len(k) for k in known])
    columns = np.array([j for k in known for j in k], dtype=np.intp)
    shape = (len(known), len(vocabulary))
    return sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=shape)


def _unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    norms = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(norms, 1e-12)) @ matrix)
