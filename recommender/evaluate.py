"""How good are the recommendations, measured on playlists: hide most of one and look for it.

From each playlist a few tracks are shown to the recommender, and the others are hidden. The more of
the hidden ones come back, and the higher, the better. This is the usual protocol for continuing
playlists (RecSys Challenge 2018), on your own playlists.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from music.errors import InputError
from music.features import Floats

Answer = Callable[[Sequence[str], int], Sequence[str]]  # (seeds, n) -> track ids, best first

DEPTH: Final = 500
LEAST_HIDDEN: Final = 10
N_RESAMPLES: Final = 1_000


@dataclass(frozen=True)
class Quality:
    """The figures of one recommender.

    Parameters
    ----------
    per_playlist
        Index: (playlist, k); columns: ``ndcg100``, ``recall100``, ``recall500``, ``r_precision``,
        ``clicks`` (pages of ten until the first hit), each averaged over repetitions.
    faulty
        Answers that held a seed, a track twice, or one that is not in the catalogue.
    """

    per_playlist: pd.DataFrame
    faulty: int

    def mean(self, figure: str = "ndcg100", k: int = 10) -> float:
        """Mean over playlists."""
        return float(self._values(figure, k).mean())

    def interval(self, figure: str = "ndcg100", k: int = 10) -> tuple[float, float]:
        """95 % interval of the mean, by resampling playlists."""
        return _interval(self._values(figure, k))

    def gain(
        self, other: Quality, figure: str = "ndcg100", k: int = 10
    ) -> tuple[float, float, float]:
        """Mean gain over another recommender on the same playlists, and its 95 % interval.

        The gain is real, at that level, when the interval does not hold 0.
        """
        gain = self._values(figure, k) - other._values(figure, k)
        return float(gain.mean()), *_interval(gain)

    def table(self) -> pd.DataFrame:
        """Mean of every figure for every k, with the number of playlists."""
        grouped = self.per_playlist.groupby(level="k")
        return grouped.mean().assign(playlists=grouped.size())

    def _values(self, figure: str, k: int) -> Floats:
        return self.per_playlist.xs(k, level="k")[figure].to_numpy(dtype=np.float64)


def evaluate(
    answer: Answer,
    playlists: Mapping[str, Sequence[str]],
    catalogue: Sequence[str] | pd.Index,
    ks: Sequence[int] = (10,),
    repetitions: int = 2,
) -> Quality:
    """Ask for the hidden tracks of every playlist that is long enough.

    Parameters
    ----------
    answer
        ``(seeds, n) -> ids``, e.g. ``lambda seeds, n: recommender.recommend(seeds, n).ids``.
    playlists
        Name -> track ids.
    ks
        How many tracks are shown.

    Raises
    ------
    InputError
        If no playlist has enough tracks.
    """
    known, faulty, rows = set(catalogue), 0, []
    for name, k, seeds, hidden in questions(playlists, ks, repetitions):
        found = list(answer(seeds, DEPTH))
        clean = [t for t in dict.fromkeys(found) if t in known and t not in set(seeds)]
        faulty += len(clean) != len(found)
        rows.append({"playlist": name, "k": k, **_figures(clean[:DEPTH], hidden)})
    if not rows:
        raise InputError(
            f"no playlist has {min(ks) + LEAST_HIDDEN} tracks or more, so there is nothing to hide."
        )
    per = pd.DataFrame(rows).groupby(["playlist", "k"]).mean()
    return Quality(per, faulty)


def questions(
    playlists: Mapping[str, Sequence[str]], ks: Sequence[int], repetitions: int
) -> Iterator[tuple[str, int, list[str], set[str]]]:
    """(playlist, k, seeds, hidden): the same for the same names, whatever else is asked."""
    for name in sorted(playlists):
        tracks = list(dict.fromkeys(playlists[name]))
        for k in ks:
            if len(tracks) < k + LEAST_HIDDEN:
                continue
            for repetition in range(repetitions):
                said = hashlib.sha256(f"{name}|{k}|{repetition}".encode()).digest()
                rng = np.random.default_rng(int.from_bytes(said[:8], "little"))
                mixed = [tracks[i] for i in rng.permutation(len(tracks))]
                yield name, k, mixed[:k], set(mixed[k:])


def _figures(found: list[str], hidden: set[str]) -> dict[str, float]:
    hits = np.zeros(DEPTH)
    hits[: len(found)] = [t in hidden for t in found]
    discount = 1 / np.log2(np.arange(2, 102))
    ideal = discount[: min(len(hidden), 100)].sum()
    return {
        "ndcg100": float((hits[:100] * discount).sum() / ideal),
        "recall100": float(hits[:100].sum() / len(hidden)),
        "recall500": float(hits.sum() / len(hidden)),
        "r_precision": float(hits[: len(hidden)].sum() / len(hidden)),
        "clicks": float(hits.argmax() // 10) if hits.any() else 51.0,
    }


def _interval(values: Floats) -> tuple[float, float]:
    rng = np.random.default_rng(0)
    means = values[rng.integers(0, len(values), (N_RESAMPLES, len(values)))].mean(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
