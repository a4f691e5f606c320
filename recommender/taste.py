"""Seeds from a library: what somebody likes, lately or all the time, without what is not theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

import numpy as np
import pandas as pd

from music.errors import InputError
from music.tracks import Library
from recommender.controls import Blocked
from recommender.seeds import Seeds

MOST = 200  # tracks; more seeds blur into the middle of the library
HALF_LIFE_DAYS = 30.0  # lately: a play counts half after a month
DISLIKED = -0.5  # an unwanted track weighs half a wanted one


def taste_of(library: Library, lately: bool = False, without: Collection[str] = ()) -> Seeds:
    """What a listener likes, as weighted seeds.

    Parameters
    ----------
    lately
        True: plays fade with a half-life of a month before the newest play; False: all count alike.
    without
        Playlist ids that are not theirs (sleep sounds, the children's); tracks that are in no other
        playlist are left out.

    Returns
    -------
    Seeds
        At most 200 tracks, weights in (0, 1]: by plays where there are any, otherwise all alike
        (newest first where dates are known).

    Raises
    ------
    InputError
        If nothing is left.
    """
    plays = _plays(library, lately)
    weights = plays if plays.sum() > 0 else _saved(library)
    weights = weights[~weights.index.isin(_only_in(library, without))]
    weights = weights[weights > 0].sort_values(ascending=False, kind="stable").head(MOST)
    if not len(weights):
        raise InputError("this library has no tracks left to start from.")
    return Seeds((weights / weights.iloc[0]).to_dict())


def with_feedback(seeds: Seeds, likes: Iterable[str] = (), dislikes: Iterable[str] = ()) -> Seeds:
    """The same seeds after somebody said yes to some tracks and no to others.

    A disliked track moves the list away from itself and, being a seed, never comes again.
    """
    weights = dict(seeds.weights)
    usual = float(np.mean([w for w in weights.values() if w > 0] or [1.0]))
    weights |= dict.fromkeys(likes, usual)
    weights |= dict.fromkeys(dislikes, DISLIKED * usual)
    return replace(seeds, weights=weights)


def known_in(
    library: Library, plays_over: int | None = None, artists_over: int | None = None
) -> Blocked:
    """What somebody knows too well to be recommended it.

    Parameters
    ----------
    plays_over
        Tracks played more often than this, skipped plays aside; None: however often.
    artists_over
        Artists of whom the library holds more tracks than this; None: however many.
    """
    tracks: Iterable[str] = ()
    if plays_over is not None:
        plays = library.plays[~library.plays["skipped"].fillna(False).astype(bool)]
        counts = plays["track_id"].value_counts()
        tracks = counts.index[counts > plays_over].tolist()
    artists: Iterable[str] = ()
    if artists_over is not None:
        artists = Blocked.known(library.tracks, artists_over).artists
    return Blocked.of(tracks, artists)


def _plays(library: Library, lately: bool) -> pd.Series:
    """Weight of each track by its plays: diminishing, and fading if only lately counts."""
    plays = library.plays[library.plays["track_id"].isin(library.tracks.index)]
    plays = plays[~plays["skipped"].fillna(False).astype(bool)]
    if not len(plays):
        return pd.Series(dtype="float64")
    weight = pd.Series(1.0, index=plays.index)
    if lately:
        age = (plays["at"].max() - plays["at"]).dt.total_seconds() / 86_400
        weight = 0.5 ** (age.fillna(age.max()).fillna(0.0) / HALF_LIFE_DAYS)
    total = weight.groupby(plays["track_id"]).sum()
    return pd.Series(np.log1p(total.to_numpy()), index=total.index)


def _saved(library: Library) -> pd.Series:
    """Equal weights, the newest added first."""
    added = library.entries.groupby("track_id")["added_at"].max()
    order = added.reindex(library.tracks.index).sort_values(ascending=False, kind="stable")
    return pd.Series(1.0, index=order.index)


def _only_in(library: Library, without: Collection[str]) -> set[str]:
    """Tracks that are in the unwanted playlists and in no other."""
    unwanted = library.entries["playlist_id"].isin(list(without))
    inside = set(library.entries.loc[unwanted, "track_id"])
    return inside - set(library.entries.loc[~unwanted, "track_id"])
