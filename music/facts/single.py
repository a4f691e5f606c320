"""Facts about one track of a library: its kinds stand apart, for only a track page asks for them.

A finder gets the evidence and the position of the track in the track table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import numpy as np

from music.evidence import Evidence
from music.facts.common import beyond, count, month_of, title_of
from music.profile import Fact

TrackFinder = Callable[[Evidence, int], Iterator[Fact]]
TRACK_KINDS: Final[dict[str, TrackFinder]] = {}


def track_kind(finder: TrackFinder) -> TrackFinder:
    """Register a finder under its own name."""
    TRACK_KINDS[finder.__name__] = finder
    return finder


def _fact(
    evidence: Evidence, row: int, kind: str, sentence: str, values: dict[str, str],
    unusual: float, number: float,
) -> Fact:  # fmt: skip
    values = title_of(evidence, row) | values
    rows = (str(evidence.tracks.index[row]),)
    return Fact(kind, sentence.format(**values), values, rows, unusual, number)


@track_kind
def track_plays(evidence: Evidence, row: int) -> Iterator[Fact]:
    """How often it was played, and since when (a dozen times is common)."""
    at = np.flatnonzero(evidence.heard.row == row)
    if len(at) >= 3:
        values = {"n": count(len(at)), **month_of(int(evidence.heard.day[at[0]]))}
        yield _fact(
            evidence, row, "track_plays",
            "You played “{track}” {n} times since {month} {year}.", values,
            beyond(len(at), 12, 100), float(len(at)),
        )  # fmt: skip


@track_kind
def track_unplayed(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It was saved and never played, though others were."""
    if len(evidence.library.plays) >= 100 and not (evidence.play_rows == row).any():
        yield _fact(
            evidence, row, "track_unplayed", "You own “{track}” and never played it.", {}, 0.7, 0.0
        )


@track_kind
def track_left(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It is started and left."""
    played_s = evidence.library.plays["played_s"].to_numpy()[evidence.play_rows == row]
    left = int((played_s < 30).sum())
    if left >= 3 and left >= 0.4 * len(played_s):
        values = {"n": count(left), "total": count(len(played_s))}
        yield _fact(
            evidence, row, "track_left",
            "You left “{track}” within thirty seconds {n} of {total} times.", values,
            beyond(left / len(played_s), 0.4, 0.8), float(left),
        )  # fmt: skip


@track_kind
def track_lists(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It stands on several playlists (two is common)."""
    track = evidence.tracks.index[row]
    names = [name for name, tracks in evidence.playlists if track in tracks.index]
    if len(names) >= 2:
        values = {"n": count(len(names)), "playlist": names[0], "other": names[-1]}
        yield _fact(
            evidence, row, "track_lists",
            "“{track}” is on {n} of your playlists, from “{playlist}” to “{other}”.", values,
            beyond(len(names), 2, 8), float(len(names)),
        )  # fmt: skip


@track_kind
def track_year(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It is from another time than the rest (fifteen years and more)."""
    years = evidence.tracks["year"]
    year, middle = float(years.iloc[row]), float(years.median())
    if len(years) >= 20 and abs(year - middle) >= 15:
        values = {"year": str(int(year)), "middle": str(int(middle))}
        yield _fact(
            evidence, row, "track_year",
            "“{track}” is from {year}; the middle of your library is {middle}.", values,
            beyond(abs(year - middle), 12, 45), abs(year - middle),
        )  # fmt: skip


@track_kind
def track_famous(evidence: Evidence, row: int) -> Iterator[Fact]:
    """Everybody knows it (popularity of 75 and more)."""
    popularity = float(evidence.tracks["popularity"].iloc[row])
    if popularity >= 75:
        yield _fact(
            evidence, row, "track_famous", "“{track}” has a popularity of {n} in a hundred.",
            {"n": count(popularity)}, beyond(popularity, 72, 95), popularity,
        )  # fmt: skip


@track_kind
def track_obscure(evidence: Evidence, row: int) -> Iterator[Fact]:
    """Hardly anybody knows it (popularity of 5 and less)."""
    popularity = float(evidence.tracks["popularity"].iloc[row])
    if popularity <= 5:
        yield _fact(
            evidence, row, "track_obscure", "“{track}” has a popularity of {n} in a hundred.",
            {"n": count(popularity)}, beyond(-popularity, -12, 0), popularity,
        )  # fmt: skip


@track_kind
def track_alone(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It is the only one of its artist."""
    artist = evidence.artists.iloc[row]
    if isinstance(artist, str) and int((evidence.artists == artist).sum()) == 1:
        yield _fact(
            evidence, row, "track_alone", "“{track}” is all you own by {artist}.", {}, 0.55, 1.0
        )


@track_kind
def track_there(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It is there: what is left to say when nothing else is known."""
    yield _fact(evidence, row, "track_there", "You own “{track}”.", {}, 0.2, 1.0)


@track_kind
def track_family(evidence: Evidence, row: int) -> Iterator[Fact]:
    """It is one of several of its artist."""
    artist = evidence.artists.iloc[row]
    n = int((evidence.artists == artist).sum()) if isinstance(artist, str) else 0
    if n >= 2:
        yield _fact(
            evidence, row, "track_family", "You own {n} tracks by {artist}, “{track}” for one.",
            {"n": count(n), "artist": str(artist)}, beyond(n, 15, 120), float(n),
        )  # fmt: skip
