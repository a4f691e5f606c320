"""Whatever somebody drops in, as a library: each file is recognised by its content, not its name.

`READERS` is the registry; a new format is one module with `recognises` and `read_files`, and one
line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final, cast

from library import account, catalogue, exportify, history, lists
from library.merging import merge, united
from library.opening import File, Upload, files_in
from library.report import ImportReport
from library.sample import Sample
from music.errors import InputError
from music.tracks import Library

__all__ = ["READERS", "Reader", "merge", "parted", "read_any"]

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Reader:
    """A kind of file.

    Parameters
    ----------
    name
        What people call it.
    recognises
        Whether a file's beginning is of this kind.
    read_files
        The library in files of this kind; all of an upload's at once, because they may belong
        together. It calls ``progress(share, text)`` now and then, which may raise to cancel.
    """

    name: str
    recognises: Callable[[Sample], bool]
    read_files: Callable[[Sequence[File], Progress], tuple[Library, ImportReport]]


CATALOGUE: Final = Reader("a catalogue", catalogue.recognises, catalogue.read_files)

# In the order in which they are asked and read. Streaming histories come last, so that their plays
# find the tracks of the other files already there, and the one without ids comes last of all.
READERS: Final[tuple[Reader, ...]] = (
    Reader("Exportify", exportify.recognises_sample, exportify.read_files),
    CATALOGUE,
    Reader("Spotify account data", account.recognises, account.read_files),
    Reader("a list", lists.recognises, lists.read_files),
    Reader("an extended streaming history", history.is_extended, history.read_files),
    Reader("an account's streaming history", history.is_by_minute, history.read_files),
)


def read_any(
    uploads: Upload | Iterable[Upload], progress: Progress | None = None
) -> tuple[Library, ImportReport]:
    """The library in one or several files, archives or folders, in any order.

    Parameters
    ----------
    uploads
        Paths, bytes or binary files; archives are looked into.
    progress
        Told how far the import is, in [0, 1], and what it does; may raise to cancel.

    Returns
    -------
    Library, ImportReport
        Files that are no music data are left out and named in the notes.

    Raises
    ------
    InputError
        If nothing in them can be imported; nothing is half imported.
    """
    progress = progress or _silent
    files = [file for upload in _each(uploads) for file in files_in(upload)]
    if not files:
        raise InputError("There is no file to import.")
    progress(0.0, f"Looking at {len(files):,} files" if len(files) > 1 else "Looking at the file")
    kinds, strangers = _sorted(files)
    if not kinds:
        raise InputError(_nothing(strangers))
    parts = []
    for n, (reader, mine) in enumerate(kinds.items()):
        within = _within(progress, n / len(kinds), 1 / len(kinds))
        parts.append(reader.read_files(mine, within))
    library, report = _joined(parts)
    progress(1.0, "Imported")
    notes = tuple(f"{file.name} was left out: {why}" for file, why in strangers)
    return library, replace(report, source=_called(files), notes=report.notes + notes)


def parted(uploads: Upload | Iterable[Upload]) -> tuple[list[File], list[File]]:
    """The files in uploads, in two heaps: catalogues, to look features up in, and all others."""
    tables: list[File] = []
    others: list[File] = []
    for upload in _each(uploads):
        for file in files_in(upload):
            (tables if _is_catalogue(file) else others).append(file)
    return tables, others


def _is_catalogue(file: File) -> bool:
    try:
        sample = Sample.of(file)
    except InputError:
        return False  # read_any says what is wrong with it
    return _reader(sample) is CATALOGUE


def _reader(sample: Sample) -> Reader | None:
    return next((r for r in READERS if r.recognises(sample)), None)


def _joined(parts: Sequence[tuple[Library, ImportReport]]) -> tuple[Library, ImportReport]:
    """What several kinds of files hold, as one library and one account."""
    library, report = parts[0]
    for part, more in parts[1:]:
        both, notes = united(library, part)
        more = _after_merge(more, part, library, both)
        report, library = report + replace(more, notes=more.notes + notes), both
    return library, report


def _sorted(files: Iterable[File]) -> tuple[dict[Reader, list[File]], list[tuple[File, str]]]:
    """The files by the reader that knows them, and the others with the reason."""
    kinds: dict[Reader, list[File]] = {}
    strangers: list[tuple[File, str]] = []
    for file in files:
        try:
            sample = Sample.of(file)
        except InputError as error:
            strangers.append((file, str(error)))
            continue
        reader = _reader(sample)
        if reader is None:
            strangers.append((file, f"{file.name} is none of the files we know ({sample.seen})."))
        else:
            kinds.setdefault(reader, []).append(file)
    return {reader: kinds[reader] for reader in READERS if reader in kinds}, strangers


def _after_merge(
    report: ImportReport, part: Library, before: Library, after: Library
) -> ImportReport:
    """Count as merged what the files before had told already."""
    if len(part.plays):
        added = len(after.plays) - len(before.plays)
    else:
        added = len(after.tracks) - len(before.tracks)
    joined = max(0, report.n_kept - added)
    return replace(report, n_kept=report.n_kept - joined, n_merged=report.n_merged + joined)


def _within(progress: Progress, start: float, width: float) -> Progress:
    return lambda share, text: progress(start + width * share, text)


def _nothing(strangers: list[tuple[File, str]]) -> str:
    if len(strangers) == 1:
        return strangers[0][1]
    return f"None of the {len(strangers)} files can be imported; {strangers[0][1]}"


def _called(files: Sequence[File]) -> str:
    return files[0].name if len(files) == 1 else f"{len(files)} files"


def _each(uploads: Upload | Iterable[Upload]) -> list[Upload]:
    """One upload or several as a list; an open file is one, although it can be iterated."""
    if isinstance(uploads, str | bytes | Path | File) or hasattr(uploads, "read"):
        return [cast(Upload, uploads)]
    return list(uploads)


def _silent(share: float, text: str) -> None:
    """No one is watching."""
