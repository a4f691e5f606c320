"""Lets an outside evaluation ask for playlists: its catalogue and messages in, track ids out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from llm.playlist import playlist_from_text
from llm.playlist_artists import Gazetteer
from llm.playlist_follow import refine
from llm.playlist_meaning import TrackMeaning
from llm.semantic import available
from music.tracks import as_tracks
from recommender.playlist import Finder

TODAY = date(2026, 11, 20)
_known: dict[int, tuple[pd.DataFrame, Finder, Gazetteer]] = {}


def answer(catalogue: pd.DataFrame, messages: Sequence[str], k: int) -> list[str]:
    """The k best tracks for a conversation so far."""
    if id(catalogue) not in _known:
        _known.clear()
        frame = catalogue.rename(columns={"artist": "artists"})
        frame["artists"] = frame["artists"].str.replace(", ", "; ")
        tracks = as_tracks(frame, "evaluation")
        finder = Finder(tracks, TrackMeaning(tracks) if available() else None)
        names = frame["artists"].str.split("; ").explode().value_counts().index
        _known[id(catalogue)] = (catalogue, finder, Gazetteer(names))
    _, finder, artists = _known[id(catalogue)]
    wish = playlist_from_text(messages[0], artists, TODAY)
    for message in messages[1:]:
        wish = refine(wish, message, artists, TODAY)
    spec = replace(wish.spec, n_tracks=min(k, 1_000), minutes=None, per_artist=None, order="arc")
    return finder.find(spec).ranked()
