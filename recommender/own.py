"""How good is this for you: the leave-out protocol on one listener's own library.

A library is its own catalogue, so two things need care. A playlist that holds most of the library
cannot be missed by anybody and measures nothing. And who has no playlists, only a long list of
liked songs, still left traces of taste: what was added in one month belongs together more often
than chance.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from music.errors import InputError
from music.tracks import Library
from recommender.evaluate import LEAST_HIDDEN, Answer, Quality, evaluate, questions
from recommender.floor import same_artist
from recommender.recommend import Recommender

N_SEEDS: Final = 10
MOST: Final = 0.5  # of the library; whoever draws from a bigger list can hardly miss
FEWEST: Final = 5  # lists; an interval over fewer says nothing
N_FOLDS: Final = 4
LIKED: Final = "liked"

Tell = Callable[[float, str], None]
Kind = Literal["playlists", "months"]


@dataclass(frozen=True)
class OwnQuality:
    """What was measured on a library.

    Parameters
    ----------
    kind
        What was hidden: parts of playlists, or of months of additions.
    ours
        The recommender as shipped.
    learned
        The same after learning from the other lists; None where they are too few.
    floor
        Songs by the seeds' artists, the best known first, then the best known of all.
    chance
        NDCG@100 of a list in random order.
    """

    kind: Kind
    ours: Quality
    learned: Quality | None
    floor: Quality
    chance: float

    @property
    def n_lists(self) -> int:
        """How many lists were long enough to hide something."""
        return len(self.ours.per_playlist)

    def table(self) -> list[dict[str, str | float | None]]:
        """One row a way to answer: what, NDCG@100, and its 95 % interval (None for chance)."""
        ways = [("as shipped", self.ours), ("after learning from your playlists", self.learned)]
        rows: list[dict[str, str | float | None]] = []
        for what, quality in [*ways, ("the same artists' songs, by fame", self.floor)]:
            if quality is not None:
                low, high = quality.interval(k=N_SEEDS)
                rows.append(
                    {"what": what, "ndcg100": quality.mean(k=N_SEEDS), "low": low, "high": high}
                )
        return [*rows, {"what": "chance", "ndcg100": self.chance, "low": None, "high": None}]

    def sentence(self) -> str:
        """What was measured, in words."""
        low, high = self.ours.interval(k=N_SEEDS)
        least = N_SEEDS + LEAST_HIDDEN
        lists = (
            f"playlists of {least} tracks or more"
            if self.kind == "playlists"
            else f"months in which you added {least} tracks or more"
        )
        said = (
            f"95 % interval {low:.2f} to {high:.2f}, over {self.n_lists} {lists}; "
            f"chance would be {self.chance:.2f}."
        )
        if self.learned is None:
            return said
        gain, low, high = self.learned.gain(self.ours, k=N_SEEDS)
        verdict = "is sure to help" if low > 0 else "makes no sure difference"
        if high < 0:
            verdict = "does harm"
        how_much = f"{gain:+.2f}, {low:+.2f} to {high:+.2f}"
        return f"{said} Learning from your playlists {verdict} ({how_much})."


def own_lists(library: Library) -> tuple[Kind, dict[str, list[str]]]:
    """The lists of a library that can be measured: playlists, else the months of additions.

    Raises
    ------
    InputError
        If neither gives five lists of 20 tracks or more.
    """
    entries = library.entries[library.entries["track_id"].isin(library.tracks.index)]
    least = N_SEEDS + LEAST_HIDDEN
    playlists = {k: ids for k, ids in playlists_of(library).items() if len(ids) >= least}
    if len(playlists) >= FEWEST:
        return "playlists", playlists
    month = pd.to_datetime(entries["added_at"], utc=True, errors="coerce").dt.strftime("%Y-%m")
    added = entries.groupby(month)["track_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    most = MOST * len(library.tracks)
    months = {str(k): ids for k, ids in added.items() if least <= len(ids) <= most}
    if len(months) >= FEWEST:
        return "months", months
    raise InputError(
        f"an honest figure needs at least {FEWEST} playlists of {least} tracks or more (none of "
        f"them most of the library); there are {len(playlists)}, and {len(months)} months in "
        "which so many tracks were added."
    )


def playlists_of(library: Library) -> dict[str, list[str]]:
    """Every playlist as ids, liked songs apart: they are a heap, not a playlist."""
    entries = library.entries[library.entries["playlist_id"] != LIKED]
    lists = entries.groupby("playlist_id")["track_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    most = MOST * len(library.tracks)
    return {str(k): ids for k, ids in lists.items() if len(ids) <= most}


def measure(library: Library, recommender: Recommender, tell: Tell | None = None) -> OwnQuality:
    """How well hidden tracks of a library's own lists are found again.

    Parameters
    ----------
    recommender
        Over this library's tracks, as shipped.
    tell
        Is told the share that is done, and what goes on.

    Raises
    ------
    InputError
        If the library has too few lists to hide anything of.
    """
    kind, lists = own_lists(library)
    ids = library.tracks.index
    asked, most = 0, 2 * len(lists) * (3 if kind == "playlists" else 2) + 1

    def told(answer: Answer, text: str) -> Answer:
        def answered(seeds: Sequence[str], n: int) -> Sequence[str]:
            nonlocal asked
            asked += 1
            if tell is not None:
                tell(min(asked / most, 0.99), text)
            return answer(seeds, n)

        return answered

    def run(answer: Answer, text: str, some: Mapping[str, list[str]] = lists) -> Quality:
        return evaluate(told(answer, text), some, ids, (N_SEEDS,))

    ours = run(recommender.answer, "Asking for hidden tracks")
    floor = run(same_artist(library.tracks), "Comparing with the same artists' songs")
    learned = None
    if kind == "playlists":
        learned = _learned_in_folds(recommender, lists, lambda a, some: run(a, "Learning", some))
    return OwnQuality(kind, ours, learned, floor, _chance(lists, len(ids)))


def _learned_in_folds(
    recommender: Recommender,
    lists: Mapping[str, list[str]],
    run: Callable[[Answer, Mapping[str, list[str]]], Quality],
) -> Quality | None:
    """Learn from three quarters of the lists and ask for the last, four times; None if too few."""
    names = np.random.default_rng(0).permutation(sorted(lists)).tolist()
    found = []
    for fold in range(N_FOLDS):
        away = set(names[fold::N_FOLDS])
        known = {name: ids for name, ids in lists.items() if name not in away}
        try:
            learned = recommender.learned(known)
        except InputError:
            return None
        found.append(run(learned.answer, {name: lists[name] for name in away}))
    per = pd.concat([one.per_playlist for one in found]).sort_index()
    return Quality(per, sum(one.faulty for one in found))


def _chance(lists: Mapping[str, list[str]], n_tracks: int) -> float:
    """Expected NDCG@100 of a random order: every place holds a hidden track equally often."""
    discount = 1 / np.log2(np.arange(2, 102))
    said = []
    for _, k, _, hidden in questions(lists, (N_SEEDS,), 1):
        left = n_tracks - k
        ideal = discount[: min(len(hidden), 100)].sum()
        said.append(len(hidden) / left * discount[: min(left, 100)].sum() / ideal)
    return float(np.mean(said))
