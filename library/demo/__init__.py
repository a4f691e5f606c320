"""The demo library: a whole listener who does not exist, so that nobody needs an account to start.

Its owner is Ebba Quaye-Lund, born in Accra, living in Reykjavík, who has spent her life in a single
time zone and is late for everything. She was nineteen when Municipal Swimming Pool made their first
record and has not really left the building since. By night she sells ferry tickets, which explains
the shanties; the rest (see `library.demo.owner`) she would rather not discuss.

Every name, song and playlist is invented; features follow the averages of real genres.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from library.demo import owner
from library.demo.catalogue import invent_tracks
from library.demo.playlists import invent_playlists
from library.demo.plays import invent_plays
from music.tracks import Library

__all__ = ["demo_library"]


@lru_cache(maxsize=4)
def demo_library(seed: int = 0) -> Library:
    """The invented library of an invented person: tracks, playlists and two years of plays.

    Parameters
    ----------
    seed
        Another seed gives the same person another cut of bands and another two years; her twelve
        vices stay.

    Returns
    -------
    Library
        ``invented`` is True; ids begin with ``ghost:``, the column ``origin`` says ``"demo"`` and
        every feature's provenance is ``"i"``. Plays run from 2024-10-01 to 2026-09-30, UTC. The
        frames are shared between calls: build new ones, as everywhere in this house.
    """
    rng = np.random.default_rng(seed)
    catalogue = invent_tracks(rng)
    playlists, entries = invent_playlists(catalogue, rng)
    plays = invent_plays(catalogue, entries, rng)
    return Library(catalogue.tracks, playlists, entries, plays, name=owner.NAME, invented=True)
