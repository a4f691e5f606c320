"""Facts from playlists: their names, their neglect, and what is really in them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from music.evidence import Evidence
from music.facts.common import beyond, count, ids, percent
from music.profile import Fact, fact_kind

CALM = ("focus", "study", "sleep", "calm", "relax", "concentrat", "chill", "peace", "meditat")
EFFORT = ("gym", "workout", "run", "fitness", "training", "cardio", "lift")
_DEFAULT = re.compile(
    r"(?:my|new|neue|nouvelle|nueva)\s+(?:playlist|wiedergabeliste|lista).*", re.I
)


@fact_kind("unnamed_playlists")
def unnamed_playlists(evidence: Evidence) -> Iterator[Fact]:
    """Playlists nobody had the strength to name."""
    names = evidence.library.playlists["name"].dropna()
    bare = names[names.map(lambda name: bool(_DEFAULT.fullmatch(name.strip())))]
    if len(bare) < 3:
        return
    values = {"n": count(len(bare)), "playlist": str(sorted(bare)[-1])}
    rows = evidence.library.playlists.loc[bare.index, "playlist_id"]
    tracks = evidence.library.entries.loc[
        evidence.library.entries["playlist_id"].isin(rows), "track_id"
    ]
    yield Fact(
        "unnamed_playlists",
        f"{values['n']} of your playlists have no name of their own, up to “{values['playlist']}”.",
        values, ids(tracks), beyond(len(bare), 2, 6), float(len(bare)),
    )  # fmt: skip


@fact_kind("saddest_playlist")
def saddest_playlist(evidence: Evidence) -> Iterator[Fact]:
    """The playlist with the lowest valence."""
    found = [(name, t, t["valence"].median()) for name, t in evidence.playlists if len(t) >= 8]
    found = [one for one in found if one[2] < 0.35]
    if not found:
        return
    name, tracks, valence = min(found, key=lambda one: one[2])
    values = {"playlist": name, "percent": percent(float(valence))}
    yield Fact(
        "saddest_playlist",
        f"Your saddest playlist is “{name}”: its happiness is {values['percent']} of 100.",
        values, ids(tracks.index), beyond(-valence, -0.3, -0.12), float(valence),
    )  # fmt: skip


@fact_kind("fast_calm")
def fast_calm(evidence: Evidence) -> Iterator[Fact]:
    """A playlist that is called calm and is not."""
    for name, tracks in evidence.playlists:
        tempo = tracks["tempo_bpm"].mean()
        if any(word in name.casefold() for word in CALM) and tempo >= 135:
            values = {"playlist": name, "bpm": count(tempo)}
            yield Fact(
                "fast_calm", f"“{name}” averages {values['bpm']} beats a minute.", values,
                ids(tracks.index), beyond(tempo, 125, 165), float(tempo),
            )  # fmt: skip


@fact_kind("neglected_effort")
def neglected_effort(evidence: Evidence) -> Iterator[Fact]:
    """A playlist for the gym that nobody plays."""
    if len(evidence.library.plays) < 100:
        return
    played = np.bincount(
        evidence.play_rows[evidence.play_rows >= 0], minlength=len(evidence.tracks)
    )
    counts = pd.Series(played, index=evidence.tracks.index)
    for name, tracks in evidence.playlists:
        words = re.findall(r"[a-z]+", name.casefold())
        if not any(word in EFFORT for word in words):
            continue
        n = int(counts.reindex(tracks.index.unique()).fillna(0).sum())
        if n <= len(tracks):
            values = {"playlist": name, "n": count(n), "tracks": count(len(tracks))}
            yield Fact(
                "neglected_effort", f"“{name}” was played {n} times in all.", values,
                ids(tracks.index), beyond(-n / len(tracks), -1.0, -0.1), float(n),
            )  # fmt: skip


@fact_kind("versions")
def versions(evidence: Evidence) -> Iterator[Fact]:
    """Many versions of one song."""
    named = evidence.tracks[evidence.tracks["name"].notna() & evidence.tracks["artists"].notna()]
    songs = evidence.songs[named.index]
    sizes = songs.value_counts()
    if sizes.empty or sizes.iloc[0] < 3:
        return
    tracks = named[songs == sizes.index[0]]
    shortest = min(tracks["name"], key=len)
    artist = str(tracks["artists"].iloc[0]).split(";")[0]
    values = {"track": str(shortest), "artist": artist, "n": count(len(tracks))}
    yield Fact(
        "versions", f"You own {values['n']} versions of “{shortest}”.", values,
        ids(tracks.index), beyond(len(tracks), 3, 8), float(len(tracks)),
    )  # fmt: skip


@fact_kind("biggest_playlist")
def biggest_playlist(evidence: Evidence) -> Iterator[Fact]:
    """A playlist too long to be one."""
    sizes = [(len(tracks), name, tracks) for name, tracks in evidence.playlists]
    if not sizes:
        return
    n, name, tracks = max(sizes, key=lambda one: one[0])
    is_everything = len(sizes) == 1 and n > 0.9 * len(evidence.tracks)  # an export, not a playlist
    if n < 300 or is_everything:
        return
    hours = tracks["duration_s"].sum() / 3600
    values = {"playlist": name, "n": count(n), "hours": count(hours)}
    yield Fact(
        "biggest_playlist", f"“{name}” has {values['n']} tracks.", values, ids(tracks.index),
        beyond(n, 250, 2000), float(n),
    )  # fmt: skip
