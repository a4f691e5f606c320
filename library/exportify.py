"""Exportify's CSV files, of both forks and all their ages, as one file, a zip or a folder.

Formats, by the header (exportify.net and exportify.app as of November 2026):

- 24 columns, ``Track URI ... Time Signature``: artists joined by ``;``, genres by ``,``; features
- 23 columns, older: ``Spotify ID, Artist IDs ...``: artists joined by ``, ``; features
- 19 columns, "classic": ``Track URI, Track Name, Artist URI(s) ...``: artists joined by ``, ``,
  no features; optional columns bring genres and features
- 18 columns, classic before it had ISRCs

Rows may end before the header does (features missing), say ``undefined``, or write a failed look-up
as zeros; a spreadsheet may have rewritten dates and flags. A file is a playlist, named by the file;
``Liked_Songs.csv`` holds the saved tracks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

import pandas as pd

from library import cells
from library.opening import File, Upload, files_in
from library.report import ImportReport, Rejection
from library.rows import library_of_files, playlist_name
from library.sample import Sample
from library.table import Row, Table, open_table
from music.errors import InputError
from music.tracks import Library

ORIGIN: Final = "exportify"

# Our column -> what the forks call it, casefolded.
TITLES: Final = {
    "uri": ("track uri", "spotify id", "track id", "spotify uri"),
    "name": ("track name",),
    "artists": ("artist name(s)", "artist name", "artist names"),
    "artist_ids": ("artist uri(s)", "artist ids", "artist uris", "artist id(s)"),
    "album": ("album name",),
    "released": ("release date", "album release date"),
    "duration_ms": ("duration (ms)", "track duration (ms)", "track duration"),
    "popularity": ("popularity",),
    "explicit": ("explicit",),
    "isrc": ("isrc",),
    "added_at": ("added at",),
    "genres": ("genres", "artist genres"),
    "label": ("record label", "label"),
    "danceability": ("danceability",),
    "energy": ("energy",),
    "key": ("key",),
    "loudness_db": ("loudness",),
    "mode": ("mode",),
    "speechiness": ("speechiness",),
    "acousticness": ("acousticness",),
    "instrumentalness": ("instrumentalness",),
    "liveness": ("liveness",),
    "valence": ("valence",),
    "tempo_bpm": ("tempo",),
    "time_signature": ("time signature",),
}
NUMBERS: Final = (
    "popularity", "danceability", "energy", "key", "loudness_db", "mode", "speechiness",
    "acousticness", "instrumentalness", "liveness", "valence", "tempo_bpm", "time_signature",
)  # fmt: skip
CLASSIC: Final = (
    "Track URI", "Track Name", "Artist URI(s)", "Artist Name(s)", "Album URI", "Album Name",
    "Album Artist URI(s)", "Album Artist Name(s)", "Album Release Date", "Album Image URL",
    "Disc Number", "Track Number", "Track Duration (ms)", "Track Preview URL", "Explicit",
    "Popularity", "ISRC", "Added By", "Added At",
)  # fmt: skip
REQUIRED: Final = {"uri": "Track URI", "name": "Track Name", "artists": "Artist Name(s)"}
PATIENCE: Final = 1_000  # rejected rows after which a file with hardly a good one is given up


def recognises(header: Iterable[str]) -> bool:
    """Whether a header is one of Exportify's."""
    titles = {title.casefold() for title in header}
    return all(titles.intersection(TITLES[column]) for column in REQUIRED)


def recognises_sample(sample: Sample) -> bool:
    """Whether a file is Exportify's: by its header, or by its rows where that is translated."""
    return recognises(_header_in_english(sample.header, sample.rows))


def read(file: Upload, source: str = "") -> tuple[Library, ImportReport]:
    """The library in an Exportify file, zip or folder.

    Parameters
    ----------
    file
        A path, bytes or a binary file; plain, gzipped, or a zip with one CSV a playlist.
    source
        What to call it in messages; its own name if not given.

    Returns
    -------
    Library, ImportReport
        Rows read = kept (a new track) + merged (a track already there) + rejected.

    Raises
    ------
    InputError
        If there is nothing of Exportify in it; the message names the file and what is missing.
    """
    files = files_in(file, source)
    ours = [f for f in files if _is_ours(f)]
    if not ours:
        raise InputError(_missing(files, source))
    others = [f"{f.name} is not from Exportify; it was left out." for f in files if f not in ours]
    library, report = read_files(ours)
    called = source or (files[0].name if len(files) == 1 else f"{len(ours)} Exportify files")
    return library, ImportReport(
        called, report.n_read, report.n_kept, report.n_merged, report.rejections,
        (*report.notes, *others),
    )  # fmt: skip


def read_files(
    files: Sequence[File], progress: Callable[[float, str], None] | None = None
) -> tuple[Library, ImportReport]:
    """The library in files that `recognises` says are Exportify's."""
    return library_of_files(files, _rows_of, ORIGIN, progress)


def _is_ours(file: File) -> bool:
    try:
        return recognises_sample(Sample.of(file))
    except InputError:
        return False


def _header_in_english(header: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """Classic files come in many languages: their columns are known by their order then."""
    translated = (
        rows
        and not recognises(header)
        and min(len(header), len(rows[0])) >= len(CLASSIC)
        and rows[0][0].startswith("spotify:track:")
        and rows[0][2].startswith("spotify:artist:")
    )
    return (*CLASSIC, *header[len(CLASSIC) :]) if translated else header


def _rows_of(file: File) -> tuple[pd.DataFrame, ImportReport]:
    """One file's rows as our columns, and the account of those that did not pass."""
    rejections: list[Rejection] = []
    with open_table(file) as table:
        table = replace(table, header=_header_in_english(table.header, Sample.of(file).rows))
        at = {column: table.find(titles) for column, titles in TITLES.items()}
        good = list(_good_rows(table, at, file.name, rejections))
        width = len(table.header)
    notes = _cut_off(file, good, width)
    report = ImportReport(ORIGIN, len(rejections), 0, 0, tuple(rejections), notes)
    raw = {
        column: pd.Series(
            [r.cells[i] if i < len(r.cells) else None for r in good], dtype="str"
        ) if i is not None else pd.Series([None] * len(good), dtype="str")
        for column, i in at.items()
    }  # fmt: skip
    rows = _ours(raw)
    rows["file"], rows["playlist"] = file.name, playlist_name(file.stem)
    rows["row"] = [r.number for r in good]
    return rows, report


def _good_rows(
    table: Table, at: dict[str, int | None], name: str, rejections: list[Rejection]
) -> Iterator[Row]:
    """The rows worth reading; the others go into ``rejections``."""
    uri, n_good = at["uri"] or 0, 0
    for row in table.rows:
        reason = _wrong(row, uri, len(table.header))
        if not reason:
            n_good += 1
            yield row
            continue
        rejections.append(Rejection(name, row.number, ", ".join(row.cells)[:200], reason))
        if len(rejections) > PATIENCE and len(rejections) > 20 * n_good:
            raise InputError(
                f"{name} has Exportify's header, but {len(rejections):,} of its first "
                f"{row.number - 1:,} rows are no tracks."
            )


def _wrong(row: Row, uri: int, width: int) -> str:
    """Why a row cannot be a track, or "" if it can."""
    if not any(cell.strip() for cell in row.cells):
        return "an empty row"
    if len(row.cells) > width and any(cell.strip() for cell in row.cells[width:]):
        return f"more cells than the header's {width}"
    if len(row.cells) < 3:
        return "the row ends before its name and artist"
    where = row.cells[uri] if uri < len(row.cells) else ""
    if ":episode:" in where or "/episode/" in where:
        return "a podcast episode, not a track"
    return ""


def _ours(raw: dict[str, pd.Series]) -> pd.DataFrame:
    """Exportify's cells in our columns and units."""
    rows = pd.DataFrame(
        {
            "track_id": cells.track_ids(raw["uri"]),
            "name": raw["name"],
            "artists": _artists(raw["artists"], raw["artist_ids"]),
            "album": raw["album"],
            "genres": cells.joined(raw["genres"], ","),
            "isrc": cells.known(raw["isrc"]),
            "label": cells.known(raw["label"]),
            "year": cells.years(raw["released"]),
            "released": cells.released(raw["released"]),
            "duration_s": cells.numbers(raw["duration_ms"]) / 1000,
            "explicit": cells.flags(raw["explicit"]),
            "added_at": cells.moments(raw["added_at"]),
        }
    )
    for column in ("name", "artists", "album"):
        text = rows[column].astype("str").str.strip()
        rows[column] = text.mask(text == "")
    return rows.assign(**{column: cells.numbers(raw[column]) for column in NUMBERS})


def _artists(names: pd.Series, ids: pd.Series) -> pd.Series:
    """Several artists in a cell, parted as their fork joined them."""
    if ids.notna().any():
        separator = ", " if ids.str.contains(", ", regex=False).any() else ","
        return cells.shared_cells(names, ids, separator)
    return cells.joined(names, ";")


def _cut_off(file: File, good: list[Row], width: int) -> tuple[str, ...]:
    """A note if the last row ends far before the others do."""
    if len(good) < 2 or len(good[-1].cells) >= min(len(r.cells) for r in good[:-1]):
        return ()
    where = f"row {good[-1].number} ({len(good[-1].cells)} of {width} cells)"
    return (f"{file.name} ends inside {where}: it may have been cut off, so fetch it again.",)


def _missing(files: list[File], source: str) -> str:
    """What is wrong with a file that is not Exportify's, in one sentence."""
    if not files:
        return f"{source or 'The archive'} is empty."
    if len(files) > 1:
        return f"None of the {len(files)} files in {source or 'it'} is an Exportify CSV."
    with open_table(files[0]) as table:  # raises by itself if this is no table at all
        absent = [REQUIRED[c] for c in REQUIRED if table.find(TITLES[c]) is None]
    columns = " and no ".join(f"column {title!r}" for title in absent)
    return f"{files[0].name} has no {columns}, so it is not from Exportify."
