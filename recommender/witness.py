"""The shape of evidence: what every kind of clue tells about a catalogue, given the seeds.

Much of what speaks for a song is true of its artist, its album or its genres as a whole. So each
witness speaks about *groups* of tracks, and its word is spread to the tracks afterwards: a sum over
26,000 songs becomes a sum over 8,000 artists, which is why an answer takes milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.features import Floats
from recommender.seeds import VIBE_COUNTS_AS, Ints, SeedRows

Singles: TypeAlias = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Groups:
    """One way to group the tracks of a catalogue.

    Parameters
    ----------
    code
        Shape (n_tracks,): the group of each track, in [0, n_groups).
    names
        Shape (n_groups,): what the groups are called; "" for the group of tracks that have none.
    """

    code: Ints
    names: npt.NDArray[np.object_]

    @classmethod
    def of(cls, labels: pd.Series) -> Groups:
        """Group by label; tracks without one form groups of their own, so they share nothing."""
        known = labels.notna().to_numpy() & (labels.fillna("") != "").to_numpy()
        code = np.empty(len(labels), dtype=np.intp)
        code[known], names = pd.factorize(labels[known])
        code[~known] = len(names) + np.arange((~known).sum())
        blank = np.full(int((~known).sum()), "", dtype=object)
        return cls(code, np.concatenate([np.asarray(names, dtype=object), blank]))

    def __len__(self) -> int:
        return len(self.names)

    @cached_property
    def size(self) -> Ints:
        """Tracks in each group, shape (n_groups,)."""
        return np.bincount(self.code, minlength=len(self))

    @cached_property
    def is_each(self) -> bool:
        """Whether every track is a group of its own, in order."""
        return len(self) == len(self.code) and bool((self.code == np.arange(len(self))).all())

    @cached_property
    def _share(self) -> Singles:
        return (self.size / max(len(self.code), 1)).astype(np.float32)

    def of_seeds(self, seeds: SeedRows) -> tuple[Ints, Floats]:
        """The groups the seeds lie in, and how much each counts."""
        return self.code[seeds.rows], seeds.weights

    def count(self, seeds: SeedRows) -> Floats:
        """How many of the seeds (by weight) lie in each group, shape (n_groups,)."""
        groups, weights = self.of_seeds(seeds)
        return np.bincount(groups, weights, minlength=len(self)).astype(np.float64)

    def mean(self, values: npt.NDArray[np.floating]) -> Floats:
        """Mean over the *tracks* of values told per group, shape (n_groups, f) -> (f,)."""
        return np.asarray(self._share @ values, dtype=np.float64)


class ByArtist(Groups):
    """Tracks by artist. A vibe may name artists without naming any track of theirs."""

    @cached_property
    def _number(self) -> dict[str, int]:
        return {name: i for i, name in enumerate(self.names) if name}

    def of_seeds(self, seeds: SeedRows) -> tuple[Ints, Floats]:
        """The artists of the seeds and those behind a vibe, who count for a seed at least."""
        groups, weights = super().of_seeds(seeds)
        if seeds.vibe is None or not seeds.vibe.artists:
            return groups, weights
        said = [(self._number.get(name.casefold().strip()), w) for name, w in seeds.vibe.artists]
        here = [(i, max(VIBE_COUNTS_AS * w, 1.0)) for i, w in said if i is not None]
        more = np.array([i for i, _ in here], dtype=np.intp)
        return np.r_[groups, more], np.r_[weights, [w for _, w in here]]


def chosen(values: Singles, only: Ints | None) -> Singles:
    """The rows of some groups, or of all."""
    return values if only is None else values[only]


class Witness(Protocol):
    """One kind of evidence.

    ``features`` maps each feature it tells to the part of the score it belongs to; ``groups`` says
    about what it tells.
    """

    features: Mapping[str, str]
    groups: Groups

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Its features given the seeds, shape (n_groups, n_features).

        Parameters
        ----------
        only
            Groups to speak about, where not all are wanted; rows come in that order.
        """
        ...

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """One plain sentence with numbers why `part` speaks for a track, or None."""
        ...
