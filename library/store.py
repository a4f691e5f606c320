"""Where everything a person has is kept: their library, what was made of it, what they said.

One `Store` a process, any number of owners; nobody sees another's rows. What belongs together is
saved in one transaction: after a crash there is the old state or the new one.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
from platformdirs import user_data_dir
from sqlalchemy import Connection, Engine, Table, and_, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError

from library import store_schema as schema
from library.resolve import forget_source, remember
from library.store_frames import frames_of, from_bytes, library_of, to_bytes
from library.store_schema import FEEDBACK, FRAMES, ITEMS, LIBRARIES, STATES
from music.errors import InputError, NotFoundError, StoreError
from music.tracks import Library

FILE_NAME: Final = "ghostnotes.sqlite"
FEATURES: Final = "features"  # the frame of look-ups, beside the library's own
MAX_BODY: Final = 16 * 1024 * 1024  # characters of one saved item

Verdict = Literal["like", "dislike", "block"]
Thing = Literal["track", "artist", "line"]


@dataclass(frozen=True)
class Item:
    """Something a person kept: a band, a roast, a playlist, an import report.

    Parameters
    ----------
    kind
        What it is: ``"band"``, ``"roast"``, ``"playlist"``, ``"import"`` ...
    version
        The version of the body's form, so that an older one can still be read.
    body
        Plain values (JSON).
    """

    item_id: str
    kind: str
    title: str
    version: int
    body: Any
    created_at: datetime


@dataclass(frozen=True)
class Feedback:
    """What a person said of something: ``("track", "<id>", "like")``."""

    kind: str
    thing: str
    verdict: str
    at: datetime


def default_url() -> str:
    """Where the store is unless somebody says otherwise.

    ``GHOSTNOTES_DATABASE_URL`` if set; else a file in ``GHOSTNOTES_HOME``, else in the platform's
    data folder.
    """
    if url := os.environ.get("GHOSTNOTES_DATABASE_URL"):
        return url
    home = os.environ.get("GHOSTNOTES_HOME") or user_data_dir("ghostnotes", appauthor=False)
    return f"sqlite:///{Path(home) / FILE_NAME}"


class Store:
    """A database of libraries and what belongs to them.

    Parameters
    ----------
    url
        A SQLAlchemy URL: SQLite (``sqlite:///file``, ``sqlite://`` = in memory) or PostgreSQL
        (``postgresql+psycopg://...``). `default_url` if not given.

    Raises
    ------
    StoreError
        If it cannot be opened or was written by a newer Ghostnotes.
    """

    def __init__(self, url: str | None = None) -> None:
        self.engine: Engine = schema.connect(url or default_url())
        path = schema.sqlite_path(self.engine)
        try:
            if path is not None:
                path.parent.mkdir(parents=True, exist_ok=True)
            schema.migrate(self.engine)
        except OSError as error:
            raise StoreError(f"The folder for the library cannot be made: {error}.") from error

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    # Libraries

    def save_library(
        self, owner: str, library: Library, state: Mapping[str, Any] | None = None
    ) -> None:
        """Replace an owner's library, and with it any named states, in one step."""
        frames = frames_of(library)
        with self._writing() as connection:
            self._save(connection, owner, library, frames)
            for name, value in (state or {}).items():
                _put(connection, STATES, {"owner": owner, "name": name}, {"body": _json(value)})

    def load_library(self, owner: str) -> Library | None:
        """An owner's library, or None if there is none."""
        with self._reading() as connection:
            return self._load(connection, owner)

    def update_library(self, owner: str, change: Callable[[Library | None], Library]) -> Library:
        """Change a library without losing what somebody else changes meanwhile.

        ``change`` gets what is stored (None if nothing is) and returns what shall be; nobody else
        writes in between. If it raises, nothing changes.
        """
        with self._writing() as connection:
            if connection.dialect.name != "sqlite":  # SQLite's transaction already is the only one
                connection.exec_driver_sql("LOCK TABLE libraries IN SHARE ROW EXCLUSIVE MODE")
            library = change(self._load(connection, owner))
            self._save(connection, owner, library, frames_of(library))
        return library

    def delete_library(self, owner: str) -> None:
        """Forget an owner's library and its features; what they made and said stays."""
        with self._writing() as connection:
            for table in (LIBRARIES, FRAMES):
                connection.execute(delete(table).where(table.c.owner == owner))

    def save_features(self, owner: str, found: pd.DataFrame) -> None:
        """Keep what was looked up far away (`library.resolve.Resolved.found`), newest first."""
        with self._writing() as connection:
            cache = remember(self._features(connection, owner), found)
            key = {"owner": owner, "frame": FEATURES}
            _put(connection, FRAMES, key, {"data": to_bytes(cache)})

    def features(self, owner: str) -> pd.DataFrame | None:
        """What was looked up before, for `library.resolve.CacheSource`; None = nothing yet."""
        with self._reading() as connection:
            return self._features(connection, owner)

    def forget_features(self, owner: str, letter: str) -> None:
        """Forget what one source gave, by its letter."""
        with self._writing() as connection:
            cache = self._features(connection, owner)
            if cache is not None:
                key = {"owner": owner, "frame": FEATURES}
                left = forget_source(cache, letter)
                _put(connection, FRAMES, key, {"data": to_bytes(left)})

    def revision(self, owner: str) -> int:
        """How often an owner's library was saved; 0 = there is none."""
        with self._reading() as connection:
            query = select(LIBRARIES.c.revision).where(LIBRARIES.c.owner == owner)
            return int(connection.execute(query).scalar() or 0)

    # What was made

    def save_item(
        self, owner: str, kind: str, title: str, body: Any, version: int = 1,
        item_id: str | None = None,
    ) -> str:  # fmt: skip
        """Keep something; with ``item_id`` it replaces what was kept under it.

        Returns
        -------
        str
            Its id.

        Raises
        ------
        NotFoundError
            If the owner has nothing with this id.
        InputError
            If the body is no JSON, or has more than 16 million characters.
        """
        title = title.replace("\0", "").encode("utf-8", "replace").decode()
        values = {"kind": kind, "title": title, "version": version, "body": _json(body)}
        with self._writing() as connection:
            if item_id is None:
                item_id = uuid.uuid4().hex
                row = {"item_id": item_id, "owner": owner, "created_at": schema.now(), **values}
                connection.execute(insert(ITEMS).values(**row))
                return item_id
            mine = and_(ITEMS.c.item_id == item_id, ITEMS.c.owner == owner)
            if connection.execute(update(ITEMS).where(mine).values(**values)).rowcount == 0:
                raise NotFoundError("That is not there any more.")
        return item_id

    def items(self, owner: str, kind: str | None = None) -> list[Item]:
        """What an owner kept, newest first."""
        query = select(ITEMS).where(ITEMS.c.owner == owner)
        query = query if kind is None else query.where(ITEMS.c.kind == kind)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(ITEMS.c.created_at.desc(), ITEMS.c.item_id))
            return [_item(row) for row in rows]

    def item(self, owner: str, item_id: str) -> Item:
        """One thing an owner kept.

        Raises
        ------
        NotFoundError
            If it is not there, or somebody else's.
        """
        query = select(ITEMS).where(ITEMS.c.owner == owner, ITEMS.c.item_id == item_id)
        with self._reading() as connection:
            row = connection.execute(query).first()
        if row is None:
            raise NotFoundError("That is not there any more.")
        return _item(row)

    def delete_item(self, owner: str, item_id: str) -> None:
        """Forget one thing; nothing happens if it is not there."""
        mine = and_(ITEMS.c.item_id == item_id, ITEMS.c.owner == owner)
        with self._writing() as connection:
            connection.execute(delete(ITEMS).where(mine))

    # What was said

    def set_feedback(self, owner: str, kind: Thing, thing: str, verdict: Verdict | None) -> None:
        """Remember what an owner says of a track, an artist or a line; None takes it back."""
        key = {"owner": owner, "kind": kind, "thing": thing}
        with self._writing() as connection:
            if verdict is None:
                connection.execute(delete(FEEDBACK).where(_is(FEEDBACK, key)))
            else:
                _put(connection, FEEDBACK, key, {"verdict": verdict, "at": schema.now()})

    def feedback(self, owner: str, kind: Thing | None = None) -> list[Feedback]:
        """All an owner said, newest first."""
        query = select(FEEDBACK).where(FEEDBACK.c.owner == owner)
        query = query if kind is None else query.where(FEEDBACK.c.kind == kind)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(FEEDBACK.c.at.desc(), FEEDBACK.c.thing))
            return [Feedback(r.kind, r.thing, r.verdict, _utc(r.at)) for r in rows]

    # Small states (a sync's place, a switch)

    def set_state(self, owner: str, name: str, value: Any) -> None:
        """Remember a plain value (JSON) under a name; None forgets it."""
        key = {"owner": owner, "name": name}
        with self._writing() as connection:
            if value is None:
                connection.execute(delete(STATES).where(_is(STATES, key)))
            else:
                _put(connection, STATES, key, {"body": _json(value)})

    def get_state(self, owner: str, name: str, default: Any = None) -> Any:
        """The value remembered under a name."""
        query = select(STATES.c.body).where(STATES.c.owner == owner, STATES.c.name == name)
        with self._reading() as connection:
            body = connection.execute(query).scalar()
        return default if body is None else json.loads(body)

    # Everything

    def forget(self, owner: str) -> dict[str, int]:
        """Delete everything of an owner.

        Returns
        -------
        dict
            Rows deleted, by table.

        Raises
        ------
        StoreError
            If anything is left after all, which is looked up before it is said to be gone.
        """
        with self._writing() as connection:
            gone = {
                table.name: connection.execute(delete(table).where(table.c.owner == owner)).rowcount
                for table in schema.TABLES
            }
            for table in schema.TABLES:
                if connection.execute(select(table.c.owner).where(table.c.owner == owner)).first():
                    raise StoreError(f"Not everything could be deleted ({table.name}).")
        self._truncate_log()
        return gone

    def owners(self) -> list[str]:
        """Everybody of whom there is anything."""
        with self._reading() as connection:
            found = {
                owner
                for table in schema.TABLES
                for owner in connection.execute(select(table.c.owner).distinct()).scalars()
            }
        return sorted(found)

    def _truncate_log(self) -> None:
        """Empty SQLite's write-ahead log, where deleted rows would still lie."""
        if schema.sqlite_path(self.engine) is None:
            return
        raw = self.engine.raw_connection()
        try:
            raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            raw.close()

    # The two ways to the database

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with _sentences("written"), self.engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with (
            _sentences("read"),
            self.engine.connect().execution_options(readonly=True) as connection,
        ):
            yield connection

    def _load(self, connection: Connection, owner: str) -> Library | None:
        head = connection.execute(select(LIBRARIES).where(LIBRARIES.c.owner == owner)).first()
        if head is None:
            return None
        rows = connection.execute(
            select(FRAMES.c.frame, FRAMES.c.data).where(FRAMES.c.owner == owner)
        )
        return library_of({row.frame: row.data for row in rows}, head.name, head.invented)

    def _features(self, connection: Connection, owner: str) -> pd.DataFrame | None:
        query = select(FRAMES.c.data).where(FRAMES.c.owner == owner, FRAMES.c.frame == FEATURES)
        data = connection.execute(query).scalar()
        return None if data is None else from_bytes(data, "features")

    def _save(
        self, connection: Connection, owner: str, library: Library, frames: Mapping[str, bytes]
    ) -> None:
        mine = {"owner": owner}
        query = select(LIBRARIES.c.revision).where(_is(LIBRARIES, mine))
        revision = int(connection.execute(query).scalar() or 0) + 1
        _put(connection, LIBRARIES, mine, {
            "name": library.name, "invented": library.invented, "revision": revision,
            "saved_at": schema.now(),
        })  # fmt: skip
        for frame, data in frames.items():
            _put(connection, FRAMES, {**mine, "frame": frame}, {"data": data})


def _put(
    connection: Connection, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]
) -> None:
    """Insert or replace the row of a key."""
    if connection.execute(update(table).where(_is(table, key)).values(**values)).rowcount == 0:
        connection.execute(insert(table).values(**key, **values))


def _is(table: Table, key: Mapping[str, Any]) -> Any:
    return and_(*(table.c[column] == value for column, value in key.items()))


def _item(row: Any) -> Item:
    body = json.loads(row.body)
    return Item(row.item_id, row.kind, row.title, row.version, body, _utc(row.created_at))


def _json(value: Any) -> str:
    try:
        body = json.dumps(value, allow_nan=False)  # ASCII: every text fits every database
    except (TypeError, ValueError) as error:
        raise InputError(f"this cannot be kept, because it is no plain value: {error}.") from error
    if len(body) > MAX_BODY:
        raise InputError(f"this is too long to be kept: {len(body):,} characters.")
    return body


def _utc(moment: datetime) -> datetime:
    """SQLite forgets the time zone; what is stored is always UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


@contextmanager
def _sentences(done: str) -> Iterator[None]:
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0].rstrip(".")
        raise StoreError(f"The library cannot be {done}: {reason}.") from error
