"""Recommendations: seeds in, tracks out, each with the parts of its score and its reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import overload

import numpy as np
import pandas as pd

from music.errors import InputError
from music.threads import one_thread
from recommender.catalogue import Catalogue
from recommender.controls import Blocked, Filters
from recommender.question import Question
from recommender.score import Weights, default_weights, emphasised, hear
from recommender.seeds import Seeds, SeedsLike, find
from recommender.trees import TreeRanker, fit_trees
from recommender.wishes import Wishes

N_REASONS = 3
FEWEST_FOR_TREES = 120  # continued playlists to learn from; below, the linear score is safer


@dataclass(frozen=True)
class Recommendation:
    """One recommended track.

    Parameters
    ----------
    score
        How far it stands above the average track of the catalogue (0).
    parts
        Part of `recommender.score.PARTS`, or a wish -> its share of the score; they sum to it.
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

    def __init__(self, question: Question, start: int, n: int) -> None:
        self._question, self._end = question, start + n
        rows, scores, again = question.answer(self._end)
        self._rows, self.scores, self._again = rows[start:], scores[start:], again[start:]
        self.ids: list[str] = question.catalogue.ids[self._rows].tolist()

    def __len__(self) -> int:
        return len(self.ids)

    @overload
    def __getitem__(self, at: int) -> Recommendation: ...
    @overload
    def __getitem__(self, at: slice) -> list[Recommendation]: ...
    def __getitem__(self, at: int | slice) -> Recommendation | list[Recommendation]:
        if isinstance(at, slice):
            return [self[i] for i in range(*at.indices(len(self)))]
        row = int(self._rows[at])
        parts = self._question.parts(row) | {"again": float(self._again[at])}
        reasons = self._question.reasons(row, parts, N_REASONS)
        return Recommendation(self.ids[at], float(self.scores[at]), parts, reasons)

    def __iter__(self) -> Iterator[Recommendation]:
        return (self[i] for i in range(len(self)))

    def more(self, n: int = 20) -> Recommendations:
        """The next n, as if the list had been longer from the start."""
        return Recommendations(self._question, self._end, n)

    def tracks(self) -> pd.DataFrame:
        """The recommended tracks as a track table, best first."""
        return self._question.catalogue.tracks.iloc[self._rows]

    def frame(self) -> pd.DataFrame:
        """A table to look at, indexed by track_id.

        Columns name, artists, album, year, origin, score, because.
        """
        table = self.tracks()[["name", "artists", "album", "year", "origin"]].copy()
        table["score"] = self.scores
        table["because"] = ["; ".join(one.because) for one in self]
        return table

    def _repr_html_(self) -> str:
        return self.frame().to_html(escape=True)


class Recommender:
    """Recommends tracks of one catalogue.

    Parameters
    ----------
    tracks
        A track table, or a `Catalogue` made of one.
    weights
        What each feature weighs (`recommender.learn.learn`), where the shipped ones are not wanted.
    trees
        A second opinion on the best tracks (`recommender.trees.fit_trees`); reasons stay those of
        the linear score, and the part "trees" says how much the trees moved a track.

    Examples
    --------
    >>> from music.tracks import as_tracks
    >>> frame = pd.DataFrame({"track_id": list("abc"), "artists": ["X", "X", "Y"]})
    >>> found = Recommender(as_tracks(frame, "doc")).recommend(["a"], n=1)
    >>> found[0].track_id, found[0].because
    ('b', ('same artist as 1 of your 1 seeds',))
    """

    def __init__(
        self,
        tracks: pd.DataFrame | Catalogue,
        weights: Weights | None = None,
        trees: TreeRanker | None = None,
    ) -> None:
        self.catalogue = tracks if isinstance(tracks, Catalogue) else Catalogue(tracks)
        self.weights = default_weights() if weights is None else weights
        self.trees = trees

    def learned(
        self, playlists: Mapping[str, Iterable[str]], seed: int = 0, closed: bool = False
    ) -> Recommender:
        """A recommender over the same tracks that has learned from playlists, all three tiers.

        The weights start from those that are shipped and move as far as the playlists bear it; the
        trees come beside them where there is enough to learn from. Seconds for a personal library,
        a minute or two for 330 playlists and 26,000 tracks: call it in a worker.

        Parameters
        ----------
        playlists
            Name or id -> track ids; tracks that are not in the catalogue are left out.
        closed
            See `recommender.learn.learn`.

        Raises
        ------
        InputError
            If there are too few playlists that are long enough.
        """
        from recommender.learn import deaf_to, examples, fit_weights

        catalogue = self.catalogue.beside(playlists)
        with one_thread():
            found = list(examples(catalogue, seed))
            weights = fit_weights(catalogue, found, deaf_to(closed))
            enough = len(found) >= FEWEST_FOR_TREES
            trees = fit_trees(catalogue, found, weights, deaf_to(closed)) if enough else None
        return Recommender(catalogue, weights, trees)

    def answer(self, seeds: Sequence[str], n: int) -> list[str]:
        """Ids only, as an evaluation asks for them (`recommender.evaluate.Answer`)."""
        return self.recommend(seeds, n).ids

    def recommend(
        self,
        seeds: SeedsLike,
        n: int = 20,
        exclude: Iterable[str] = (),
        seed: int = 0,
        emphasis: Mapping[str, float] | None = None,
        per_artist: int | None = None,
        per_album: int | None = None,
        filters: Filters | None = None,
        blocked: Blocked | None = None,
        wishes: Wishes | None = None,
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
        emphasis
            Part of `recommender.score.PARTS` -> how much it shall count: 0 not at all, 1 as it
            does, 2 twice. Without the trees, which cannot be told what to leave out.
        per_artist, per_album
            At most so many tracks of one artist or album.
        filters
            Hard limits on year, tempo, length ... (`recommender.controls.Filters`).
        blocked
            Tracks and artists that must never come (`recommender.controls.Blocked`).
        wishes
            Sliders for novelty, mood, variety and diversity (`recommender.wishes.Wishes`).

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
        catalogue, wishes = self.catalogue, wishes or Wishes()
        more, less, share = find(Seeds.of(seeds), catalogue.ids)
        weights = emphasised(self.weights, catalogue.witnesses, emphasis or {})
        hearing = hear(catalogue.witnesses, more, weights)
        if share:
            unwanted = hear(catalogue.witnesses, less, weights)
            hearing = replace(hearing, less=unwanted, share=share)
        gone = np.concatenate([more.rows, less.rows, catalogue.rows(exclude)])
        allowed = catalogue.others(gone, blocked or Blocked())
        if filters is not None:
            allowed &= filters.allow(catalogue.tracks)
        caps = [(catalogue.songs, 1)]
        caps += [(catalogue.albums, per_album)] if per_album else []
        caps += [(catalogue.artists, per_artist)] if per_artist else []
        question = Question(
            catalogue, hearing, more, allowed, wishes.parts(catalogue, more.rows, seed),
            caps, wishes.diversity, seed, None if emphasis else self.trees,
        )  # fmt: skip
        return Recommendations(question, 0, n)
