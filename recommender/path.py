"""A song path: a playlist that walks from one track to another, each step a little further on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from music.errors import InputError, NotFoundError
from music.features import Floats
from music.tracks import canonical_song
from recommender.artists import artist_keys
from recommender.pick import Flags
from recommender.seeds import Ints
from recommender.space import TasteSpace
from recommender.witness import Groups

SLACK = 0.4  # of a step; so far from its place a stop may lie if it is less aside
APART = 5  # an artist comes again after so many other tracks at the earliest


def song_path(tracks: pd.DataFrame, start: str, end: str, n: int = 12) -> pd.DataFrame:
    """Tracks from `start` to `end`, both included, each nearer to the end than the one before.

    Parameters
    ----------
    tracks
        A track table that holds both ends.
    n
        How many tracks; fewer come where the way has no more stops.

    Returns
    -------
    DataFrame
        Rows of `tracks` in order, with a column ``way`` that rises from 0 at the start to 1 at the
        end: how far along the straight line between them a track stands.

    Raises
    ------
    NotFoundError
        If an end is not in `tracks`.
    InputError
        If the ends are one song or sound exactly alike, or n is below 2.
    """
    for track_id in (start, end):
        if track_id not in tracks.index:
            raise NotFoundError(f"the track {track_id!r} is not here.")
    if n < 2:
        raise InputError(f"a path has at least 2 tracks, not {n}.")
    songs = Groups.of(canonical_song(tracks))
    artists = Groups.of(artist_keys(tracks))
    a, b = (int(row) for row in tracks.index.get_indexer(pd.Index([start, end])))
    points = TasteSpace().fit(tracks).points(tracks)
    line = points[b] - points[a]
    if songs.code[a] == songs.code[b] or not float(line @ line) > 0:
        raise InputError("these two tracks sound alike, so there is no way between them.")
    way = (points - points[a]) @ line / float(line @ line)  # (n_tracks,)
    aside = np.linalg.norm(points - points[a] - way[:, None] * line, axis=1)
    stops = _stops(way, aside / np.sqrt(line @ line), songs.code, artists.code, (a, b), n)
    found = tracks.iloc[stops]
    return found.assign(way=np.where(np.arange(len(stops)) == len(stops) - 1, 1.0, way[stops]))


def _stops(
    way: Floats, aside: Floats, song: Ints, artist: Ints, ends: tuple[int, int], n: int
) -> list[int]:
    """Rows from one end to the other, as evenly spaced as the tracks allow."""
    a, b = ends
    chosen, songs, left = [a], {int(song[a]), int(song[b])}, n - 2
    while left:
        here = float(way[chosen[-1]])
        step = (1.0 - here) / (left + 1)
        recent = {int(artist[row]) for row in chosen[-APART:]}
        if left < APART:
            recent.add(int(artist[b]))
        free = (way > here) & (way < 1.0) & ~np.isin(artist, list(recent))
        free &= ~np.isin(song, list(songs))
        if not free.any():
            break
        chosen.append(_nearest_stop(way, aside, free, here + step, SLACK * step))
        songs.add(int(song[chosen[-1]]))
        left -= 1
    return [*chosen, b]


def _nearest_stop(way: Floats, aside: Floats, free: Flags, target: float, slack: float) -> int:
    """Of the free tracks about as far on as wanted the one that is least aside."""
    off = np.where(free, np.abs(way - target), np.inf)
    slack = max(slack, float(off.min()))
    return int(np.where(off <= slack, aside, np.inf).argmin())
