"""The demo's tracks: who recorded what, when, in how many versions, and how it sounds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.demo import owner
from library.demo.features import draw_features
from library.demo.material import Scene, scenes
from music.features import FEATURE_COLUMNS, Floats, index_of
from music.tracks import JOIN, as_tracks

Ints = npt.NDArray[np.intp]

ORIGIN: Final = "demo"
BANDS_KEPT: Final = 0.8  # of each scene, so that another seed knows other bands
N_VERSIONS: Final = 170
N_COVERS: Final = 64
N_REMIXES: Final = 52

_LABELS: Final = (
    "Wet Cardboard Recordings", "Lamp Post", "Third Aunt", "Damp Basement Tapes", "Good Hat",
    "Car Boot Classics", "Nonetheless", "Small Claims", "Bread & Circuits", "Night Bus",
    "Municipal Sound Archive", "Egg Timer", "Self-Released (Mum Paid)", "Cold Tea Collective",
    "Ring Road",
)  # fmt: skip
_LOUD_VERSIONS: Final = ("Live", "Acoustic", "Demo", "2019 Remaster", "Live at the Drill Hall")
_CLUB_VERSIONS: Final = ("Extended Mix", "Radio Edit", "Instrumental", "Sped Up", "Edit")
_OLD_VERSIONS: Final = ("2009 Remaster", "2015 Remaster", "Mono", "Live in Copenhagen", "Live")
_CLUB: Final = {"techno", "house", "drum-and-bass", "electro", "disco", "pop", "trap"}
_REMIXERS: Final = ("techno", "house", "drum-and-bass", "electro")
_COVERERS: Final = ("bossa", "slowcore", "jazz", "chamber", "shanty", "folk", "soul")
_COVERED: Final = ("top", "indie-rock", "emo", "pop", "electro")

# What a version does to the sound, in raw units, by a word of its title.
_SHIFTS: Final = {
    "Live": {"liveness": 0.55, "energy": 0.06},
    "Acoustic": {"acousticness": 0.6, "energy": -0.35, "loudness": -4.0},
    "Demo": {"acousticness": 0.25, "loudness": -3.0},
    "Remaster": {"loudness": 1.2},
    "Instrumental": {"instrumentalness": 0.8, "speechiness": -0.02},
    "Karaoke": {"instrumentalness": 0.85},
    "Sped Up": {"tempo": 28.0, "valence": 0.12},
    "Slowed": {"tempo": -24.0, "valence": -0.15, "energy": -0.15},
}


@dataclass(frozen=True)
class Catalogue:
    """The tracks, and what the rest of the demo needs to know of them.

    ``scene_of`` has shape (n_tracks,) and points into ``scenes``.
    """

    tracks: pd.DataFrame
    scene_of: Ints
    scenes: tuple[Scene, ...]

    def of(self, *names: str) -> Ints:
        """The tracks of these scenes, as positions."""
        wanted = [i for i, scene in enumerate(self.scenes) if scene.name in names]
        return np.flatnonzero(np.isin(self.scene_of, wanted))

    def named(self, title: str) -> int:
        """The position of the first track with this title."""
        return int(np.flatnonzero(self.tracks["name"].to_numpy(dtype=object) == title)[0])


def invent_tracks(rng: np.random.Generator) -> Catalogue:
    """About 2,000 tracks by about 300 bands that do not exist."""
    all_scenes = scenes()
    songs = [song for i, scene in enumerate(all_scenes) for song in _songs(scene, i, rng)]
    songs = _with_versions(songs, all_scenes, rng)
    scene_of = np.array([song.scene for song in songs])
    names, band_of = np.unique([song.band for song in songs], return_inverse=True)
    raw = draw_features(scene_of, band_of, all_scenes, rng)
    frame = pd.DataFrame(raw, columns=list(FEATURE_COLUMNS))
    frame[list(FEATURE_COLUMNS)] = _as_versions(raw, songs)
    frame["track_id"] = [f"ghost:{n:04d}" for n in range(len(songs))]
    frame["name"] = [song.title for song in songs]
    frame["artists"] = [song.band + song.guest for song in songs]
    frame["album"] = [song.album for song in songs]
    frame["year"] = [song.year for song in songs]
    band_label = rng.integers(len(_LABELS), size=len(names))
    frame["label"] = np.array(_LABELS, dtype=object)[band_label[band_of]]
    frame["genres"] = _genres(scene_of, band_of, all_scenes, rng)
    frame = frame.assign(**_numbers(frame, scene_of, band_of, all_scenes, rng))
    return Catalogue(as_tracks(frame, ORIGIN, provenance="i"), scene_of, all_scenes)


@dataclass(frozen=True)
class _Song:
    scene: int
    title: str
    band: str
    album: str
    year: int
    source: int = -1  # the song it is a version of, by position
    guest: str = ""


def _songs(scene: Scene, index: int, rng: np.random.Generator) -> list[_Song]:
    """A scene's songs, given to its bands: the first bands of the file get the most."""
    pinned = {band for _, band in (*scene.songs, *scene.albums) if band}
    kept = [
        band
        for i, band in enumerate(scene.bands)
        if i < 3 or band in pinned or rng.random() < BANDS_KEPT
    ]
    free = [title for title, band in scene.songs if not band]
    order = rng.permutation(len(free))
    weights = 1 / np.arange(2, len(kept) + 2) ** 0.75
    who = rng.choice(len(kept), size=len(free), p=weights / weights.sum())
    who[: len(kept)] = np.arange(len(kept))[: len(free)]  # nobody goes without a song
    by = [(free[i], kept[w]) for i, w in zip(order, who, strict=True)]
    by += [(title, band) for title, band in scene.songs if band]
    albums = _albums(scene, kept, by, rng)
    return [
        _Song(index, title, band, *albums[band][rng.integers(len(albums[band]))])
        for title, band in by
    ]


def _albums(
    scene: Scene, kept: list[str], by: list[tuple[str, str]], rng: np.random.Generator
) -> dict[str, list[tuple[str, int]]]:
    """Each band's records with their years: authored titles first, then title tracks."""
    out: dict[str, list[tuple[str, int]]] = {}
    free = [title for title, band in scene.albums if not band]
    only = len(kept) == 1
    for band in kept:
        songs = [title for title, who in by if who == band]
        titles = [title for title, who in scene.albums if who == band]
        titles += free[:] if only else free[:1]
        free = [] if only else free[1:]
        wanted = max(len(titles), 1 + len(songs) // (12 if titles else 6))
        spare = [title for title in songs if title not in titles]
        titles += spare[: wanted - len(titles)] or ([] if titles else songs[:1])
        out[band] = list(zip(titles, _years(scene, len(titles), rng), strict=True))
    return out


def _years(scene: Scene, n: int, rng: np.random.Generator) -> list[int]:
    """Years of n records, oldest first; hers are gathered in the years she is stuck in."""
    first, last = scene.years
    years = rng.integers(first, last + 1, size=n)
    low, high = max(first, owner.THE_YEARS[0]), min(last, owner.THE_YEARS[1])
    if low <= high:
        golden = rng.integers(low, high + 1, size=n)
        years = np.where(rng.random(n) < 0.25 + 0.4 * scene.love, golden, years)
    return sorted(int(year) for year in years)


def _with_versions(
    songs: list[_Song], all_scenes: tuple[Scene, ...], rng: np.random.Generator
) -> list[_Song]:
    """The songs and their live takes, remasters, remixes and covers."""
    at = {scene.name: i for i, scene in enumerate(all_scenes)}
    deep = next(i for i, s in enumerate(songs) if s.title == owner.THE_VERSIONS[0])
    plain = [i for i, s in enumerate(songs) if i != deep and s.title != owner.THE_SONG]
    picked = rng.choice(plain, size=N_VERSIONS + N_REMIXES, replace=False)
    out = list(songs)
    for i in picked[:N_VERSIONS]:
        out.append(_version(songs[i], int(i), all_scenes[songs[i].scene], rng))
    clubs = [
        songs[i].band for i in range(len(songs)) if all_scenes[songs[i].scene].name in _REMIXERS
    ]
    for i in picked[N_VERSIONS:]:
        title = f"{songs[i].title} - {clubs[rng.integers(len(clubs))]} Remix"
        out.append(_dated(songs[i], title, songs[i].year + int(rng.integers(0, 3)), int(i)))
    covered = [i for i, s in enumerate(songs) if all_scenes[s.scene].name in _COVERED]
    for i in rng.choice(covered, size=N_COVERS, replace=False):
        scene = at[_COVERERS[rng.integers(len(_COVERERS))]]
        bands = all_scenes[scene].bands[:3]
        band = bands[rng.integers(len(bands))]
        year = min(songs[i].year + int(rng.integers(2, 9)), 2026)
        out.append(_Song(scene, songs[i].title, band, "Songs We Did Not Write", year))
    out += [
        _dated(songs[deep], title, songs[deep].year + 3, deep) for title in owner.THE_VERSIONS[1:]
    ]
    return out


def _version(song: _Song, at: int, scene: Scene, rng: np.random.Generator) -> _Song:
    """One other version of a song, of a kind its scene makes."""
    old = song.year < 1985
    kinds = _CLUB_VERSIONS if scene.name in _CLUB else _OLD_VERSIONS if old else _LOUD_VERSIONS
    kind = kinds[rng.integers(len(kinds))]
    year = int(kind[:4]) if kind[:4].isdigit() else song.year + int(rng.integers(0, 4))
    return _dated(song, f"{song.title} - {kind}", max(year, song.year), at)


def _dated(song: _Song, title: str, year: int, source: int) -> _Song:
    return _Song(song.scene, title, song.band, song.album, min(year, 2026), source)


def _as_versions(raw: Floats, songs: list[_Song]) -> Floats:
    """A version sounds like its song, but for what makes it a version."""
    out = raw.copy()
    for i, song in enumerate(songs):
        if song.source < 0:
            continue
        out[i] = 0.85 * raw[song.source] + 0.15 * raw[i]
        for word, shift in _SHIFTS.items():
            if word in song.title[len(songs[song.source].title) :]:
                for name, value in shift.items():
                    out[i, index_of(name)] += value
    unit = [
        j for j, column in enumerate(FEATURE_COLUMNS) if column not in ("loudness_db", "tempo_bpm")
    ]
    out[:, unit] = np.clip(out[:, unit], 0.0, 1.0)
    return out.round(4)


def _genres(
    scene_of: Ints, band_of: Ints, all_scenes: tuple[Scene, ...], rng: np.random.Generator
) -> list[str]:
    """The scene's first genre, and for each band perhaps some of the others."""
    luck = rng.random((band_of.max() + 1, 4)) < 0.45
    return [
        JOIN.join([g[0], *(x for x, yes in zip(g[1:], luck[band], strict=False) if yes)])
        for g, band in ((all_scenes[s].genres, b) for s, b in zip(scene_of, band_of, strict=True))
    ]


def _numbers(
    frame: pd.DataFrame,
    scene_of: Ints,
    band_of: Ints,
    all_scenes: tuple[Scene, ...],
    rng: np.random.Generator,
) -> dict[str, npt.NDArray[np.generic]]:
    """Key, mode, metre, length, popularity and the explicit mark of each track."""
    n = len(frame)
    fame = rng.beta(2, 4, size=band_of.max() + 1)[band_of]
    quiet = frame["instrumentalness"].to_numpy(dtype=float)
    length = rng.normal(212, 38, n) + 90 * quiet + 40 * (rng.random(n) < 0.04)
    explicit = np.array([scene.explicit for scene in all_scenes])[scene_of]
    waltz = np.array([scene.waltz for scene in all_scenes])[scene_of]
    major = 0.45 + 0.35 * frame["valence"].to_numpy(dtype=float)
    return {
        "key": rng.choice(12, size=n, p=np.array([12, 8, 11, 5, 8, 8, 6, 11, 6, 9, 6, 10]) / 100),
        "mode": (rng.random(n) < major).astype(float),
        "time_signature": np.where(rng.random(n) < waltz, 3.0, 4.0),
        "duration_s": np.clip(length, 62, 720).round(3),
        "popularity": np.clip(100 * fame + rng.normal(0, 6, n) - 10, 0, 100).round(),
        "explicit": rng.random(n) < explicit,
    }
