"""A track table ready for rules: its text folded once, so that a rule takes a millisecond."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.features import Floats
from music.theory import family_of
from music.tracks import JOIN, percentiles

Flags = npt.NDArray[np.bool_]

_END: Final = "\n"  # stands between the texts of two tracks; no pattern crosses it
_FILLER: Final = re.compile(r"\s*\b(?:music|songs?|musik)\b\s*")
_WORD: Final = re.compile(r"[^\W_]+")


class Lookup:
    """Answers which tracks are of a genre, by an artist, or say a word.

    Parameters
    ----------
    tracks
        A track table.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        self.tracks = tracks

    def __len__(self) -> int:
        return len(self.tracks)

    @cached_property
    def percentiles(self) -> Floats:
        """Feature percentiles, shape (n_tracks, 9)."""
        return percentiles(self.tracks)

    def number(self, column: str) -> Floats:
        """A numeric column, shape (n_tracks,), NaN = unknown."""
        if column not in self._numbers:
            self._numbers[column] = self.tracks[column].to_numpy(dtype=float)
        return self._numbers[column]

    @cached_property
    def _numbers(self) -> dict[str, Floats]:
        return {}

    @cached_property
    def has_genre(self) -> Flags:
        """Which tracks have any genre."""
        return np.asarray((self.tracks["genres"].fillna("") != "").to_numpy())

    @cached_property
    def explicit(self) -> Flags:
        """Which tracks are marked explicit."""
        return self.tracks["explicit"].fillna(False).to_numpy(dtype=bool)

    def of_genre(self, genres: Iterable[str], family: bool = False) -> Flags:
        """Tracks with one of the genres: by name, by a genre that contains it, or by its family.

        A word that names a whole family ("rock") takes in everything of it; another one ("bebop")
        does so only if ``family`` is True.
        """
        wanted = [bare(genre) for genre in genres]
        return self._genres.any(lambda name: any(is_genre(name, w, family) for w in wanted))

    def by(self, artists: Iterable[str]) -> Flags:
        """Tracks one of the artists plays on."""
        names = {name.casefold() for name in artists}
        return self._artists.any(names.__contains__)

    def titled(self, words: Iterable[str]) -> Flags:
        """Tracks whose title holds one of the words (a plural or another ending is fine)."""
        return self._titles.holding("|".join(rf"\b{re.escape(w.casefold())}" for w in words))

    def said(self, words: Iterable[str]) -> Flags:
        """Tracks whose genres or title say one of the words."""
        pattern = "|".join(rf"\b{re.escape(bare(word))}" for word in words)
        by_genre = self._genres.any(lambda name: re.search(pattern, name) is not None)
        return np.asarray(by_genre | self._titles.holding(pattern))

    def credited(self, pattern: str) -> Flags:
        """Tracks whose artists match a pattern, case folded."""
        return self._artists.any(lambda name: re.search(pattern, name) is not None)

    @cached_property
    def _genres(self) -> _Parts:
        return _Parts(self.tracks["genres"])

    @cached_property
    def _artists(self) -> _Parts:
        return _Parts(self.tracks["artists"])

    @cached_property
    def _titles(self) -> _Text:
        return _Text(self.tracks["name"])


class _Parts:
    """Cells of several names, by name: a question is asked of each different name once."""

    def __init__(self, cells: pd.Series) -> None:
        code, unique = pd.factorize(cells.fillna("").str.casefold())
        split = [[part for part in cell.split(JOIN) if part] for cell in unique]
        names = {name: i for i, name in enumerate(dict.fromkeys(n for row in split for n in row))}
        self._code = code
        self._names = list(names)
        self._of = np.array([names[name] for row in split for name in row], dtype=np.intp)
        self._cell = np.repeat(np.arange(len(split)), [len(row) for row in split])
        self._n_cells = len(split)

    def any(self, is_wanted: Callable[[str], bool]) -> Flags:
        """Tracks with any name that is wanted, shape (n_tracks,)."""
        good = np.fromiter(map(is_wanted, self._names), dtype=bool, count=len(self._names))
        cells = np.zeros(self._n_cells, dtype=bool)
        cells[self._cell[good[self._of]]] = True
        return np.asarray(cells[self._code])


class _Text:
    """One long text of all titles: a pattern runs over it once, at the speed of C."""

    def __init__(self, cells: pd.Series) -> None:
        texts = [" ".join(text.split()) for text in cells.fillna("").str.casefold()]
        self._all = _END.join(texts)
        self._start = np.cumsum([0, *(len(text) + len(_END) for text in texts[:-1])])
        self._n = len(texts)

    def holding(self, pattern: str) -> Flags:
        """Which texts hold the pattern, shape (n_texts,)."""
        at = [match.start() for match in re.finditer(pattern, self._all)] if pattern else []
        out = np.zeros(self._n, dtype=bool)
        out[np.searchsorted(self._start, at, side="right") - 1] = True
        return out


def bare(genre: str) -> str:
    """A genre without the word "music"."""
    return _FILLER.sub(" ", genre.casefold()).strip() or genre.casefold()


@lru_cache(maxsize=65_536)
def is_genre(genre: str, want: str, family: bool) -> bool:
    """Whether a genre is the wanted one, holds its words, or belongs to the family it names."""
    if genre == want or _stems(want) <= _stems(genre):
        return True
    kin = family_of(want)
    return kin is not None and (family or kin == want) and family_of(genre) == kin


@lru_cache(maxsize=4096)
def _stems(genre: str) -> frozenset[str]:
    """The words of a genre without their plural: "sea shanties" is "sea shanty"."""
    return frozenset(
        re.sub(r"ies$", "y", word) if len(word) > 5 else re.sub(r"(?<=[a-rt-z])s$", "", word)
        for word in _WORD.findall(genre)
    )
