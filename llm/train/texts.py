"""A listener's own text (reviews, lyrics, notes) made fit for training: read, cleaned, split.

CSV, JSON Lines and plain text; what is dropped is counted with its reason, so the numbers add up.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from music.errors import InputError

MIN_CHARS: Final = 20
MAX_CHARS: Final = 20_000
VALIDATION: Final = 0.1  # share held out; which texts, their hash decides, not chance
_TAG: Final = re.compile(r"<(?:br|/p|/div|/li)\s*/?>", re.IGNORECASE)
_ANY_TAG: Final = re.compile(
    r"<!--.*?-->|<(script|style)\b.*?</\1\s*>|</?[a-z][^<>]*>", re.I | re.S
)


@dataclass(frozen=True)
class Texts:
    """Clean texts in two heaps.

    Parameters
    ----------
    training, validation
        No text is in both, nor twice in one.
    n_read
        Rows in the file; equals kept plus everything in `dropped`.
    dropped
        Reason -> how many.
    """

    training: tuple[str, ...]
    validation: tuple[str, ...]
    n_read: int
    dropped: dict[str, int] = field(default_factory=dict)


def read_texts(path: Path, column: str = "") -> Texts:
    """Read, clean, deduplicate and split a file of texts.

    Parameters
    ----------
    path
        ``.csv`` or ``.tsv`` with a header, ``.jsonl`` with an object a line, or ``.txt`` with
        texts set apart by empty lines.
    column
        Which column or key holds the text; by default the one with the longest texts.

    Raises
    ------
    InputError
        If the file cannot be read, lacks that column or holds no usable text.
    """
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise InputError(f"{path.name} cannot be read: {error.strerror}.") from error
    rows = list(_rows(path.name, _decoded(raw), column))
    dropped: Counter[str] = Counter()
    kept: dict[str, str] = {}
    for row in rows:
        text = clean(row)
        mark = re.sub(r"\W+", " ", text.casefold()).strip()
        if len(text) < MIN_CHARS:
            dropped[f"shorter than {MIN_CHARS} characters"] += 1
        elif len(text) > MAX_CHARS:
            dropped[f"longer than {MAX_CHARS:,} characters"] += 1
        elif mark in kept:
            dropped["said before"] += 1
        else:
            kept[mark] = text
    if len(kept) < 2:
        raise InputError(f"{path.name} holds {len(kept)} usable texts; training needs some.")
    held = [_share(mark) < VALIDATION for mark in kept]
    if not any(held) or all(held):
        held = [k == 0 for k in range(len(kept))]
    pairs = list(zip(kept.values(), held, strict=True))
    return Texts(
        tuple(text for text, is_held in pairs if not is_held),
        tuple(text for text, is_held in pairs if is_held),
        len(rows),
        dict(dropped),
    )


def clean(text: str) -> str:
    """Text without HTML, broken encodings and control characters; paragraphs stay.

    >>> clean("<p>It&#39;s dÃ©jÃ  vu&nbsp;again</p>")
    "It's déjà vu again"
    """
    import ftfy

    breaks = _TAG.sub("\n", text)
    plain = ftfy.fix_text(html.unescape(_ANY_TAG.sub("", breaks)), normalization="NFC")
    plain = "".join(c if c.isprintable() or c == "\n" else " " for c in plain)
    lines = (" ".join(line.split()) for line in plain.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _decoded(raw: bytes) -> str:
    """UTF-8 if it is, else what Windows wrote; what that lacks becomes a visible mark."""
    if b"\x00" in raw[:4_096] and not raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise InputError("this is a binary file, not text.")
    for encoding in (
        ("utf-8-sig", "utf-16") if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",)
    ):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return raw.decode("cp1252", errors="replace")


def _rows(name: str, text: str, column: str) -> Iterator[str]:
    suffix = Path(name).suffix.casefold()
    if suffix == ".txt":
        return (part for part in re.split(r"\n\s*\n", text.replace("\r\n", "\n")) if part.strip())
    if suffix in (".csv", ".tsv"):
        return _column(name, _csv_rows(text, "\t" if suffix == ".tsv" else ","), column)
    if suffix == ".jsonl":
        return _column(name, _json_rows(name, text), column)
    raise InputError(f"{name} is none of .csv, .tsv, .jsonl and .txt.")


def _csv_rows(text: str, delimiter: str) -> Iterator[dict[str, str]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    for row in csv.DictReader(io.StringIO(text.replace("\x00", "")), delimiter=delimiter):
        yield {key: value for key, value in row.items() if key and isinstance(value, str)}


def _json_rows(name: str, text: str) -> Iterator[dict[str, str]]:
    for number, line in enumerate(filter(str.strip, text.splitlines()), 1):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise InputError(f"line {number} of {name} is no JSON.") from error
        if not isinstance(row, dict):
            raise InputError(f"line {number} of {name} is no JSON object.")
        yield {key: value for key, value in row.items() if isinstance(value, str)}


def _column(name: str, rows: Iterable[dict[str, str]], column: str) -> Iterator[str]:
    table = list(rows)
    lengths: Counter[str] = Counter()
    for row in table:
        for key, value in row.items():
            lengths[key] += len(value)
    if not lengths:
        raise InputError(f"{name} has no rows of text.")
    if column and column not in lengths:
        raise InputError(f"{name} has no column {column!r}; there are {', '.join(lengths)}.")
    chosen = column or lengths.most_common(1)[0][0]
    return (row.get(chosen, "") for row in table)


def _share(mark: str) -> float:
    """A number in [0, 1) that a text always gets."""
    return int(hashlib.sha256(mark.encode()).hexdigest()[:8], 16) / 2**32
