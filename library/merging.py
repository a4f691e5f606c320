"""Two libraries into one: the same recording once, nothing lost, nothing twice.

Recordings are the same if they share the id, else the ISRC, else title and artist with equal
length; two different Spotify ids are never one recording by title alone. Merging a library with
itself changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from library.matching import SAME_LENGTH_S, Matcher, song_keys
from library.rows import LIKED
from music.features import FEATURE_COLUMNS, N
from music.tracks import (
    COLUMNS,
    ENTRY_COLUMNS,
    PLAY_COLUMNS,
    PLAYLIST_COLUMNS,
    PROVENANCE,
    Library,
    as_tracks,
    typed_rows,
)

_MADE_UP: Final = "local:"
_RANK: Final = {letter: rank for rank, letter in enumerate(PROVENANCE)}  # best first


def merge(old: Library, new: Library) -> Library:
    """One library out of what there was and what came; see `united`."""
    return united(old, new)[0]


def united(old: Library, new: Library) -> tuple[Library, tuple[str, ...]]:
    """One library out of what there was and what came, and what was merged by a near spelling.

    A playlist that comes again from the same kind of file is replaced by its newer self; from
    another kind of file, and for the saved tracks, the two are united. Plays are united; one that
    an export tells by the minute and another by the second is one play.

    Returns
    -------
    Library, tuple of str
        The notes name each pair of differently spelled titles that became one track.
    """
    if not len(old) and not len(old.plays):
        return replace(new, name=old.name if len(old.playlists) else new.name), ()
    alias, notes = same_recordings(old.tracks, new.tracks)
    tracks = _tracks(_renamed(old.tracks, alias), _renamed(new.tracks, alias))
    playlists, entries = _places(
        replace(old, entries=_moved(old.entries, alias)),
        replace(new, entries=_moved(new.entries, alias)),
    )
    plays = united_plays(_moved(old.plays, alias), _moved(new.plays, alias))
    library = replace(
        old, tracks=tracks, playlists=playlists, entries=entries, plays=plays,
        invented=old.invented and new.invented,
    )  # fmt: skip
    return library, notes


def same_recordings(old: pd.DataFrame, new: pd.DataFrame) -> tuple[dict[str, str], tuple[str, ...]]:
    """Which ids are one recording: id -> the id that stays, for every track that has to move.

    A made-up id (``local:...``) gives way to a service's id, else the older stays. The notes tell
    what was matched although it is spelled differently.
    """
    fresh = new[~new.index.isin(old.index)]
    twins = _by_isrc(old, fresh) | _by_name(old, fresh)
    near, notes = _by_spelling(old, fresh[~fresh.index.isin(list(twins))])
    alias: dict[str, str] = {}
    for track, twin in (near | twins).items():
        if twin in alias or track in alias:
            continue
        stays, goes = (track, twin) if _made_up(twin) and not _made_up(track) else (twin, track)
        alias[goes] = stays
    return alias, notes


def united_plays(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """All plays once, oldest first."""
    plays = pd.concat([old, new], ignore_index=True) if len(old) and len(new) else (
        old if len(old) else new
    )  # fmt: skip
    plays = plays.drop_duplicates(["track_id", "at", "played_s"])
    by_minute = plays["at"].dt.second.eq(0)
    if by_minute.any() and not by_minute.all():
        minute = plays["at"].dt.floor("min")
        key = pd.MultiIndex.from_arrays([plays["track_id"], minute, plays["played_s"].round(3)])
        exact = key[~by_minute.to_numpy()]
        plays = plays[~(by_minute.to_numpy() & key.isin(exact))]
    return typed_rows(plays.sort_values("at", kind="stable"), PLAY_COLUMNS)


def _by_isrc(old: pd.DataFrame, fresh: pd.DataFrame) -> dict[str, str]:
    """New id -> old id with the same ISRC."""
    known = old["isrc"].dropna().str.upper()
    twins = pd.Series(known.index, index=known.to_numpy()).groupby(level=0).first()
    found = fresh["isrc"].dropna().str.upper().map(twins).dropna()
    return {str(track): str(twin) for track, twin in found.items()}


def _by_name(old: pd.DataFrame, fresh: pd.DataFrame) -> dict[str, str]:
    """New id -> old id with the same title, artist and length, where at most one has a real id."""
    keys = song_keys(old).dropna().drop_duplicates()
    twins = pd.Series(keys.index, index=keys.to_numpy())
    found = song_keys(fresh).map(twins).dropna()
    length_a, length_b = _lengths(fresh), _lengths(old)
    return {
        str(track): str(twin)
        for track, twin in found.items()
        if not abs(length_a[str(track)] - length_b[str(twin)]) > SAME_LENGTH_S  # NaN = unknown
        and (_made_up(str(track)) or _made_up(str(twin)))
    }


def _lengths(tracks: pd.DataFrame) -> dict[str, float]:
    """Seconds by track id, NaN = unknown."""
    return dict(zip(tracks.index, tracks["duration_s"].astype("float64"), strict=True))


def _by_spelling(old: pd.DataFrame, fresh: pd.DataFrame) -> tuple[dict[str, str], tuple[str, ...]]:
    """New id -> old id by the same artist whose title is spelled a little differently.

    Only for tracks that no service knows: two ids of Spotify are two tracks.
    """
    made_up = fresh[fresh.index.str.startswith(_MADE_UP)]
    if made_up.empty:
        return {}, ()
    matcher, found, notes = Matcher(old), {}, []
    length_a, length_b = _lengths(made_up), _lengths(old)
    for track, name, artists in zip(
        made_up.index, made_up["name"].fillna(""), made_up["artists"].fillna(""), strict=True
    ):
        match = matcher.misspelt(name, artists)
        if match is None:
            continue
        if not abs(length_a[track] - length_b[match.track_id]) > SAME_LENGTH_S:
            found[track] = match.track_id
            notes.append(f"{artists} - {name} was taken for {match.artists} - {match.name}")
    return found, tuple(notes)


def _made_up(track_id: str) -> bool:
    return track_id.startswith(_MADE_UP)


def _renamed(tracks: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    if not renamed:
        return tracks
    ids = [renamed.get(track, track) for track in tracks.index]
    return tracks.set_axis(pd.Index(ids, name="track_id", dtype="str"))


def _moved(rows: pd.DataFrame, renamed: dict[str, str]) -> pd.DataFrame:
    if not renamed or rows.empty:
        return rows
    moved = rows["track_id"].map(renamed).fillna(rows["track_id"])
    return rows.assign(track_id=moved.astype("str"))


def _tracks(old: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """One row a track: the older value stays, gaps are filled, a feature's best source wins."""
    both = pd.concat([old, new])
    both = both[~both.reset_index().duplicated().to_numpy()]
    again = both.index.duplicated(keep=False)
    if not again.any():
        return both
    alone, shared = both[~again], both[again]
    filled = shared.groupby(level=0, sort=False).first()
    filled[[*FEATURE_COLUMNS, "provenance"]] = _best_features(shared).reindex(filled.index)
    order = both.index[~both.index.duplicated()]
    united = pd.concat([alone, filled]).loc[order]
    return as_tracks(united[list(COLUMNS)], "merged")


def _best_features(shared: pd.DataFrame) -> pd.DataFrame:
    """Of several rows a track, each feature from the best source that knows it."""
    letters = shared["provenance"].to_numpy(dtype=f"U{N}").view("U1").reshape(-1, N)
    parts = {}
    chosen = np.full((shared.index.nunique(), N), "-", dtype="U1")
    for j, column in enumerate(FEATURE_COLUMNS):
        rank = pd.Series([_RANK.get(x, len(_RANK)) for x in letters[:, j]])
        order = np.argsort(rank.to_numpy(), kind="stable")
        best = shared[[column]].assign(letter=letters[:, j]).iloc[order]
        best = best[~best.index.duplicated()].reindex(shared.index.unique())
        parts[column] = best[column]
        chosen[:, j] = best["letter"].to_numpy(dtype="U1")
    out = pd.DataFrame(parts)
    return out.assign(provenance=["".join(row) for row in chosen])


def _places(old: Library, new: Library) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Playlists and entries of both."""
    a, b = old.playlists.set_index("playlist_id"), new.playlists.set_index("playlist_id")
    both = a.index.intersection(b.index)
    replaced = [p for p in both if p != LIKED and a["origin"][p] == b["origin"][p]]
    kept = old.entries[~old.entries["playlist_id"].isin(replaced)]
    playlists = pd.concat([old.playlists, new.playlists]).groupby("playlist_id", sort=False).first()
    entries = _numbered(pd.concat([kept.assign(_side=0), new.entries.assign(_side=1)]))
    place = entries["playlist_id"].map({p: i for i, p in enumerate(playlists.index)})
    entries = entries.iloc[np.argsort(place.to_numpy(), kind="stable")]
    return (
        typed_rows(playlists.reset_index(), PLAYLIST_COLUMNS),
        typed_rows(entries, ENTRY_COLUMNS),
    )


def _numbered(entries: pd.DataFrame) -> pd.DataFrame:
    """Entries united: the n-th time a track stands in a playlist is one entry, whoever says so."""
    entries = entries.sort_values(["_side", "position"], kind="stable")
    nth = entries.groupby(["_side", "playlist_id", "track_id"], sort=False).cumcount()
    entries = entries.assign(_nth=nth)
    once = entries.groupby(["playlist_id", "track_id", "_nth"], sort=False, as_index=False).first()
    return once.assign(position=once.groupby("playlist_id", sort=False).cumcount())
