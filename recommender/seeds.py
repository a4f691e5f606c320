"""What a recommendation starts from: tracks (wanted or unwanted, weighted), a vibe, or both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError, NotFoundError
from music.features import Floats
from music.vibe import Vibe

Ints: TypeAlias = npt.NDArray[np.intp]
SeedsLike: TypeAlias = "Seeds | Vibe | Mapping[str, float] | Iterable[str]"

VIBE_COUNTS_AS = 20.0  # seeds; a vibe is a wish, more exact than any handful of tracks


@dataclass(frozen=True)
class Seeds:
    """Tracks to start from, a vibe, or both.

    Parameters
    ----------
    weights
        Track id -> weight: 1 counts once, 0.5 half, negative means "away from this".
    vibe
        A point of taste that counts as some tracks with these features and words.
    """

    weights: Mapping[str, float] = field(default_factory=dict)
    vibe: Vibe | None = None

    def __post_init__(self) -> None:
        if not all(np.isfinite(w) for w in self.weights.values()):
            raise InputError("the weight of a seed must be a finite number.")

    @classmethod
    def of(cls, seeds: SeedsLike) -> Seeds:
        """Seeds from whatever a page holds: ids, ids with weights, a vibe.

        >>> Seeds.of(["a", "b", "a"]).weights
        {'a': 2.0, 'b': 1.0}
        """
        if isinstance(seeds, Seeds):
            return seeds
        if isinstance(seeds, Vibe):
            return cls(vibe=seeds)
        if isinstance(seeds, str):
            raise InputError("seeds are a list of track ids, not one text; write [track_id].")
        if isinstance(seeds, Mapping):
            return cls({str(t): float(w) for t, w in seeds.items()})
        counts: dict[str, float] = {}
        for track_id in seeds:
            counts[str(track_id)] = counts.get(str(track_id), 0.0) + 1.0
        return cls(counts)

    def without(self, track_ids: Iterable[str]) -> Seeds:
        """The same seeds less some tracks."""
        gone = set(track_ids)
        return replace(self, weights={t: w for t, w in self.weights.items() if t not in gone})


@dataclass(frozen=True)
class SeedRows:
    """Seeds of one sign, found in a catalogue.

    Parameters
    ----------
    rows
        Shape (k,): their rows in the catalogue.
    weights
        Shape (k,): positive; scaled so that they sum to how many equal seeds they are worth.
    vibe
        The vibe beside them, if any.
    """

    rows: Ints
    weights: Floats
    vibe: Vibe | None = None

    @property
    def count(self) -> float:
        """How many equal tracks the seeds are worth (a vibe counts for none)."""
        return float(self.weights.sum())


def find(seeds: Seeds, index: pd.Index) -> tuple[SeedRows, SeedRows, float]:
    """The wanted seeds, the unwanted ones, and how much the unwanted weigh against the wanted.

    Parameters
    ----------
    index
        The track ids of the catalogue. Seeds it does not hold are left out.

    Raises
    ------
    NotFoundError
        If nothing wanted is left.
    """
    rows = index.get_indexer(pd.Index(list(seeds.weights)))
    weights = np.fromiter(seeds.weights.values(), dtype=np.float64, count=len(rows))
    here = rows >= 0
    more, less = here & (weights > 0), here & (weights < 0)
    if not more.any() and seeds.vibe is None:
        said = f"none of the {len(rows)} seeds is" if len(rows) else "there are no seeds"
        raise NotFoundError(f"{said} in this catalogue of {len(index):,} tracks.")
    share = -weights[less].mean() / weights[more].mean() if less.any() and more.any() else 1.0
    return (
        SeedRows(rows[more], _worth(weights[more]), seeds.vibe),
        SeedRows(rows[less], _worth(-weights[less])),
        float(min(share, 2.0)) if less.any() else 0.0,
    )


def _worth(weights: Floats) -> Floats:
    """Weights scaled to sum to the effective number of seeds, (sum w)^2 / sum w^2."""
    return weights * (weights.sum() / (weights**2).sum()) if len(weights) else weights
