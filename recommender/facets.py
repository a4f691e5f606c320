"""The sides of a library: a whole library is no vibe (its middle is bland), but it has a few."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from music.errors import InputError
from music.features import Floats
from music.theory import branch_of
from music.tracks import primary_artist, split, vibe_of_tracks
from music.vibe import Vibe
from recommender.seeds import Ints
from recommender.space import TasteSpace

FEWEST, MOST = 3, 6
SMALLEST = 0.05  # share of the library; a smaller cluster is an accident, not a side of a person
LARGEST = 0.5  # a larger one says nothing: it is most of the library
TOLD = 0.3  # share of a side's tracks that must be of the genres it is named by
HELD = 0.45  # the same, of those tracks that have a genre at all
ENOUGH = 0.6  # one branch of music names a side alone if it holds so much of what has a genre


@dataclass(frozen=True)
class Facet:
    """One side of a library.

    Parameters
    ----------
    name
        From its genres and what stands out in its sound: ``"loud, fast metalcore"``.
    vibe
        The middle of its tracks; hand it to any other page.
    track_ids
        Its tracks, the most typical first.
    share
        Its share of the library, in (0, 1].
    """

    name: str
    vibe: Vibe
    track_ids: tuple[str, ...]
    share: float


def facets(tracks: pd.DataFrame, seed: int = 0) -> list[Facet]:
    """Three to six sides of a library, largest first; fewer only for a handful of tracks.

    Parameters
    ----------
    tracks
        A track table; features or genres may be missing, all of one kind even.
    seed
        The same tracks and seed give the same facets.

    Raises
    ------
    InputError
        If there are no tracks.
    """
    if not len(tracks):
        raise InputError("there are no tracks, so there is nothing to divide into facets.")
    points = TasteSpace().fit(tracks).points(tracks)
    labels = _clusters(points, seed)
    sides = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    sides.sort(key=lambda rows: (-len(rows), int(rows[0])))
    return _named([_side(tracks, points, rows) for rows in sides], tracks)


def _clusters(points: Floats, seed: int) -> Ints:
    """The labels of the number of clusters (3 to 6) that stand apart most clearly."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    distinct = len(np.unique(points, axis=0))
    if distinct < FEWEST or len(points) < 2 * FEWEST:
        return np.zeros(len(points), dtype=np.intp)
    sample = np.random.default_rng(seed).permutation(len(points))[:1_000]
    best, best_score = np.zeros(len(points), dtype=np.intp), -np.inf
    for n_clusters in range(FEWEST, min(MOST, distinct - 1, len(points) // 2) + 1):
        labels = KMeans(n_clusters, n_init=4, random_state=seed).fit_predict(points)
        sizes = np.bincount(labels) / len(points)
        smallest, largest = sizes.min(), sizes.max()
        if len(np.unique(labels[sample])) < 2:
            continue
        score = float(silhouette_score(points[sample], labels[sample]))
        score -= 0.1 * (smallest < SMALLEST) + 0.1 * (largest > LARGEST)
        if score > best_score:
            best, best_score = labels.astype(np.intp), score
    return best


def _side(tracks: pd.DataFrame, points: Floats, rows: Ints) -> Facet:
    gap = np.linalg.norm(points[rows] - np.median(points[rows], axis=0), axis=1)
    ids = tracks.index[rows[np.argsort(gap, kind="stable")]]
    vibe = vibe_of_tracks(tracks.iloc[rows], origin="")
    return Facet("", vibe, tuple(ids), len(rows) / len(tracks))


def _named(sides: list[Facet], tracks: pd.DataFrame) -> list[Facet]:
    """Each side with a name that no other side has."""
    taken: set[str] = set()
    out = []
    for side in sides:
        name = next(n for n in _names(side, tracks) if n not in taken)
        taken.add(name)
        out.append(Facet(name, side.vibe.from_(f"facet: {name}"), side.track_ids, side.share))
    return out


def _names(side: Facet, tracks: pd.DataFrame) -> list[str]:
    """Names for a side, the plainest first; the last one is always free."""
    own = tracks.loc[list(side.track_ids)]
    genres = spoken_genres(own)
    what = " + ".join(genres) or _era(own["year"])
    sound = side.vibe.adjectives(1 if len(genres) > 1 else 2)
    artist = primary_artist(own).mode()
    like = " ".join([", ".join(sound), what]).strip()
    names = [what, like] if genres else [like]
    names += [f"{like} around {artist.iloc[0]}"] if len(artist) else []
    return [*names, f"{like} ({len(side.track_ids)} tracks)", f"{like} from {side.track_ids[0]}"]


def spoken_genres(tracks: pd.DataFrame) -> list[str]:
    """What to call some tracks by genre: one word, or two where no branch holds most of them.

    Each is the commonest genre of a branch of music. None where too few tracks have a genre, or
    where the two largest branches together hold too few of them for a name to be true.
    """
    words = split(tracks["genres"].str.casefold()).explode().dropna()
    branch = words.map({w: branch_of(w) or w for w in words.unique()})
    n_told = words.index.nunique()
    if not n_told:
        return []
    counted = pd.DataFrame({"branch": branch, "track": words.index}).drop_duplicates()
    held = counted["branch"].value_counts(sort=True) / n_told
    held = held.sort_index().sort_values(ascending=False, kind="stable")
    chosen = held.index[: 1 if held.iloc[0] >= ENOUGH else 2]
    n_held = counted.loc[counted["branch"].isin(chosen), "track"].nunique()
    if n_held < max(HELD * n_told, TOLD * len(tracks)):
        return []
    return [str(words[branch == b].mode().iloc[0]) for b in chosen]


def _era(years: pd.Series) -> str:
    """What to call songs without genre: "songs of the 1990s"."""
    if not years.notna().any():
        return "songs"
    return f"songs of the {int(years.median()) // 10 * 10}s"
