"""Frames as bytes and back: Parquet, one blob a frame.

Measured on 2,000 tracks and 17,000 plays: 5 ms to read as blobs, 190 ms as SQL rows; and one blob
is replaced in one step, so a library is never half new.
"""

from __future__ import annotations

import io
from typing import Final

import pandas as pd

from music.errors import StoreError
from music.tracks import (
    ALIAS_COLUMNS,
    COLUMNS,
    ENTRY_COLUMNS,
    PLAY_COLUMNS,
    PLAYLIST_COLUMNS,
    Library,
    as_tracks,
    no_rows,
    typed_rows,
)

# The frames of a library, by the name of its field.
ROW_COLUMNS: Final = {
    "playlists": PLAYLIST_COLUMNS,
    "entries": ENTRY_COLUMNS,
    "plays": PLAY_COLUMNS,
    "aliases": ALIAS_COLUMNS,
}
FRAMES: Final = ("tracks", *ROW_COLUMNS)
_FIRST: Final = ("tracks", "playlists", "entries", "plays")  # in the stores of every version


def to_bytes(frame: pd.DataFrame) -> bytes:
    """A frame as Parquet."""
    out = io.BytesIO()
    frame.to_parquet(out, compression="zstd")
    return out.getvalue()


def from_bytes(data: bytes, what: str) -> pd.DataFrame:
    """`to_bytes` back.

    Raises
    ------
    StoreError
        If the bytes are damaged; ``what`` says which frame, for people.
    """
    try:
        return pd.read_parquet(io.BytesIO(data))
    except (OSError, ValueError, NotImplementedError) as error:  # pyarrow's errors are these
        raise StoreError(f"The stored {what} are damaged; restore a backup.") from error


def frames_of(library: Library) -> dict[str, bytes]:
    """A library's frames as bytes, by name."""
    return {name: to_bytes(getattr(library, name)) for name in FRAMES}


def library_of(frames: dict[str, bytes], name: str, invented: bool) -> Library:
    """The library in stored frames, in the columns of today.

    Raises
    ------
    StoreError
        If a frame is missing or damaged.
    """
    if absent := [frame for frame in _FIRST if frame not in frames]:
        raise StoreError(f"The stored library has no {absent[0]}; restore a backup.")
    tracks = from_bytes(frames["tracks"], "tracks")
    if tuple(tracks.columns) != COLUMNS:  # written by an older Ghostnotes
        tracks = as_tracks(tracks, "store")
    playlists, entries, plays, aliases = (
        typed_rows(from_bytes(frames[frame], frame), columns)
        if frame in frames
        else no_rows(columns)
        for frame, columns in ROW_COLUMNS.items()
    )
    return Library(tracks, playlists, entries, plays, aliases, name, invented)
