"""A CSV or TSV as rows of text: any size, any tool, one row at a time.

Cells stay text here. What a cell means is decided by the reader of the format.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from library.opening import HEAD, File
from music.errors import InputError

MAX_LINE: Final = 1 << 20
DELIMITERS: Final = (",", ";", "\t")


@dataclass(frozen=True)
class Row:
    """One record: its number as a spreadsheet shows it (the header is 1) and its cells."""

    number: int
    cells: list[str]


@dataclass(frozen=True)
class Table:
    """An open table: the header as written, and an iterator over the records below it."""

    header: tuple[str, ...]
    rows: Iterator[Row]

    def find(self, names: Sequence[str]) -> int | None:
        """Where the first of these columns stands (compared without case), or None."""
        known = {title.casefold(): i for i, title in reversed(list(enumerate(self.header)))}
        return next((known[name] for name in names if name in known), None)


@contextmanager
def open_table(file: File) -> Iterator[Table]:
    """The table in a file.

    Raises
    ------
    InputError
        If the file is empty, holds no text, is in an encoding that does not say its name, or has a
        cell that never ends.
    """
    head = file.head()
    encoding = encoding_of(head, file.name)
    with file.open() as stream:
        text = io.TextIOWrapper(stream, encoding=encoding, newline="")
        with _sentences(file.name):
            reader = csv.reader(_lines(text, file.name), delimiter=_delimiter(head, encoding))
            header = tuple(cell.strip().lstrip("\ufeff") for cell in next(reader, []))
            if not any(header):
                raise InputError(f"{file.name} starts with an empty line, so it has no columns.")
            yield Table(header, _rows(reader))


def encoding_of(head: bytes, name: str) -> str:
    """The encoding a file starts in: UTF-8 with or without mark, or UTF-16 with one.

    Raises
    ------
    InputError
        If the file is empty or its bytes are no text.
    """
    if not head.strip():
        raise InputError(f"{name} is empty.")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" in head:
        raise InputError(f"{name} is no text file, so there is nothing in it to import.")
    try:
        # A full head may end inside a character; a short one may not.
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(head) < HEAD)
    except UnicodeDecodeError as error:
        raise InputError(f"{name} {not_utf8(error)}") from error
    return "utf-8-sig"


def _rows(reader: Iterator[list[str]]) -> Iterator[Row]:
    for number, cells in enumerate(reader, start=2):
        if cells:
            yield Row(number, cells)


def _delimiter(head: bytes, encoding: str) -> str:
    """The mark that parts the header into most columns."""
    first = head.decode(encoding, errors="ignore").split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)


def _lines(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    """The lines, none longer than any real one, so that junk cannot fill the memory."""
    while line := text.readline(MAX_LINE):
        if len(line) == MAX_LINE:
            raise InputError(f"{name} has a line without end, so it is no table.")
        if "\0" in line:
            raise InputError(f"{name} holds NUL bytes, so it is damaged or no text file.")
        yield line


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    """Turn what csv and codecs raise, wherever in the file, into one sentence."""
    try:
        yield
    except csv.Error as error:
        raise InputError(f"{name} is no readable table: {error}.") from error
    except UnicodeError as error:
        raise InputError(f"{name} {not_utf8(error)}") from error


def not_utf8(error: UnicodeError) -> str:
    """What is wrong with text in another encoding, to stand behind the file's name."""
    where = f" (byte {error.start:,})" if isinstance(error, UnicodeDecodeError) else ""
    return f"is not in UTF-8{where}; save it again as 'CSV UTF-8'."
