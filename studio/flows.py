"""Flows through several rooms that more than one door needs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from llm.band import Band, invent_band
from llm.roast import RoastLine, one_liner
from llm.vibes import Understood, vibe_from_text
from music.errors import NotFoundError
from music.tracks import vibe_of_tracks
from music.vibe import Vibe
from recommender.seeds import Seeds
from studio.jobs import Progress
from studio.listener import Listener
from studio.settings import settings
from synth.config import MusicConfig, config_from_vibe
from synth.render import Audio, render

if TYPE_CHECKING:
    from recommender.own import OwnQuality

FEW = 3  # fewer tracks than this are no vibe of their own


def opening_line(listener: Listener, seed: int = 0) -> RoastLine:
    """The line Home opens with; the next seed, another fact."""
    return one_liner(listener.profile, seed, backend=settings().backend)


def deserved_vibe(listener: Listener, seed: int = 0) -> Vibe:
    """The vibe of the band a library deserves: the tracks behind the line Home opens with.

    So the band is about the same thing as the joke. Where there is no such line, all tracks.
    """
    fact = opening_line(listener, seed).fact
    tracks = listener.library.tracks
    if fact is None or len(fact.rows) < FEW:
        return vibe_of_tracks(tracks, listener.library.name)
    return vibe_of_tracks(tracks.loc[list(fact.rows)], fact.sentence.rstrip("."))


def deserved_band(listener: Listener, seed: int = 0) -> Band:
    """The band this library deserves; it takes no real name."""
    fact = opening_line(listener, seed).fact
    kinds = [fact.kind] if fact else []
    others = [f.kind for f in listener.profile.facts if f.kind not in kinds]
    turn = seed % max(len(others), 1)  # so that the second hook is not the same on every card
    kinds += [*others[turn:], *others[:turn]]
    vibe = deserved_vibe(listener, seed)
    return invent_band(vibe, seed, listener.artists, settings().backend, hooks=kinds)


def find_playlist(listener: Listener, name: str) -> pd.Series:
    """The row of a playlist by its name (case does not count; a part of the name is enough).

    Raises
    ------
    NotFoundError
        If no playlist is called that, naming some that are there.
    """
    playlists = listener.playlists()
    names = playlists["name"].fillna("").str.casefold()
    wanted = name.casefold()
    hit = playlists[names == wanted]
    hit = hit if len(hit) else playlists[names.str.contains(wanted, regex=False)]
    if hit.empty:
        some = ", ".join(repr(str(n)) for n in playlists["name"].head(5))
        raise NotFoundError(f"There is no playlist called {name!r}; there are {some or 'none'}.")
    return hit.iloc[0]


def seeds_from(listener: Listener, playlist: str | None, sentence: str | None) -> Seeds:
    """Where a recommendation starts: a playlist by name, a sentence, both, or the first facet."""
    weights: dict[str, float] = {}
    if playlist is not None:
        row = find_playlist(listener, playlist)
        tracks = listener.library.playlist(str(row["playlist_id"]))
        weights = dict.fromkeys(tracks.index, 1.0)
    vibe = understand(sentence).vibe if sentence is not None else None
    if vibe is None and not weights:
        vibe = deserved_vibe(listener)
    return Seeds(weights, vibe)


def measure(listener: Listener, progress: Progress | None = None) -> OwnQuality:
    """How well hidden tracks of the listener's own lists are found again, and what learning gains.

    Raises
    ------
    InputError
        If there are too few lists to hide anything of.
    """
    from recommender.own import measure as measured

    return measured(listener.library, listener.recommender, progress)


def understand(sentence: str) -> Understood:
    """A sentence as a vibe; words the lexicon lacks are asked of MiniLM where it is installed."""
    from llm import semantic

    return vibe_from_text(sentence, guess=semantic.guess if semantic.available() else None)


def sound_of(vibe: Vibe, seed: int = 0, seconds: float | None = None) -> tuple[MusicConfig, Audio]:
    """A vibe as music: its config and an eight-bar loop, or a piece of so many seconds."""
    config = config_from_vibe(vibe, seed)
    return config, render(config, duration_s=seconds)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
