"""Evidence from titles: artists whose titles are spelled alike mostly sing in one language."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from recommender.seeds import Ints, SeedRows
from recommender.witness import Groups, Singles, chosen

N_DIRECTIONS = 32


class TitleSpelling:
    """Letter groups of an artist's titles, squeezed to 32 directions.

    It stands in for the language where genres are unknown: Tagalog, Spanish and English differ in
    two to four letters.
    """

    features: Mapping[str, str] = {"title_spelling": "titles"}

    def __init__(self, tracks: pd.DataFrame, artists: Groups) -> None:
        self.groups = artists
        self._vectors = _vectors(tracks, artists)  # (n_artists, 32)

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Mean cosine to the seeds' artists, drawn to 0 when seeds are few, (n_artists, 1)."""
        groups, weights = self.groups.of_seeds(seeds)
        middle = weights @ self._vectors[groups] / (weights.sum() + 1.0)
        return chosen((self._vectors @ middle.astype(np.float32))[:, None], only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """How alike the titles are spelled, from -1 to 1."""
        if not len(seeds.rows):
            return None
        like = self._vectors[self.groups.code[seeds.rows]] @ self._vectors[self.groups.code[row]]
        near = int((like > 0.3).sum())
        return f"titles spelled like those of {near} of your {len(like)} seeds" if near else None


class SongTitles:
    """The same of single titles: a playlist of carols, of remixes, of one language.

    It costs a look at every title and says something only once weights are learned, so it is asked
    only where playlists are known.
    """

    features: Mapping[str, str] = {"song_title": "titles"}

    def __init__(self, tracks: pd.DataFrame, songs: Groups) -> None:
        self.groups = songs
        self._vectors = _squeezed(tracks["name"].fillna("").str.casefold())  # (n_songs, 32)

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Mean cosine to the seeds' titles, drawn to 0 when seeds are few, (n_songs, 1)."""
        middle = seeds.weights @ self._vectors[seeds.rows] / (seeds.count + 1.0)
        return chosen(self._vectors, only) @ middle.astype(np.float32)[:, None]

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """The artists' titles say it in words already."""
        return None


def _vectors(tracks: pd.DataFrame, artists: Groups) -> Singles:
    """One unit vector an artist; zeros where there is too little text to tell anything."""
    titles = tracks["name"].fillna("").str.casefold()
    texts = titles.groupby(artists.code).agg(" \n ".join)
    return _squeezed(texts.reindex(range(len(artists)), fill_value=""))


def _squeezed(texts: pd.Series) -> Singles:
    """One unit vector a text, shape (n, 32); zeros where there is too little text."""
    from sklearn.decomposition import TruncatedSVD
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.preprocessing import normalize

    letters = TfidfVectorizer(
        analyzer="char_wb", ngram_range=(2, 4), min_df=5, max_df=0.3, sublinear_tf=True,
        max_features=20_000, dtype=np.float32,
    )  # fmt: skip
    try:
        counts = letters.fit_transform(texts)
    except ValueError:  # fewer than five texts share any letters
        return np.zeros((len(texts), N_DIRECTIONS), dtype=np.float32)
    if counts.shape[1] <= N_DIRECTIONS or counts.shape[0] <= N_DIRECTIONS:
        return np.zeros((len(texts), N_DIRECTIONS), dtype=np.float32)
    squeezed = TruncatedSVD(N_DIRECTIONS, random_state=0).fit_transform(counts)
    return np.asarray(normalize(squeezed - squeezed.mean(axis=0)), dtype=np.float32)
