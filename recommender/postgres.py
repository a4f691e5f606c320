"""The index over PostgreSQL with pgvector: the same calls, for catalogues beyond one machine.

The vectors live in the database that holds the rest of the state, so replicas, backups and access
are one concern. Search is exact (a sequential scan, in parallel where the server has cores) until
`make_approximate` adds an HNSW graph. How to go on to replicas and partitions: docs/recommender.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from music.errors import InputError, StoreError
from recommender.index import Vectors, Where, check

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,40}")
# Only a bare ORDER BY distance lets the planner walk a graph; so equals are put in order outside.
_NEAREST: Final = (
    "WITH near AS MATERIALIZED (SELECT id, place <-> %s::vector AS gap FROM {table}{limits}"
    " ORDER BY gap LIMIT %s) SELECT id, gap FROM near ORDER BY gap, id"
)
_INSERT: Final = "INSERT INTO {table} SELECT * FROM incoming ON CONFLICT (id) DO UPDATE SET {sets}"


class PostgresIndex:
    """Vectors in a table of a PostgreSQL database with the extension pgvector.

    Parameters
    ----------
    url
        ``postgresql://user@host/database``.
    width
        Numbers in a vector.
    columns
        What can be filtered by.
    table
        Its name; small letters, digits and underscores.

    Raises
    ------
    StoreError
        If the database cannot be reached or has no pgvector.
    InputError
        If a name is no plain name.
    """

    def __init__(
        self, url: str, width: int, columns: Sequence[str] = (), table: str = "taste_index"
    ) -> None:
        import psycopg
        from psycopg import sql

        for name in (table, *columns):
            if not _NAME.fullmatch(name):
                raise InputError(f"{name!r} is no plain name for a table or column.")
        self._sql, self._width, self._columns = sql, width, tuple(columns)
        self._table = sql.Identifier(table)
        self._name = table
        try:
            self._db = psycopg.connect(
                url.replace("postgresql+psycopg://", "postgresql://"), autocommit=True
            )
            there = self._db.execute("SELECT to_regclass(%s)", [table]).fetchone()
            if there is None or there[0] is None:  # a replica may not even try to make anything
                self._create()
        except psycopg.Error as error:
            raise StoreError(f"this PostgreSQL cannot hold an index: {error}") from error

    def __len__(self) -> int:
        return int(self._one(self._sql.SQL("SELECT count(*) FROM {}").format(self._table)))

    def close(self) -> None:
        """Give the connection back."""
        self._db.close()

    def add(self, ids: Sequence[str], vectors: Vectors, numbers: pd.DataFrame) -> None:
        """Take in vectors by COPY, all or none; see `Index.add`."""
        check(ids, vectors, numbers, self._width)
        sql = self._sql
        values = numbers[list(self._columns)].to_numpy(dtype=np.float64)
        names = [sql.Identifier(c) for c in ("id", "place", *self._columns)]
        copy = sql.SQL("COPY incoming ({}) FROM STDIN").format(sql.SQL(", ").join(names))
        sets = sql.SQL(", ").join(sql.SQL("{0} = EXCLUDED.{0}").format(name) for name in names[1:])
        with self._db.transaction(), self._db.cursor() as cursor:
            like = sql.SQL("CREATE TEMP TABLE incoming (LIKE {}) ON COMMIT DROP")
            cursor.execute(like.format(self._table))
            with cursor.copy(copy) as stream:
                for track_id, vector, row in zip(ids, vectors, values, strict=True):
                    known = [None if np.isnan(x) else float(x) for x in row]
                    stream.write_row([track_id, _text(vector), *known])
            cursor.execute(sql.SQL(_INSERT).format(table=self._table, sets=sets))

    def search(self, query: Vectors, k: int, where: Where | None = None) -> list[tuple[str, float]]:
        """The k nearest; see `Index.search`.

        A graph looks at a number of candidates and filters afterwards. Where that leaves fewer than
        k, every row that passes the filter is looked at instead.
        """
        if k < 1:
            return []
        limits, bounds = self._limits(where or {})
        asked = self._sql.SQL(_NEAREST).format(table=self._table, limits=limits)
        values = [_text(query), *bounds, k]
        # Never prepared: a plan that the server keeps would look at the graph both times.
        found = self._db.execute(asked, values, prepare=False).fetchall()
        if len(found) < k and bounds:
            with self._db.transaction():
                self._db.execute("SET LOCAL enable_indexscan = off")  # of the graph; B-trees stay
                found = self._db.execute(asked, values, prepare=False).fetchall()
        return [(str(i), float(gap)) for i, gap in found]

    def _limits(self, where: Where) -> tuple[Any, list[float]]:
        """The WHERE clause, and the values of its holes."""
        sql, conditions, bounds = self._sql, [], []
        for column, ends in where.items():
            if column not in self._columns:
                raise InputError(f"{column!r} is no column to filter by: {list(self._columns)}.")
            for sign, bound in zip((">=", "<="), ends, strict=True):
                if bound is not None:
                    part = sql.SQL("{} " + sign + " %s").format(sql.Identifier(column))
                    conditions.append(part)
                    bounds.append(bound)
        clause = sql.SQL(" WHERE ") + sql.SQL(" AND ").join(conditions)
        return clause if conditions else sql.SQL(""), bounds

    def make_approximate(self, links: int = 16, width: int = 128, memory_mb: int = 1_024) -> None:
        """Add an HNSW graph: searches get faster and may miss a few of the nearest.

        Parameters
        ----------
        links
            Neighbours a vector keeps; more is slower to build and misses less.
        width
            Candidates looked at while building.
        memory_mb
            What the server may use to build; a graph that does not fit is built many times slower.
        """
        made = self._sql.SQL(
            "CREATE INDEX IF NOT EXISTS {} ON {} USING hnsw (place vector_l2_ops) "
            "WITH (m = {}, ef_construction = {})"
        )
        name = self._sql.Identifier(f"{self._name}_hnsw")
        memory = self._sql.SQL("SET LOCAL maintenance_work_mem = {}")
        with self._db.transaction():
            self._db.execute(memory.format(self._sql.Literal(f"{memory_mb}MB")))
            self._db.execute(made.format(name, self._table, self._sql.Literal(links),
                                         self._sql.Literal(width)))  # fmt: skip

    def look_at(self, candidates: int) -> None:
        """How many candidates an approximate search looks at (up to 1,000): more misses less."""
        number = self._sql.Literal(int(np.clip(candidates, 1, 1_000)))
        self._db.execute(self._sql.SQL("SET hnsw.ef_search = {}").format(number))

    def size_bytes(self) -> int:
        """What the table and its indexes take on disk."""
        asked = self._sql.SQL("SELECT pg_total_relation_size({})")
        return int(self._one(asked.format(self._sql.Literal(self._name))))

    def _create(self) -> None:
        self._db.execute("CREATE EXTENSION IF NOT EXISTS vector")
        self._db.execute(self._definition())
        for column in self._columns:
            self._db.execute(self._sorted_by(column))

    def _definition(self) -> Any:
        sql = self._sql
        columns = [
            sql.SQL("id text PRIMARY KEY"),
            sql.SQL("place vector({}) NOT NULL").format(sql.Literal(self._width)),
            *(sql.SQL("{} real").format(sql.Identifier(c)) for c in self._columns),
        ]
        made = sql.SQL("CREATE TABLE IF NOT EXISTS {} ({})")
        return made.format(self._table, sql.SQL(", ").join(columns))

    def _sorted_by(self, column: str) -> Any:
        """A B-tree, which turns a narrow filter into a short exact search."""
        sql = self._sql
        made = sql.SQL("CREATE INDEX IF NOT EXISTS {} ON {} ({})")
        name = sql.Identifier(f"{self._name}_{column}")
        return made.format(name, self._table, sql.Identifier(column))

    def _one(self, statement: Any) -> Any:
        row = self._db.execute(statement).fetchone()
        return row[0] if row else None


def _text(vector: Vectors) -> str:
    """A vector as pgvector reads it."""
    return "[" + ",".join(f"{x:.9g}" for x in np.asarray(vector).tolist()) + "]"
