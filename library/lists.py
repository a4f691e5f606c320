"""Lists from other tools: TuneMyMusic, Soundiiz, and any table with a title and an artist.

Recognised by the header, in several languages, whatever the delimiter:

- TuneMyMusic: ``Track name,Artist name,Album,Playlist name,Type,ISRC[,Spotify - id | ...]``; rows
  of type ``Favorite`` are saved tracks; video sources put ``Artist - Title`` into the track column
- Soundiiz: ``title;artist;album;isrc``
- anything else with a title and an artist, or with a column of Spotify links
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

import pandas as pd

from library import cells
from library.opening import File
from library.report import ImportReport, Rejection
from library.rows import LIKED_NAME, library_of_files, playlist_name
from library.sample import Sample
from library.table import Row, open_table
from music.errors import InputError
from music.tracks import Library

ORIGIN: Final = "list"

TITLES: Final = {
    "uri": (
        "spotify - id", "spotify id", "spotify uri", "spotify url", "track uri", "track url",
        "uri", "url", "link", "track id",
    ),
    "name": (
        "track name", "title", "track", "song", "song name", "song title", "track title", "name",
        "titel", "titre", "título", "titulo", "titolo", "tytuł", "название", "трек", "曲名",
    ),
    "artists": (
        "artist name", "artist", "artists", "artist name(s)", "artist names", "creator", "band",
        "interpret", "künstler", "artiste", "artiste(s)", "artista", "wykonawca", "исполнитель",
        "アーティスト",
    ),
    "album": ("album", "album name", "album title", "альбом", "アルバム"),
    "playlist": ("playlist name", "playlist", "playlist title"),
    "type": ("type",),
    "isrc": ("isrc",),
    "released": ("year", "release date", "release_date", "released", "jahr", "année", "año"),
    "genres": ("genre", "genres"),
    "added_at": ("added at", "date added", "added", "added_at"),
}  # fmt: skip
_TEXTS: Final = ("name", "artists", "album", "playlist", "isrc")


def recognises(sample: Sample) -> bool:
    """Whether a table has a title and an artist, or Spotify links."""
    return (_has(sample, "name") and _has(sample, "artists")) or link_column(sample) is not None


def link_column(sample: Sample) -> int | None:
    """Where most cells are Spotify tracks, whatever the column is called."""
    for i in range(len(sample.header)):
        shown = [row[i] for row in sample.rows if i < len(row)]
        if shown and cells.track_ids(pd.Series(shown, dtype="str")).notna().mean() > 0.5:
            return i
    return None


def read_files(
    files: Sequence[File], progress: Callable[[float, str], None] | None = None
) -> tuple[Library, ImportReport]:
    """The library in files that `recognises` knows; see `library.rows.library_of_files`."""
    library, report = library_of_files(files, _rows_of, ORIGIN, progress)
    if not len(library):
        raise InputError(f"{files[0].name} has the right columns, but no track in them.")
    return library, report


def _rows_of(file: File) -> tuple[pd.DataFrame, ImportReport]:
    links = link_column(Sample.of(file))
    with open_table(file) as table:
        at = {column: table.find(titles) for column, titles in TITLES.items()}
        at["uri"] = links if links is not None else at["uri"]
        good: list[Row] = []
        rejections: list[Rejection] = []
        for row in table.rows:
            if any(cell.strip() for cell in row.cells):
                good.append(row)
            else:
                rejections.append(Rejection(file.name, row.number, "", "an empty row"))
    raw = {column: _column(good, i) for column, i in at.items()}
    rows = _ours(raw, playlist_name(file.stem))
    rows["file"], rows["row"] = file.name, [row.number for row in good]
    return rows, ImportReport(ORIGIN, len(rejections), 0, 0, tuple(rejections))


def _ours(raw: dict[str, pd.Series], playlist: str) -> pd.DataFrame:
    """Anybody's cells in our columns."""
    text = {column: cells.known(raw[column]) for column in _TEXTS}
    name, artists = _from_videos(text["name"], cells.joined(text["artists"], ";"))
    favourite = raw["type"].str.casefold().str.startswith("favo").fillna(False).astype(bool)
    return pd.DataFrame(
        {
            "track_id": cells.track_ids(raw["uri"]),
            "name": name,
            "artists": artists,
            "album": text["album"],
            "isrc": text["isrc"],
            "year": cells.years(raw["released"]),
            "released": cells.released(raw["released"]),
            "genres": cells.joined(raw["genres"], ","),
            "playlist": text["playlist"].fillna(playlist).mask(favourite, LIKED_NAME),
            "added_at": cells.moments(raw["added_at"]),
        }
    )


def _from_videos(names: pd.Series, artists: pd.Series) -> tuple[pd.Series, pd.Series]:
    """``Artist - Title`` in the track column, where the artist's is empty, parted."""
    parts = names.where(artists.isna()).str.extract(r"^(.+?)\s+[-–—]\s+(.+)$")
    return parts[1].fillna(names).astype("str"), artists.fillna(parts[0]).astype("str")


def _column(rows: list[Row], i: int | None) -> pd.Series:
    if i is None:
        return pd.Series([None] * len(rows), dtype="str")
    return pd.Series([r.cells[i] if i < len(r.cells) else None for r in rows], dtype="str")


def _has(sample: Sample, column: str) -> bool:
    return bool({title.casefold() for title in sample.header}.intersection(TITLES[column]))
