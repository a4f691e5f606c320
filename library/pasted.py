"""What somebody pasted: lines of `artist - title`, or Spotify links, matched with what is known."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from library.cells import made_up_ids, short_hash, track_ids
from library.matching import Match, Matcher
from library.report import ImportReport, Rejection
from music.errors import InputError
from music.tracks import (
    COLUMNS,
    ENTRY_COLUMNS,
    PLAYLIST_COLUMNS,
    Library,
    as_tracks,
    no_tracks,
    typed_rows,
)

ORIGIN: Final = "pasted"
SOURCE: Final = "the pasted text"
MAX_CHARS: Final = 1_000_000
MAX_LINES: Final = 10_000
MAX_NAME: Final = 500  # characters; a longer line is no song

_BULLET: Final = re.compile(r"^\s*(?:[-*•·]\s+|\(?\d{1,4}[.)]\s+|#\d+\s+)")
_PARTS: Final = re.compile(r"\s+[-–—~|]\s+|\t+|\s*[–—]\s*")
_BY: Final = re.compile(r"^[\"“]?(?P<title>.+?)[\"”]?\s+by\s+(?P<artist>.+)$", re.IGNORECASE)
_LINK: Final = re.compile(r"(?:spotify:|https?://open\.spotify\.com/)\S+", re.IGNORECASE)


@dataclass(frozen=True)
class _Line:
    """One line: its number, its text, and the track it became or the reason it did not."""

    number: int
    text: str
    track_id: str | None = None
    title: str | None = None
    artist: str | None = None
    reason: str = ""
    note: str = ""


def read(text: str, known: Library) -> tuple[Library, ImportReport]:
    """The tracks a text names, as one playlist.

    Parameters
    ----------
    text
        One track a line: ``artist - title``, ``title by artist``, a title that only one known track
        has, or a Spotify track link. Bullets, numbers and blank lines do not matter.
    known
        Where names are looked up; a track found there comes with all that is known of it. A track
        not found comes with its name and artist, or its id, and nothing else.

    Returns
    -------
    Library, ImportReport
        Lines read = kept (distinct tracks) + merged (lines that name one again) + rejected. A line
        that was matched although it is spelled differently is named in the notes.

    Raises
    ------
    InputError
        If there is no line, or far too much.
    """
    if len(text) > MAX_CHARS:
        raise InputError(f"The text has {len(text):,} characters; {MAX_CHARS:,} is the limit.")
    numbered = [(n, line.strip()) for n, line in enumerate(text.splitlines(), start=1)]
    wanted = [(n, line) for n, line in numbered if line]
    if not wanted:
        raise InputError("Nothing was pasted: write one 'artist - title' or Spotify link a line.")
    if len(wanted) > MAX_LINES:
        raise InputError(f"{len(wanted):,} lines were pasted; {MAX_LINES:,} is the limit.")
    matcher = Matcher(known.tracks)
    lines = [_read_line(number, line, known, matcher) for number, line in wanted]
    return _library(lines, known, text), _report(lines)


def _read_line(number: int, text: str, known: Library, matcher: Matcher) -> _Line:
    if len(text) > MAX_NAME:
        return _Line(number, text[:80] + "...", reason="too long for a song")
    if _LINK.search(text):
        return _linked(number, text)
    bare = _BULLET.sub("", text)
    for title, artist in _readings(bare):
        found = matcher.find(title, artist)
        if found is not None:
            return _Line(number, text, found.track_id, note=_note(number, bare, found))
    for title, artist in _readings(bare):
        return _Line(number, text, None, title, artist)
    return _only_title(number, bare, matcher)


def _linked(number: int, text: str) -> _Line:
    link = _LINK.search(text)
    where = link.group(0) if link else ""
    found = track_ids(pd.Series([where])).iloc[0]
    if isinstance(found, str):
        return _Line(number, text, found)
    kinds = ("playlist", "album", "artist", "episode", "show")
    kind = next((k for k in kinds if f"{k}:" in where or f"/{k}/" in where), "")
    reason = f"a link to one {kind}; paste links to its tracks" if kind else "no link to a track"
    return _Line(number, text, reason=reason.replace("one episode", "an episode"))


def _readings(text: str) -> Iterator[tuple[str, str]]:
    """The ways a line may be meant, as (title, artist): the usual order first."""
    parts = [part.strip(" \"'“”") for part in _PARTS.split(text)]
    parts = [part for part in parts if part]
    if len(parts) >= 2:
        yield " - ".join(parts[1:]), parts[0]
        yield parts[0], " - ".join(parts[1:])
        if len(parts) > 2:
            yield " - ".join(parts[:-1]), parts[-1]
    elif by := _BY.match(text):
        yield by["title"].strip(), by["artist"].strip()


def _only_title(number: int, text: str, matcher: Matcher) -> _Line:
    found = matcher.titled(text)
    if len(found) == 1:
        return _Line(number, text, found[0].track_id)
    reason = (
        "several songs are called that; add the artist" if found else "no artist: artist - title"
    )
    return _Line(number, text, reason=reason)


def _note(number: int, text: str, found: Match) -> str:
    if found.exact:
        return ""
    return f"line {number}: {text!r} was read as {found.artists} - {found.name}"


def _library(lines: list[_Line], known: Library, text: str) -> Library:
    """The tracks in the order of the lines, each once, and the playlist of them."""
    good = pd.DataFrame(
        [(line.track_id, line.title, line.artist) for line in lines if not line.reason],
        columns=["track_id", "name", "artists"],
        dtype="str",
    )
    good["track_id"] = good["track_id"].fillna(made_up_ids(good["name"], good["artists"]))
    each = good.drop_duplicates("track_id")
    there = each["track_id"].isin(known.tracks.index)
    new = as_tracks(each[~there], ORIGIN) if (~there).any() else no_tracks()
    old = known.tracks.loc[each["track_id"][there]]
    tracks = pd.concat([old, new])[list(COLUMNS)].loc[each["track_id"]]
    playlist_id = f"pasted:{short_hash(text)}"
    playlists = pd.DataFrame([{"playlist_id": playlist_id, "name": "Pasted", "origin": ORIGIN}])
    entries = good[["track_id"]].assign(playlist_id=playlist_id, position=range(len(good)))
    return Library(
        tracks=tracks,
        playlists=typed_rows(playlists, PLAYLIST_COLUMNS),
        entries=typed_rows(entries, ENTRY_COLUMNS),
        name="what you pasted",
        invented=known.invented and bool(there.all()),
    )


def _report(lines: list[_Line]) -> ImportReport:
    good = [line for line in lines if not line.reason]
    ids = {line.track_id or (line.title, line.artist) for line in good}
    return ImportReport(
        SOURCE,
        n_read=len(lines),
        n_kept=len(ids),
        n_merged=len(good) - len(ids),
        rejections=tuple(
            Rejection(SOURCE, line.number, line.text, line.reason) for line in lines if line.reason
        ),
        notes=tuple(line.note for line in lines if line.note),
    )
