"""The score of every track as a sum of named parts: what each witness said, times its weight."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from music.features import Floats
from recommender.seeds import Ints, SeedRows
from recommender.witness import Singles, Witness

PARTS: Final = {
    "artist": "same artist",
    "album": "same album",
    "genre": "genre",
    "sound": "sound of the song",
    "style": "style of the artist",
    "year": "year",
    "popularity": "popularity",
    "length": "length",
    "guests": "appears with",
    "titles": "titles",
    "standing": "standing",
    "together": "beside your seeds in playlists",
    "filed": "not yet in a playlist",
    "again": "one more by its artist",
    "trees": "second opinion of the trees",
    "novelty": "novelty",
    "mood": "mood",
    "chance": "chance",
}
MANY_SEEDS: Final = 25


@dataclass(frozen=True)
class Weights:
    """What each feature weighs, for few seeds and for many; between them it slides.

    One seed says more about its artist, twenty-five say more about their year: hence two sets.
    """

    few: Mapping[str, float]
    many: Mapping[str, float]

    def at(self, n_seeds: float) -> Mapping[str, float]:
        """The weights for so many seeds; `few` for one, `many` from `MANY_SEEDS` on."""
        t = seed_share(n_seeds)
        return {f: (1 - t) * w + t * self.many.get(f, 0.0) for f, w in self.few.items()}

    def array(self, names: Sequence[str], n_seeds: float) -> Floats:
        """The weights of some features for so many seeds, shape (n_names,)."""
        now = self.at(n_seeds)
        return np.array([now.get(name, 0.0) for name in names])

    def without(self, *features: str) -> Weights:
        """The same weights, deaf to some features."""
        few, many = (
            {f: 0.0 if f in features else w for f, w in side.items()}
            for side in (self.few, self.many)
        )
        return Weights(few, many)


def seed_share(n_seeds: float) -> float:
    """Where a number of seeds lies between one (0) and `MANY_SEEDS` (1), on a log scale."""
    return float(np.clip(np.log(max(n_seeds, 1.0)) / np.log(MANY_SEEDS), 0.0, 1.0))


@lru_cache(maxsize=1)
def default_weights() -> Weights:
    """What each feature weighs where nothing was learned from your own playlists.

    How they were learned stands in ``tables/zero_shot.json``: 19 figures, no row of any data.
    """
    text = files("recommender.tables").joinpath("zero_shot.json").read_text(encoding="utf-8")
    weights = dict(json.loads(text)["weights"])
    return Weights(weights, weights)


@dataclass(frozen=True)
class Hearing:
    """What all witnesses said about a catalogue, for one set of seeds.

    Parameters
    ----------
    said
        One array a witness, shape (n_groups, n_features): how much each feature lifts a group above
        the average track of the catalogue, already times its weight.
    told
        The same as the witnesses told it, neither lifted nor weighed.
    """

    witnesses: Sequence[Witness]
    said: Sequence[Floats]
    told: Sequence[Singles]

    def scores(self) -> Floats:
        """The score of every track, shape (n_tracks,); 0 is the average track."""
        total = np.zeros(len(self.witnesses[0].groups.code))
        for witness, said in zip(self.witnesses, self.said, strict=True):
            total += said.sum(axis=1)[witness.groups.code]
        return total

    def parts(self, rows: Ints) -> Floats:
        """The parts of the score of some tracks, shape (n_rows, n_parts), in the order of `PARTS`.

        Each row sums to the track's score.
        """
        out = np.zeros((len(rows), len(PARTS)))
        place = {part: j for j, part in enumerate(PARTS)}
        for witness, said in zip(self.witnesses, self.said, strict=True):
            columns = said[witness.groups.code[rows]]  # (n_rows, n_features)
            for j, part in enumerate(witness.features.values()):
                out[:, place[part]] += columns[:, j]
        return out

    def less(self, other: Hearing, share: float) -> Hearing:
        """What is left less a share of another hearing: away from what speaks for those seeds."""
        said = [a - share * b for a, b in zip(self.said, other.said, strict=True)]
        return Hearing(self.witnesses, said, self.told)


def hear(witnesses: Sequence[Witness], seeds: SeedRows, weights: Weights) -> Hearing:
    """Ask every witness about the seeds.

    Parameters
    ----------
    weights
        A feature they do not name weighs nothing.
    """
    said = []
    told = [witness.hear(seeds) for witness in witnesses]
    for witness, features in zip(witnesses, told, strict=True):
        w = weights.array(list(witness.features), seeds.count)
        lifted = features.astype(np.float64) - witness.groups.mean(features)
        said.append(lifted * w)
    return Hearing(witnesses, said, told)


def feature_table(witnesses: Sequence[Witness], told: Sequence[Singles], rows: Ints) -> Singles:
    """The features of some tracks, shape (n_rows, n_features), from what each witness told."""
    columns = [t[w.groups.code[rows]] for w, t in zip(witnesses, told, strict=True)]
    return np.hstack(columns)
