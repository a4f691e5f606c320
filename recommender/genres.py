"""Evidence from genres: words the seeds share more than the catalogue does."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from scipy import sparse

from music.features import Floats
from music.tracks import split
from recommender.seeds import VIBE_COUNTS_AS, Ints, SeedRows
from recommender.witness import Groups, Singles, chosen

LIKE = 0.15  # cosine of two genre lists from which on they count as kin: one shared rare genre
CATALOGUE_COUNTS_AS = 1.5  # seeds; so much the catalogue's shares weigh against the seeds' own


class SharedGenres:
    """How much likelier the genres of a track are beside the seeds; and how many seeds are kin.

    Tracks with the same list of genres are one group (an artist's songs share theirs on Spotify).
    """

    features: Mapping[str, str] = {"genre_odds": "genre", "genre_kin": "genre"}

    def __init__(self, tracks: pd.DataFrame) -> None:
        cells = tracks["genres"].str.casefold()
        self.groups = Groups.of(cells)
        lists = split(pd.Series(self.groups.names, dtype="str"))
        self._lists = [tuple(dict.fromkeys(words)) for words in lists]
        self.vocabulary = {
            w: j for j, w in enumerate(sorted({w for ws in self._lists for w in ws}))
        }
        self._has = _incidence(self._lists, self.vocabulary)  # (n_groups, n_words)
        self._n_words = np.array([len(words) for words in self._lists])
        used = np.maximum(self._has.T @ self.groups.size, 1.0)
        n_tracks = max(len(tracks), 1)
        self._share = used / n_tracks
        self._rarity = np.log((1 + n_tracks) / (1 + used)) + 1.0
        self._tfidf = _unit_rows(self._has * self._rarity[None, :])

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Log odds of the genres and share of seeds that are kin, shape (n_groups, 2)."""
        counts, worth = self._counts(seeds)
        if worth == 0 or not self.vocabulary:
            return chosen(np.zeros((len(self.groups), 2), dtype=np.float32), only)
        pull = CATALOGUE_COUNTS_AS
        odds = np.log((counts + pull * self._share) / (worth + pull) / self._share)
        told = (self._has @ odds) / np.sqrt(np.maximum(self._n_words, 1))
        return chosen(np.stack([told, self._kin(seeds)], axis=1).astype(np.float32), only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """The rarest genres it shares with the seeds, and with how many of them."""
        counts, _ = self._counts(seeds)
        mine = [w for w in self._lists[self.groups.code[row]] if counts[self.vocabulary[w]] > 0]
        if not mine:
            return None
        mine.sort(key=lambda w: -counts[self.vocabulary[w]] * self._rarity[self.vocabulary[w]])
        named = " and ".join(f"`{w}`" for w in mine[:2])
        if not len(seeds.rows):
            return f"is {named}, as asked for"
        together = [bool(set(mine[:2]) & set(self._lists[g])) for g in self.groups.code[seeds.rows]]
        return f"shares {named} with {sum(together)} of your {len(together)} seeds"

    def _counts(self, seeds: SeedRows) -> tuple[Floats, float]:
        """How many seeds have each genre, and how many have any; a vibe's words count in."""
        groups = self.groups.code[seeds.rows]
        counts = (
            np.asarray(self._has[groups].T @ seeds.weights)
            if len(groups)
            else np.zeros(len(self.vocabulary))
        )
        worth = float(seeds.weights[self._n_words[groups] > 0].sum())
        if seeds.vibe is not None and seeds.vibe.words:
            asked = word_weights(dict(seeds.vibe.words), self.vocabulary)
            counts = counts + VIBE_COUNTS_AS * asked
            worth += VIBE_COUNTS_AS * bool(asked.any())
        return counts, worth

    def _kin(self, seeds: SeedRows) -> Floats:
        """Share of the seeds whose genres are like a group's, shape (n_groups,)."""
        worth = np.bincount(self.groups.code[seeds.rows], seeds.weights, minlength=len(self.groups))
        distinct = np.flatnonzero(worth)
        kin = np.zeros(len(self.groups))
        total = worth.sum()
        if len(distinct):
            like = self._tfidf @ self._tfidf[distinct].toarray().T  # (n_groups, n_distinct)
            kin = (like > LIKE) @ worth[distinct]
        if seeds.vibe is not None and seeds.vibe.words:
            asked = word_weights(dict(seeds.vibe.words), self.vocabulary) * self._rarity
            like = self._tfidf @ (asked / max(float(np.linalg.norm(asked)), 1e-9))
            kin, total = kin + VIBE_COUNTS_AS * (like > LIKE), total + VIBE_COUNTS_AS
        return np.asarray(kin / max(total, 1e-9))


def word_weights(words: Mapping[str, float], vocabulary: Mapping[str, int]) -> Floats:
    """A vibe's words as weights over known genres, shape (n_words,).

    A genre of that very name counts whole; where there is none, genres that contain the word (as a
    whole word) share its weight: "punk" reaches "dance punk".
    """
    out = np.zeros(len(vocabulary))
    for word, weight in words.items():
        exact = vocabulary.get(word.casefold())
        near = [exact] if exact is not None else _containing(word.casefold(), vocabulary)
        for j in near:
            out[j] = max(out[j], weight * (1.0 if exact is not None else 0.6))
    return out


def _containing(word: str, vocabulary: Mapping[str, int]) -> list[int]:
    parts = set(word.split())
    return [j for genre, j in vocabulary.items() if parts <= set(genre.replace("-", " ").split())]


def _incidence(lists: list[tuple[str, ...]], vocabulary: Mapping[str, int]) -> sparse.csr_array:
    rows = np.repeat(np.arange(len(lists)), [len(words) for words in lists])
    columns = np.array([vocabulary[w] for words in lists for w in words], dtype=np.intp)
    shape = (len(lists), len(vocabulary))
    return sparse.csr_array((np.ones(len(columns)), (rows, columns)), shape=shape)


def _unit_rows(matrix: sparse.csr_array) -> sparse.csr_array:
    norms = np.sqrt(np.asarray((matrix * matrix).sum(axis=1)).ravel())
    return sparse.csr_array(sparse.diags_array(1 / np.maximum(norms, 1e-12)) @ matrix)
