"""Facts about one playlist: its kinds stand apart, for only a playlist's page asks for them.

A finder gets the playlist's tracks in order, with all their columns.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

import pandas as pd

from music.facts.common import beyond, count, ids, percent
from music.profile import Fact
from music.tracks import primary_artist

ListFinder = Callable[[pd.DataFrame], Iterator[Fact]]
LIST_KINDS: Final[dict[str, ListFinder]] = {}


def list_kind(finder: ListFinder) -> ListFinder:
    """Register a finder under its own name."""
    LIST_KINDS[finder.__name__] = finder
    return finder


@list_kind
def list_ends(tracks: pd.DataFrame) -> Iterator[Fact]:
    """What it begins and ends with."""
    names = tracks["name"].dropna()
    if len(names) < 3 or len(names) < len(tracks):
        return
    values = {"track": str(names.iloc[0]), "other": str(names.iloc[-1])}
    if values["track"] == values["other"]:
        return
    yield Fact(
        "list_ends", f"It begins with “{values['track']}” and ends with “{values['other']}”.",
        values, ids((names.index[0], names.index[-1])), 0.45, float(len(names)),
    )  # fmt: skip


@list_kind
def list_artist(tracks: pd.DataFrame) -> Iterator[Fact]:
    """One artist has several of its places (a fifth and more)."""
    artists = primary_artist(tracks).dropna()
    sizes = artists.value_counts()
    if sizes.empty or sizes.iloc[0] < 3 or sizes.iloc[0] < 0.2 * len(tracks):
        return
    artist, n = str(sizes.index[0]), int(sizes.iloc[0])
    share = n / len(tracks)
    values = {
        "artist": artist, "n": count(n), "total": count(len(tracks)), "percent": percent(share),
    }  # fmt: skip
    yield Fact(
        "list_artist", f"{n} of its {values['total']} tracks are by {artist}.", values,
        ids(artists.index[artists == artist]), beyond(share, 0.2, 0.8), share,
    )  # fmt: skip


@list_kind
def list_size(tracks: pd.DataFrame) -> Iterator[Fact]:
    """How many tracks and minutes it has, where all durations are known."""
    minutes = float(tracks["duration_s"].sum(skipna=False)) / 60
    if len(tracks) < 2 or not minutes >= 2:
        return
    values = {"n": count(len(tracks)), "minutes": count(minutes)}
    yield Fact(
        "list_size", f"It has {values['n']} tracks and lasts {values['minutes']} minutes.", values,
        ids(tracks.index), 0.4, float(len(tracks)),
    )  # fmt: skip


@list_kind
def list_years(tracks: pd.DataFrame) -> Iterator[Fact]:
    """Its oldest and its newest track are at least ten years apart."""
    years = tracks["year"].dropna().sort_values()
    if len(years) < 3 or years.iloc[-1] - years.iloc[0] < 10:
        return
    values = {"from": str(int(years.iloc[0])), "to": str(int(years.iloc[-1]))}
    yield Fact(
        "list_years", f"Its oldest track is from {values['from']}, its newest from {values['to']}.",
        values, ids((years.index[0], years.index[-1])),
        beyond(float(years.iloc[-1] - years.iloc[0]), 25, 70), float(years.iloc[-1]),
    )  # fmt: skip
