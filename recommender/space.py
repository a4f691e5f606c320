"""The space the map and the facets live in: sound, genre, and a little year and fame."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from io import StringIO
from typing import Final, Self

import numpy as np
import pandas as pd
from scipy import sparse

from music.features import NAMES, Floats, N
from music.theory import branch_of, family_of
from music.tracks import percentiles, split
from recommender.artists import artist_keys
from recommender.curves import WITHIN_SONGS
from recommender.ranks import BellRanks

N_GENRE_DIRECTIONS: Final = 12
FAMILY: Final = 1.0  # weights of a genre's kin beside its own name
BRANCH: Final = 2.0
USUAL_COUNTS: Final = 1.5  # how the genre usually sounds, beside how the track does
GENRE_COUNTS: Final = 1.5  # times as much as the sound
N_SOUND_DIRECTIONS: Final = 5  # nine tenths of the variance; the rest only blurs neighbourhoods
AROUND: Final = 0.02  # how wide year and fame spread beside a feature: they order what is equal

# How much each feature counts: as much as playlists agree on it (tempo and liveness: hardly).
AGREEMENT: Final = (1 - WITHIN_SONGS[:N]) / np.sqrt(np.mean((1 - WITHIN_SONGS[:N]) ** 2))


class TasteSpace:
    """Tracks as points; fitted once, so that later tracks land in the same space.

    Sound is the five strongest directions of the nine percentiles, each weighed by how far
    playlists agree on it. The genre directions are the strongest of the tf-idf of the genres and
    their kin, beside how such genres usually sound: two genres no track shares ("hard bop", "bossa
    nova") are near because their families or branches are. Genres count less where few tracks have
    any. What a track lacks it takes from its artist's other tracks, and then from the middle.

    Attributes
    ----------
    vocabulary_
        Genre -> its row in `directions_`.
    directions_
        Shape (n_genres, n_directions): where each genre points, rarity included.
    axes_
        Shape (9, 5): the directions of the sound.
    """

    def fit(self, tracks: pd.DataFrame) -> Self:
        """Learn the directions of sound and genre, and the ranks of year and fame."""
        self.ranks_ = BellRanks().fit(_around(tracks))
        lists = split(tracks["genres"].str.casefold())
        self.vocabulary_ = {w: j for j, w in enumerate(sorted({w for ws in lists for w in ws}))}
        self.directions_ = _directions(_incidence(lists, self.vocabulary_), self.vocabulary_)
        sound = np.nan_to_num(_sound(tracks))
        self.axes_ = strongest(sound - sound.mean(axis=0), N_SOUND_DIRECTIONS)
        told = self._genres(lists)
        known = np.isfinite(told).any(axis=1)
        self.middle_, self.scale_, self.known_ = np.zeros(told.shape[1]), 1.0, 0.0
        if known.any() and told.shape[1]:
            self.middle_ = told[known].mean(axis=0)
            size = np.sqrt(((told[known] - self.middle_) ** 2).sum(axis=1).mean())
            loud = np.sqrt((sound**2).sum(axis=1).mean())
            self.known_ = float(known.mean())
            self.scale_ = self.known_ * GENRE_COUNTS * float(max(loud, 0.5) / max(size, 1e-9))
        return self

    def points(self, tracks: pd.DataFrame) -> Floats:
        """Tracks as points, shape (n, 5 + 5 + n_genre_directions + 2); nothing in it is missing."""
        lists = split(tracks["genres"].str.casefold())
        genres = (self._genres(lists) - self.middle_) * self.scale_
        around = AROUND * self.ranks_.transform(_around(tracks))
        told = np.hstack([_sound(tracks), _usual_sound(lists), genres, around])
        filled = np.nan_to_num(_from_artist(told, artist_keys(tracks)))
        own, usual, rest = np.split(filled, [N, 2 * N], axis=1)
        return np.hstack([own @ self.axes_, self.known_ * USUAL_COUNTS * usual @ self.axes_, rest])

    def _genres(self, lists: pd.Series) -> Floats:
        """The direction each list of genres points to; NaN where there is none that is known."""
        has = _incidence(lists, self.vocabulary_)
        summed = np.asarray(has @ self.directions_)
        length = np.linalg.norm(summed, axis=1, keepdims=True)
        return np.where(length > 0, summed / np.where(length > 0, length, 1.0), np.nan)


def _directions(has: sparse.csr_array, vocabulary: dict[str, int]) -> Floats:
    """Where each genre points, shape (n_genres, n_directions).

    The strongest directions of the tf-idf of genres, their families and their branches.
    """
    n = min(N_GENRE_DIRECTIONS, has.shape[0] - 1, has.shape[1] - 1)
    if n < 1:
        return np.zeros((has.shape[1], 0))
    from sklearn.decomposition import TruncatedSVD

    kin = _kin(vocabulary)
    told = sparse.csr_array(has @ kin)
    used = np.asarray((told > 0).sum(axis=0)).ravel()
    rarity = np.log((1 + has.shape[0]) / (1 + used)) + 1
    n = min(n, told.shape[1] - 1)
    squeezed = TruncatedSVD(n, random_state=0).fit(_unit_rows(told * rarity[None, :]))
    return np.asarray(kin @ (rarity[:, None] * squeezed.components_.T))


def _kin(vocabulary: dict[str, int]) -> sparse.csr_array:
    """Each genre as itself, its family and its branch, shape (n_genres, n_genres + n_kin)."""
    place: dict[str, int] = {}
    rows, columns, weights = [], [], []
    for genre, row in vocabulary.items():
        told = (("genre", genre, 1.0), ("family", family_of(genre), FAMILY),
                ("branch", branch_of(genre), BRANCH))  # fmt: skip
        for kind, name, weight in told:
            if name is not None:
                rows.append(row)
                columns.append(place.setdefault(f"{kind} {name}", len(place)))
                weights.append(weight)
    return sparse.csr_array((weights, (rows, columns)), shape=(len(vocabulary), len(place)))


def _sound(tracks: pd.DataFrame) -> Floats:
    """Weighed percentiles around their middle, shape (n, 9); NaN = unknown."""
    return np.asarray((percentiles(tracks) - 0.5) * AGREEMENT)


def _usual_sound(lists: pd.Series) -> Floats:
    """How the genres of each track usually sound, weighed as `_sound`, shape (n, 9); NaN = none."""
    known = _family_sounds()
    unknown = np.full(N, np.nan)
    rows: dict[tuple[str, ...], Floats] = {}
    for words in lists:
        key = tuple(words)
        if key not in rows:
            found = [known[f] for f in map(family_of, key) if f in known]
            rows[key] = np.mean(found, axis=0) if found else unknown
    return np.array([rows[tuple(words)] for words in lists]).reshape(len(lists), N)


@lru_cache(maxsize=1)
def _family_sounds() -> dict[str | None, Floats]:
    """The mean sound of each family, ranked among the families (their means differ little)."""
    text = files("music.tables").joinpath("families.csv").read_text("utf-8")
    table = pd.read_csv(StringIO(text), comment="#", index_col="family")[list(NAMES)]
    ranked = (table.rank(pct=True) - 0.5) * AGREEMENT
    return dict(zip(ranked.index, ranked.to_numpy(), strict=True))


def strongest(points: Floats, n: int) -> Floats:
    """The n widest directions of centred points as columns; signs are fixed."""
    _, axes = np.linalg.eigh(points.T @ points)
    axes = axes[:, ::-1][:, :n]
    return np.asarray(axes * np.sign(axes[np.abs(axes).argmax(axis=0), range(axes.shape[1])]))


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
