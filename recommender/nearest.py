"""The tracks nearest to a vibe: by sound where it is known, by words where both have some."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError
from music.features import Floats
from music.tracks import percentiles, split
from music.vibe import Vibe
from recommender.genres import word_weights

OUTSPOKEN = 0.2  # how much a track's own distance from the middle of all music counts for it
UNKNOWN = 0.5  # distance of a track nothing is known of: in the middle of the field, not at its end


def nearest(tracks: pd.DataFrame, vibe: Vibe, k: int = 20) -> pd.DataFrame:
    """The k tracks that are most like a vibe, the best first.

    Of two tracks that are equally far from the vibe the more outspoken one comes first: what stands
    out says more about a taste than what is near everything. (Share of the 20 best with the genre
    of the playlist the vibe was made of, 330 public playlists: 0.477 without, 0.546 with.)

    Parameters
    ----------
    tracks
        A track table.

    Returns
    -------
    DataFrame
        Rows of `tracks` with one more column, ``distance`` in [0, 1] (see `distances`); fewer than
        k where there are no more.

    Raises
    ------
    InputError
        If k is below 1.
    """
    if k < 1:
        raise InputError(f"k must be at least 1, not {k}.")
    away = distances(tracks, vibe)
    weights = np.array(vibe.weights)
    plain = _sound_distance(percentiles(tracks), np.full(len(weights), 0.5), weights)
    plain[np.isnan(percentiles(tracks)).all(axis=1)] = 0.0
    share = 0.5 if vibe.words else 1.0
    order = np.argsort(away**2 - OUTSPOKEN * share**2 * plain**2, kind="stable")[:k]
    return tracks.iloc[order].assign(distance=away[order])


def distances(tracks: pd.DataFrame, vibe: Vibe) -> Floats:
    """How far each track is from a vibe, shape (n,), in [0, 1].

    Root mean square over the features the vibe names, weighted by its weights; where the vibe has
    words, half of it is how little the track's genres overlap with them (1 - cosine).
    """
    sound = _sound_distance(percentiles(tracks), np.array(vibe.features), np.array(vibe.weights))
    if not vibe.words:
        return sound
    words = _word_distance(tracks["genres"], dict(vibe.words))
    return words if not any(vibe.weights) else 0.5 * sound + 0.5 * words


def _sound_distance(points: Floats, at: Floats, weights: Floats) -> Floats:
    known = ~np.isnan(points)
    w = weights * known  # (n, 9)
    gaps = np.where(known, points - at, 0.0)
    total = w.sum(axis=1)
    square = (w * gaps**2).sum(axis=1) / np.where(total > 0, total, 1.0)
    return np.where(total > 0, np.sqrt(square), UNKNOWN)


def _word_distance(genres: pd.Series, words: dict[str, float]) -> Floats:
    """1 - cosine of genre lists and words; the same list is looked at once."""
    codes, cells = pd.factorize(genres.str.casefold())
    lists = split(pd.Series(cells, dtype="str"))
    vocabulary = {w: j for j, w in enumerate(sorted({w for ws in lists for w in ws}))}
    asked: npt.NDArray[np.float64] = word_weights(words, vocabulary)
    norm = float(np.linalg.norm(asked))
    like = np.array(
        [asked[[vocabulary[w] for w in ws]].sum() / np.sqrt(len(ws)) if ws else 0.0 for ws in lists]
    )
    like = np.append(like, 0.0)  # for code -1: no genre
    return 1.0 - np.minimum(like[codes] / max(norm, 1e-9), 1.0)
