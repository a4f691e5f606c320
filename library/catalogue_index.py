"""Asking an indexed catalogue what it knows of a library: by id, ISRC, name, and nearly so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from library.catalogue import KIND, NAME, TEXTS, VALUES, Ints, folded, hashed
from library.matching import same_version
from music.errors import StoreError
from music.features import Floats

SHOWN: Final = (*TEXTS, *VALUES, "explicit")
CANDIDATES: Final = 200_000  # rows by wanted artists that a fuzzy search looks at
NEAR: Final = 90.0  # of 100: how alike two titles by one artist must be spelled


class CatalogueIndex:
    """An index written by `index_catalogue`.

    Attributes
    ----------
    name, kind
        The file it was made of, and which of the known tables that is, for people.
    n_rows
        Tracks in it.

    Raises
    ------
    StoreError
        If there is none at this path, or it is damaged.
    """

    def __init__(self, path: Path) -> None:
        import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

        self.path = path
        try:
            with pq.ParquetFile(path) as file:
                self.n_rows = int(file.metadata.num_rows)
                said = file.schema_arrow.metadata or {}
        except (OSError, ValueError) as error:
            raise StoreError(f"The catalogue {path.name} cannot be read; add it again.") from error
        self.name = said.get(NAME, b"a catalogue").decode("utf-8", "replace")
        self.kind = said.get(KIND, b"a catalogue").decode("utf-8", "replace")

    def look_up(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """What it knows of these tracks: by id, then ISRC, then title and artist, then nearly so.

        Parameters
        ----------
        tracks
            A track table.

        Returns
        -------
        DataFrame
            Indexed by the *wanted* track's id, one row each: ``source_id`` (the catalogue's),
            ``match`` (``"id"``, ``"isrc"``, ``"name"`` or ``"near"``) and the catalogue's columns.
        """
        by_id = self._by("track_id", tracks.index.to_series())
        left = tracks[~tracks.index.isin(by_id.index)]
        by_isrc = self._by("isrc", left["isrc"].str.upper())
        left = left[~left.index.isin(by_isrc.index)]
        by_name = self._by_name(left)
        parts = [by_id.assign(match="id"), by_isrc.assign(match="isrc"), by_name]
        return pd.concat([part for part in parts if len(part)] or [by_name])

    def keys(self, *names: str) -> dict[str, Ints]:
        """Some of the hashed keys by name, each of shape (n_rows,)."""
        return {name: self._keys[name] for name in names}

    def blocks(self, columns: Sequence[str]) -> Iterator[Floats]:
        """These number columns of all rows in order, a row group at a time, shape (n, columns)."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

        with pq.ParquetFile(self.path) as file:
            for group in range(file.metadata.num_row_groups):
                table = file.read_row_group(group, columns=list(columns))
                yield table.to_pandas()[list(columns)].to_numpy(dtype=np.float64)

    @cached_property
    def _keys(self) -> dict[str, Ints]:
        """The hashed keys, 8 bytes a row each: 29 MB for 1.2 million tracks."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

        table = pq.read_table(self.path, columns=["id_key", "isrc_key", "song_key", "artist_key"])
        return {name: table.column(name).to_numpy() for name in table.column_names}

    def _by(self, column: str, wanted: pd.Series) -> pd.DataFrame:
        """Rows whose id or ISRC is wanted, indexed by the wanted track."""
        wanted = wanted.dropna().astype("str")
        key = "id_key" if column == "track_id" else "isrc_key"
        at = np.flatnonzero(np.isin(self._keys[key], hashed(wanted)))
        rows = self.take(at)
        rows = rows[~rows[column].str.upper().duplicated()] if column == "isrc" else rows
        of = pd.Series(wanted.index, index=wanted.to_numpy()).groupby(level=0).first()
        ids = rows[column].str.upper() if column == "isrc" else rows[column]
        rows = rows.assign(source_id=rows["track_id"]).set_axis(pd.Index(ids.map(of)))
        rows = rows[rows.index.notna()]
        return rows[~rows.index.duplicated()]

    def _by_name(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """Rows with the same title and artist, exactly or nearly."""
        named = tracks[tracks["name"].notna() & tracks["artists"].notna()]
        titles, artists = folded(named)
        song = hashed(titles + "\x1f" + artists)
        at = np.flatnonzero(np.isin(self._keys["song_key"], song))
        exact = self.take(at)
        key = hashed(_song_text(exact))
        of = pd.Series(named.index, index=song).groupby(level=0).first()
        exact = exact.assign(source_id=exact["track_id"], match="name")
        exact = exact.set_axis(pd.Index(pd.Series(key).map(of)))
        exact = exact[~exact.index.duplicated()]
        left = named[~named.index.isin(exact.index)]
        return pd.concat([exact, self._near(left)]) if len(left) else exact

    def _near(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """Rows by the same artist whose title is spelled a little differently."""
        from rapidfuzz import fuzz, process

        titles, artists = folded(tracks)
        at = np.flatnonzero(np.isin(self._keys["artist_key"], hashed(artists)))[:CANDIDATES]
        rows = self.take(at)
        theirs, their_artists = folded(rows)
        by_artist = theirs.reset_index(drop=True).groupby(their_artists.to_numpy())
        groups = {artist: titles.to_dict() for artist, titles in by_artist}
        chosen: dict[str, int] = {}
        for track, title, artist in zip(tracks.index, titles, artists, strict=True):
            near = process.extractOne(
                title, groups.get(artist, {}), scorer=fuzz.ratio, score_cutoff=NEAR
            )
            if near and same_version(title, near[0]):
                chosen[str(track)] = int(str(near[2]))
        found = rows.iloc[list(chosen.values())].assign(match="near")
        return found.assign(source_id=found["track_id"]).set_axis(pd.Index(list(chosen)))

    def take(self, at: Ints) -> pd.DataFrame:
        """The rows at these positions (ascending), read a row group at a time."""
        import pyarrow.parquet as pq  # type: ignore[import-untyped, unused-ignore]

        parts, start = [], 0
        with pq.ParquetFile(self.path) as file:
            for group in range(file.metadata.num_row_groups):
                n = file.metadata.row_group(group).num_rows
                mine = at[(at >= start) & (at < start + n)] - start
                if len(mine):
                    table = file.read_row_group(group, columns=list(SHOWN))
                    parts.append(pd.DataFrame(table.take(mine).to_pandas()))
                start += n
        if not parts:
            return pd.DataFrame(columns=list(SHOWN))
        return pd.concat(parts, ignore_index=True)


def _song_text(rows: pd.DataFrame) -> pd.Series:
    titles, artists = folded(rows)
    return titles + "\x1f" + artists
