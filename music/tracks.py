"""The track table all rooms share, and the library it sits in.

A track table is a pandas frame indexed by ``track_id`` that always has every column of `COLUMNS`;
what is not known is missing, never absent, never 0 or "". `as_tracks` is the one door: behind it
nobody checks again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError
from music.features import FEATURE_COLUMNS, NAMES, Floats, N, Scale, clean_raw
from music.vibe import MAX_ARTISTS, Vibe, vibe_of

JOIN: Final = "; "  # joins several artists or genres in one cell

TEXT_COLUMNS: Final = (
    "name",
    "artists",
    "album",
    "genres",
    "isrc",
    "label",
    "origin",
    "provenance",
)
NUMBER_COLUMNS: Final = (
    "year", "duration_s", "popularity", *FEATURE_COLUMNS, "key", "mode", "time_signature",
)  # fmt: skip
FLAG_COLUMNS: Final = ("explicit",)
# The day of release as a decimal year (2019.5 = the middle of 2019), where the day is known.
DATE_COLUMNS: Final = ("released",)
COLUMNS: Final = (*TEXT_COLUMNS, *NUMBER_COLUMNS, *FLAG_COLUMNS, *DATE_COLUMNS)

# One letter a feature in the column `provenance`: where its value comes from, best first.
PROVENANCE: Final = {
    "o": "your own file",
    "c": "an earlier look-up",
    "k": "a catalogue file you hold",
    "r": "ReccoBeats",
    "s": "Spotify",
    "i": "invented",
    "e": "an estimate from genre and artist averages",
    "-": "unknown",
}

PLAYLIST_COLUMNS: Final = ("playlist_id", "name", "description", "origin")
ENTRY_COLUMNS: Final = ("playlist_id", "position", "track_id", "added_at")
PLAY_COLUMNS: Final = ("track_id", "at", "played_s", "skipped")
ALIAS_COLUMNS: Final = ("track_id", "duration_s", "isrc", "same_as")


def as_tracks(frame: pd.DataFrame, origin: str, provenance: str = "o") -> pd.DataFrame:
    """A frame with any of `COLUMNS` as a complete, clean track table.

    Parameters
    ----------
    frame
        Has ``track_id`` as a column or index name; other columns of `COLUMNS` as far as known, with
        raw feature values in Spotify's units. Several artists or genres in a cell are joined by
        ``"; "``. Columns it does not know are dropped.
    origin
        Where the tracks come from, e.g. ``"exportify"``; kept in the column ``origin`` where the
        frame has none.
    provenance
        The letter of `PROVENANCE` for feature values that have no ``provenance`` yet.

    Raises
    ------
    InputError
        If there is no ``track_id``, or one is missing or twice.
    """
    frame = frame.reset_index() if frame.index.name == "track_id" else frame
    if "track_id" not in frame.columns:
        raise InputError(f"{origin} has no column 'track_id'.")
    ids = frame["track_id"].astype("str")
    if ids.isna().any() or (ids == "").any():
        raise InputError(f"{origin} has {int((ids.isna() | (ids == '')).sum())} rows without id.")
    if ids.duplicated().any():
        raise InputError(f"{origin} has the track {ids[ids.duplicated()].iloc[0]!r} twice.")
    out = frame.reindex(columns=list(COLUMNS)).set_axis(pd.Index(ids, name="track_id"))
    for column in TEXT_COLUMNS:
        text = out[column].astype("str").str.strip()
        out[column] = text.mask(text == "")
    for column in (*NUMBER_COLUMNS, *DATE_COLUMNS):
        out[column] = pd.to_numeric(out[column], errors="coerce").astype("float64")
    out["explicit"] = out["explicit"].astype("boolean")
    out["origin"] = out["origin"].fillna(origin)
    features = clean_raw(out[list(FEATURE_COLUMNS)].to_numpy())
    out[list(FEATURE_COLUMNS)] = features
    out["provenance"] = _provenance(out["provenance"], features, provenance)
    for column, low, high in (
        ("year", 1000, 2100), ("released", 1000, 2101), ("popularity", 0, 100),
        ("key", 0, 11), ("mode", 0, 1), ("time_signature", 1, 12), ("duration_s", 0.001, 86_400),
    ):  # fmt: skip
        out[column] = out[column].where(out[column].between(low, high))
    return out


def no_tracks() -> pd.DataFrame:
    """A track table without rows, every column there."""
    return as_tracks(pd.DataFrame({"track_id": pd.Series(dtype="str")}), "nothing")


def raw_features(tracks: pd.DataFrame) -> Floats:
    """Raw feature values, shape (n, 9), NaN = unknown."""
    return tracks[list(FEATURE_COLUMNS)].to_numpy(dtype=np.float64)


def percentiles(tracks: pd.DataFrame) -> Floats:
    """Feature percentiles in [0, 1], shape (n, 9), NaN = unknown."""
    return Scale.reference().percentiles(raw_features(tracks))


def split(cells: pd.Series) -> pd.Series:
    """Cells of several artists or genres as lists; a missing cell is an empty list."""
    return cells.fillna("").map(lambda cell: [part for part in cell.split(JOIN) if part])


def primary_artist(tracks: pd.DataFrame) -> pd.Series:
    """The first artist of each track; missing where there is none."""
    return tracks["artists"].str.replace(r"; .*$", "", regex=True)


def vibe_of_tracks(tracks: pd.DataFrame, origin: str, n_words: int = 8) -> Vibe:
    """The vibe of a playlist, album or cluster: its median track, its genres and its artists."""
    n = max(len(tracks), 1)
    genres = split(tracks["genres"]).explode().dropna().value_counts().head(n_words) / n
    artists = primary_artist(tracks).dropna().value_counts().head(MAX_ARTISTS) / n
    words = {str(g): float(s) for g, s in genres.items()}
    vibe = vibe_of(percentiles(tracks), words, origin)
    return vibe.by({str(a): float(s) for a, s in artists.items()})


_SUFFIX = re.compile(
    r"""\s*(?:-\s+|[(\[]\s*)                               # " - " or an opening bracket
    (?:(?:\d{4}\s+)?(?:digital(?:ly)?\s+)?re-?master(?:ed)?|live|mono|stereo|demo|acoustic|radio\s+edit|
       single|album|extended|original|bonus|deluxe|anniversary|explicit|clean|edit|
       sped\s+up|slowed|instrumental|karaoke|feat\.?|ft\.?|featuring|with)
    \b.*$""",
    re.IGNORECASE | re.VERBOSE,
)


def canonical_title(title: str) -> str:
    """A title without its version: case, accents, "- Remastered 2011", "(Live)", "feat. X" gone.

    >>> canonical_title("Here Comes the Sun - Remastered 2009")
    'here comes the sun'
    """
    bare = _SUFFIX.sub("", title).strip() or title
    folded = unicodedata.normalize("NFKD", bare.casefold())
    return " ".join("".join(c for c in folded if not unicodedata.combining(c)).split())


def canonical_song(tracks: pd.DataFrame) -> pd.Series:
    """A key all versions of one song share: canonical title and primary artist, casefolded.

    A track without title is its own song.
    """
    titles = tracks["name"].fillna("")
    known = {t: canonical_title(t) for t in titles.unique()}
    artist = primary_artist(tracks).fillna("").str.casefold().str.strip()
    key = titles.map(known).astype("str") + "\x1f" + artist
    return key.where(titles != "", tracks.index.to_series())


@dataclass(frozen=True)
class Library:
    """What a listener owns: five frames, any of which may be empty.

    Parameters
    ----------
    tracks
        A track table (`as_tracks`).
    playlists
        Columns `PLAYLIST_COLUMNS`; saved tracks are the playlist ``"liked"``.
    entries
        Columns `ENTRY_COLUMNS`: which track stands where in which playlist; ``added_at`` in UTC.
    plays
        Columns `PLAY_COLUMNS`: ``at`` is when a play ended, in UTC; ``played_s`` seconds.
    aliases
        Columns `ALIAS_COLUMNS`: how sources told tracks without a service's id, or under another
        one, and which track each of them is; so the same source told again finds the same tracks.
    name
        Whose it is, for people.
    invented
        True for the demo library, and shown wherever the library is.
    zone
        The IANA time zone in which its listener lives. Frames stay in UTC; hours, days and months
        are read in this zone.
    """

    tracks: pd.DataFrame = field(default_factory=no_tracks)
    playlists: pd.DataFrame = field(default_factory=lambda: no_rows(PLAYLIST_COLUMNS))
    entries: pd.DataFrame = field(default_factory=lambda: no_rows(ENTRY_COLUMNS))
    plays: pd.DataFrame = field(default_factory=lambda: no_rows(PLAY_COLUMNS))
    aliases: pd.DataFrame = field(default_factory=lambda: no_rows(ALIAS_COLUMNS))
    name: str = "your library"
    invented: bool = False
    zone: str = "UTC"

    def playlist(self, playlist_id: str) -> pd.DataFrame:
        """The tracks of one playlist in order; a track twice in it comes twice."""
        rows = self.entries[self.entries["playlist_id"] == playlist_id].sort_values("position")
        return self.tracks.loc[rows["track_id"][rows["track_id"].isin(self.tracks.index)]]

    def only(self, track_ids: Iterable[str]) -> Library:
        """The same library with only these tracks, and what belongs to them."""
        keep = self.tracks.index.isin(list(track_ids))
        ids = self.tracks.index[keep]
        return replace(
            self,
            tracks=self.tracks[keep],
            entries=self.entries[self.entries["track_id"].isin(ids)],
            plays=self.plays[self.plays["track_id"].isin(ids)],
            aliases=self.aliases[self.aliases["same_as"].isin(ids)],
        )

    def __len__(self) -> int:
        return len(self.tracks)


_DTYPES: Final = {
    "position": "int64", "added_at": "datetime64[us, UTC]", "at": "datetime64[us, UTC]",
    "played_s": "float64", "duration_s": "float64", "skipped": "boolean",
}  # fmt: skip


def no_rows(columns: tuple[str, ...]) -> pd.DataFrame:
    """An empty frame with these library columns and their types."""
    return pd.DataFrame({c: pd.Series(dtype=_DTYPES.get(c, "str")) for c in columns})


def typed_rows(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """A frame with exactly these library columns in their types; absent ones are missing."""
    out = frame.reindex(columns=list(columns)).reset_index(drop=True)
    return out.astype({c: _DTYPES.get(c, "str") for c in columns})


def _provenance(given: pd.Series, features: Floats, letter: str) -> pd.Series:
    """Nine letters a track; a feature without value is "-" whatever was given."""
    text = given.where(given.str.len() == N, letter * N).to_numpy(dtype=str)
    letters = (
        text.astype(f"U{N}").view("U1").reshape(-1, N).copy()
        if len(text)
        else np.empty((0, N), "U1")
    )
    letters[np.isnan(features)] = "-"
    return pd.Series(["".join(row) for row in letters], index=given.index, dtype="str")


def estimated(tracks: pd.DataFrame, feature: str) -> pd.Series:
    """Whether the value of one feature is an estimate, per track."""
    return tracks["provenance"].str[NAMES.index(feature)] == "e"


def mostly_estimated(tracks: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Whether more of a track's features are estimates than are known, shape (n,)."""
    words = tracks["provenance"].fillna("-" * N)
    guessed, unknown = words.str.count("e"), words.str.count("-")
    return np.asarray(guessed > N - unknown - guessed, dtype=bool)


def without_estimates(tracks: pd.DataFrame) -> pd.DataFrame:
    """The tracks with every estimated feature missing, for whatever must rest on facts."""
    words = tracks["provenance"].fillna("-" * N)
    if not words.str.contains("e", regex=False).any():
        return tracks
    letters = words.to_numpy(dtype=f"U{N}").view("U1").reshape(-1, N)
    guessed = pd.DataFrame(letters == "e", index=tracks.index, columns=list(FEATURE_COLUMNS))
    known = tracks[list(FEATURE_COLUMNS)].mask(guessed)
    return tracks.assign(**known, provenance=words.str.replace("e", "-", regex=False))
