"""The best tracks under caps: one version of a song, so many of an artist."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from music.features import Floats
from recommender.seeds import Ints
from recommender.witness import Groups

Flags = npt.NDArray[np.bool_]


def pick(
    scores: Floats, allowed: Flags, n: int, caps: Sequence[tuple[Groups, int]], seed: int
) -> Ints:
    """Rows of the n best allowed tracks, best first.

    Parameters
    ----------
    caps
        Groups with how many tracks of one group may come; the best ones come.
    seed
        Decides between equal scores.
    """
    candidates = np.flatnonzero(allowed)
    chance = np.random.default_rng(seed).permutation(len(scores))
    want = 2 * n + 64
    while True:
        rows = _best(scores, candidates, want, chance)
        chosen = _capped(rows, caps)
        if len(chosen) >= n or len(rows) == len(candidates):
            return chosen[:n]
        want *= 4


def _best(scores: Floats, candidates: Ints, want: int, chance: Ints) -> Ints:
    """The ``want`` best candidates in order; those that tie with the last one come along."""
    values = scores[candidates]
    if want < len(candidates):
        least = np.partition(values, len(values) - want)[len(values) - want]
        candidates, values = candidates[values >= least], values[values >= least]
    return candidates[np.lexsort((chance[candidates], -values))]


def _capped(rows: Ints, caps: Sequence[tuple[Groups, int]]) -> Ints:
    """The rows, in order, that keep every cap.

    One cap after the other equals looking at one row after the other, because the groups are
    nested: a song lies in one album and an album with one artist.
    """
    for groups, cap in caps:
        rows = rows[_place_in_group(groups.code[rows]) < cap]
    return rows


def _place_in_group(codes: Ints) -> Ints:
    """How many earlier entries have the same code, shape of `codes`."""
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], codes[order], side="left")
    place = np.empty(len(codes), dtype=np.intp)
    place[order] = np.arange(len(codes)) - first
    return place
