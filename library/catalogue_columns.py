"""The catalogue files people hold, by their headers, and their cells in our columns.

Five tables of Spotify features that circulate (facts as of November 2026), recognised by header:
``dataset.csv`` (114k tracks, 114 genres), ``tracks_features.csv`` (1.2M), ``data.csv`` (170k),
``tracks.csv`` (600k) and ``spotify_songs.csv`` (TidyTuesday 2020-01-21); and anything else with an
id, a title, an artist and features.

``playlist_genre`` and its kind describe a playlist, not a track, and are left out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from typing import Final

import pandas as pd

from library import cells
from music.features import FEATURES
from music.tracks import JOIN

# Our column -> theirs, casefolded, in the order of preference.
TITLES: Final = {
    "track_id": ("track_id", "id", "uri"),
    "name": ("track_name", "name", "track name"),
    "artists": ("artists", "track_artist", "artist_name", "artist name"),
    "album": ("album_name", "album", "track_album_name"),
    "genres": ("track_genre", "genres"),
    "isrc": ("isrc",),
    "released": ("release_date", "track_album_release_date", "year"),
    "duration_ms": ("duration_ms", "duration"),
    "popularity": ("popularity", "track_popularity"),
    "explicit": ("explicit",),
    "key": ("key",),
    "mode": ("mode",),
    "time_signature": ("time_signature",),
    "playlist": ("playlist_name",),
    **{feature.column: (feature.name,) for feature in FEATURES},
}
NUMBERS: Final = (
    "popularity", "key", "mode", "time_signature", *(feature.column for feature in FEATURES)
)  # fmt: skip
REQUIRED: Final = ("track_id", "name", "artists", "danceability", "energy", "valence")

_KNOWN: Final = {
    "dataset.csv (114,000 tracks)": {"track_id", "artists", "track_genre"},
    "tracks_features.csv (1.2 million tracks)": {"id", "artist_ids", "track_number"},
    "tracks.csv (600,000 tracks)": {"id", "id_artists"},
    "data.csv (170,000 tracks)": {"id", "artists", "year", "popularity"},
    "spotify_songs.csv (TidyTuesday)": {"track_id", "track_artist", "playlist_genre"},
}


def columns_of(header: Iterable[str]) -> dict[str, str]:
    """Our column -> the title it has in a table, for those that are there."""
    titles = {title.strip().casefold(): title for title in header}
    found = {}
    for column, names in TITLES.items():
        title = next((titles[name] for name in names if name in titles), None)
        if title is not None:
            found[column] = title
    return found


def recognises_header(header: Iterable[str]) -> bool:
    """Whether a table is a catalogue: ids, names and audio features."""
    return set(columns_of(header)).issuperset(REQUIRED)


def kind_of(header: Iterable[str]) -> str:
    """Which of the well-known tables it is, for people."""
    titles = {title.strip().casefold() for title in header}
    return next((kind for kind, marks in _KNOWN.items() if marks <= titles), "a catalogue")


def ours(raw: pd.DataFrame) -> pd.DataFrame:
    """Text cells, named by our columns, as values in our units.

    Parameters
    ----------
    raw
        Text columns named by keys of `TITLES`; absent ones are missing.
    """
    rows = raw.reindex(columns=list(TITLES)).astype("str")
    out = pd.DataFrame(
        {
            "track_id": cells.track_ids(rows["track_id"]),
            "name": cells.known(rows["name"]),
            "artists": listed(rows["artists"]),
            "album": cells.known(rows["album"]),
            "genres": listed(rows["genres"]),
            "isrc": cells.known(rows["isrc"]),
            "year": cells.years(rows["released"]),
            "released": cells.released(rows["released"]),
            "duration_s": cells.numbers(rows["duration_ms"]) / 1000,
            "explicit": cells.flags(rows["explicit"]),
            "playlist": cells.known(rows["playlist"]),
        },
        index=rows.index,
    )
    return out.assign(**{column: cells.numbers(rows[column]) for column in NUMBERS})


def listed(column: pd.Series) -> pd.Series:
    r"""Several names in a cell, as ``"A;B"``, ``"['A', 'B']"`` or one name, joined our way.

    >>> listed(pd.Series(["['The Damp', \"O'Hara\"]", "A;B", "[]", "Plain"])).tolist()
    ["The Damp; O'Hara", 'A; B', nan, 'Plain']
    """
    known = {cell: _listed(cell) for cell in column.dropna().unique()}
    return column.map(known).astype("str")


def _listed(cell: str) -> str | None:
    text = cell.strip()
    if text.startswith("[") and text.endswith("]"):
        try:
            parts = ast.literal_eval(text)  # literals only: nothing in a cell is ever run
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return text
    else:
        parts = text.split(";")
    names = [str(part).strip() for part in parts if str(part).strip()]
    return JOIN.join(names) or None
