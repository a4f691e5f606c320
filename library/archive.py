"""Taking everything along: backup and restore of a whole store, export of one owner's things.

A backup is a zip of Parquet tables with a manifest, the same for SQLite and PostgreSQL, so that one
can be restored into the other. It holds what people brought and made; what came from Spotify's API
is not in it, because it can be fetched again and must not outlive a "disconnect".
"""

from __future__ import annotations

import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal

import pandas as pd
from sqlalchemy import DateTime, Table, delete, insert, select
from sqlalchemy.exc import SQLAlchemyError

from library import store_schema as schema
from library.opening import MEGABYTE, Upload, files_in
from library.store import Store
from library.store_frames import FRAMES, from_bytes, to_bytes
from music.errors import InputError, NotFoundError, StoreError

FORM: Final = 1  # the version of a backup's form
MANIFEST: Final = "ghostnotes.json"
MAX_TABLE: Final = 1024 * MEGABYTE
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def backup(store: Store, target: Path) -> Path:
    """Write everything in a store to a file; it is there whole or not at all.

    Parameters
    ----------
    target
        The file, or a folder in which it gets a name with the date.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    StoreError
        If the store cannot be read, or the file cannot be written.
    """
    made_at = schema.now()
    path = target / f"ghostnotes-{made_at:%Y%m%d-%H%M%S}.zip" if target.is_dir() else target
    manifest = {"form": FORM, "schema": len(schema.MIGRATIONS), "made_at": made_at.isoformat()}
    with _whole(path) as part, zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(MANIFEST, json.dumps(manifest))
        with store.engine.connect().execution_options(readonly=True) as connection:
            for table in schema.TABLES:  # one transaction: all tables of one moment
                rows = connection.execute(select(table)).mappings().all()
                frame = pd.DataFrame([dict(row) for row in rows], columns=table.columns.keys())
                archive.writestr(f"{table.name}.parquet", to_bytes(_plain(frame, table)))
    return path


def restore(store: Store, file: Upload) -> dict[str, int]:
    """Replace everything in a store by what a backup holds, in one step.

    Returns
    -------
    dict
        Rows restored, by table.

    Raises
    ------
    InputError
        If the file is no backup, is damaged, or was made by a newer Ghostnotes; nothing changes.
    """
    files = {f.name: f for f in files_in(file, "the backup")}
    if MANIFEST not in files:
        raise InputError("This file is no backup of Ghostnotes: it has no manifest.")
    _check(files[MANIFEST].read(MEGABYTE))
    frames = {}
    for table in schema.TABLES:
        if f"{table.name}.parquet" not in files:
            raise InputError(f"The backup is damaged: it has no {table.name}.")
        frames[table.name] = _rows(files[f"{table.name}.parquet"].read(MAX_TABLE), table)
    try:
        with store.engine.begin() as connection:
            for table in schema.TABLES:
                connection.execute(delete(table))
                if frames[table.name]:
                    connection.execute(insert(table), frames[table.name])
    except SQLAlchemyError as error:
        raise InputError("The backup is damaged: its rows contradict each other.") from error
    return {name: len(rows) for name, rows in frames.items()}


def export(
    store: Store, owner: str, folder: Path, form: Literal["csv", "parquet"] = "csv"
) -> list[Path]:
    """Write one owner's things as files other programs read.

    Parameters
    ----------
    folder
        Where the files go; made if it is not there.
    form
        ``"csv"`` for people and spreadsheets: a text that a spreadsheet would run as a formula gets
        an apostrophe in front. ``"parquet"`` for programs: every value exactly.

    Returns
    -------
    list of Path
        ``tracks``, ``playlists``, ``entries``, ``plays`` and ``feedback`` in that form, and
        ``kept.json`` with bands, roasts and playlists that were kept.

    Raises
    ------
    NotFoundError
        If there is nothing of this owner.
    """
    library, items, said = store.load_library(owner), store.items(owner), store.feedback(owner)
    if library is None and not items and not said:
        raise NotFoundError("There is nothing to export yet.")
    frames = {} if library is None else {name: getattr(library, name) for name in FRAMES}
    columns = ["kind", "thing", "verdict", "at"]
    frames["feedback"] = pd.DataFrame([vars(one) for one in said], columns=columns)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"The folder {folder} cannot be made: {error}.") from error
    out = []
    for name, frame in frames.items():
        data = to_bytes(frame) if form == "parquet" else _csv(frame, with_index=name == "tracks")
        out.append(_written(folder / f"{name}.{form}", data))
    kept = [
        {"kind": i.kind, "title": i.title, "made_at": i.created_at.isoformat(), "body": i.body}
        for i in items
    ]
    text = json.dumps(kept, ensure_ascii=False, indent=1)
    return [*out, _written(folder / "kept.json", text.encode("utf-8", "replace"))]


def _plain(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """A table's rows with moments as text, so that every database writes the same file."""
    moments = [c.name for c in table.columns if isinstance(c.type, DateTime)]
    return frame.assign(**{c: [_moment(m) for m in frame[c]] for c in moments})


def _moment(moment: Any) -> str:
    stamp = pd.Timestamp(moment)
    return (stamp.tz_localize("UTC") if stamp.tzinfo is None else stamp).isoformat()


def _rows(data: bytes, table: Table) -> list[dict[str, Any]]:
    """A table's rows out of a backup, in the types of the database."""
    try:
        frame = from_bytes(data, table.name)
        if set(frame.columns) != set(table.columns.keys()):
            raise InputError(f"The backup is damaged: {table.name} has other columns.")
        moments = [c.name for c in table.columns if isinstance(c.type, DateTime)]
        rows: list[dict[str, Any]] = frame.to_dict("records")  # type: ignore[assignment]
        for row in rows:
            row.update({c: datetime.fromisoformat(row[c]) for c in moments})
    except (StoreError, ValueError, TypeError) as error:
        raise InputError(f"The backup is damaged: {table.name} cannot be read.") from error
    return rows


def _check(manifest: bytes) -> None:
    try:
        values = json.loads(manifest)
        form, version = int(values["form"]), int(values["schema"])
    except (ValueError, TypeError, KeyError) as error:
        raise InputError("The backup is damaged: its manifest cannot be read.") from error
    if form > FORM or version > len(schema.MIGRATIONS):
        raise InputError("The backup was made by a newer Ghostnotes; update Ghostnotes first.")


def _csv(frame: pd.DataFrame, with_index: bool) -> bytes:
    safe = frame.copy()
    texts: list[str] = safe.select_dtypes("str").columns.tolist()
    for column in texts:
        risky = safe[column].str.startswith(_FORMULA).fillna(False).astype(bool)
        safe[column] = safe[column].mask(risky, "'" + safe[column])
    out = io.StringIO()
    safe.to_csv(out, index=with_index)
    return out.getvalue().encode("utf-8-sig")


def _written(path: Path, data: bytes) -> Path:
    with _whole(path) as part:
        part.write_bytes(data)
    return path


@contextmanager
def _whole(path: Path) -> Iterator[Path]:
    """A place to write beside the target, moved over it when all is written."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror or error}.") from error
    finally:
        part.unlink(missing_ok=True)
