"""Two libraries into one: the same recording once, nothing lost, nothing twice.

Recordings are the same if they share the id, else the ISRC, else title and artist with no sign
against it (another length, another ISRC); two Spotify ids are never one recording by title alone.
Merging a library with itself, or the same one twice, changes nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import numpy as np
import pandas as pd

from library.aliases import MADE_UP, known_as, made_up, remembered
from library.matching import Matcher, song_keys
from library.rows import LIKED
from library.signs import Signs, signs_of
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
        name = old.name if len(old.playlists) else new.name
        return replace(new, aliases=remembered(old, new, {}), name=name), ()
    alias, notes = same_recordings(old, new)
    tracks = _tracks(_renamed(old.tracks, alias), _renamed(new.tracks, alias))
    playlists, entries = _places(
        replace(old, entries=_moved(old.entries, alias)),
        replace(new, entries=_moved(new.entries, alias)),
    )
    plays = united_plays(_moved(old.plays, alias), _moved(new.plays, alias))
    library = replace(
        old, tracks=tracks, playlists=playlists, entries=entries, plays=plays,
        aliases=remembered(old, new, alias), invented=old.invented and new.invented,
    )  # fmt: skip
    return library, notes


def same_recordings(old: Library, new: Library) -> tuple[dict[str, str], tuple[str, ...]]:
    """Which ids are one recording: id -> the id that stays, for every track that has to move.

    What was told before belongs where it went then. Else a made-up id (``local:...``) gives way to
    a service's id, and the newer to the older. The notes tell what was matched although it is
    spelled differently.
    """
    known = known_as(old, new.tracks)
    is_fresh = ~new.tracks.index.isin(old.tracks.index) & ~new.tracks.index.isin(list(known))
    found, notes = _matched(old.tracks, new.tracks[is_fresh])
    moved = {track: twin for track, twin in known.items() if track != twin}
    after = {track: found.get(twin, twin) for track, twin in moved.items()}
    return after | {goes: stays for goes, stays in found.items() if goes not in after}, notes


def _matched(old: pd.DataFrame, fresh: pd.DataFrame) -> tuple[dict[str, str], tuple[str, ...]]:
    """`same_recordings` among tracks of which nothing is known."""
    real = fresh[~fresh.index.str.startswith(MADE_UP)]
    there = pd.concat([old, real]) if len(real) else old  # a list may name a track with and without
    signs = signs_of(pd.concat([old, fresh]))  # and soon those of all that joined each
    by_isrc = _by_isrc(old, fresh)
    for track, twin in by_isrc.items():
        signs[twin] = signs[twin].filled(signs[track])
    by_name, unclear = _by_name(there, fresh[~fresh.index.isin(list(by_isrc))], signs)
    twins = by_isrc | by_name
    near, notes = _by_spelling(there, fresh[~fresh.index.isin(list(twins))], signs)
    alias: dict[str, str] = {}
    for track, twin in (near | twins).items():
        if twin in alias or track in alias:
            continue
        stays, goes = (track, twin) if made_up(twin) and not made_up(track) else (twin, track)
        alias[goes] = stays
    final = {goes: alias.get(stays, stays) for goes, stays in alias.items()}
    return final, (*unclear, *notes)


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


def _by_name(
    there: pd.DataFrame, fresh: pd.DataFrame, signs: dict[str, Signs]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """New id -> the id of the same title and artist, where at most one of the two is real.

    Never across different lengths or different ISRCs, also not by way of a third. Where several
    recordings fit, the first is taken, and a note tells how often that was.
    """
    pairs = _keys(fresh).merge(_keys(there), on="key", suffixes=("", "_there"))
    found: dict[str, str] = {}
    unclear: set[str] = set()
    for track, twin in zip(pairs["track"], pairs["track_there"], strict=True):
        if track == twin or not (made_up(track) or made_up(twin)):
            continue
        if signs[twin].differs(signs[track]):
            continue
        if track not in found:
            found[track], signs[twin] = twin, signs[twin].filled(signs[track])
        elif signs[found[track]].differs(signs[twin]):
            unclear.add(track)
    return found, _told(len(unclear))


def _keys(tracks: pd.DataFrame) -> pd.DataFrame:
    """Each track that has a title and an artist, and its key."""
    keys = song_keys(tracks).dropna()
    return pd.DataFrame({"track": keys.index.astype("str"), "key": keys.to_numpy()})


def _told(n: int) -> tuple[str, ...]:
    if not n:
        return ()
    titles = "1 title" if n == 1 else f"{n:,} titles"
    return (f"{titles} without an id fit more than one recording; the first was taken.",)


def _by_spelling(
    there: pd.DataFrame, fresh: pd.DataFrame, signs: dict[str, Signs]
) -> tuple[dict[str, str], tuple[str, ...]]:
    """New id -> old id by the same artist whose title is spelled a little differently.

    Only for tracks that no service knows: two ids of Spotify are two tracks.
    """
    made_up = fresh[fresh.index.str.startswith(MADE_UP)]
    if made_up.empty:
        return {}, ()
    matcher, found, notes = Matcher(there), {}, []
    for track, name, artists in zip(
        made_up.index, made_up["name"].fillna(""), made_up["artists"].fillna(""), strict=True
    ):
        match = matcher.misspelt(name, artists)
        if match is None:
            continue
        if not signs[track].differs(signs[match.track_id]):
            found[track] = match.track_id
            signs[match.track_id] = signs[match.track_id].filled(signs[track])
            notes.append(f"{artists} - {name} was taken for {match.artists} - {match.name}")
    return found, tuple(notes)


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
