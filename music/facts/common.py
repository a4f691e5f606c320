"""What the kinds of fact share: formatting, evidence, and how unusual a figure is."""

from __future__ import annotations

from collections.abc import Hashable, Iterable

import numpy as np
import pandas as pd

from music.evidence import Evidence
from music.tracks import split

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
MOST_ROWS = 200  # rows kept as evidence


def beyond(value: float, common: float, extreme: float) -> float:
    """How unusual a figure is, in [0, 1]: 0.5 at what is common, 1 from what is extreme on.

    >>> beyond(10, common=10, extreme=20), beyond(30, 10, 20), beyond(0, 10, 20)
    (0.5, 1.0, 0.0)
    """
    return float(np.clip(0.5 + 0.5 * (value - common) / (extreme - common), 0.0, 1.0))


def percent(share: float) -> str:
    """A share for people: ``"41 %"`` as ``"41"``; between 0 and 1 percent it is ``"1"``."""
    return str(max(1, round(100 * share)) if share > 0 else 0)


def count(n: float) -> str:
    """A whole number with thousands separators."""
    return f"{round(n):,}"


def has_word(cells: pd.Series, *words: str) -> pd.Series:
    """Whether a text cell has any of the words in it, whatever their case."""
    pattern = "|".join(rf"\b{word}\b" for word in words)
    return cells.fillna("").str.contains(pattern, case=False, regex=True)


def artist_of(row: pd.Series) -> str:
    """The first artist of a track, or "somebody"."""
    return str(row["artists"]).split(";")[0] if isinstance(row["artists"], str) else "somebody"


def of_genre(evidence: Evidence, genre: str) -> pd.Index:
    """The tracks that have a genre, by its whole name."""
    genres = split(evidence.tracks["genres"]).explode()
    return genres.index[genres == genre].unique()


def ids(index: Iterable[Hashable]) -> tuple[str, ...]:
    """Distinct track ids as evidence, in order, at most `MOST_ROWS`."""
    return tuple(dict.fromkeys(str(i) for i in index))[:MOST_ROWS]


def title_of(evidence: Evidence, row: int) -> dict[str, str]:
    """The title and first artist of the track at a position, as values of a fact."""
    track = evidence.tracks.iloc[row]
    title = track["name"] if isinstance(track["name"], str) else "a song without a name"
    return {"track": str(title), "artist": artist_of(track)}


def date(day: int) -> str:
    """A day since 1970 for people: ``"14 November 2025"``."""
    at = np.datetime64(day, "D").item()
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def month_of(day: int) -> dict[str, str]:
    """The month and year of a day since 1970, as values of a fact."""
    _, month, year = date(day).split()
    return {"month": month, "year": year}
