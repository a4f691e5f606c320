"""A library laid out for the finders of facts: what several of them need is worked out once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.tracks import (
    NUMBER_COLUMNS,
    Library,
    canonical_song,
    primary_artist,
    split,
    without_estimates,
)

COUNTS_S = 30.0  # a play counts from 30 seconds on, as Spotify pays it

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Heard:
    """The plays of at least `COUNTS_S`, in time order, as arrays of one length.

    ``row`` is the position in the track table, ``day`` counts days since 1970, ``hour`` is 0 to 23,
    ``weekday`` 0 (Monday) to 6, ``month`` 1 to 12, all where the listener lives.
    """

    row: Ints
    day: Ints
    hour: Ints
    month: Ints

    @property
    def weekday(self) -> Ints:
        """0 = Monday; the first of January 1970 was a Thursday."""
        return (self.day + 3) % 7

    def __len__(self) -> int:
        return len(self.row)


class Evidence:
    """A library and what is read from it more than once.

    What is estimated counts as unknown here: a fact is never about a guess. Moments are those of a
    clock on the listener's wall, without a zone.
    """

    def __init__(self, library: Library) -> None:
        self.library = replace(
            library,
            tracks=without_estimates(library.tracks),
            plays=_on_the_wall(library.plays, "at", library.zone),
            entries=_on_the_wall(library.entries, "added_at", library.zone),
        )
        self.tracks = self.library.tracks

    @cached_property
    def artists(self) -> pd.Series:
        """The first artist of each track."""
        return primary_artist(self.tracks)

    @cached_property
    def songs(self) -> pd.Series:
        """What all versions of a song share, per track; see `music.tracks.canonical_song`."""
        return canonical_song(self.tracks)

    @cached_property
    def first_genre(self) -> pd.Series:
        """The first genre of each track; missing where there is none."""
        return self.tracks["genres"].str.replace(r";.*$", "", regex=True).str.strip()

    @cached_property
    def genre_counts(self) -> pd.Series:
        """How many tracks have each genre, most first."""
        return split(self.tracks["genres"]).explode().dropna().value_counts()

    @cached_property
    def play_rows(self) -> Ints:
        """The position in the track table of each play; -1 = a track not in it."""
        return self._positions(self.library.plays["track_id"])

    @cached_property
    def plays(self) -> pd.DataFrame:
        """The plays of known tracks, with ``artist`` and ``genre`` (the first) beside each."""
        plays = self.library.plays.reset_index(drop=True)
        known = self.play_rows >= 0
        rows = self.play_rows[known]
        return plays[known].assign(
            artist=self.artists.to_numpy()[rows], genre=self.first_genre.to_numpy()[rows]
        )

    @cached_property
    def counted(self) -> pd.DataFrame:
        """`plays` of at least 30 seconds."""
        return self.plays[self.plays["played_s"] >= COUNTS_S]

    @cached_property
    def heard(self) -> Heard:
        """The same as arrays, for finders that count."""
        plays = self.library.plays
        keep = (self.play_rows >= 0) & (plays["played_s"].to_numpy() >= COUNTS_S)
        keep &= plays["at"].notna().to_numpy()
        at = plays["at"].to_numpy().astype("datetime64[s]")[keep]
        order = np.argsort(at, kind="stable")
        at = at[order]
        day = at.astype("datetime64[D]").astype(np.int64)
        hour = at.astype(np.int64) // 3600 % 24
        month = at.astype("datetime64[M]").astype(np.int64) % 12 + 1
        return Heard(self.play_rows[keep][order], day, hour, month)

    @cached_property
    def playlists(self) -> list[tuple[str, pd.DataFrame]]:
        """Name and tracks of each playlist with a name and something in it, liked songs aside.

        The tracks come in order with their numbers only (`NUMBER_COLUMNS`); text is in `tracks`.
        """
        named = self.library.playlists.dropna(subset="name")
        named = named[named["playlist_id"] != "liked"]
        entries = self.library.entries
        rows = self._positions(entries["track_id"])
        lists, _ = pd.factorize(entries["playlist_id"])
        order = np.lexsort((entries["position"].to_numpy(), lists))
        order = order[rows[order] >= 0]
        code_of = dict(zip(entries["playlist_id"], lists, strict=True))
        numbers = self.tracks[list(NUMBER_COLUMNS)]
        found = []
        for playlist_id, name in zip(named["playlist_id"], named["name"], strict=True):
            of_list = order[lists[order] == code_of.get(playlist_id, -1)]
            if len(of_list):
                found.append((str(name), numbers.iloc[rows[of_list]]))
        return found

    def _positions(self, track_ids: pd.Series) -> Ints:
        known = {track_id: i for i, track_id in enumerate(self.tracks.index)}
        return np.array([known.get(one, -1) for one in track_ids], dtype=np.int64)


def _on_the_wall(rows: pd.DataFrame, column: str, zone: str) -> pd.DataFrame:
    """Moments in UTC as a clock in this zone shows them, daylight saving and all."""
    return rows.assign(**{column: rows[column].dt.tz_convert(zone).dt.tz_localize(None)})
