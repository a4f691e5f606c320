"""What the Web API gave one account, on disk: each page committed as it arrives.

A list that is being read again stays as it was until the last page is there; then it changes in
one step. So a reader sees the old list or the new one. A list that was never whole shows the
pages that have arrived.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import pandas as pd
from sqlalchemy import Connection, Engine, and_, delete, func, or_, select, update

from library.spotify import RemotePlaylist
from library.spotify_rows import ORIGIN, ApiRow, Json, api_features
from library.spotify_tables import (
    ENTRIES,
    FEATURES,
    GENRES,
    LISTS,
    NOTES,
    PLAYS,
    SAVES,
    TRACKS,
    reading,
    truncate_log,
    upsert,
    writing,
)  # fmt: skip
from music.tracks import (
    ENTRY_COLUMNS,
    JOIN,
    PLAY_COLUMNS,
    PLAYLIST_COLUMNS,
    Library,
    as_tracks,
    split,
    typed_rows,
)  # fmt: skip

LIKED: Final = "liked"
_TABLES: Final = (TRACKS, FEATURES, LISTS, ENTRIES, PLAYS, GENRES, NOTES, SAVES)


@dataclass(frozen=True)
class Arriving:
    """How far a version of a list has arrived: ``n_rows`` of ``total`` (None = unknown)."""

    tag: str
    n_rows: int
    total: int | None


class Shelf:
    """The rows of one account; implements `library.sync.Sink`.

    Parameters
    ----------
    engine
        The database, with `library.spotify_tables.create_tables` done.
    account
        Whose rows.
    """

    def __init__(self, engine: Engine, account: str) -> None:
        self._engine, self._account = engine, account

    # ---- what a sync asks and tells

    def noted(self, key: str) -> Any:
        """What was noted under a key; None if nothing."""
        with reading(self._engine) as db:
            text = db.scalar(select(NOTES.c.value).filter_by(account=self._account, key=key))
        return None if text is None else json.loads(text)

    def notes(self, *keys: str) -> dict[str, Any]:
        """What was noted under some keys; those without a note are absent."""
        mine = select(NOTES.c.key, NOTES.c.value).filter_by(account=self._account)
        with reading(self._engine) as db:
            rows = db.execute(mine.where(NOTES.c.key.in_(keys)))
            return {row.key: json.loads(row.value) for row in rows}

    def note(self, key: str, value: Any) -> None:
        """Keep a small thing (JSON) for the next sync; None forgets it."""
        with writing(self._engine) as db:
            if value is None:
                db.execute(delete(NOTES).filter_by(account=self._account, key=key))
            else:
                row = {"account": self._account, "key": key, "value": json.dumps(value)}
                upsert(db, NOTES, [row])

    def set_playlists(self, playlists: Sequence[RemotePlaylist]) -> None:
        """The user's playlists as they are now; those that are gone go, with their rows."""
        with writing(self._engine) as db:
            ids = select(LISTS.c.list_id).filter_by(account=self._account)
            before = {i for i in db.scalars(ids) if _is_playlist(i)}
            for rank, playlist in enumerate(playlists):
                self._describe(db, playlist, rank)
            for gone in before - {playlist.id for playlist in playlists}:
                self._drop_list(db, gone)

    def snapshots(self) -> dict[str, str]:
        """The version of each list that is whole, by list id."""
        query = select(LISTS.c.list_id, LISTS.c.snapshot).filter_by(account=self._account)
        with reading(self._engine) as db:
            return {i: s for i, s in db.execute(query) if s is not None}

    def arriving(self, list_id: str) -> Arriving | None:
        """How far a list has arrived, if it is being read."""
        mine = {"account": self._account, "list_id": list_id}
        with reading(self._engine) as db:
            row = db.execute(select(LISTS.c.tag, LISTS.c.arriving_total).filter_by(**mine)).first()
            if row is None or row.tag is None:
                return None
            count = select(func.count()).select_from(ENTRIES).filter_by(**mine, arriving=True)
            return Arriving(row.tag, db.scalar(count) or 0, row.arriving_total)

    def begin(self, list_id: str, tag: str, name: str = "") -> None:
        """Start to read a version of a list; what had arrived of another one goes."""
        mine = {"account": self._account, "list_id": list_id}
        with writing(self._engine) as db:
            self._exists(db, list_id, name)
            db.execute(delete(ENTRIES).filter_by(**mine, arriving=True))
            db.execute(update(LISTS).filter_by(**mine).values(tag=tag, arriving_total=None))

    def add_page(
        self, list_id: str, rows: Sequence[ApiRow], offset: int, total: int | None
    ) -> None:
        """Commit a page of the version that is being read."""
        with writing(self._engine) as db:
            self._put_tracks(db, rows)
            upsert(db, ENTRIES, self._entries(list_id, rows, offset, arriving=True))
            mine = {"account": self._account, "list_id": list_id}
            db.execute(update(LISTS).filter_by(**mine).values(arriving_total=total))

    def finish(
        self, list_id: str, snapshot: str, *, unique: bool = False, recount: bool = False
    ) -> None:
        """The version that arrived becomes the list, in one step.

        Parameters
        ----------
        unique
            Whether a track can be in the list only once; of several rows the first stays.
        recount
            Whether its total is what arrived and not what Spotify said last.
        """
        mine = {"account": self._account, "list_id": list_id}
        with writing(self._engine) as db:
            if unique:
                self._drop_repeats(db, list_id)
            db.execute(delete(ENTRIES).filter_by(**mine, arriving=False))
            db.execute(update(ENTRIES).filter_by(**mine).values(arriving=False))
            n_rows = select(func.count()).select_from(ENTRIES).filter_by(**mine)
            total = n_rows.scalar_subquery() if recount else LISTS.c.arriving_total
            done = {"snapshot": snapshot, "total": total, "tag": None, "arriving_total": None}
            db.execute(update(LISTS).filter_by(**mine).values({**done, "readable": True}))

    def close(self, list_id: str, snapshot: str) -> None:
        """A playlist that may not be read: nothing of it is kept but its name.

        It counts as unchanged while it has this snapshot.
        """
        mine = {"account": self._account, "list_id": list_id}
        with writing(self._engine) as db:
            db.execute(delete(ENTRIES).filter_by(**mine))
            values = {"readable": False, "snapshot": snapshot, "tag": None}
            db.execute(update(LISTS).filter_by(**mine).values(values))

    def saved(self) -> tuple[set[tuple[str, str | None]], int | None]:
        """The saved tracks that are known, as (URI, added_at), and how many Spotify counted."""
        mine = {"account": self._account, "list_id": LIKED}
        rows = select(ENTRIES.c.uri, ENTRIES.c.added_at).filter_by(**mine, arriving=False)
        with reading(self._engine) as db:
            known = {(uri, at) for uri, at in db.execute(rows)}
            return known, db.scalar(select(LISTS.c.total).filter_by(**mine))

    def put_on_top(self, rows: Sequence[ApiRow], total: int | None) -> None:
        """Newly saved tracks, newest first, before those that are known; in one step."""
        mine = {"account": self._account, "list_id": LIKED}
        with writing(self._engine) as db:
            first = db.scalar(select(func.min(ENTRIES.c.position)).filter_by(**mine)) or 0
            self._put_tracks(db, rows)
            upsert(db, ENTRIES, self._entries(LIKED, rows, first - len(rows), arriving=False))
            db.execute(update(LISTS).filter_by(**mine).values(total=total))

    def set_list(self, list_id: str, name: str, rows: Sequence[ApiRow]) -> None:
        """A whole list at once."""
        self.begin(list_id, "", name)
        self.add_page(list_id, rows, 0, len(rows))
        self.finish(list_id, "")

    def add_plays(self, rows: Sequence[ApiRow]) -> None:
        """Plays; those that are known change nothing."""
        played = [row for row in rows if row.track and row.at]
        with writing(self._engine) as db:
            self._put_tracks(db, played)
            plays = [
                {"account": self._account, "at": row.at, "track_id": row.track["track_id"]}
                for row in played
            ]
            upsert(db, PLAYS, plays)

    def add_genres(self, genres: dict[str, list[str]]) -> None:
        """Genres of artists, by name."""
        rows = [
            {"account": self._account, "artist": artist, "genres": JOIN.join(words)}
            for artist, words in genres.items()
            if words
        ]
        with writing(self._engine) as db:
            upsert(db, GENRES, rows)

    def without_features(self, n: int) -> list[str]:
        """Up to n tracks of Spotify whose audio features were never asked for."""
        asked = select(FEATURES.c.track_id).where(FEATURES.c.account == self._account)
        query = select(TRACKS.c.track_id).where(
            TRACKS.c.account == self._account,
            TRACKS.c.track_id.not_in(asked),
            TRACKS.c.track_id.not_like("%:%"),
        )
        with reading(self._engine) as db:
            return list(db.scalars(query.order_by(TRACKS.c.track_id).limit(n)))

    def add_features(self, asked: Sequence[str], found: dict[str, Json]) -> None:
        """Audio features of the tracks that were asked for; nothing found is noted too."""
        rows = [
            {"account": self._account, "track_id": ident, **api_features(found.get(ident, {}))}
            for ident in asked
        ]
        with writing(self._engine) as db:
            upsert(db, FEATURES, rows)

    def tidy(self) -> None:
        """Forget tracks that stand in no list any more."""
        used = select(ENTRIES.c.track_id).where(
            ENTRIES.c.account == self._account, ENTRIES.c.track_id.is_not(None)
        )
        played = select(PLAYS.c.track_id).where(PLAYS.c.account == self._account)
        with writing(self._engine) as db:
            mine = TRACKS.c.account == self._account
            unused = TRACKS.c.track_id.not_in(used.union(played))
            db.execute(delete(TRACKS).where(mine, unused))
            left = select(TRACKS.c.track_id).where(mine)
            gone = FEATURES.c.track_id.not_in(left)
            db.execute(delete(FEATURES).where(FEATURES.c.account == self._account, gone))

    # ---- what the rest of the house asks

    def library(self, name: str = "your Spotify library") -> Library:
        """Everything that came from the API, every row with the origin "spotify-api"."""
        with reading(self._engine) as db:
            features = self._frame(db, FEATURES).drop(columns="account")
            tracks = self._frame(db, TRACKS).merge(features, on="track_id", how="left")
            lists = self._frame(db, LISTS).sort_values("rank", kind="stable")
            entries = pd.DataFrame(db.execute(self._visible()).mappings().all())
            plays = self._frame(db, PLAYS)
            genres = {row.artist: row.genres for row in db.execute(self._mine(GENRES))}
        lists = lists[lists["readable"].astype(bool)]
        entries = entries.reindex(columns=["list_id", "position", "track_id", "added_at"])
        return Library(
            as_tracks(_with_genres(tracks, genres), ORIGIN, provenance="s"),
            typed_rows(
                lists.rename(columns={"list_id": "playlist_id"}).assign(origin=ORIGIN),
                PLAYLIST_COLUMNS,
            ),
            _ranked(entries[entries["list_id"].isin(lists["list_id"])]),
            typed_rows(plays.assign(at=_moments(plays["at"])), PLAY_COLUMNS),
            name=name,
        )

    def n_rows(self) -> dict[str, int]:
        """How many rows each table holds of this account."""
        with reading(self._engine) as db:
            return {
                table.name: db.scalar(
                    select(func.count()).select_from(table).filter_by(account=self._account)
                )
                or 0
                for table in _TABLES
            }

    def forget(self) -> dict[str, int]:
        """Delete everything of this account, also from the free space of an SQLite file.

        Returns
        -------
        dict
            How many rows each table held.
        """
        held = self.n_rows()
        lite = self._engine.dialect.name == "sqlite"
        with writing(self._engine) as db:
            if lite:  # overwrite what is deleted instead of only unlinking it
                db.exec_driver_sql("PRAGMA secure_delete = ON")
            for table in _TABLES:
                db.execute(delete(table).filter_by(account=self._account))
        if lite:
            truncate_log(self._engine)
        return held

    # ---- helpers

    def _mine(self, table: Any) -> Any:
        return select(table).filter_by(account=self._account)

    def _frame(self, db: Connection, table: Any) -> pd.DataFrame:
        rows = db.execute(self._mine(table)).mappings().all()
        return pd.DataFrame(rows, columns=[column.name for column in table.c])

    def _visible(self) -> Any:
        """Rows of whole lists, and what has arrived of lists that never were whole."""
        together = and_(LISTS.c.account == ENTRIES.c.account, LISTS.c.list_id == ENTRIES.c.list_id)
        shown = or_(
            and_(LISTS.c.snapshot.is_not(None), ENTRIES.c.arriving.is_(False)),
            and_(LISTS.c.snapshot.is_(None), ENTRIES.c.arriving.is_(True)),
        )
        return (
            select(ENTRIES.c.list_id, ENTRIES.c.position, ENTRIES.c.track_id, ENTRIES.c.added_at)
            .join(LISTS, together)
            .where(ENTRIES.c.account == self._account, ENTRIES.c.track_id.is_not(None), shown)
            .order_by(ENTRIES.c.list_id, ENTRIES.c.position)
        )

    def _describe(self, db: Connection, playlist: RemotePlaylist, rank: int) -> None:
        self._exists(db, playlist.id, playlist.name)
        mine = {"account": self._account, "list_id": playlist.id}
        shown = {"name": playlist.name, "description": playlist.description, "rank": rank}
        db.execute(update(LISTS).filter_by(**mine).values(shown))

    def _exists(self, db: Connection, list_id: str, name: str) -> None:
        mine = {"account": self._account, "list_id": list_id}
        if db.scalar(select(func.count()).select_from(LISTS).filter_by(**mine)):
            return
        row = {"name": name, "description": "", "rank": -1, "readable": True}
        db.execute(LISTS.insert().values({**mine, **row}))

    def _drop_list(self, db: Connection, list_id: str) -> None:
        for table in (ENTRIES, LISTS):
            db.execute(delete(table).filter_by(account=self._account, list_id=list_id))

    def _drop_repeats(self, db: Connection, list_id: str) -> None:
        first: set[str] = set()
        mine = {"account": self._account, "list_id": list_id, "arriving": True}
        query = select(ENTRIES.c.position, ENTRIES.c.uri).filter_by(**mine)
        for position, uri in db.execute(query.order_by(ENTRIES.c.position)).all():
            if uri in first:
                db.execute(delete(ENTRIES).filter_by(**mine, position=position))
            if uri:
                first.add(uri)

    def _put_tracks(self, db: Connection, rows: Sequence[ApiRow]) -> None:
        tracks = {
            r.track["track_id"]: {"account": self._account, **r.track} for r in rows if r.track
        }
        upsert(db, TRACKS, list(tracks.values()))

    def _entries(
        self, list_id: str, rows: Sequence[ApiRow], offset: int, *, arriving: bool
    ) -> list[dict[str, Any]]:
        return [
            {
                "account": self._account,
                "list_id": list_id,
                "arriving": arriving,
                "position": offset + i,
                "kind": row.kind,
                "uri": row.uri,
                "track_id": row.track.get("track_id"),
                "added_at": row.at,
            }
            for i, row in enumerate(rows)
        ]


def _is_playlist(list_id: str) -> bool:
    return list_id != LIKED and not list_id.startswith("top:")


def _ranked(entries: pd.DataFrame) -> pd.DataFrame:
    """Entries with positions 0, 1, 2 ... in each list."""
    entries = entries.sort_values(["list_id", "position"], kind="stable")
    out = entries.rename(columns={"list_id": "playlist_id"})
    out["position"] = out.groupby("playlist_id").cumcount()
    return typed_rows(out.assign(added_at=_moments(out["added_at"])), ENTRY_COLUMNS)


def _moments(texts: pd.Series) -> pd.Series:
    return pd.to_datetime(texts, utc=True, errors="coerce", format="ISO8601")


def _with_genres(tracks: pd.DataFrame, genres: dict[str, str]) -> pd.DataFrame:
    """Tracks with the genres of their artists, as far as Spotify said any."""
    if not genres:
        return tracks
    names = split(tracks["artists"].astype("str"))
    words = names.map(lambda artists: JOIN.join(genres[a] for a in artists if a in genres))
    return tracks.assign(genres=words)
