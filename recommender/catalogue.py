"""A catalogue: tracks made ready for questions, once, so that each question takes milliseconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from copy import copy
from functools import cached_property

import numpy as np
import pandas as pd

from music.errors import InputError
from music.tracks import COLUMNS, canonical_song
from recommender.artists import (
    Guests,
    SameAlbum,
    SameArtist,
    Standing,
    album_keys,
    artist_keys,
)
from recommender.controls import Blocked, Flags
from recommender.genres import SharedGenres
from recommender.numbers import about_artists, about_songs
from recommender.released import ReleaseDates
from recommender.seeds import Ints
from recommender.titles import SongTitles, TitleSpelling
from recommender.together import ArtistsTogether, Together
from recommender.witness import ByArtist, Groups, Witness


class Catalogue:
    """Tracks with everything the witnesses know of them.

    Parameters
    ----------
    tracks
        A track table (`music.tracks.as_tracks`), one row a track, any column may be unknown.

    Attributes
    ----------
    witnesses
        Who speaks about these tracks, in a fixed order.
    songs, artists, albums
        Which tracks are versions of one song, by one artist, from one album.

    Raises
    ------
    InputError
        If `tracks` is no track table, or has no rows.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        missing = [column for column in COLUMNS if column not in tracks.columns]
        if missing or tracks.index.name != "track_id":
            raise InputError(
                "this is no track table; music.tracks.as_tracks(frame, origin) makes one."
            )
        if not len(tracks):
            raise InputError("there are no tracks to recommend from.")
        self.tracks = tracks
        self.ids = tracks.index
        self.songs = Groups.of(canonical_song(tracks))
        self.artists = ByArtist.of(artist_keys(tracks))
        self.albums = Groups.of(album_keys(tracks))
        each = Groups(np.arange(len(tracks)), tracks.index.to_numpy(dtype=object))
        self.numbers = about_songs(tracks, each)
        self.genres = SharedGenres(tracks)
        self.playlists: dict[str, Ints] = {}
        self.content: tuple[Witness, ...] = (
            self.numbers,
            about_artists(self.numbers, self.artists),
            SameArtist(self.artists),
            SameAlbum(self.albums),
            self.genres,
            Guests(tracks, self.artists),
            TitleSpelling(tracks, self.artists),
            Standing(tracks, each, self.artists),
        )
        self.witnesses: tuple[Witness, ...] = self.content

    @cached_property
    def _asked_once_learned(self) -> tuple[Witness, ...]:
        """Witnesses whose weights are not shipped, made when first wanted."""
        return SongTitles(self.tracks, self.numbers.groups), ReleaseDates(self.tracks)

    def beside(self, playlists: Mapping[str, Iterable[str]]) -> Catalogue:
        """The same catalogue with four more witnesses, where playlists are known to learn from.

        Parameters
        ----------
        playlists
            Name or id -> track ids; tracks that are not in the catalogue are left out.
        """
        learned = self._asked_once_learned
        out = copy(self)
        out.playlists = dict(zip(playlists, map(self.rows, playlists.values()), strict=True))
        rows = list(out.playlists.values())
        names = self.tracks["name"].fillna("").tolist()
        out.witnesses = (
            *self.content,
            Together(rows, self.songs, self.artists, names),
            ArtistsTogether(rows, self.artists),
            *learned,
        )
        return out

    def rows(self, track_ids: Iterable[str]) -> Ints:
        """The rows of some tracks; those that are not here are left out."""
        wanted = list(track_ids)
        if not wanted:
            return np.empty(0, dtype=np.intp)
        rows = self.ids.get_indexer(pd.Index(wanted, dtype="str"))
        return rows[rows >= 0]

    def others(self, rows: Ints, blocked: Blocked) -> Flags:
        """Which tracks are no version of some songs, and not blocked, shape (n_tracks,)."""
        barred = np.concatenate([rows, self.rows(blocked.track_ids)])
        allowed = np.ones(len(self), dtype=bool)
        allowed[self._versions(barred)] = False
        if blocked.artists:
            allowed &= ~np.isin(self.artists.names, list(blocked.artists))[self.artists.code]
        return np.asarray(allowed)

    def _versions(self, rows: Ints) -> Ints:
        """The rows of all versions of some songs."""
        songs = np.unique(self.songs.code[rows])
        first, last = (np.searchsorted(self._in_songs, songs, side) for side in ("left", "right"))
        count = last - first
        start = first - (np.cumsum(count) - count)
        return np.asarray(self._by_song[np.repeat(start, count) + np.arange(count.sum())])

    @cached_property
    def _by_song(self) -> Ints:
        """All rows, versions of a song side by side."""
        return np.argsort(self.songs.code, kind="stable")

    @cached_property
    def _in_songs(self) -> Ints:
        """The song of each row of `_by_song`, rising."""
        return np.asarray(self.songs.code[self._by_song])

    def __len__(self) -> int:
        return len(self.ids)
