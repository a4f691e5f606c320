"""Recommending beyond what one owns: the tracks of a catalogue, ranked beside one's own."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from library.catalogue_candidates import candidates
from library.catalogue_index import CatalogueIndex
from music.errors import NotFoundError
from music.features import Floats
from music.tracks import percentiles, primary_artist
from recommender.seeds import Seeds
from studio import catalogues
from studio.listener import Listener

if TYPE_CHECKING:
    from recommender.recommend import Recommender

N_POINTS: Final = 8  # places in taste around which a catalogue is searched
N_KEPT: Final = 3  # recommenders over parts of catalogues that are kept for the next question

_kept: OrderedDict[tuple[str, str, int], Recommender] = OrderedDict()


@dataclass(frozen=True)
class Reach:
    """Who recommends, and which tracks must not come because the listener has them."""

    recommender: Recommender
    known: tuple[str, ...] = ()


def find(name: str) -> CatalogueIndex:
    """The catalogue of this name (a part of it is enough).

    Raises
    ------
    NotFoundError
        If none is held under this name.
    """
    held = catalogues.held()
    for index in held:
        if name.casefold() in index.name.casefold():
            return index
    some = ", ".join(repr(index.name) for index in held) or "none"
    raise NotFoundError(f"There is no catalogue called {name!r}; there are: {some}.")


def beyond(
    who: Listener,
    index: CatalogueIndex | None,
    seeds: Seeds,
    progress: Callable[[float, str], None] | None = None,
) -> Reach:
    """Who recommends from a catalogue for these seeds; None = from the library itself.

    Of the catalogue only the part near the seeds and by their artists is looked at closely; the
    listener's own tracks stand beside it as seeds, and none of them is recommended.
    """
    if index is None:
        return Reach(who.recommender)
    own = who.library.tracks
    wanted = frozenset(track for track, weight in seeds.weights.items() if weight > 0)
    key = (who.key, str(index.path), hash((wanted, seeds.vibe)))
    with who.lock:
        if key not in _kept:
            _kept[key] = _recommender(own, index, seeds, wanted, progress)
            while len(_kept) > N_KEPT:
                _kept.popitem(last=False)
        _kept.move_to_end(key)
        return Reach(_kept[key], tuple(own.index))


def forget(part: str) -> None:
    """Drop what is kept of listeners whose key has this part."""
    for key in [key for key in _kept if part in key[0]]:
        _kept.pop(key, None)


def _recommender(
    own: pd.DataFrame,
    index: CatalogueIndex,
    seeds: Seeds,
    wanted: frozenset[str],
    progress: Callable[[float, str], None] | None,
) -> Recommender:
    from recommender.recommend import Recommender

    chosen = own[own.index.isin(wanted)]
    behind = [name for name, _ in seeds.vibe.artists] if seeds.vibe else []
    artists = [*primary_artist(chosen).dropna().unique(), *behind]
    near = candidates(index, _points(chosen, seeds), artists, progress=progress)
    fresh = near[~near.index.isin(own.index)]
    return Recommender(pd.concat([own, fresh]) if len(fresh) else own)


def _points(chosen: pd.DataFrame, seeds: Seeds) -> Floats:
    """Where to look: a few middles of the wanted tracks, and the vibe; shape (n, 9), NaN unsaid."""
    from sklearn.cluster import KMeans

    parts = []
    found = percentiles(chosen)
    found = found[~np.isnan(found).all(axis=1)]
    if len(found):
        full = np.where(np.isnan(found), 0.5, found)
        n = min(N_POINTS, len(np.unique(full, axis=0)))
        parts.append(KMeans(n, n_init=1, random_state=0).fit(full).cluster_centers_)
    if seeds.vibe is not None and any(seeds.vibe.weights):
        said = np.array(seeds.vibe.weights) > 0
        parts.append(np.where(said, np.array(seeds.vibe.features), np.nan)[None, :])
    return np.concatenate(parts) if parts else np.empty((0, 9))
