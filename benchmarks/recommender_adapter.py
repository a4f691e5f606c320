"""Lets an outside evaluation ask our recommender: its catalogue in, ranked track ids out.

``recommend`` knows the catalogue only (zero-shot); ``prepare`` may learn from playlists first.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from music.tracks import JOIN, as_tracks
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
