"""Lets an outside evaluation ask for playlists: its catalogue and messages in, track ids out.

Nothing is done here but renaming columns: the curator is the one that pages and terminal ask.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pandas as pd

from music.tracks import as_tracks
from studio.curator import Curator, curator_of
from studio.playlists import read_titles

TODAY = date(2026, 11, 20)
_known: dict[int, tuple[pd.DataFrame, Curator]] = {}


def curator_for(catalogue: pd.DataFrame) -> Curator:
    """The curator of an evaluation's catalogue, made once."""
    if id(catalogue) not in _known:
        _known.clear()
        frame = catalogue.rename(columns={"artist": "artists"})
        frame["artists"] = frame["artists"].str.replace(", ", "; ")
        curator = curator_of(as_tracks(frame, "evaluation"), today=TODAY)
        read_titles(curator)
        _known[id(catalogue)] = (catalogue, curator)
    return _known[id(catalogue)][1]


def answer(catalogue: pd.DataFrame, messages: Sequence[str], k: int) -> list[str]:
    """The k best tracks for a conversation so far."""
    curator = curator_for(catalogue)
    spec = curator.conversation(messages).spec
    wide = replace(spec, n_tracks=min(k, 1_000), minutes=None, per_artist=None, order="arc")
    return curator.find(wide).ranked()
