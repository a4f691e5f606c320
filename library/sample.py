"""The beginning of a file, read once, by which its kind is recognised."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from typing import Final

from library.opening import File
from library.table import Table, encoding_of, open_table
from music.errors import InputError

N_ROWS: Final = 12

_KEY: Final = re.compile(r'"((?:[^"\\]|\\.){1,60})"\s*:')


@dataclass(frozen=True)
class Sample:
    """What a file's beginning shows.

    Parameters
    ----------
    name
        The file's name; only for people.
    header
        The column names, if it is a table.
    rows
        The first rows below them.
    keys
        The names before a colon, if it is JSON.
    """

    name: str
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    keys: frozenset[str] = frozenset()

    @classmethod
    def of(cls, file: File) -> Sample:
        """Look at a file.

        Raises
        ------
        InputError
            If it is empty or holds no text.
        """
        head = file.head()
        encoding = encoding_of(head, file.name)
        text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
        if text[:1] in ("{", "["):
            return cls(file.name, keys=frozenset(_KEY.findall(text)))
        with open_table(file) as table:
            return cls(file.name, table.header, _first_rows(table))

    @property
    def seen(self) -> str:
        """What there is instead of something we know, for people."""
        if self.keys:
            return f"JSON with {', '.join(_short(key) for key in sorted(self.keys)[:4])}"
        if not self.header:
            return "JSON without names"
        return f"columns {', '.join(repr(_short(title)) for title in self.header[:4])}"


def _short(text: str) -> str:
    return " ".join(text.split())[:30]


def _first_rows(table: Table) -> tuple[tuple[str, ...], ...]:
    """The first rows; what is wrong with them is said by whoever reads them all."""
    try:
        return tuple(tuple(row.cells) for row in islice(table.rows, N_ROWS))
    except (csv.Error, UnicodeError, InputError):
        return ()
