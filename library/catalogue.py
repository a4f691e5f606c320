"""A catalogue file that the user holds, indexed so that it answers for a library in a moment.

The CSV is read in chunks and written as Parquet beside two hashed keys (song, artist); an answer
(`library.catalogue_index`) scans only the key columns, so neither needs more memory than a chunk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from library.catalogue_columns import columns_of, kind_of, ours, recognises_header
from library.matching import fold
from library.opening import File
from library.report import ImportReport, Rejection
from library.rows import library_of_rows
from library.sample import Sample
from library.table import Row, open_table
from music.errors import InputError
from music.features import FEATURE_COLUMNS
from music.tracks import JOIN, Library

ORIGIN: Final = "catalogue"
CHUNK: Final = 40_000  # rows at a time: about 60 MB while they are text
NAME: Final = b"ghostnotes.name"  # of the file, kept in the index
KIND: Final = b"ghostnotes.kind"
MOST_AS_LIBRARY: Final = 150_000  # rows; a bigger file is a catalogue and nothing else

TEXTS: Final = ("track_id", "name", "artists", "album", "genres", "isrc")
VALUES: Final = (
    "year", "duration_s", "popularity", *FEATURE_COLUMNS, "key", "mode", "time_signature",
)  # fmt: skip

Progress = Callable[[float, str], None]
Ints = npt.NDArray[np.int64]


def recognises(sample: Sample) -> bool:
    """Whether a table is a catalogue."""
    return recognises_header(sample.header)


def read_files(
    files: Sequence[File], progress: Progress | None = None
) -> tuple[Library, ImportReport]:
    """A catalogue small enough to be looked at as a library, with the playlists it may name.

    Raises
    ------
    InputError
        If there are more than 150,000 rows: `index_catalogue` is for those.
    """
    frames: list[pd.DataFrame] = []
    rejections: list[Rejection] = []
    for file in files:
        for chunk in _chunks(file, rejections, progress):
            frames.append(chunk)
            if sum(map(len, frames)) > MOST_AS_LIBRARY:
                raise InputError(
                    f"{file.name} has more than {MOST_AS_LIBRARY:,} tracks: that is a catalogue, "
                    "which gives your own tracks their features, and too big to be a library."
                )
    if not sum(map(len, frames)):
        raise InputError(f"{files[0].name} has a catalogue's header, but no track.")
    rows = pd.concat(frames, ignore_index=True)
    rows["added_at"] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us, UTC]")
    library, report = library_of_rows(united_genres(rows), ORIGIN, provenance="k")
    n = len(rejections)
    return library, report + ImportReport(ORIGIN, n, 0, 0, tuple(rejections))


def index_catalogue(file: File, target: Path, progress: Progress | None = None) -> ImportReport:
    """Write the index of a catalogue file; it is there whole or not at all.

    Parameters
    ----------
    file
        A CSV whose header `recognises_header` knows; a packed one may lie in a zip or gzip.
    target
        Where the Parquet goes.
    progress
        Told after each chunk; may raise to cancel, and then nothing is left.

    Returns
    -------
    ImportReport
        Rows read = kept + rejected. A track that stands in several genres is kept several times.

    Raises
    ------
    InputError
        If it is no catalogue.
    """
    import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]
    import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

    if not recognises(Sample.of(file)):
        raise InputError(f"{file.name} is no catalogue: it lacks ids, names or audio features.")
    rejections: list[Rejection] = []
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    kind, n = kind_of(Sample.of(file).header), 0
    schema = _schema().with_metadata({NAME: file.name.encode(), KIND: kind.encode()})
    try:
        with pq.ParquetWriter(part, schema, compression="zstd") as writer:
            for chunk in _chunks(file, rejections, progress):
                writer.write_table(pa.Table.from_pandas(_keyed(chunk), schema, False))
                n += len(chunk)
        if n == 0:
            raise InputError(f"{file.name} has a catalogue's header, but no track.")
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return ImportReport(
        file.name, n + len(rejections), n, 0, tuple(rejections), (f"Recognised as {kind}.",)
    )


def _chunks(
    file: File, rejections: list[Rejection], progress: Progress | None
) -> Iterator[pd.DataFrame]:
    """A file's rows in our columns, so many at a time; rows without id go into ``rejections``."""
    with open_table(file) as table:
        titles = columns_of(table.header)
        at = {column: table.header.index(title) for column, title in titles.items()}
        done = 0
        while rows := list(islice(table.rows, CHUNK)):
            chunk = ours(_text_frame(rows, at))
            chunk["file"], chunk["row"] = file.name, [row.number for row in rows]
            bad = chunk["track_id"].isna() | chunk["name"].isna()
            rejections += [
                Rejection(file.name, number, "", "no track id, or no title")
                for number in chunk["row"][bad].tolist()
            ]
            done += len(rows)
            if progress:
                share = 1 - 1 / (1 + done / 200_000)  # how long the file is, nobody knows
                progress(share, f"{file.name}: {done:,} tracks")
            yield chunk[~bad]


def _text_frame(rows: list[Row], at: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            column: pd.array(
                [row.cells[i] if i < len(row.cells) else None for row in rows], dtype="str"
            )
            for column, i in at.items()
        }
    )


def united_genres(rows: pd.DataFrame) -> pd.DataFrame:
    """A track that stands in several genres has them all."""
    again = rows["track_id"].duplicated(keep=False) & rows["genres"].notna()
    if not again.any():
        return rows
    united = rows[again].groupby("track_id")["genres"].agg(lambda g: JOIN.join(dict.fromkeys(g)))
    genres = rows["genres"].where(~again, rows["track_id"].map(united))
    return rows.assign(genres=genres.astype("str"))


def _keyed(chunk: pd.DataFrame) -> pd.DataFrame:
    """A chunk with its hashed keys, ready to be written."""
    titles, artists = folded(chunk)
    return chunk.assign(
        id_key=hashed(chunk["track_id"]),
        isrc_key=hashed(chunk["isrc"].str.upper().fillna("")),
        song_key=hashed(titles + "\x1f" + artists),
        artist_key=hashed(artists),
        explicit=chunk["explicit"].astype("boolean"),
    )


def folded(rows: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """Folded titles and first artists, as they compare."""
    first = rows["artists"].astype("str").str.split(JOIN).str[0].fillna("")
    known = {artist: fold(artist) for artist in first.unique()}
    titles = [fold(name) for name in rows["name"].fillna("")]
    return pd.Series(titles, index=rows.index, dtype="str"), first.map(known).astype("str")


def hashed(texts: pd.Series) -> Ints:
    """Texts as 64-bit numbers, the same in every run."""
    keys = pd.util.hash_array(texts.to_numpy(dtype=object), categorize=False)
    return np.asarray(keys).view(np.int64)


def _schema() -> Any:
    import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

    return pa.schema(
        [
            *((name, pa.string()) for name in TEXTS),
            *((name, pa.float32()) for name in VALUES),
            ("explicit", pa.bool_()),
            *((name, pa.int64()) for name in ("id_key", "isrc_key", "song_key", "artist_key")),
        ]
    )
