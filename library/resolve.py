"""Where a track's audio features come from: a chain of sources, and a letter for every value.

Own file, earlier look-ups, a catalogue the user holds, ReccoBeats if allowed, Spotify where the app
may, and last an estimate: the first source that knows a feature gives it, and its letter
(`music.tracks.PROVENANCE`) stays with the value. What nobody knows stays missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.catalogue_index import CatalogueIndex
from music.features import FEATURE_COLUMNS, Floats, N, clean_raw
from music.tracks import PROVENANCE, raw_features

CATEGORIES: Final = ("key", "mode", "time_signature")
LOOK_UP_COLUMNS: Final = ("source_id", "match", *FEATURE_COLUMNS, *CATEGORIES)
SOURCES: Final = {  # a letter in a word or two
    "o": "own", "c": "looked up earlier", "k": "from a catalogue", "r": "from ReccoBeats",
    "s": "from Spotify", "i": "invented", "e": "estimated",
}  # fmt: skip

Progress = Callable[[float, str], None]
Letters = npt.NDArray[np.str_]


class FeatureSource(Protocol):
    """Somebody who may know audio features."""

    letter: str  # of PROVENANCE
    notes: list[str]  # sentences about what went wrong, for people

    def look_up(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """What is known of these tracks.

        Returns
        -------
        DataFrame
            Indexed by track id, one row for each track that is known; columns `LOOK_UP_COLUMNS`
            with raw values, missing where unknown.
        """
        ...


class Estimator(Protocol):
    """Somebody who guesses from genre and artist."""

    def estimate(self, tracks: pd.DataFrame) -> tuple[Floats, Floats]:
        """Raw features and their standard deviations in percentiles, both (n, 9), NaN = no idea."""
        ...


@dataclass(frozen=True)
class Coverage:
    """How many tracks have features, and where from.

    ``by_source`` counts each track with features once, under the letter most of its values have.
    """

    n_tracks: int
    by_source: dict[str, int]

    @property
    def n_known(self) -> int:
        """Tracks with features."""
        return sum(self.by_source.values())

    def __str__(self) -> str:
        """``features for 1,912 of 2,104 tracks: 1,700 own, 212 estimated``."""
        parts = ", ".join(f"{n:,} {SOURCES[letter]}" for letter, n in self.by_source.items())
        head = f"features for {self.n_known:,} of {self.n_tracks:,} tracks"
        return f"{head}: {parts}" if parts else head


@dataclass(frozen=True)
class Resolved:
    """Tracks with their features filled in.

    Parameters
    ----------
    tracks
        The same track table with gaps filled and letters set.
    uncertainty
        Standard deviation of each estimated value in percentiles, shape as the features (columns
        `FEATURE_COLUMNS`); missing where nothing is estimated.
    found
        What sources beyond this machine answered, for the cache: `LOOK_UP_COLUMNS` and ``letter``.
    notes
        What went wrong, in sentences.
    """

    tracks: pd.DataFrame
    uncertainty: pd.DataFrame
    found: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def coverage(self) -> Coverage:
        """How many tracks have features now, and where from."""
        return coverage(self.tracks)


def resolve(
    tracks: pd.DataFrame,
    sources: Sequence[FeatureSource],
    estimator: Estimator | None = None,
    progress: Progress | None = None,
) -> Resolved:
    """Fill in what is missing, source by source, then estimate the rest.

    Parameters
    ----------
    tracks
        A track table. Known values are never changed; estimates of before are made anew.
    sources
        In the order in which they are asked; each is asked only for tracks that still lack
        something.
    estimator
        For what is left; None leaves it missing.
    progress
        Told before each source; may raise to cancel, and then nothing has changed.
    """
    raw, letters = _without_estimates(tracks)
    categories = tracks[list(CATEGORIES)].to_numpy(dtype=np.float64, copy=True)
    answers: list[pd.DataFrame] = []
    notes: list[str] = []
    for i, source in enumerate(sources):
        lacking = np.flatnonzero(np.isnan(raw).any(axis=1))
        if not len(lacking):
            break
        if progress:
            text = f"{PROVENANCE[source.letter]}: {len(lacking):,} tracks"
            progress(i / len(sources), text)
        answer = source.look_up(tracks.iloc[lacking])
        _fill(raw, letters, categories, tracks.index, answer, source.letter)
        answers.append(answer.assign(letter=source.letter))
        notes += source.notes
    out = _with(tracks, raw, letters, categories)
    uncertainty = np.full_like(raw, np.nan)
    if estimator is not None:
        guess, spread = estimator.estimate(out)
        gaps = np.isnan(raw) & ~np.isnan(guess)
        raw[gaps], letters[gaps], uncertainty[gaps] = guess[gaps], "e", spread[gaps]
        out = _with(tracks, raw, letters, categories)
    return Resolved(
        out,
        pd.DataFrame(uncertainty, index=tracks.index, columns=list(FEATURE_COLUMNS)),
        _remembered(answers),
        tuple(dict.fromkeys(notes)),
    )


def coverage(tracks: pd.DataFrame) -> Coverage:
    """How many tracks have features, and where most values of each come from."""
    main = Counter(main_letters(tracks))
    return Coverage(len(tracks), {letter: main[letter] for letter in SOURCES if main[letter]})


def main_letters(tracks: pd.DataFrame) -> pd.Series:
    """The letter most of each track's features have; the better source of two, "-" = none."""
    words = tracks["provenance"].fillna("-")
    known = {word: _main_letter(word) for word in words.unique()}
    return words.map(known)


class CatalogueSource:
    """A catalogue file the user holds, asked by id, ISRC, name, and nearly so."""

    letter = "k"

    def __init__(self, index: CatalogueIndex) -> None:
        self._index = index
        self.notes: list[str] = []

    def look_up(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """See `FeatureSource`."""
        return self._index.look_up(tracks).reindex(columns=list(LOOK_UP_COLUMNS))


class CacheSource:
    """What was looked up before: the ``found`` of earlier `Resolved`, as the store keeps it."""

    letter = "c"

    def __init__(self, found: pd.DataFrame) -> None:
        self._found = found
        self.notes: list[str] = []

    def look_up(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """See `FeatureSource`."""
        known = self._found[self._found.index.isin(tracks.index)]
        return known.reindex(columns=list(LOOK_UP_COLUMNS))


def remember(cache: pd.DataFrame | None, found: pd.DataFrame) -> pd.DataFrame:
    """A cache with newer look-ups in it; of one track the newer counts."""
    both = found if cache is None else pd.concat([found, cache])
    return both[~both.index.duplicated()]


def forget_source(cache: pd.DataFrame, letter: str) -> pd.DataFrame:
    """A cache without what one source gave, e.g. ``"s"`` after a disconnect from Spotify."""
    return cache[cache["letter"] != letter]


def letters_of(tracks: pd.DataFrame) -> Letters:
    """The letter of every feature, shape (n, 9)."""
    words = tracks["provenance"].to_numpy(dtype=f"U{N}")
    return words.view("U1").reshape(-1, N).copy() if len(words) else np.empty((0, N), "U1")


def _without_estimates(tracks: pd.DataFrame) -> tuple[Floats, Letters]:
    raw, letters = raw_features(tracks).copy(), letters_of(tracks)
    raw[letters == "e"] = np.nan
    letters[np.isnan(raw)] = "-"
    return raw, letters


def _fill(
    raw: Floats,
    letters: Letters,
    categories: Floats,
    index: pd.Index,
    answer: pd.DataFrame,
    letter: str,
) -> None:
    """Put a source's values into the gaps."""
    at = index.get_indexer(pd.Index(answer.index))
    here = at >= 0
    at, answer = at[here], answer[here]
    values = clean_raw(answer[list(FEATURE_COLUMNS)].to_numpy(dtype=np.float64))
    gaps = np.isnan(raw[at]) & ~np.isnan(values)
    raw[at] = np.where(gaps, values, raw[at])
    letters[at] = np.where(gaps, letter, letters[at])
    more = answer[list(CATEGORIES)].to_numpy(dtype=np.float64)
    categories[at] = np.where(np.isnan(categories[at]), more, categories[at])


def _with(tracks: pd.DataFrame, raw: Floats, letters: Letters, categories: Floats) -> pd.DataFrame:
    """The table with these features, letters and categories."""
    out = tracks.copy()
    out[list(FEATURE_COLUMNS)] = raw
    out[list(CATEGORIES)] = categories
    out["provenance"] = pd.Series(
        ["".join(row) for row in letters], index=tracks.index, dtype="str"
    )
    return out


def _remembered(answers: list[pd.DataFrame]) -> pd.DataFrame:
    """Answers that came from far away: a catalogue and the cache can be asked again any time."""
    far = [a for a in answers if len(a) and a["letter"].iloc[0] in ("r", "s")]
    if not far:
        return pd.DataFrame(columns=[*LOOK_UP_COLUMNS, "letter"])
    both = pd.concat(far)
    return both[~both.index.duplicated()]


def _main_letter(word: str) -> str:
    order = list(SOURCES)
    counts = Counter(letter for letter in word if letter != "-")
    if not counts:
        return "-"
    return min(counts, key=lambda letter: (-counts[letter], order.index(letter)))
