"""Lets an outside evaluation ask our recommender: its catalogue in, ranked track ids out.

``recommend`` knows the catalogue only (zero-shot); ``prepare`` may learn from playlists first.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from music.tracks import JOIN, as_tracks
from recommender.catalogue import Catalogue
from recommender.learn import learn
from recommender.recommend import Recommender

_RENAMED = {"artist": "artists", "loudness": "loudness_db", "tempo": "tempo_bpm"}
_known: dict[int, tuple[pd.DataFrame, Recommender]] = {}


def tracks_of(catalogue: pd.DataFrame) -> pd.DataFrame:
    """The evaluation's catalogue frame as a track table."""
    frame = catalogue.rename(columns=_RENAMED)
    frame["duration_s"] = frame["duration_ms"] / 1000
    frame["genres"] = frame["genres"].map(JOIN.join)
    return as_tracks(frame, "evaluation")


def recommend(catalogue: pd.DataFrame, seeds: Sequence[str], n: int) -> list[str]:
    """Zero-shot: the n best tracks for the seeds."""
    if id(catalogue) not in _known:
        _known.clear()
        _known[id(catalogue)] = (catalogue, Recommender(tracks_of(catalogue)))
    return _known[id(catalogue)][1].recommend(seeds, n).ids


class Trained:
    """A recommender that has learned from playlists."""

    def __init__(self, catalogue: pd.DataFrame, playlists: Mapping[str, Sequence[str]]) -> None:
        known = Catalogue(tracks_of(catalogue)).beside(playlists)
        self._recommender = Recommender(known, learn(known))

    def recommend(self, seeds: Sequence[str], n: int) -> list[str]:
        """The n best tracks for the seeds."""
        return self._recommender.recommend(seeds, n).ids


def prepare(catalogue: pd.DataFrame, playlists: Mapping[str, Sequence[str]]) -> Trained:
    """Trained: what the evaluation asks for once per data set."""
    return Trained(catalogue, playlists)
