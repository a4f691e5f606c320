"""Tracks that Spotify offers for a wish: few calls, ten results each, remembered for a day.

Search is all that a new app has left in 2026. A wish becomes at most thirty search texts, the most
telling first; what was asked in the last day is not asked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain, zip_longest
from typing import Any, Final

import pandas as pd

from library.spotify import Spotify
from library.spotify_rows import ORIGIN
from library.spotify_shelf import Shelf
from music.errors import GhostnotesError
from music.playlist import PlaylistSpec, Years
from music.tracks import as_tracks

MAX_CALLS: Final = 30
FRESH_S: Final = 86_400.0
FIRST_YEAR: Final = 1920
SLICES: Final = 6  # parts a span of years is asked in, so that not only hits come
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Offer:
    """What search offered.

    Parameters
    ----------
    tracks
        A track table; every row is marked as from the Web API. A track that came for a genre
        carries that genre.
    n_calls, n_remembered
        Search texts that were sent, and those answered from memory.
    error
        What ended the search early, if anything; the tracks found so far are there.
    """

    tracks: pd.DataFrame
    n_calls: int = 0
    n_remembered: int = 0
    error: GhostnotesError | None = None

    def __str__(self) -> str:
        """The offer in a sentence."""
        said = f"Spotify's search offered {len(self.tracks):,} tracks in {self.n_calls} calls"
        said += f" ({self.n_remembered} more remembered)" if self.n_remembered else ""
        return f"{said}; it stopped: {self.error}" if self.error else f"{said}."


@dataclass(frozen=True)
class Query:
    """One search text, and the genre its results have."""

    text: str
    genre: str = ""


def queries(spec: PlaylistSpec, this_year: int) -> list[Query]:
    """What to ask for a wish, the most telling first, at most `MAX_CALLS`; none for "only mine".

    >>> [q.text for q in queries(PlaylistSpec(artists_only=("ABBA",)), 2026)]
    ['artist:"ABBA"']
    """
    if spec.known is True:
        return []
    years = _years(spec)
    when = _when(years)
    named = [Query(f'artist:"{_bare(a)}"{when}') for a in (*spec.artists_only, *spec.artists_like)]
    titles = [Query(f'track:"{_bare(song)}"') for song in spec.songs]
    words = [Query(f'track:"{_bare(word)}"{when}') for word in spec.keywords]
    genres = [list(_of_genre(genre, spec, years, this_year)) for genre in spec.genres]
    if spec.artists_only:
        return _first([named, titles])
    asked = [named, titles, *genres, words]
    if not any(asked):
        moods = (*spec.moods, *spec.activities, *spec.themes, *(w for w, _ in spec.vibe.words))
        asked = [[Query(f"{_bare(word)}{when}") for word in moods]]
    return _first(asked)


def offers(
    spotify: Spotify,
    shelf: Shelf,
    spec: PlaylistSpec,
    progress: Progress = lambda share, text: None,
    clock: Callable[[], float] = time.time,
) -> Offer:
    """Ask for a wish; what was asked in the last day costs no call."""
    now = clock()
    asked = queries(spec, time.gmtime(now).tm_year)
    rows: list[dict[str, Any]] = []
    n_calls = n_remembered = 0
    error: GhostnotesError | None = None
    for k, query in enumerate(asked):
        progress(k / len(asked), f"Search {k + 1} of {len(asked)}")
        key = f"search-{sha256(query.text.encode()).hexdigest()[:32]}"
        held = shelf.noted(key)
        if held and now - held["at"] < FRESH_S:
            found, n_remembered = held["rows"], n_remembered + 1
        else:
            try:
                found, n_calls = spotify.search(query.text), n_calls + 1
            except GhostnotesError as stopped:
                error = stopped
                break
            shelf.note(key, {"at": now, "rows": found})
        rows += [{**row, "genres": query.genre or None} for row in found]
    frame = pd.DataFrame(rows, columns=[*(rows[0] if rows else ("track_id", "name"))])
    tracks = as_tracks(frame.drop_duplicates("track_id"), ORIGIN, "s")
    return Offer(tracks, n_calls, n_remembered, error)


def _of_genre(genre: str, spec: PlaylistSpec, years: Years, this_year: int) -> Iterator[Query]:
    """A genre as a whole, slice by slice of its years, and beside each mood of the wish."""
    name = _bare(genre)
    yield Query(f'genre:"{name}"{_when(years)}', genre)
    for mood in (*spec.moods, *spec.activities)[:2]:
        yield Query(f'{_bare(mood)} genre:"{name}"{_when(years)}', genre)
    low, high = years[0] or FIRST_YEAR + 30, years[1] or this_year
    step = max((high - low + 1) // SLICES, 1)
    for start in range(high - step + 1, low - 1, -step):
        yield Query(f'genre:"{name}" year:{start}-{start + step - 1}', genre)


def _years(spec: PlaylistSpec) -> Years:
    """The years of the wish; of several eras their whole span, because search knows one range."""
    if spec.years != (None, None) or not spec.eras:
        return spec.years
    lows, highs = [low for low, _ in spec.eras], [high for _, high in spec.eras]
    low = None if None in lows else min(v for v in lows if v is not None)
    high = None if None in highs else max(v for v in highs if v is not None)
    return low, high


def _when(years: Years) -> str:
    low, high = years
    if low is None and high is None:
        return ""
    return f" year:{low or FIRST_YEAR}-{high or 2100}"


def _bare(text: str) -> str:
    """A name without what search would take for an order."""
    return " ".join(text.replace('"', " ").replace(":", " ").split())[:80]


def _first(groups: Iterable[list[Query]]) -> list[Query]:
    """The queries of all groups by turns, each once, as many as may be sent."""
    turns = chain.from_iterable(zip_longest(*groups))
    return list(dict.fromkeys(query for query in turns if query is not None))[:MAX_CALLS]
