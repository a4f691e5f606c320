"""Spotify's account data: ``YourLibrary.json`` and ``Playlist*.json``, recognised by their keys.

Keys may be missing and newer exports hold more; what is not a track is rejected with its kind.
Neither holds audio features; ``YourLibrary.json`` holds no dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd

from library import cells
from library.json_file import json_document
from library.opening import File
from library.report import ImportReport, Rejection, total
from library.rows import LIKED_NAME, library_of_rows
from library.sample import Sample
from music.errors import InputError
from music.tracks import Library

ORIGIN: Final = "account data"

_OTHER_LISTS: Final = {
    "albums": "a saved album, not a track",
    "shows": "a podcast, not a track",
    "episodes": "a podcast episode, not a track",
    "artists": "a followed artist, not a track",
    "bannedTracks": "a track you banned",
    "bannedArtists": "an artist you banned",
    "other": "not a track",
}


@dataclass
class _Rows:
    """What is found in a file, as it is found."""

    file: str
    rows: list[dict[str, Any]]
    rejections: list[Rejection]
    n: int = 0

    def track(self, playlist: str, name: Any, artist: Any, album: Any, uri: Any, at: Any) -> None:
        self.n += 1
        self.rows.append(
            {
                "file": self.file, "row": self.n, "playlist": playlist, "uri": _text(uri),
                "name": _text(name), "artists": _text(artist), "album": _text(album),
                "added_at": _text(at),
            }
        )  # fmt: skip

    def reject(self, what: Any, reason: str) -> None:
        self.n += 1
        self.rejections.append(Rejection(self.file, self.n, _said(what), reason))


def recognises(sample: Sample) -> bool:
    """Whether a file is a library or a playlist of the account data."""
    return is_library(sample) or is_playlists(sample)


def is_library(sample: Sample) -> bool:
    """Whether it looks like ``YourLibrary.json``."""
    return "tracks" in sample.keys and bool(sample.keys & {"albums", "shows", "track", "artists"})


def is_playlists(sample: Sample) -> bool:
    """Whether it looks like ``Playlist1.json``."""
    return "playlists" in sample.keys


def read_files(
    files: Sequence[File], progress: Callable[[float, str], None] | None = None
) -> tuple[Library, ImportReport]:
    """The saved tracks and playlists in files that `recognises` knows.

    Returns
    -------
    Library, ImportReport
        Entries read = kept (a new track) + merged (a track already there) + rejected (albums,
        podcasts, local files without a name ...).

    Raises
    ------
    InputError
        If a file is damaged, or holds something else where lists should be.
    """
    found = []
    for n, file in enumerate(files):
        if progress:
            progress(n / len(files), f"Reading {file.name}")
        found.append(_read_file(file))
    rows = pd.DataFrame([row for part in found for row in part.rows], columns=_columns())
    rows["track_id"] = cells.track_ids(rows["uri"].astype("str"))
    rows["added_at"] = cells.moments(rows["added_at"].astype("str"))
    for column in ("name", "artists", "album"):
        rows[column] = rows[column].astype("str")
    library, report = library_of_rows(rows, ORIGIN)
    rejected = [
        ImportReport(ORIGIN, len(part.rejections), 0, 0, tuple(part.rejections)) for part in found
    ]
    return library, total([report, *rejected])


def _columns() -> list[str]:
    return ["file", "row", "playlist", "uri", "name", "artists", "album", "added_at"]


def _read_file(file: File) -> _Rows:
    document = json_document(file)
    rows = _Rows(file.name, [], [])
    if not isinstance(document, dict):
        raise InputError(f"{file.name} holds no object, so it is no account data.")
    if "playlists" in document:
        for playlist in _list(document, "playlists", file.name):
            _playlist(playlist, rows)
        return rows
    for entry in _list(document, "tracks", file.name):
        if isinstance(entry, dict):
            rows.track(LIKED_NAME, entry.get("track"), entry.get("artist"), entry.get("album"),
                       entry.get("uri"), None)  # fmt: skip
        else:
            rows.reject(entry, "no object")
    for key, reason in _OTHER_LISTS.items():
        for entry in _list(document, key, file.name):
            rows.reject(entry, reason)
    return rows


def _playlist(playlist: Any, rows: _Rows) -> None:
    """The items of one playlist; an item holds a track, an episode or a local track."""
    if not isinstance(playlist, dict):
        rows.reject(playlist, "no playlist")
        return
    name = _text(playlist.get("name")) or "Untitled playlist"
    for item in _items(playlist):
        if not isinstance(item, dict):
            rows.reject(item, "no object")
            continue
        track = item.get("track") or item.get("localTrack")
        if isinstance(track, dict):
            rows.track(
                name, track.get("trackName"), track.get("artistName"), track.get("albumName"),
                track.get("trackUri") or track.get("uri"), item.get("addedDate"),
            )  # fmt: skip
        elif item.get("episode"):
            rows.reject(item["episode"], "a podcast episode, not a track")
        elif item.get("audiobook"):
            rows.reject(item["audiobook"], "an audiobook, not a track")
        else:
            rows.reject(item, "an empty place: the track is gone")


def _items(playlist: dict[str, Any]) -> Iterator[Any]:
    items = playlist.get("items")
    yield from items if isinstance(items, list) else ()


def _list(document: dict[str, Any], key: str, name: str) -> list[Any]:
    value = document.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise InputError(f"{name} holds no list under {key!r}, so it is damaged.")
    return value


def _text(value: Any) -> str | None:
    return cells.sound(value).strip() or None if isinstance(value, str) else None


def _said(what: Any) -> str:
    if isinstance(what, dict):
        texts = [v for v in what.values() if isinstance(v, str) and not v.startswith("spotify:")]
        return cells.sound(" - ".join(texts[:3])[:200]) or "(nothing)"
    return cells.sound(str(what)[:200]) if what is not None else "(nothing)"
