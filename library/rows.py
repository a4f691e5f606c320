"""Rows of track files as a library: one track an id, one place a row, every row accounted for."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from library.cells import made_up_ids, short_hash
from library.opening import File
from library.report import ImportReport, Rejection, total
from music.tracks import (
    COLUMNS,
    ENTRY_COLUMNS,
    PLAYLIST_COLUMNS,
    Library,
    as_tracks,
    typed_rows,
)

LIKED: Final = "liked"
LIKED_NAME: Final = "Liked songs"
_LIKED_STEMS: Final = {"liked", "liked songs", "saved tracks", "saved songs", "your library"}

# What a reader knows of each row beside the track itself.
PLACE_COLUMNS: Final = ("file", "row", "playlist", "added_at")


def library_of_files(
    files: Sequence[File],
    rows_of: Callable[[File], tuple[pd.DataFrame, ImportReport]],
    origin: str,
    progress: Callable[[float, str], None] | None = None,
) -> tuple[Library, ImportReport]:
    """The library in several files of one format; see `library_of_rows`.

    Parameters
    ----------
    rows_of
        One file's good rows, and the account of those that did not pass.
    progress
        Told before each file, as ``progress(share, text)``; may raise to cancel.
    """
    frames, reports = [], []
    for n, file in enumerate(files):
        if progress:
            progress(n / len(files), f"Reading {file.name}")
        rows, report = rows_of(file)
        frames.append(rows)
        reports.append(report)
    library, report = library_of_rows(pd.concat(frames, ignore_index=True), origin)
    return library, total([report, *reports])


def library_of_rows(
    rows: pd.DataFrame, origin: str, provenance: str = "o"
) -> tuple[Library, ImportReport]:
    """A library out of rows that passed, and the account of them.

    Parameters
    ----------
    rows
        Columns `PLACE_COLUMNS`, ``track_id`` (missing where no service knows the track) and any of
        `music.tracks.COLUMNS`. ``playlist`` is the playlist's name; missing = in no playlist.
    origin
        The format, kept with each track and playlist.
    provenance
        The letter of `music.tracks.PROVENANCE` for feature values.

    Returns
    -------
    Library, ImportReport
        Rows without id, name and artist are rejected. A track that comes again is merged: what it
        adds is filled in, and each row keeps its place in its playlist.
    """
    rows = rows.reset_index(drop=True)
    nameless = rows["track_id"].isna() & (rows["name"].isna() | rows["artists"].isna())
    out = rows[nameless]
    rejections = tuple(
        Rejection(file, number, _said(name, artists), "no id, and no name + artist")
        for file, number, name, artists in zip(
            out["file"].tolist(), out["row"].tolist(), out["name"], out["artists"], strict=True
        )
    )
    rows = rows[~nameless].reset_index(drop=True)
    rows["track_id"] = rows["track_id"].fillna(made_up_ids(rows["name"], rows["artists"]))
    tracks = as_tracks(_one_each(rows), origin, provenance)
    playlists, entries = _places(rows, origin)
    report = ImportReport(
        origin,
        n_read=len(rows) + len(rejections),
        n_kept=len(tracks),
        n_merged=len(rows) - len(tracks),
        rejections=rejections,
    )
    return Library(tracks=tracks, playlists=playlists, entries=entries), report


def playlist_id(name: str) -> str:
    """The id of a playlist that has none: the same for every tool's spelling of its name.

    >>> playlist_id("Road_trip") == playlist_id("road: trip")
    True
    """
    plain = " ".join(re.sub(r'[\\/:*?"<>|_\s]+', " ", name.casefold()).split())
    return LIKED if plain in _LIKED_STEMS else f"file:{short_hash(plain)}"


def playlist_name(stem: str) -> str:
    """A file's name as the name of the playlist in it."""
    name = stem.replace("_", " ").strip() or stem
    return LIKED_NAME if playlist_id(name) == LIKED else name


def _one_each(rows: pd.DataFrame) -> pd.DataFrame:
    """One row a track; a later row fills in what the first did not know."""
    columns = ["track_id", *(c for c in COLUMNS if c in rows.columns)]
    if not rows["track_id"].duplicated().any():
        return rows[columns]
    return rows[columns].groupby("track_id", sort=False).first().reset_index()


def _places(rows: pd.DataFrame, origin: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Playlists and entries: each row's place in the playlist it stood in, in file order."""
    placed = rows[rows["playlist"].notna()]
    ids = {name: playlist_id(name) for name in placed["playlist"].unique()}
    names: dict[str, str] = {}
    for name, id_ in ids.items():
        names.setdefault(id_, LIKED_NAME if id_ == LIKED else name)
    playlists = pd.DataFrame({"playlist_id": list(names), "name": list(names.values())})
    playlists["origin"] = origin
    entries = placed[["track_id", "added_at"]].assign(playlist_id=placed["playlist"].map(ids))
    entries["position"] = entries.groupby("playlist_id", sort=False).cumcount()
    return typed_rows(playlists, PLAYLIST_COLUMNS), typed_rows(entries, ENTRY_COLUMNS)


def _said(name: object, artists: object) -> str:
    return " - ".join(str(x) for x in (artists, name) if isinstance(x, str)) or "(an empty row)"
