"""Tracks and plays for people: search, links, CSV, and how much is known of them."""

from __future__ import annotations

import re
from typing import Final

import pandas as pd

from library.history import heard
from library.resolve import SOURCES, coverage, main_letters
from library.spotify_policy import own_tracks
from music.tracks import TEXT_COLUMNS, Library

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


def latest_plays(library: Library, n: int = 500) -> pd.DataFrame:
    """The last plays of at least half a minute, newest first, on the listener's clock.

    Returns
    -------
    DataFrame
        Columns ``at`` (in the library's zone), ``name``, ``artists``, ``minutes``.
    """
    plays = heard(library.plays).nlargest(n, "at")
    titles = library.tracks[["name", "artists"]].reindex(plays["track_id"])
    return pd.DataFrame(
        {
            "at": plays["at"].dt.tz_convert(library.zone).reset_index(drop=True),
            "name": titles["name"].to_numpy(),
            "artists": titles["artists"].to_numpy(),
            "minutes": (plays["played_s"] / 60).round(1).to_numpy(),
        }
    )


def plays_sentence(library: Library) -> str:
    """How many plays there are, from when to when, and in which zone they are told.

    "17,204 plays from 2 January 2024 to 30 December 2025; times are those of Europe/Berlin."
    """
    plays = heard(library.plays)
    if plays.empty:
        return "No plays: an export with a streaming history brings them."
    at = plays["at"].dt.tz_convert(library.zone)
    first, last = (f"{day.day} {day:%B %Y}" for day in (at.min(), at.max()))
    n = "1 play" if len(plays) == 1 else f"{len(plays):,} plays"
    return (
        f"{n} of half a minute or more from {first} to {last}; times are those of "
        f"{library.zone.replace('_', ' ')}."
    )


def coverage_sentence(library: Library) -> str:
    """How many tracks have audio features, and where those come from.

    "Features for 1,912 of 2,104 tracks: 1,700 own, 212 estimated."
    """
    known = coverage(library.tracks)
    if not known.n_known:
        return f"No audio features for these {len(library):,} tracks; names, years and genres do."
    return f"F{str(known)[1:]}."


def source_words(tracks: pd.DataFrame, uncertainty: pd.DataFrame) -> pd.Series:
    """Where each track's features come from: "own", "estimated ± 21 %"; missing = unknown.

    Parameters
    ----------
    uncertainty
        Standard deviations in percentiles by track and feature (`Listener.uncertainty`).
    """
    letters = main_letters(tracks)
    words = letters.map(SOURCES)
    guessed = letters == "e"
    if not guessed.any():
        return words
    spread = uncertainty.reindex(tracks.index).mean(axis=1).mul(100).round()
    told = "estimated ± " + spread.where(guessed).astype("Int64").astype("str") + " %"
    return words.mask(guessed, told)
