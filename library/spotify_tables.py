"""The tables that hold what came from the Web API, apart from everything the user brought.

Whatever is in them belongs to one account and can be deleted by it: every table has its column.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import (
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    select,
)  # fmt: skip
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import SQLAlchemyError

from music.errors import StoreError
from music.features import FEATURE_COLUMNS

METADATA: Final = MetaData()


def _account() -> Column[str]:
    return Column("account", String(80), primary_key=True)


TRACKS: Final = Table(
    "spotify_tracks",
    METADATA,
    _account(),
    Column("track_id", Text, primary_key=True),
    *(Column(name, Text) for name in ("name", "artists", "album", "isrc")),
    *(Column(name, Float) for name in ("year", "duration_s", "popularity")),
    Column("explicit", Boolean),
)

# A list is the saved tracks, a playlist or a top list. `snapshot` names the version that is whole
# (NULL = none yet), `tag` the version that is arriving.
LISTS: Final = Table(
    "spotify_lists",
    METADATA,
    _account(),
    Column("list_id", String(80), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("rank", Integer, nullable=False),
    Column("readable", Boolean, nullable=False),
    Column("snapshot", Text),
    Column("total", Integer),
    Column("tag", Text),
    Column("arriving_total", Integer),
)

# `arriving` rows belong to a version that is not whole yet; they become the list in one step.
ENTRIES: Final = Table(
    "spotify_entries",
    METADATA,
    _account(),
    Column("list_id", String(80), primary_key=True),
    Column("arriving", Boolean, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("kind", String(8), nullable=False),
    Column("uri", Text, nullable=False),
    Column("track_id", Text),
    Column("added_at", Text),
    Index("spotify_entries_track", "account", "track_id"),
)

# One row a track that was asked for; all missing where Spotify knows nothing of it.
FEATURES: Final = Table(
    "spotify_features",
    METADATA,
    _account(),
    Column("track_id", Text, primary_key=True),
    *(Column(name, Float) for name in (*FEATURE_COLUMNS, "key", "mode", "time_signature")),
)

PLAYS: Final = Table(
    "spotify_plays",
    METADATA,
    _account(),
    Column("at", Text, primary_key=True),
    Column("track_id", Text, primary_key=True),
)

GENRES: Final = Table(
    "spotify_genres",
    METADATA,
    _account(),
    Column("artist", Text, primary_key=True),
    Column("genres", Text, nullable=False),
)

NOTES: Final = Table(
    "spotify_notes",
    METADATA,
    _account(),
    Column("key", String(80), primary_key=True),
    Column("value", Text, nullable=False),
)

SAVES: Final = Table(
    "spotify_saves",
    METADATA,
    _account(),
    Column("save_id", String(40), primary_key=True),
    Column("name", Text, nullable=False),
    Column("description", Text, nullable=False),
    Column("uris", Text, nullable=False),
    Column("rejected", Text, nullable=False),
    Column("playlist_id", Text),
    Column("state", String(12), nullable=False),
    Column("at", Float, nullable=False),
)


# What the gateway must not forget; see `library.gateway_memory`.
PAUSES: Final = Table(
    "spotify_pauses",
    METADATA,
    Column("client_id", String(64), primary_key=True),
    Column("until", Float, nullable=False),
)
CALLS: Final = Table(
    "spotify_calls",
    METADATA,
    Column("who", String(64), nullable=False),
    Column("at", Float, nullable=False),
    Index("spotify_calls_who_at", "who", "at"),
)
CLOSED: Final = Table(
    "spotify_closed",
    METADATA,
    Column("client_id", String(64), primary_key=True),
    Column("endpoint", String(64), primary_key=True),
    Column("until", Float, nullable=False),
)


def create_tables(engine: Engine) -> None:
    """Make the tables that are not there yet."""
    with _told():
        METADATA.create_all(engine)


def empty_tables(engine: Engine) -> dict[str, int]:
    """Delete every row, also from the free space of an SQLite file; returns how many, by table.

    Raises
    ------
    StoreError
        If a row is left.
    """
    lite = engine.dialect.name == "sqlite"
    gone: dict[str, int] = {}
    with writing(engine) as db:
        if lite:  # overwrite what is deleted instead of only unlinking it
            db.exec_driver_sql("PRAGMA secure_delete = ON")
        for table in METADATA.sorted_tables:
            gone[table.name] = db.execute(delete(table)).rowcount
            if db.scalar(select(func.count()).select_from(table)):
                raise StoreError(f"Not everything could be deleted ({table.name}).")
    if lite:
        truncate_log(engine)
    return gone


def truncate_log(engine: Engine) -> None:
    """Empty SQLite's write-ahead log, which still holds old pages; a reader may keep it a while."""
    raw = engine.raw_connection()
    try:
        raw.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        raw.close()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads and waits for no writer."""
    with _told(), engine.connect().execution_options(readonly=True) as connection:
        yield connection


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """A transaction: all of it is kept, or nothing."""
    with _told(), engine.begin() as connection:
        yield connection


@contextmanager
def _told() -> Iterator[None]:
    """A database that does not do its work, in a sentence."""
    try:
        yield
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).splitlines()[0]
        raise StoreError(f"The library on disk cannot be used: {reason}.") from error


def upsert(db: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; a row whose key is there replaces it. SQLite and PostgreSQL."""
    if not rows:
        return
    dialect = postgresql if db.dialect.name == "postgresql" else sqlite
    insert = dialect.insert(table)
    rest = {c.name: insert.excluded[c.name] for c in table.c if not c.primary_key}
    keys = list(table.primary_key)
    again = (
        insert.on_conflict_do_update(index_elements=keys, set_=rest)
        if rest
        else insert.on_conflict_do_nothing(index_elements=keys)
    )
    db.execute(again, [dict(row) for row in rows])
