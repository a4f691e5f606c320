"""Streaming histories: every play Spotify remembers, from the privacy export, without the network.

Two formats, by their keys (as of November 2026):

- extended: ``Streaming_History_Audio_*.json``, older ``endsong_*.json``: to the second, with track
  ids; podcasts and audiobooks among them
- account data: ``StreamingHistory_music_*.json``, older ``StreamingHistory*.json``: to the minute,
  names only

Who listened from where with what (addresses, user names, agents, places, platforms) is dropped
while the file is parsed and never reaches a frame.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

import pandas as pd

from library import cells
from library.json_file import Pairs, json_objects
from library.opening import File
from library.report import ImportReport, Rejection
from library.sample import Sample
from music.errors import InputError
from music.tracks import PLAY_COLUMNS, Library, as_tracks, typed_rows

ORIGIN: Final = "streaming history"
HEARD_S: Final = 30.0  # what counts as a play everywhere: half a minute
LONGEST_S: Final = 86_400.0

EXTENDED: Final = {"ts", "ms_played"}
BY_MINUTE: Final = {"endTime", "msPlayed"}

# What is kept of an object: our name, by theirs. Everything else is dropped at once.
_KEPT: Final = {
    "ts": "at",
    "endTime": "at",
    "ms_played": "played_ms",
    "msPlayed": "played_ms",
    "master_metadata_track_name": "name",
    "trackName": "name",
    "master_metadata_album_artist_name": "artists",
    "artistName": "artists",
    "master_metadata_album_album_name": "album",
    "spotify_track_uri": "uri",
    "skipped": "skipped",
    "reason_end": "reason_end",
    "spotify_episode_uri": "episode",
    "episode_name": "episode_name",
    "podcastName": "episode",
    "episodeName": "episode_name",
    "audiobook_uri": "audiobook",
    "audiobook_title": "audiobook_title",
}  # fmt: skip
_COLUMNS: Final = tuple(dict.fromkeys(_KEPT.values()))


def is_extended(sample: Sample) -> bool:
    """Whether a file is an extended streaming history."""
    return sample.keys >= EXTENDED


def is_by_minute(sample: Sample) -> bool:
    """Whether a file is a streaming history of the account data."""
    return sample.keys >= BY_MINUTE


def heard(plays: pd.DataFrame) -> pd.DataFrame:
    """The plays that count: at least half a minute."""
    return plays[plays["played_s"] >= HEARD_S]


def read_files(
    files: Sequence[File], progress: Callable[[float, str], None] | None = None
) -> tuple[Library, ImportReport]:
    """The plays in files of one of the two kinds, and the tracks they are of.

    Returns
    -------
    Library, ImportReport
        Objects read = kept (a play) + merged (a play the files tell twice) + rejected. Plays
        shorter than half a minute are kept too: that somebody skips says something; `heard` leaves
        them out.
    """
    frames, rejections = [], []
    for n, file in enumerate(files):
        frame, rejected = _read_file(file, _within(progress, n / len(files), 1 / len(files)))
        frames.append(frame)
        rejections += rejected
    if progress:
        progress(0.95, "Sorting plays")
    rows = pd.concat(frames, ignore_index=True)
    library = _library(rows)
    report = ImportReport(
        ORIGIN,
        n_read=len(rows) + len(rejections),
        n_kept=len(library.plays),
        n_merged=len(rows) - len(library.plays),
        rejections=tuple(rejections),
    )
    return library, report


def _read_file(
    file: File, progress: Callable[[int, str], None]
) -> tuple[pd.DataFrame, list[Rejection]]:
    """One file's plays as a frame of our columns, and what is no play of a track."""
    kept: list[tuple[Any, ...]] = []
    numbers: list[int] = []
    rejections: list[Rejection] = []
    number = 0
    for number, row in enumerate(json_objects(file, _keep), start=1):
        if number % 10_000 == 1:
            progress(number, file.name)
        reason = _wrong(row)
        if reason:
            rejections.append(Rejection(file.name, number, _said(row), reason))
        else:
            kept.append(row)
            numbers.append(number)
    if number == 0:
        raise InputError(f"{file.name} is an empty list.")
    rows = _typed(pd.DataFrame(kept, columns=list(_COLUMNS)))
    bad = rows["at"].isna() | rows["played_s"].isna()
    rejections += [
        Rejection(file.name, numbers[i], _said(kept[i]), "no time, or no sensible length")
        for i in bad.to_numpy().nonzero()[0]
    ]
    return rows[~bad], rejections


def _within(
    progress: Callable[[float, str], None] | None, start: float, width: float
) -> Callable[[int, str], None]:
    """Progress inside one file, of which nobody knows how many plays it holds."""

    def told(number: int, name: str) -> None:
        if progress:
            share = 1 - 1 / (1 + number / 30_000)
            progress(0.95 * (start + width * share), f"{name}: {number - 1:,} plays")

    return told


def _keep(pairs: Pairs) -> tuple[Any, ...]:
    """The wanted values of an object, in the order of `_COLUMNS`."""
    found = {
        _KEPT[key]: cells.sound(value) if isinstance(value, str) else value
        for key, value in pairs
        if key in _KEPT and value is not None
    }
    return tuple(found.get(column) for column in _COLUMNS)


def _wrong(row: Any) -> str:
    """Why an object is no play of a track, or ""."""
    if not isinstance(row, tuple):
        return "no object"
    values = dict(zip(_COLUMNS, row, strict=True))
    if not isinstance(values["name"], str) or not isinstance(values["artists"], str):
        if values["episode"] or values["episode_name"]:
            return "a podcast episode, not a track"
        if values["audiobook"] or values["audiobook_title"]:
            return "an audiobook, not a track"
        return "no title and artist"
    ms = values["played_ms"]
    if isinstance(ms, bool) or not isinstance(ms, int | float) or not isinstance(values["at"], str):
        return "no time, or no sensible length"
    return ""


def _typed(raw: pd.DataFrame) -> pd.DataFrame:
    """Ids, moments in UTC, seconds, and whether it was skipped."""
    names, artists = raw["name"].astype("str"), raw["artists"].astype("str")
    ids = cells.track_ids(_texts(raw["uri"]))
    seconds = pd.to_numeric(raw["played_ms"], errors="coerce").astype("float64") / 1000
    skipped = raw["skipped"].map(lambda x: x if isinstance(x, bool) else None).astype("boolean")
    forward = (raw["reason_end"] == "fwdbtn").where(raw["reason_end"].notna())
    return pd.DataFrame(
        {
            "track_id": ids.fillna(_made_up(names, artists, ids.isna())),
            "name": names,
            "artists": artists,
            "album": _texts(raw["album"]),
            "at": cells.moments(raw["at"].astype("str")),
            "played_s": seconds.where(seconds.between(0, LONGEST_S)),
            "skipped": skipped.fillna(forward.astype("boolean")),
        }
    )


def _made_up(names: pd.Series, artists: pd.Series, wanted: pd.Series) -> pd.Series:
    return cells.made_up_ids(names[wanted], artists[wanted])


def _texts(column: pd.Series) -> pd.Series:
    """Texts; anything else a file may hold there is missing."""
    return column.map(lambda x: x if isinstance(x, str) else None).astype("str")


def _library(rows: pd.DataFrame) -> Library:
    from library.merging import united_plays  # merging knows the rules; it imports nothing of ours

    tracks = rows.drop_duplicates("track_id")[["track_id", "name", "artists", "album"]]
    plays = typed_rows(rows, PLAY_COLUMNS)
    return Library(tracks=as_tracks(tracks, ORIGIN), plays=united_plays(plays, plays[:0]))


def _said(row: Any) -> str:
    if not isinstance(row, tuple):
        return str(row)[:200]
    values = dict(zip(_COLUMNS, row, strict=True))
    parts = (values["artists"], values["name"] or values["episode_name"], values["at"])
    return " - ".join(str(part)[:100] for part in parts if part is not None)
