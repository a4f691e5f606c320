"""Recommendations: seeds in, tracks out, each with the parts of its score and its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import overload

import numpy as np
import pandas as pd

from music.errors import InputError
from music.features import Floats
from recommender.catalogue import Catalogue
from recommender.pick import pick
from recommender.score import PARTS, Hearing, default_weights, hear
from recommender.seeds import Ints, SeedRows, Seeds, SeedsLike, find

N_REASONS = 3


@dataclass(frozen=True)
class Recommendation:
    """One recommended track.

    Parameters
    ----------
    score
        How far it stands above the average track of the catalogue (0).
    parts
        Part of `recommender.score.PARTS` -> its share of the score; they sum to it.
    because
        Up to three sentences with numbers, the strongest part first.
    """

    track_id: str
    score: float
    parts: Mapping[str, float]
    because: tuple[str, ...]


class Recommendations(Sequence[Recommendation]):
    """Recommended tracks, best first; reasons are put in words when a row is looked at.

    Attributes
    ----------
    ids
        Track ids, best first.
    scores
        Shape (n,).
    """

    def __init__(
        self, catalogue: Catalogue, hearing: Hearing, seeds: SeedRows, rows: Ints, scores: Floats
    ) -> None:
        self._catalogue, self._hearing, self._seeds, self._rows = catalogue, hearing, seeds, rows
        self.ids: list[str] = catalogue.ids[rows].tolist()
        self.scores = scores

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Recommendation: ...
    @overload
    def __getitem__(self, at: slice) -> list[Recommendation]: ...
    def __getitem__(self, at: int | slice) -> Recommendation | list[Recommendation]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        parts = self._hearing.parts(self._rows[[at]])[0]
        named = dict(zip(PARTS, parts.tolist(), strict=True))
        return Recommendation(
            self.ids[at], float(self.scores[at]), named, self._because(int(self._rows[at]), named)
        )

    def __iter__(self) -> Iterator[Recommendation]:
        return (self[i] for i in range(len(self)))

    def tracks(self) -> pd.DataFrame:
        """The recommended tracks as a track table, best first."""
        return self._catalogue.tracks.iloc[self._rows]

    def frame(self) -> pd.DataFrame:
        """A table to look at: name, artists, album, year, score, because; indexed by track_id."""
        table = self.tracks()[["name", "artists", "album", "year"]].copy()
        table["score"] = self.scores
        table["because"] = ["; ".join(one.because) for one in self]
        return table

    def _repr_html_(self) -> str:
        return self.frame().to_html(escape=True)

    def _because(self, row: int, parts: Mapping[str, float]) -> tuple[str, ...]:
        reasons: list[str] = []
        for part in sorted(parts, key=lambda name: -parts[name]):
            if parts[part] <= 0 or len(reasons) == N_REASONS:
                break
            for witness in self._hearing.witnesses:
                if part in witness.features.values():
                    reason = witness.because(part, self._seeds, row)
                    if reason is not None:
                        reasons.append(reason)
                        break
        return tuple(reasons)


class Recommender:
    """Recommends tracks of one catalogue.

    Parameters
    ----------
    tracks
        A track table, or a `Catalogue` made of one.
    weights
        Feature -> weight, where the shipped ones are not wanted.

    Examples
    --------
    >>> from music.tracks import as_tracks
    >>> frame = pd.DataFrame({"track_id": list("abc"), "artists": ["X", "X", "Y"]})
    >>> found = Recommender(as_tracks(frame, "doc")).recommend(["a"], n=1)
    >>> found[0].track_id, found[0].because
    ('b', ('same artist as 1 of your 1 seeds',))
    """

    def __init__(
        self, tracks: pd.DataFrame | Catalogue, weights: Mapping[str, float] | None = None
    ) -> None:
        self.catalogue = tracks if isinstance(tracks, Catalogue) else Catalogue(tracks)
        self.weights = default_weights() if weights is None else weights

    def recommend(
        self,
        seeds: SeedsLike,
        n: int = 20,
        exclude: Iterable[str] = (),
        seed: int = 0,
        per_artist: int | None = None,
        per_album: int | None = None,
    ) -> Recommendations:
        """The n tracks that fit the seeds best; never a seed, nor another version of one.

        Parameters
        ----------
        seeds
            Track ids, ids with weights (negative: away from it), a `Vibe`, or `Seeds` with both.
        exclude
            Track ids that must not come, in any version.
        seed
            Decides between tracks with equal scores; the same input and seed give the same list.
        per_artist, per_album
            At most so many tracks of one artist or album.

        Returns
        -------
        Recommendations
            Fewer than n only if the catalogue has no more.

        Raises
        ------
        NotFoundError
            If no seed is in the catalogue.
        InputError
            If a number makes no sense.
        """
        for name, value in (("n", n), ("per_artist", per_artist), ("per_album", per_album)):
            if value is not None and value < 1:
                raise InputError(f"{name} must be at least 1, not {value}.")
        more, less, share = find(Seeds.of(seeds), self.catalogue.ids)
        hearing = hear(self.catalogue.witnesses, more, self.weights)
        if share:
            hearing = hearing.less(hear(self.catalogue.witnesses, less, self.weights), share)
        scores = hearing.scores()
        gone = np.concatenate([more.rows, less.rows, self._rows(exclude)])
        allowed = self._other_songs(gone)
        caps = [(self.catalogue.songs, 1)]
        caps += [(self.catalogue.artists, per_artist)] if per_artist else []
        caps += [(self.catalogue.albums, per_album)] if per_album else []
        rows = pick(scores, allowed, n, caps, seed)
        return Recommendations(self.catalogue, hearing, more, rows, scores[rows])

    def _rows(self, track_ids: Iterable[str]) -> Ints:
        rows = self.catalogue.ids.get_indexer(pd.Index(list(track_ids)))
        return rows[rows >= 0]

    def _other_songs(self, rows: Ints) -> np.ndarray:
        """Which tracks are no version of the songs in some rows, shape (n_tracks,)."""
        songs = self.catalogue.songs
        gone = np.zeros(len(songs), dtype=bool)
        gone[songs.code[rows]] = True
        return ~gone[songs.code]
