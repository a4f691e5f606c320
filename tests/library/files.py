"""Small invented files in the layouts people hand in; nothing in them is real."""

from __future__ import annotations

import csv
import gzip
import io
import zipfile


def columns(line: str) -> list[str]:
    """A header line as column names."""
    return line.split(",")


NEW = columns(
    "Track URI,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),Popularity,Explicit,"
    "Added By,Added At,Genres,Record Label,Danceability,Energy,Key,Loudness,Mode,Speechiness,"
    "Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature"
)
OLD = columns(
    "Spotify ID,Artist IDs,Track Name,Album Name,Artist Name(s),Release Date,Duration (ms),"
    "Popularity,Added By,Added At,Genres,Danceability,Energy,Key,Loudness,Mode,Speechiness,"
    "Acousticness,Instrumentalness,Liveness,Valence,Tempo,Time Signature"
)
CLASSIC = columns(
    "Track URI,Track Name,Artist URI(s),Artist Name(s),Album URI,Album Name,Album Artist URI(s),"
    "Album Artist Name(s),Album Release Date,Album Image URL,Disc Number,Track Number,"
    "Track Duration (ms),Track Preview URL,Explicit,Popularity,ISRC,Added By,Added At"
)
CLASSIC_18 = [title for title in CLASSIC if title != "ISRC"]
LAYOUTS = {"new": NEW, "old": OLD, "classic": CLASSIC, "classic18": CLASSIC_18}

HOSTILE = (
    "<script>alert(1)</script>", "![x](http://example.org/x.png)", "$HOME $x^2$",
    "=cmd|'/c calc'!A1",     "שלום עולם", "مرحبا \u202egnol\u202c", "日本語のうた",
    "x" * 10_000, "a\nb",
    "'; DROP TABLE tracks; --",
)  # fmt: skip


def track_id(n: int) -> str:
    """An id of the right form that no track has."""
    return f"{n:022d}"


def row(n: int, header: list[str] = NEW, **given: str) -> list[str]:
    """One row of a layout, complete and unremarkable but for what is given by column name."""
    values = {
        "Track URI": f"spotify:track:{track_id(n)}",
        "Spotify ID": track_id(n),
        "Track Name": f"Song {n}",
        "Artist Name(s)": f"Band {n % 7}",
        "Artist URI(s)": f"spotify:artist:{n % 7:022d}",
        "Artist IDs": f"{n % 7:022d}",
        "Album Name": f"Album {n % 9}",
        "Release Date": "2007-03-01",
        "Album Release Date": "2007-03",
        "Duration (ms)": "200000",
        "Track Duration (ms)": "200000",
        "Popularity": "40",
        "Explicit": "false",
        "Added At": f"2024-05-{n % 28 + 1:02d}T10:00:00Z",
        "Genres": "dub,reggae",
        "Record Label": "Nobody",
        "ISRC": f"XX{n:010d}",
        "Danceability": "0.5",
        "Energy": "0.6",
        "Key": "9",
        "Loudness": "-7.5",
        "Mode": "1",
        "Speechiness": "0.04",
        "Acousticness": "0.1",
        "Instrumentalness": "0",
        "Liveness": "0.1",
        "Valence": "0.3",
        "Tempo": "120.5",
        "Time Signature": "4",
    } | given
    return [values.get(title, "") for title in header]


def csv_bytes(rows: list[list[str]], header: list[str] = NEW, mark: bool = True) -> bytes:
    """A CSV as the tools write it: with a byte order mark, or without as in their zips."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([header, *rows])
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def zipped(members: dict[str, bytes]) -> bytes:
    """A zip of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def gzipped(data: bytes) -> bytes:
    """The same bytes, packed."""
    return gzip.compress(data, mtime=0)
