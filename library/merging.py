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

from library.matching import SAME_LENGTH_S, song_keys
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

_RANK: Final = {letter: rank for rank, letter in enumerate(PROVENANCE)}  # best first


def merge(old: Library, new: Library) -> Library:
    """One library out of what there was and what came.

    A playlist that comes again from the same kind of file is replaced by its newer self; from
    another kind of file, and for the saved tracks, the two are united. Plays are united; one that
    an export tells by the minute and another by the second is one play.
    """
    if not len(old) and not len(old.plays):
        return replace(new, name=old.name if len(old.playlists) else new.name)
    alias = same_recordings(old.tracks, new.tracks)
    renamed = {track: kept for track, kept in alias.items() if track != kept}
    tracks = _tracks(_renamed(old.tracks, renamed), _renamed(new.tracks, renamed))
    playlists, entries = _places(
        replace(old, entries=_moved(old.entries, renamed)),
        replace(new, entries=_moved(new.entries, renamed)),
    )
    plays = united_plays(_moved(old.plays, renamed), _moved(new.plays, renamed))
    return replace(
        old, tracks=tracks, playlists=playlists, entries=entries, plays=plays,
        invented=old.invented and new.invented,
    )  # fmt: skip


def same_recordings(old: pd.DataFrame, new: pd.DataFrame) -> dict[str, str]:
    """Which ids are one recording: id -> the id that stays, for every track that has to move.

    A made-up id (``local:...``) gives way to a service's id, else the older stays.
    """
    fresh = new[~new.index.isin(old.index)]
    alias: dict[str, str] = {}
    for track, twin in (_by_isrc(old, fresh) | _by_name(old, fresh)).items():
        if twin in alias or alias.get(track):
            continue
        stays, goes = (track, twin) if _made_up(twin) and not _made_up(track) else (twin, track)
        alias[goes] = stays
    return alias


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
    length_a = fresh["duration_s"].reindex(found.index).to_numpy(dtype=float)
    length_b = old["duration_s"].reindex(found.to_numpy()).to_numpy(dtype=float)
    with np.errstate(invalid="ignore"):
        differ = np.abs(length_a - length_b) > SAME_LENGTH_S
    return {
        str(track): str(twin)
        for (track, twin), no in zip(found.items(), differ, strict=True)
        if not no and (_made_up(str(track)) or _made_up(str(twin)))
    }


def _made_up(track_id: str) -> bool:
    return track_id.startswith("local:")


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
