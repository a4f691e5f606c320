"""Flows through several rooms that more than one door needs."""

from __future__ import annotations

from collections.abc import Sequence
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


def find_track(listener: Listener, name: str) -> str:
    """The id of a track by its id, title, or "artist - title"; a part is enough, the shortest wins.

    Raises
    ------
    NotFoundError
        If no track is called that.
    """
    tracks = listener.library.tracks
    if name in tracks.index:
        return name
    said = (tracks["artists"].fillna("") + " - " + tracks["name"].fillna("")).str.casefold()
    hit = said[said.str.contains(name.casefold(), regex=False)]
    if hit.empty:
        raise NotFoundError(f"There is no track called {name!r} in {listener.library.name}.")
    return str(hit.str.len().idxmin())


def find_facet(listener: Listener, name: str) -> Vibe:
    """A side of the listener by its name; a part of it is enough.

    Raises
    ------
    NotFoundError
        If there is none, naming those there are.
    """
    for facet in listener.facets:
        if name.casefold() in facet.name.casefold():
            return facet.vibe
    some = ", ".join(repr(facet.name) for facet in listener.facets) or "none"
    raise NotFoundError(f"There is no side called {name!r}; there are: {some}.")


def seeds_from(
    listener: Listener,
    playlist: str | None = None,
    sentence: str | None = None,
    tracks: Sequence[str] = (),
    less: Sequence[str] = (),
    side: str | None = None,
) -> Seeds:
    """Where a recommendation starts: tracks, a playlist, a side or a sentence, or several of them.

    Parameters
    ----------
    playlist, tracks, less, side
        By name; `less` is what to go away from.
    """
    from studio.sentences import sought

    weights: dict[str, float] = {}
    if playlist is not None:
        row = find_playlist(listener, playlist)
        found = listener.library.playlist(str(row["playlist_id"]))
        weights = dict.fromkeys(found.index, 1.0)
    weights |= {find_track(listener, name): 1.0 for name in tracks}
    weights |= {find_track(listener, name): -1.0 for name in less}
    vibe = find_facet(listener, side) if side is not None else None
    vibe = sought(sentence, listener.genres) if sentence is not None else vibe
    if vibe is None and not any(weight > 0 for weight in weights.values()):
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
    from studio.taught import shipped

    return measured(listener.library, shipped(listener), progress)


def understand(sentence: str) -> Understood:
    """A sentence as a vibe; words the lexicon lacks are asked of MiniLM where it is installed."""
    from llm import semantic

    return vibe_from_text(sentence, guess=semantic.guess if semantic.available() else None)


def piece_of(found: Understood, seed: int = 0) -> MusicConfig:
    """What a sentence sounds like, with what it wants to be heard around the music."""
    config = config_from_vibe(found.vibe, seed)
    return config if found.ambience is None else config.with_(ambience=found.ambience)


def sound_of(
    wanted: Vibe | Understood, seed: int = 0, seconds: float | None = None
) -> tuple[MusicConfig, Audio]:
    """A vibe or a sentence as music: its config and a loop, or a piece of so many seconds."""
    found = wanted if isinstance(wanted, Understood) else Understood(wanted)
    config = piece_of(found, seed)
    return config, render(config, duration_s=seconds)


def write_bytes(path: Path, data: bytes) -> None:
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_bytes(data)
    part.replace(path)
