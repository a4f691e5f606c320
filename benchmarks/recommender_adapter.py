"""Lets an outside evaluation ask our recommender: its catalogue in, ranked track ids out.

``recommend`` knows the catalogue only (zero-shot); ``prepare`` may learn from playlists first. The
catalogue of such an evaluation holds the songs of all its playlists, so it is a closed collection
(`recommender.learn.learn`); docs/recommender.md says what that is worth.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence

import pandas as pd

from library.cells import released
from music.errors import InputError, NotFoundError
from music.tracks import JOIN, as_tracks
from recommender.recommend import Recommender

_RENAMED = {"artist": "artists", "loudness": "loudness_db", "tempo": "tempo_bpm"}
_known: dict[int, tuple[pd.DataFrame, Recommender]] = {}
_log = logging.getLogger(__name__)


def tracks_of(catalogue: pd.DataFrame) -> pd.DataFrame:
    """The evaluation's catalogue frame as a track table; any column but ``track_id`` may lack."""
    frame = catalogue.rename(columns=_RENAMED)
    frame = frame[frame["track_id"].notna()].drop_duplicates("track_id")
    if "duration_ms" in frame:
        frame["duration_s"] = pd.to_numeric(frame["duration_ms"], errors="coerce") / 1000
    if "release_date" in frame:
        frame["released"] = released(frame["release_date"])
    if "genres" in frame:
        frame["genres"] = frame["genres"].map(_cell)
    return as_tracks(frame, "evaluation")


def _cell(genres: object) -> str:
    """Genres as one cell, from a list, a text or nothing."""
    if isinstance(genres, str):
        return genres
    return JOIN.join(map(str, genres)) if isinstance(genres, list | tuple | set) else ""


def recommend(catalogue: pd.DataFrame, seeds: Sequence[str], n: int) -> list[str]:
    """Zero-shot: the n best tracks for the seeds."""
    if id(catalogue) not in _known:
        _known.clear()
        _known[id(catalogue)] = (catalogue, Recommender(tracks_of(catalogue)))
    return _answer(_known[id(catalogue)][1], seeds, n)


class Trained:
    """A recommender that has learned from playlists, or as shipped where they are too few."""

    def __init__(self, catalogue: pd.DataFrame, playlists: Mapping[str, Sequence[str]]) -> None:
        shipped = Recommender(tracks_of(catalogue))
        try:
            self._recommender = shipped.learned(playlists, closed=True)
        except InputError as error:
            _log.warning("nothing was learned: %s", error)
            self._recommender = shipped

    def recommend(self, seeds: Sequence[str], n: int) -> list[str]:
        """The n best tracks for the seeds."""
        return _answer(self._recommender, seeds, n)


def prepare(catalogue: pd.DataFrame, playlists: Mapping[str, Sequence[str]]) -> Trained:
    """Trained: what the evaluation asks for once per data set."""
    return Trained(catalogue, playlists)


def _answer(recommender: Recommender, seeds: Sequence[str], n: int) -> list[str]:
    """Nothing, where no seed is known."""
    try:
        return recommender.answer(seeds, n)
    except NotFoundError:
        return []
