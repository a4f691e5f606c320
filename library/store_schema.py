"""The database of the store: its tables, its migrations, and how to connect to it.

A schema has a number: SQLite keeps it in ``user_version``, PostgreSQL in a table. `MIGRATIONS`
holds the steps; the n-th leads from version n to n + 1. A step that has been released is never
edited.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    DateTime,
    Engine,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    inspect,
    make_url,
    text,
)
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.pool import QueuePool

from music.errors import StoreError

METADATA: Final = MetaData()
OWNER: Final = String(120)

LIBRARIES: Final = Table(
    "libraries",
    METADATA,
    Column("owner", OWNER, primary_key=True),
    Column("name", Text, nullable=False),
    Column("invented", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("saved_at", DateTime(timezone=True), nullable=False),
)
FRAMES: Final = Table(
    "frames",
    METADATA,
    Column("owner", OWNER, primary_key=True),
    Column("frame", String(40), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
ITEMS: Final = Table(
    "items",
    METADATA,
    Column("item_id", String(32), primary_key=True),
    Column("owner", OWNER, nullable=False),
    Column("kind", String(40), nullable=False),
    Column("title", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("items_of_owner", "owner", "kind"),
)
FEEDBACK: Final = Table(
    "feedback",
    METADATA,
    Column("owner", OWNER, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("verdict", String(20), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
)
STATES: Final = Table(
    "states",
    METADATA,
    Column("owner", OWNER, primary_key=True),
    Column("name", String(120), primary_key=True),
    Column("body", Text, nullable=False),
)
_VERSION: Final = Table("ghostnotes_schema", MetaData(), Column("version", Integer, nullable=False))

TABLES: Final = (LIBRARIES, FRAMES, ITEMS, FEEDBACK, STATES)


def _first_tables(connection: Connection) -> None:
    METADATA.create_all(connection, tables=list(TABLES))


MIGRATIONS: Final[tuple[Callable[[Connection], None], ...]] = (_first_tables,)


def connect(url: str) -> Engine:
    """An engine whose transactions are safe for several threads.

    SQLite: a write-ahead log, ten seconds of patience for the other writer, and transactions that
    ask for the right to write when they begin, so that none fails half-way. With the execution
    option ``readonly`` a transaction only reads and waits for nobody. A database in memory has one
    connection, which threads take in turns.
    """
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() != "sqlite":
            return create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})
        memory = parsed.database in (None, "", ":memory:")
        pool: dict[str, Any] = {"poolclass": QueuePool}
        if memory:
            pool |= {"pool_size": 1, "max_overflow": 0}
        engine = create_engine(parsed, connect_args={"check_same_thread": False}, **pool)
    except (SQLAlchemyError, ImportError) as error:
        raise StoreError(f"The database address cannot be used: {error}") from error
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def migrate(engine: Engine, steps: tuple[Callable[[Connection], None], ...] = MIGRATIONS) -> int:
    """Bring a database to today's schema, after a backup if there is something in it.

    Returns
    -------
    int
        The version it had; equal to ``len(steps)`` if nothing was to do.

    Raises
    ------
    StoreError
        If it was written by a newer Ghostnotes, or is no database of ours.
    """
    try:
        with engine.connect().execution_options(readonly=True) as connection:
            version = version_of(connection)
        if version > len(steps):
            raise StoreError(
                f"The library was written by a newer Ghostnotes (schema {version}, this one knows "
                f"{len(steps)}); update Ghostnotes. Nothing was changed."
            )
        if version == len(steps):
            return version
        if version:
            backup_before_migration(engine, version)
        with engine.begin() as connection:
            for step in steps[version_of(connection) :]:  # somebody else may have been faster
                step(connection)
            _set_version(connection, len(steps))
    except SQLAlchemyError as error:
        raise StoreError(f"The library on disk cannot be opened: {_reason(error)}.") from error
    return version


def version_of(connection: Connection) -> int:
    """The schema's number; 0 = an empty database."""
    if connection.dialect.name == "sqlite":
        return int(connection.execute(text("PRAGMA user_version")).scalar_one())
    if not inspect(connection).has_table(_VERSION.name):
        return 0
    return int(connection.execute(_VERSION.select()).scalar_one())


def backup_before_migration(engine: Engine, version: int) -> Path | None:
    """Copy an SQLite file aside before its schema changes; None where there is no file."""
    path = sqlite_path(engine)
    if path is None:
        return None
    target = path.with_name(f"{path.name}.schema-{version}.backup")
    copy_database(path, target)
    return target


def sqlite_path(engine: Engine) -> Path | None:
    """Where an engine's SQLite file lies; None for memory and other databases."""
    if engine.dialect.name != "sqlite" or engine.url.database in (None, "", ":memory:"):
        return None
    return Path(str(engine.url.database))


def copy_database(source: Path, target: Path) -> None:
    """A consistent copy of an SQLite file that may be in use; whole or not there at all."""
    part = target.with_name(target.name + ".part")
    part.unlink(missing_ok=True)
    reading, writing = sqlite3.connect(source), sqlite3.connect(part)
    try:
        reading.backup(writing)
    finally:
        writing.close()
        reading.close()
    part.replace(target)


def now() -> datetime:
    """The time, as it is stored."""
    return datetime.now(UTC)


def _set_version(connection: Connection, version: int) -> None:
    if connection.dialect.name == "sqlite":
        connection.execute(text(f"PRAGMA user_version = {version:d}"))
        return
    _VERSION.create(connection, checkfirst=True)
    connection.execute(_VERSION.delete())
    connection.execute(_VERSION.insert().values(version=version))


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # transactions begin when we say so, not when sqlite3 thinks
    cursor = connection.cursor()
    cursor.execute("PRAGMA busy_timeout = 10000")
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = NORMAL")
    cursor.execute("PRAGMA secure_delete = ON")  # "delete my data" leaves nothing in free pages
    cursor.close()


def _begin(connection: Connection) -> None:
    readonly = connection.get_execution_options().get("readonly", False)
    connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")


def _reason(error: SQLAlchemyError) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).splitlines()[0].rstrip(".")
