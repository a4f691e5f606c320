"""Learn from playlists what each feature weighs: continue each one as if it had not been seen.

From every playlist some tracks are drawn as seeds; the others should stand out from the rest of the
catalogue. The playlist itself is left out of what the witnesses know, so nothing is learned by
looking the answer up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from music.errors import InputError
from music.features import Floats
from recommender.catalogue import Catalogue
from recommender.ranker import ListLogit
from recommender.score import Weights, default_weights, seed_share
from recommender.seeds import Ints, SeedRows
from recommender.together import ArtistsTogether, Together
from recommender.witness import Singles, Witness

SEED_COUNTS: Final = (1, 5, 10, 25)
FEWEST_HIDDEN: Final = 10  # tracks that must be left to find
MOST_HIDDEN: Final = 60  # per list; more of one playlist teach nothing new
RIVALS: Final = 300  # of the best-scored others, and as many of the rest by chance
MOST_LISTS: Final = 1_000
FEWEST_LISTS: Final = 8
STRENGTH: Final = (
    0.01  # of the penalty; 0.001 is better by 0.004 NDCG on tt and worse by as much on ph
)
FULL_TRUST: Final = 300  # lists; fewer move the weights less from those that are shipped


@dataclass(frozen=True)
class Example:
    """One continued playlist: features of some tracks, and which of them were in it.

    Parameters
    ----------
    features
        Shape (n, n_features), the tracks that were chosen first.
    n_chosen
        How many.
    stands_for
        Shape (n,): how many tracks of the catalogue each row stands for.
    n_seeds
        How many tracks were given.
    """

    features: Singles
    n_chosen: int
    stands_for: Floats
    n_seeds: int


def learn(catalogue: Catalogue, seed: int = 0, closed: bool = False) -> Weights:
    """Weights fitted to the playlists a catalogue knows (`Catalogue.beside`).

    Takes about a minute for 330 playlists and 26,000 tracks on one core, seconds for a personal
    library: do it in a worker.

    Parameters
    ----------
    closed
        Whether somebody has put every song of the catalogue into some playlist, most into one. Then
        a song that is in none of the known ones belongs to one that is not known, and that counts
        (the feature ``filed``). A person's library is no such collection: there a song is not less
        wanted for being in another playlist.

    Raises
    ------
    InputError
        If there are too few playlists that are long enough.
    """
    return fit_weights(catalogue, list(examples(catalogue, seed)), deaf_to(closed))


def deaf_to(closed: bool) -> tuple[str, ...]:
    """Features that shall weigh nothing; see `learn`."""
    return () if closed else ("filed",)


def fit_weights(catalogue: Catalogue, found: list[Example], deaf: Collection[str] = ()) -> Weights:
    """The weights under which, over all examples, the chosen tracks stand out best.

    Parameters
    ----------
    deaf
        Features that shall weigh nothing.
    """
    if len(found) < FEWEST_LISTS:
        raise InputError(
            f"learning needs some playlists of at least {1 + FEWEST_HIDDEN} tracks that are in the "
            f"catalogue; there are {len(found)} lists to learn from, {FEWEST_LISTS} are the least."
        )
    names = feature_names(catalogue)
    shipped = default_weights().array(names, 1.0)
    shares = np.concatenate([np.full(len(e.features), seed_share(e.n_seeds)) for e in found])
    heard = np.array([name not in deaf for name in names])
    X = np.vstack([e.features * heard for e in found])
    X = np.hstack([X * (1 - shares[:, None]), X * shares[:, None]]).astype(np.float32)
    y = np.concatenate([np.arange(len(e.features)) < e.n_chosen for e in found])
    lists = np.repeat(np.arange(len(found)), [len(e.features) for e in found])
    signs = np.tile([sign_of(name) for name in names], 2)
    many = np.concatenate([e.stands_for for e in found])
    ranker = ListLogit(alpha=STRENGTH * (1 + (FULL_TRUST / len(found)) ** 2), signs=signs).fit(
        X, y.astype(float), lists=lists, stands_for=many, prior=np.tile(shipped * heard, 2)
    )
    few, much = np.split(ranker.coef_, 2)
    return Weights(
        dict(zip(names, few.tolist(), strict=True)), dict(zip(names, much.tolist(), strict=True))
    )


def feature_names(catalogue: Catalogue) -> list[str]:
    """All features the witnesses of a catalogue tell, in order."""
    return [feature for witness in catalogue.witnesses for feature in witness.features]


def examples(catalogue: Catalogue, seed: int) -> Iterator[Example]:
    """Continued playlists to learn from, at most `MOST_LISTS`, the same for the same seed."""
    rng = np.random.default_rng(seed)
    base = default_weights()
    plans = [
        (j, rows, k)
        for j, rows in enumerate(map(np.unique, catalogue.playlists.values()))
        for k in SEED_COUNTS
        if len(rows) >= k + FEWEST_HIDDEN
    ]
    chosen = np.sort(rng.permutation(len(plans))[:MOST_LISTS])
    for at in chosen:
        j, rows, k = plans[at]
        mixed = rng.permutation(rows)
        seeds, hidden = SeedRows(mixed[:k], np.ones(k)), mixed[k:]
        said = _said_without(catalogue, seeds, j)
        scores = np.zeros(len(catalogue))
        for witness, told in zip(catalogue.witnesses, said, strict=True):
            scores += (told @ base.array(list(witness.features), k))[witness.groups.code]
        scores[rows] = -np.inf
        yes = rng.permutation(hidden)[:MOST_HIDDEN]
        no, stands_for = _others(scores, len(catalogue) - len(rows), rng)
        table = _table(catalogue, said, np.concatenate([yes, no]))
        yield Example(table, len(yes), np.concatenate([np.ones(len(yes)), stands_for]), k)


def _others(scores: Floats, n_others: int, rng: np.random.Generator) -> tuple[Ints, Floats]:
    """Tracks that were not chosen: the hardest, and some of the rest that stand for all of it."""
    hard = min(RIVALS, n_others)
    order = np.argpartition(-scores, hard - 1)
    rest = order[hard:][np.isfinite(scores[order[hard:]])]
    some = rng.permutation(rest)[:RIVALS]
    share = len(rest) / max(len(some), 1)
    return np.concatenate([order[:hard], some]), np.r_[np.ones(hard), np.full(len(some), share)]


def _table(catalogue: Catalogue, said: list[Singles], rows: Ints) -> Singles:
    """The features of some tracks, shape (n_rows, n_features)."""
    pairs = zip(catalogue.witnesses, said, strict=True)
    return np.hstack([told[witness.groups.code[rows]] for witness, told in pairs])


def _said_without(catalogue: Catalogue, seeds: SeedRows, playlist: int) -> list[Singles]:
    """What each witness says; those who know playlists say it as if this one did not exist."""
    return [_hear_without(witness, seeds, playlist) for witness in catalogue.witnesses]


def _hear_without(witness: Witness, seeds: SeedRows, playlist: int) -> Singles:
    if isinstance(witness, Together | ArtistsTogether):
        return witness.hear_without(seeds, playlist)
    return witness.hear(seeds)


def sign_of(feature: str) -> int:
    """What a weight may be: +1, 0 (anything) or -1.

    Evidence from playlists must not count against a song; being filed elsewhere only may.
    """
    if feature == "filed":
        return -1
    parts = {**Together.features, **ArtistsTogether.features}
    return 1 if parts.get(feature) == "together" else 0
