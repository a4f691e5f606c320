"""From scores to a list: caps, one version of a song, artists spaced out, and diversity."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from music.features import Floats
from recommender.seeds import Ints
from recommender.witness import Groups, Singles

Flags = npt.NDArray[np.bool_]

POOL = 1_600  # tracks that are looked at when a list is put together
SAMPLE = 64


def best(scores: Floats, allowed: Flags, n: int, seed: int) -> Ints:
    """Rows of the n best allowed tracks, best first; those that tie with the last come along.

    ``seed`` decides the order of equal scores.
    """
    rows = _promising(scores, allowed, n)
    values = scores[rows]
    if n < len(rows):
        least = np.partition(values, len(values) - n)[len(values) - n]
        rows, values = rows[values >= least], values[values >= least]
    return rows[np.lexsort((_scattered(rows, seed), -values))]


def _promising(scores: Floats, allowed: Flags, n: int) -> Ints:
    """Rows that hold the n best allowed tracks and all that tie with them, in a big catalogue few.

    Every 64th score tells roughly where the n-th best lies; whoever stands above a mark below it is
    kept, and where fewer than n do, everybody is.
    """
    sample = scores[::SAMPLE]
    wanted = 2 * n // SAMPLE + 64  # of the sample; twice the n, and luck evened out
    if wanted < len(sample):
        mark = np.partition(sample, len(sample) - wanted)[len(sample) - wanted]
        rows = np.flatnonzero(scores >= mark)
        rows = rows[allowed[rows]]
        if len(rows) >= n:
            return rows
    return np.flatnonzero(allowed)


def _scattered(rows: Ints, seed: int) -> npt.NDArray[np.uint64]:
    """A number for each row that depends on the row and the seed and on nothing else."""
    start = np.uint64((seed * 0x9E3779B97F4A7C15) % 2**64)
    x = rows.astype(np.uint64) + start
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    return x ^ (x >> np.uint64(27))


def capped(rows: Ints, caps: Sequence[tuple[Groups, int]]) -> Ints:
    """Places, in order, of the rows that keep every cap: so many tracks of a group at most.

    One cap after the other equals looking at one row after the other, because the groups are
    nested: a song lies in one album and an album with one artist.
    """
    at = np.arange(len(rows))
    for groups, cap in caps:
        at = at[place_in_group(groups.code[rows[at]]) < cap]
    return at


def place_in_group(codes: Ints) -> Ints:
    """How many earlier entries have the same code, shape of `codes`."""
    order = np.argsort(codes, kind="stable")
    first = np.searchsorted(codes[order], codes[order], side="left")
    place = np.empty(len(codes), dtype=np.intp)
    place[order] = np.arange(len(codes)) - first
    return place


def diversified(rows: Ints, scores: Floats, points: Singles, diversity: float, n: int) -> Ints:
    """The n rows that are good and unlike those already chosen (maximal marginal relevance).

    Parameters
    ----------
    scores
        Shape (n_rows,): the score of each row.
    points
        Shape (n_rows, d): unit vectors; their cosine says how alike two tracks are.
    diversity
        In [0, 1]: the share that unlikeness has in each choice.

    References
    ----------
    Carbonell and Goldstein (1998), The use of MMR, diversity-based reranking.
    """
    span = max(float(scores.max() - scores.min()), 1e-9)
    worth = (1 - diversity) * (scores - scores.min()) / span
    alike = np.full(len(rows), -1.0)
    left = np.ones(len(rows), dtype=bool)
    chosen = []
    for _ in range(min(n, len(rows))):
        at = int(np.where(left, worth - diversity * alike, -np.inf).argmax())
        chosen.append(at)
        left[at] = False
        alike = np.maximum(alike, points @ points[at])
    return rows[chosen]


def pick(
    scores: Floats, allowed: Flags, n: int, caps: Sequence[tuple[Groups, int]], seed: int
) -> Ints:
    """Rows of the n best allowed tracks that keep every cap, best first."""
    size = 2 * n + 64
    while True:
        rows = best(scores, allowed, size, seed)
        chosen = rows[capped(rows, caps)]
        if len(chosen) >= n or size >= len(scores):
            return chosen[:n]
        size *= 4
