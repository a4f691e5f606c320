"""The demo's playlists: believable names, and things in them that belong there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.demo import owner
from library.demo.catalogue import ORIGIN, Catalogue, Ints
from music.tracks import ENTRY_COLUMNS, PLAYLIST_COLUMNS, typed_rows

N_LIKED: Final = 640
LIKED: Final = "liked"
FIRST_LIKE: Final = pd.Timestamp("2019-02-11 19:00", tz="UTC")
LAST_LIKE: Final = pd.Timestamp("2026-09-28 22:00", tz="UTC")


@dataclass(frozen=True)
class Mix:
    """One playlist: what it is called, how long it is, and what its owner was looking for.

    ``by`` names a feature that the tracks have most of, or least of with a minus in front;
    without one, chance and love decide.
    """

    name: str
    n: int
    scenes: tuple[str, ...]
    by: str = ""
    begun: str = "2023-01-01"
    description: str = ""
    first: tuple[str, ...] = ()


_LOVED: Final = ("top", "indie-rock", "post-punk", "electro", "emo", "dream-pop")
_CLUB: Final = ("house", "disco", "pop", "electro", "afro-pop")

MIXES: Final = (
    Mix(owner.GYM, 24, ("trap", "techno", "punk", "pop", "black-metal"), "energy_", "2026-01-02",
        "week 1 of 12"),
    Mix("new playlist (2)", 11, _LOVED, "", "2020-03-29", "", (owner.THE_SONG,)),
    Mix("new playlist (3)", 8, _LOVED, "", "2021-01-03", "", (owner.THE_SONG,)),
    Mix("new playlist (4)", 6, _LOVED, "", "2022-05-17", "", (owner.THE_SONG,)),
    Mix("new playlist (5)", 1, _LOVED, "", "2023-11-20", "", (owner.THE_SONG,)),
    Mix("new playlist (6)", 4, _LOVED, "", "2024-12-27", "", (owner.THE_SONG,)),
    Mix("new playlist (7)", 9, _LOVED, "", "2026-02-15", "", (owner.THE_SONG,)),
    Mix(owner.SAD_PLAYLIST, 27, ("slowcore",), "-valence", "2025-11-15", "totally"),
    Mix(owner.FOCUS_PLAYLIST, 34, (owner.FOCUS_SCENE,), "", "2024-09-02", "for concentrating"),
    Mix("2007 forever", 120, _LOVED, "", "2019-06-01", "no notes"),
    Mix("songs for washing up (long)", 46, ("soul", "disco", "highlife", "afro-pop"), "valence"),
    Mix("bus 14, window seat", 38, ("dream-pop", "folk", "ambient", "post-rock"), "", "2021-10-04"),
    Mix("dinner but make it tense", 31, ("post-punk", "chamber", "jazz"), "-valence", "2022-02-11"),
    Mix("for Tobias (do not send)", 19, ("dream-pop", "emo", "bossa", "slowcore"), "", "2025-11-16",
        "", (owner.THE_SONG, "Sorry Not Available")),
    Mix("getting over it", 42, ("emo", "slowcore", "dream-pop"), "", "2025-11-18"),
    Mix("getting over it (pt. 2)", 57, ("emo", "slowcore", "country"), "", "2026-01-30"),
    Mix("villain era (weekdays only)", 28, ("trap", "electro", "doom", "punk"), "energy"),
    Mix("rain on the ferry", 33, ("ambient", "chamber", "post-rock", "folk"), "-energy",
        "2022-11-08"),
    Mix("pirates (work related)", 25, (owner.NIGHT_SCENE,), "", "2023-03-19", "night shift morale"),
    Mix("things dad hummed", 29, ("highlife", "jazz", "soul"), "", "2020-06-21", "volta region FM"),
    Mix("CLEAN THE FLAT", 44, _CLUB, "danceability", "2021-04-24", "they come at 6"),
    Mix("xmas, emotionally", 21, (owner.XMAS_SCENE,), "", "2025-07-03",
        "it's cold here in july too"),
    Mix("songs with a good bit at the end", 36, ("post-rock", "indie-rock", "classic-rock"), ""),
    Mix("shazamed in a pharmacy", 17, ("pop", "city-pop", "afro-pop", "disco", "balkan"), "",
        "2024-08-14"),
    Mix("wedding maybe??", 52, ("soul", "disco", "highlife", "house", "top"), "", "2024-05-05",
        "ok no"),
)  # fmt: skip


def invent_playlists(
    catalogue: Catalogue, rng: np.random.Generator
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Playlists and their entries; the saved tracks are the playlist ``"liked"``."""
    rows, gym = [], np.empty(0, dtype=np.intp)
    for number, mix in enumerate(MIXES):
        chosen = _chosen(mix, catalogue, gym, rng)
        gym = chosen if mix.name == owner.GYM else gym
        begun = pd.Timestamp(mix.begun, tz="UTC")
        rows.append(_entries(f"ghost:p{number:02d}", chosen, begun, rng, catalogue))
    liked = _liked(catalogue, gym, rng)
    rows.append(_entries(LIKED, liked, FIRST_LIKE, rng, catalogue, LAST_LIKE)[::-1])
    playlists = pd.DataFrame(
        {
            "playlist_id": [*(f"ghost:p{n:02d}" for n in range(len(MIXES))), LIKED],
            "name": [*(mix.name for mix in MIXES), "Liked songs"],
            "description": [*(mix.description or None for mix in MIXES), None],
            "origin": ORIGIN,
        }
    )
    entries = pd.concat(rows, ignore_index=True)
    entries["position"] = entries.groupby("playlist_id", sort=False).cumcount()
    return typed_rows(playlists, PLAYLIST_COLUMNS), typed_rows(entries, ENTRY_COLUMNS)


def _chosen(mix: Mix, catalogue: Catalogue, gym: Ints, rng: np.random.Generator) -> Ints:
    """The tracks of one playlist, as positions."""
    first = np.array([catalogue.named(title) for title in mix.first], dtype=np.intp)
    pool = np.setdiff1d(catalogue.of(*mix.scenes), np.concatenate([first, gym]))
    score = rng.random(len(pool))
    feature = mix.by.strip("-_")
    if feature:
        values = catalogue.tracks[feature].to_numpy(dtype=float)[pool]
        score = 0.15 * score + (-values if mix.by.startswith("-") else values)
    if mix.name == owner.FOCUS_PLAYLIST:
        score -= np.abs(catalogue.tracks["tempo_bpm"].to_numpy()[pool] - owner.FOCUS_TEMPO_BPM)
    if mix.name == "2007 forever":
        score += _golden(catalogue)[pool]
    best = pool[np.argsort(-score, kind="stable")][: mix.n - len(first)]
    return np.concatenate([first, rng.permutation(best)])


def _liked(catalogue: Catalogue, gym: Ints, rng: np.random.Generator) -> Ints:
    """Her saved tracks: what she loves, and much from the years she is stuck in."""
    love = np.array([scene.love for scene in catalogue.scenes])[catalogue.scene_of]
    love = love * (1 + _golden(catalogue))
    love[gym] = 0
    n = len(love)
    return rng.choice(n, size=min(N_LIKED, n), replace=False, p=love / love.sum())


def _golden(catalogue: Catalogue) -> npt.NDArray[np.float64]:
    """1 for tracks of the years she is stuck in, else 0."""
    return np.asarray(catalogue.tracks["year"].between(*owner.THE_YEARS), dtype=np.float64)


def _entries(
    playlist_id: str,
    chosen: Ints,
    begun: pd.Timestamp,
    rng: np.random.Generator,
    catalogue: Catalogue,
    ended: pd.Timestamp | None = None,
) -> pd.DataFrame:
    """One playlist's rows: most were added the evening it began, some over the weeks after."""
    n = len(chosen)
    if ended is None:
        late = rng.random(n) < 0.3
        seconds = rng.uniform(0, 5_400, n) + late * rng.exponential(20 * 86_400, n)
        seconds = np.minimum(seconds + 20 * 3_600, (LAST_LIKE - begun).total_seconds())
    else:
        seconds = rng.uniform(0, (ended - begun).total_seconds(), n)
    added = begun + pd.to_timedelta(np.sort(seconds).round(), unit="s")
    ids = catalogue.tracks.index.to_numpy(dtype=object)[chosen]
    return pd.DataFrame({"playlist_id": playlist_id, "track_id": ids, "added_at": added})
