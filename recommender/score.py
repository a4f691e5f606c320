"""The score of every track as a sum of named parts: what each witness said, times its weight."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from music.errors import InputError
from music.features import Floats
from music.threads import one_thread
from recommender.seeds import Ints, SeedRows
from recommender.witness import Groups, Singles, Witness

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
MANY_SONGS: Final = 300_000  # from here on single songs are looked at only where the rest points
N_SAMPLE: Final = 20_000


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


def emphasised(
    weights: Weights, witnesses: Sequence[Witness], emphasis: Mapping[str, float]
) -> Weights:
    """The same weights, each times what its part shall count.

    Raises
    ------
    InputError
        If a part is unknown, or a factor is negative.
    """
    for part, factor in emphasis.items():
        if part not in PARTS or not 0 <= factor < np.inf:
            raise InputError(
                f"emphasis maps a part ({', '.join(PARTS)}) to a number from 0 on, "
                f"not {part!r} to {factor}."
            )
    of = {f: part for witness in witnesses for f, part in witness.features.items()}
    few, many = (
        {f: w * emphasis.get(of.get(f, ""), 1.0) for f, w in side.items()}
        for side in (weights.few, weights.many)
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
class Told:
    """What one witness told about its groups, given the seeds.

    In a big catalogue what is told of every single song is only looked up for the songs that the
    rest speaks for (`values` is None then): that is what keeps a million songs under 100 ms.

    Parameters
    ----------
    values
        Shape (n_groups, n_features), or None.
    mean
        Shape (n_features,): over the tracks of the catalogue.
    weights
        Shape (n_features,).
    """

    witness: Witness
    seeds: SeedRows
    values: Singles | None
    mean: Floats
    weights: Floats

    def of(self, rows: Ints) -> Singles:
        """The features of some tracks, shape (n_rows, n_features)."""
        groups = self.witness.groups.code[rows]
        if self.values is not None:
            return self.values[groups]
        return self.witness.hear(self.seeds, groups)

    def score(self) -> Floats | None:
        """What it adds to each of its groups, shape (n_groups,); None if it has to wait."""
        if self.values is None:
            return None
        added = self.values @ self.weights.astype(np.float32) - self.mean @ self.weights
        return np.asarray(added, dtype=np.float64)


@dataclass(frozen=True)
class Hearing:
    """What all witnesses said about a catalogue: for the wanted seeds, less for the unwanted.

    Parameters
    ----------
    told
        One a witness.
    less
        The same for the unwanted seeds, and how much it counts.
    """

    told: Sequence[Told]
    less: Hearing | None = None
    share: float = 0.0

    @property
    def is_complete(self) -> bool:
        """Whether `first_look` holds everything that was told."""
        return all(one.values is not None for one in self.told)

    def first_look(self) -> Floats:
        """The score of every track, shape (n_tracks,), to single precision.

        What is told of the same groups is summed before it is spread over the tracks.
        """
        sums: dict[int, tuple[Groups, Floats]] = {}
        with one_thread():
            scores = [one.score() for one in self.told]
        for one, added in zip(self.told, scores, strict=True):
            if added is not None:
                groups = one.witness.groups
                before = sums.get(id(groups), (groups, np.float64(0)))[1]
                sums[id(groups)] = groups, before + added
        total = np.zeros(len(self.told[0].witness.groups.code))
        for groups, added in sums.values():
            total += added if groups.is_each else added[groups.code]
        return total if self.less is None else total - self.share * self.less.first_look()

    def scores(self) -> Floats:
        """The score of every track with everything in it, shape (n_tracks,)."""
        if self.is_complete:
            return self.first_look()
        every = np.arange(len(self.told[0].witness.groups.code))
        return np.asarray(self.parts(every).sum(axis=1))

    def parts(self, rows: Ints) -> Floats:
        """The parts of the score of some tracks, shape (n_rows, n_parts), in the order of `PARTS`.

        Each row sums to the track's score; 0 is the average track.
        """
        out = np.zeros((len(rows), len(PARTS)))
        place = {part: j for j, part in enumerate(PARTS)}
        for one in self.told:
            added = (one.of(rows) - one.mean) * one.weights  # (n_rows, n_features)
            for j, part in enumerate(one.witness.features.values()):
                out[:, place[part]] += added[:, j]
        return out if self.less is None else out - self.share * self.less.parts(rows)

    def table(self, rows: Ints) -> Singles:
        """All features of some tracks, shape (n_rows, n_features)."""
        return np.hstack([one.of(rows) for one in self.told])


def hear(witnesses: Sequence[Witness], seeds: SeedRows, weights: Weights) -> Hearing:
    """Ask every witness about the seeds.

    Parameters
    ----------
    weights
        A feature they do not name weighs nothing.
    """
    now = weights.at(seeds.count)
    with one_thread():
        return Hearing([_ask(witness, seeds, now) for witness in witnesses])


def _ask(witness: Witness, seeds: SeedRows, weights: Mapping[str, float]) -> Told:
    w = np.array([weights.get(name, 0.0) for name in witness.features])
    if witness.groups.is_each and len(witness.groups) > MANY_SONGS:
        some = np.linspace(0, len(witness.groups) - 1, N_SAMPLE).astype(np.intp)
        mean = witness.hear(seeds, some).mean(axis=0, dtype=np.float64)
        return Told(witness, seeds, None, mean, w)
    values = witness.hear(seeds)
    return Told(witness, seeds, values, witness.groups.mean(values), w)
