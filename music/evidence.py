"""A library laid out for the finders of facts: what several of them need is worked out once."""

from __future__ import annotations

from functools import cached_property

import pandas as pd

from music.tracks import Library, canonical_song, primary_artist, split

COUNTS_S = 30.0  # a play counts from 30 seconds on, as Spotify pays it


class Evidence:
    """A library and what is read from it more than once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.tracks = library.tracks

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
    def plays(self) -> pd.DataFrame:
        """The plays of known tracks, with ``artist`` and ``genre`` (the first) beside each."""
        plays = self.library.plays.reset_index(drop=True)
        at = self.tracks.index.get_indexer(pd.Index(plays["track_id"]))
        known = plays[at >= 0]
        rows = at[at >= 0]
        return known.assign(
            artist=self.artists.to_numpy()[rows], genre=self.first_genre.to_numpy()[rows]
        )

    @cached_property
    def counted(self) -> pd.DataFrame:
        """`plays` of at least 30 seconds."""
        return self.plays[self.plays["played_s"] >= COUNTS_S]

    @cached_property
    def playlists(self) -> list[tuple[str, pd.DataFrame]]:
        """Name and tracks of each playlist with a name and something in it, liked songs aside."""
        named = self.library.playlists.dropna(subset="name")
        named = named[named["playlist_id"] != "liked"]
        found = (
            (str(name), self.library.playlist(str(playlist_id)))
            for playlist_id, name in zip(named["playlist_id"], named["name"], strict=True)
        )
        return [(name, tracks) for name, tracks in found if len(tracks)]
