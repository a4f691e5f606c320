"""Track tables for people: search, links, CSV, and how much is known of them."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from library.spotify_policy import own_tracks
from music.features import FEATURE_COLUMNS
from music.tracks import PROVENANCE, TEXT_COLUMNS, Library

_SPOTIFY_ID = re.compile(r"[0-9A-Za-z]{22}")
_SEARCHED: Final = ("name", "artists", "album", "genres")

# What a spreadsheet may take for a formula when a cell begins with it.
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def search(tracks: pd.DataFrame, words: str) -> pd.DataFrame:
    """The tracks in which every word occurs somewhere in title, artists, album or genres."""
    hay = tracks[_SEARCHED[0]].fillna("")
    for column in _SEARCHED[1:]:
        hay = hay + " " + tracks[column].fillna("")
    hay = hay.str.casefold()
    keep = pd.Series(True, index=tracks.index)
    for word in words.casefold().split()[:20]:
        keep &= hay.str.contains(word, regex=False)
    return tracks[keep]


def spotify_links(tracks: pd.DataFrame) -> pd.Series:
    """A link that opens each track in Spotify; missing where a track has no Spotify id."""
    ids = tracks.index.to_series().where(lambda s: s.str.fullmatch(_SPOTIFY_ID.pattern))
    return "https://open.spotify.com/track/" + ids


def tracks_csv(tracks: pd.DataFrame) -> str:
    """The tracks as CSV that no spreadsheet takes for formulas, in Ghostnotes' own columns.

    Other music services read such files, so what came from Spotify's Web API stays out.
    """
    table = own_tracks(tracks).copy()
    for column in table.columns.intersection([*TEXT_COLUMNS, "because"]):
        table[column] = table[column].astype("str")  # an empty table's columns have no type yet
        risky = table[column].str.startswith(_FORMULA, na=False)
        table[column] = table[column].where(~risky, "'" + table[column].fillna(""))
    return str(table.to_csv(index_label="track_id"))


def tracks_m3u(tracks: pd.DataFrame) -> str:
    """The tracks as an extended M3U playlist: lengths, names, and Spotify links.

    What came from Spotify's Web API stays out.
    """
    tracks = own_tracks(tracks)
    lines = ["#EXTM3U"]
    links = spotify_links(tracks)
    seconds = tracks["duration_s"].fillna(-1).round().astype(int)
    titles = tracks["artists"].fillna("") + " - " + tracks["name"].fillna("")
    for n, title, link, track_id in zip(seconds, titles, links, tracks.index, strict=True):
        where = link if isinstance(link, str) else f"# {track_id} has no address"
        lines += [f"#EXTINF:{n},{' '.join(title.split())}", where]
    return "\n".join(lines) + "\n"


def coverage_sentence(library: Library) -> str:
    """How many tracks have audio features, and where those come from.

    "Audio features for 1,912 of 2,104 tracks: 1,700 from your own file, 212 from an estimate ..."
    """
    tracks = library.tracks
    known = tracks[list(FEATURE_COLUMNS)].notna().any(axis=1)
    if not known.any():
        return f"No audio features for these {len(tracks):,} tracks; names, years and genres do."
    # a track counts for the best source it has
    letters = tracks.loc[known, "provenance"]
    counts: list[str] = []
    left = pd.Series(True, index=letters.index)
    for letter, words in PROVENANCE.items():
        here = left & letters.str.contains(letter, regex=False)
        if letter != "-" and here.any():
            counts.append(f"{int(here.sum()):,} {'' if letter == 'i' else 'from '}{words}")
        left &= ~here
    listed = ", ".join(counts)
    return f"Audio features for {int(known.sum()):,} of {len(tracks):,} tracks: {listed}."
