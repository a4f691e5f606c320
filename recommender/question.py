"""One question and its answer: everything that was heard, wished and forbidden, as one list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from music.features import Floats
from recommender.catalogue import Catalogue
from recommender.pick import POOL, Flags, best, capped, diversified, place_in_group
from recommender.score import PARTS, Hearing, feature_table
from recommender.seeds import Ints, SeedRows
from recommender.trees import POOL as TREE_POOL
from recommender.trees import TreeRanker, opinion
from recommender.witness import Groups, Singles

# What the second, third ... song of an artist in a list loses, times log(1 + songs before it).
# A list of one artist is right more often than it is wanted; see docs/recommender.md.
AGAIN: Final = 0.25


@dataclass(frozen=True)
class Question:
    """What was asked. Longer answers begin with the shorter ones.

    Parameters
    ----------
    allowed
        Shape (n_tracks,): which tracks may come at all.
    wishes
        Part -> what it adds to the score of each track.
    caps
        Groups with how many tracks of one may come, the smallest groups first.
    """

    catalogue: Catalogue
    hearing: Hearing
    seeds: SeedRows
    allowed: Flags
    wishes: Mapping[str, Floats]
    caps: Sequence[tuple[Groups, int]]
    diversity: float
    seed: int
    trees: TreeRanker | None = None

    @cached_property
    def scores(self) -> Floats:
        """The score of every track, before songs of one artist are spaced out."""
        total = self.hearing.scores() + self.second
        for part in self.wishes.values():
            total += part
        return total

    @cached_property
    def second(self) -> Floats:
        """What the trees add to the score of each track; 0 for all but the best."""
        added = np.zeros(len(self.allowed))
        if self.trees is not None and self.allowed.any():
            linear = self.hearing.scores()
            rows = best(linear, self.allowed, TREE_POOL, self.seed)
            table = feature_table(self.hearing.witnesses, self.hearing.told, rows)
            said = opinion(self.trees, table, linear[rows], self.seeds.count)
            added[:] = min(0.0, float(said.min()))  # whom they did not see overtakes nobody
            added[rows] = said
        return added

    def answer(self, n: int) -> tuple[Ints, Floats, Floats]:
        """Rows, scores, and what spacing took from each; n of each, or all there are."""
        size = max(POOL, 3 * n)
        while True:
            pool = best(self.scores, self.allowed, size, self.seed)
            rows, scores, again = self._spaced(pool)
            if len(rows) >= n or size >= len(self.scores):
                break
            size *= 4
        if self.diversity and len(rows):
            order = self._diverse(rows, scores, n)
            rows, scores, again = rows[order], scores[order], again[order]
        return rows[:n], scores[:n], again[:n]

    def parts(self, row: int) -> dict[str, float]:
        """The named parts of the score of one track, without spacing."""
        told = self.hearing.parts(np.array([row]))[0]
        parts = dict(zip(PARTS, told.tolist(), strict=True))
        parts |= {name: float(values[row]) for name, values in self.wishes.items()}
        return parts | {"trees": float(self.second[row])}

    def reasons(self, row: int, parts: Mapping[str, float], n: int) -> tuple[str, ...]:
        """The n strongest parts that speak for a track, in words."""
        said: list[str] = []
        for part in sorted(parts, key=lambda name: -parts[name]):
            if parts[part] <= 0 or len(said) == n:
                break
            for witness in self.hearing.witnesses:
                if part in witness.features.values():
                    reason = witness.because(part, self.seeds, row)
                    if reason is not None:
                        said.append(reason)
                        break
        return tuple(said)

    def _spaced(self, rows: Ints) -> tuple[Ints, Floats, Floats]:
        """Every further song of an artist steps back a little; then the caps."""
        rows = capped(rows, self.caps[:1])  # one version of a song
        before = place_in_group(self.catalogue.artists.code[rows])
        again = -AGAIN * np.log1p(before)
        scores = self.scores[rows] + again
        order = np.argsort(-scores, kind="stable")
        kept = capped(rows[order], self.caps[1:])
        order = order[np.isin(rows[order], kept)]
        return rows[order], scores[order], again[order]

    def _diverse(self, rows: Ints, scores: Floats, n: int) -> Ints:
        pool = np.arange(min(len(rows), max(POOL, n)))
        points = _directions(self.catalogue, rows[pool])
        return diversified(pool, scores[pool], points, self.diversity, n)


def _directions(catalogue: Catalogue, rows: Ints) -> Singles:
    """Unit vectors of sound, year and artist: tracks of one artist are half alike at least."""
    sound = np.nan_to_num(catalogue.numbers.z[rows])
    sound /= np.maximum(np.linalg.norm(sound, axis=1, keepdims=True), 1e-9)
    _, artist = np.unique(catalogue.artists.code[rows], return_inverse=True)
    rng = np.random.default_rng(0)  # random directions in 256 dimensions are nearly orthogonal
    named = rng.normal(size=(int(artist.max()) + 1, 256))
    named /= np.linalg.norm(named, axis=1, keepdims=True)
    return np.asarray(np.hstack([sound, named[artist]]) / np.sqrt(2), dtype=np.float32)
