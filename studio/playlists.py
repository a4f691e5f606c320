"""What doors do with a curator: let it read titles in the background, and say where that stands."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from music.errors import InputError
from music.playlist import PlaylistSpec
from music.tracks import vibe_of_tracks
from music.vibe import Vibe
from studio import services
from studio.curator import Curator
from studio.jobs import Job, Progress
from studio.listener import Listener
from studio.settings import settings
from studio.vectors import Tell, Vectors

if TYPE_CHECKING:
    from library.catalogue_index import CatalogueIndex
    from llm.playlist import Wish

FILE: Final = "names.npz"
MOST_BESIDE: Final = 6_000  # tracks of a catalogue beside the library: a second to make ready
NO_ENCODER: Final = (
    "Titles are compared by their words only: the extra “semantic”, which knows what names mean, "
    "is not installed."
)


@lru_cache(maxsize=1)
def vectors() -> Vectors:
    """What the sentence encoder has read so far, kept in the home folder (in memory if hosted)."""
    from llm.semantic import embed

    return Vectors(None if settings().hosted else settings().home / FILE, embed)


def read_titles(curator: Curator, tell: Tell | None = None) -> bool:
    """Let a curator read the titles and artists of its catalogue; False where nobody can.

    The first time it takes about 6 ms a name; afterwards the vectors come from disk.
    """
    from llm import semantic
    from llm.playlist_meaning import TrackMeaning

    if not semantic.available():
        return False
    if curator.meaning is None:
        tracks = curator.finder.catalogue.tracks
        curator.learn(TrackMeaning(tracks, encode=lambda texts: vectors().of(texts, tell)))
    return True


def reading(who: Listener) -> Job[bool] | None:
    """The job that reads a listener's titles; asked for again it is the same one.

    None where there is nothing to learn: names that are invented mean nothing to an encoder.
    """
    if who.library.invented:
        return None

    def work(progress: Progress) -> bool:
        return read_titles(who.curator, progress)

    return services.jobs().submit(f"titles-{who.key}", work)


def wish_of_tracks(tracks: pd.DataFrame, origin: str) -> Wish:
    """A wish for exactly these tracks, in a good order; follow-ups go on from how they sound.

    Raises
    ------
    InputError
        If there are no tracks, or more than 1,000.
    """
    from llm.playlist import Wish

    if tracks.empty:
        raise InputError("There is nothing in this selection to make a playlist of.")
    vibe = vibe_of_tracks(tracks, origin)
    name = origin[:80].strip().capitalize() or "A selection"
    return Wish(PlaylistSpec(vibe, name, n_tracks=len(tracks), per_artist=None))


def wish_of_vibe(vibe: Vibe) -> Wish:
    """A wish for what another page holds: tracks that sound like it."""
    from llm.playlist import Wish

    name = (vibe.origin or "What is in hand")[:80].strip()
    return Wish(PlaylistSpec(vibe, name), said=(f"like {name}",))


def from_catalogue(who: Listener, index: CatalogueIndex, spec: PlaylistSpec) -> Job[pd.DataFrame]:
    """The tracks of a catalogue that a wish may choose from, as a job; the same wish is the same.

    Those by its artists, and those that sound most like it; where it says neither, like the
    library.
    """
    from library.catalogue_candidates import candidates

    vibe = spec.vibe if any(spec.vibe.weights) else vibe_of_tracks(who.library.tracks, "")
    said = np.array(vibe.weights) > 0
    point = np.where(said, np.array(vibe.features), np.nan)[None, :]
    artists = (*spec.artists_only, *spec.artists_like)

    def work(progress: Progress) -> pd.DataFrame:
        return candidates(index, point, artists, MOST_BESIDE, progress)

    key = f"beside-{who.key}-{index.path.name}-{hash((vibe.features, vibe.weights, artists)):x}"
    return services.jobs().submit(key, work)
