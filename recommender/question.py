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
from recommender.score import PARTS, Hearing
from recommender.seeds import Ints, SeedRows
from recommender.trees import POOL as TREE_POOL
from recommender.trees import TreeRanker, opinion
from recommender.witness import Groups, Singles

# What the second, third ... song of an artist in a list loses, times log(1 + songs before it).
# A list of one artist is right more often than it is wanted; see docs/recommender.md.
AGAIN: Final = 0.25
CLOSE_LOOK: Final = 5_000  # songs of a big catalogue that are looked at one by one


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
    def first_look(self) -> Floats:
        """The score of every track, roughly; decides which tracks are looked at closely."""
        total = self.hearing.first_look()
        for part in self.wishes.values():
            total += part
        return total

    def scores(self, rows: Ints) -> Floats:
        """The exact scores of some tracks, before songs of one artist are spaced out."""
        wished = sum((part[rows] for part in self.wishes.values()), np.zeros(len(rows)))
        linear = self.hearing.parts(rows).sum(axis=1)
        return np.asarray(linear + wished + self._second(rows, linear))

    def answer(self, n: int) -> tuple[Ints, Floats, Floats]:
        """Rows, scores, and what spacing took from each; n of each, or all there are."""
        size = max(POOL if self.hearing.is_complete else CLOSE_LOOK, 3 * n)
        while True:
            pool = best(self.first_look, self.allowed, size, self.seed)
            rows, scores, again = self._spaced(pool)
            if len(rows) >= n or size >= len(self.allowed):
                break
            size *= 4
        if self.diversity and len(rows):
            order = self._diverse(rows, scores, n)
            rows, scores, again = rows[order], scores[order], again[order]
        return rows[:n], scores[:n], again[:n]

    def _second(self, rows: Ints, linear: Floats) -> Floats:
        """What the trees add to the score of some tracks; they look at the best ones only."""
        if self.trees is None or not len(rows):
            return np.zeros(len(rows))
        if self._opinions:
            return np.array([self._opinions.get(row, self._opinions[-1]) for row in rows.tolist()])
        seen = np.argsort(-linear, kind="stable")[:TREE_POOL]
        said = opinion(self.trees, self.hearing.table(rows[seen]), linear[seen], self.seeds.count)
        self._opinions.update(zip(rows[seen].tolist(), said.tolist(), strict=True))
        self._opinions[-1] = min(0.0, float(said.min()))  # whom they did not see overtakes nobody
        return self._second(rows, linear)

    @cached_property
    def _opinions(self) -> dict[int, float]:
        return {}

    def parts(self, row: int) -> dict[str, float]:
        """The named parts of the score of one track, without spacing."""
        rows = np.array([row])
        told = self.hearing.parts(rows)[0]
        parts = dict(zip(PARTS, told.tolist(), strict=True))
        parts |= {name: float(values[row]) for name, values in self.wishes.items()}
        return parts | {"trees": float(self._second(rows, told.sum(keepdims=True))[0])}

    def reasons(self, row: int, parts: Mapping[str, float], n: int) -> tuple[str, ...]:
        """The n strongest parts that speak for a track, in words."""
        said: list[str] = []
        for part in sorted(parts, key=lambda name: -parts[name]):
            if parts[part] <= 0 or len(said) == n:
                break
            for witness in (one.witness for one in self.hearing.told):
                if part in witness.features.values():
                    reason = witness.because(part, self.seeds, row)
                    if reason is not None:
                        said.append(reason)
                        break
        return tuple(said)

    def _spaced(self, rows: Ints) -> tuple[Ints, Floats, Floats]:
        """Every further song of an artist steps back a little; then the caps."""
        exact = self.scores(rows)
        order = np.argsort(-exact, kind="stable")
        rows, exact = rows[order], exact[order]
        kept = capped(rows, self.caps[:1])  # one version of a song
        rows, exact = rows[kept], exact[kept]
        again = -AGAIN * np.log1p(place_in_group(self.catalogue.artists.code[rows]))
        scores = exact + again
        order = np.argsort(-scores, kind="stable")
        order = order[capped(rows[order], self.caps[1:])]
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
