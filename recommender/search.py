"""Words of a wish looked up in titles, artists and albums, where nothing else is known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from music.features import Floats

# A title is said whole, an artist more than once, an album by the way.
_FIELDS: Final = ("name", "artists", "artists", "album")


class WordSearch:
    """Tracks by the words they carry, rare words first (tf-idf over words and letter groups).

    Letter groups forgive a typing error: "addele" still finds Adele.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        text = tracks[_FIELDS[0]].fillna("")
        for column in _FIELDS[1:]:
            text = text + " " + tracks[column].fillna("")
        self._n = len(tracks)
        self._views: list[tuple[float, Any, Any]] = []
        for share, options in (
            (1.0, {"token_pattern": r"[^\W_]+", "stop_words": _STOP}),
            (0.35, {"analyzer": "char_wb", "ngram_range": (3, 4), "max_features": 40_000}),
        ):
            words = TfidfVectorizer(
                sublinear_tf=True, strip_accents="unicode", dtype=np.float32, **options
            )
            try:
                self._views.append((share, words, words.fit_transform(text)))
            except ValueError:  # nothing but stop words
                continue

    def score(self, sentences: Iterable[str], fading: float = 0.45) -> Floats:
        """How well each track answers, shape (n_tracks,), at least 0.

        Parameters
        ----------
        fading
            How much an earlier sentence counts beside the one after it.
        """
        said = list(sentences)[::-1]
        fade = np.array([fading**age for age in range(len(said))], dtype=np.float32)
        total = np.zeros(self._n)
        for share, words, matrix in self._views:
            asked = words.transform(said).T @ fade  # (n_words,), all sentences at once
            total += share * (matrix @ asked)
        return total


_STOP: Final = [
    "a",
    "an",
    "and",
    "the",
    "of",
    "to",
    "in",
    "on",
    "for",
    "with",
    "i",
    "you",
    "me",
    "my",
    "we",
    "it",
    "is",
    "are",
    "can",
    "could",
    "would",
    "like",
    "want",
    "some",
    "any",
    "please",
    "add",
    "songs",
    "song",
    "music",
    "playlist",
    "more",
    "also",
    "have",
    "do",
    "how",
    "about",
    "these",
    "those",
    "that",
    "this",
    "them",
    "thanks",
    "thank",
    "great",
    "good",
    "love",
    "nice",
    "get",
    "give",
    "make",
    "create",
    "something",
    "hello",
    "hi",
    "up",
    "be",
    "from",
    "by",
    "great",
    "perfect",
    "list",
    "tracks",
    "track",
    "really",
    "just",
]
