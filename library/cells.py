"""What a cell means: ids, years, dates, flags, numbers, lists of names. Columns in, columns out.

Every function takes a text column with missing values and gives a column of the same length;
what cannot be read becomes missing.
"""

from __future__ import annotations

import hashlib
import re
from typing import Final

import pandas as pd

from music.tracks import JOIN

_ID: Final = r"^(?:spotify:track:|https?://open\.spotify\.com/(?:intl-[a-z-]+/)?(?:embed/)?track/)?"
_BARE: Final = _ID + r"([0-9A-Za-z]{22})(?:[?#/].*)?$"
_GHOST: Final = r"^(ghost:[0-9a-z:-]{1,60})$"
_YEAR: Final = r"(?<!\d)([12]\d{3})(?!\d)"
_SHORT_YEAR: Final = r"^\d{1,2}/\d{1,2}/(\d{2})$"
_UNKNOWN: Final = frozenset({"", "undefined", "null", "nan", "n/a"})


def known(cells: pd.Series) -> pd.Series:
    """The cells with what tools write for "nothing" (``undefined``, ``null``) made missing."""
    text = cells.astype("str").str.strip()
    return text.mask(text.str.casefold().isin(_UNKNOWN))


def sound(text: str) -> str:
    """A text without halves of characters (JSON can escape them), which nothing could store."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def track_ids(cells: pd.Series) -> pd.Series:
    """Spotify track ids out of ids, URIs or links; ids of the demo library pass; else missing.

    >>> track_ids(pd.Series(["spotify:track:4uLU6hMCjMI75M1A2tKUQC", "spotify:episode:x"])).tolist()
    ['4uLU6hMCjMI75M1A2tKUQC', nan]
    """
    text = cells.astype("str").str.strip()
    ids = text.str.extract(_BARE, expand=False)
    return ids.fillna(text.str.extract(_GHOST, expand=False))


def made_up_ids(names: pd.Series, artists: pd.Series) -> pd.Series:
    """Stable ids ``local:...`` for tracks that no service knows, from name and artist."""
    keys = names.fillna("").str.casefold() + "\x1f" + artists.fillna("").str.casefold()
    return keys.map(lambda key: f"local:{short_hash(key)}").astype("str")


def short_hash(text: str, n: int = 16) -> str:
    """A stable name for a text: the same everywhere and always."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=n // 2).hexdigest()


def years(cells: pd.Series) -> pd.Series:
    """The year in ``2024-04-04``, ``2024``, ``6/25/2013`` or ``6/25/13``, as float.

    >>> years(pd.Series(["2024-04", "6/25/2013", "1/2/71", "0000"])).tolist()
    [2024.0, 2013.0, 1971.0, nan]
    """
    text = cells.astype("str").str.strip()
    full = pd.to_numeric(text.str.extract(_YEAR, expand=False), errors="coerce")
    short = pd.to_numeric(text.str.extract(_SHORT_YEAR, expand=False), errors="coerce")
    century = short.where(short >= 30, short + 100) + 1900  # spreadsheets turn the century at 30
    return full.fillna(century).astype("float64")


def released(cells: pd.Series) -> pd.Series:
    """The day in ``2024-04-04`` or ``6/25/2013`` as a decimal year; missing where no day is told.

    >>> released(pd.Series(["2024-07-01", "7/2/2013", "2024-04", "1999"])).round(2).tolist()
    [2024.5, 2013.5, nan, nan]
    """
    text = cells.astype("str").str.strip()
    iso = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    at = iso.fillna(pd.to_datetime(text, format="%m/%d/%Y", errors="coerce"))
    return (at.dt.year + (at.dt.day_of_year - 1) / 365.25).astype("float64")


def moments(cells: pd.Series) -> pd.Series:
    """Points in time as UTC: ISO first, then what a spreadsheet makes of it (month first)."""
    text = known(cells)
    at = pd.to_datetime(text, utc=True, errors="coerce", format="ISO8601")
    odd = at.isna() & text.notna()
    if odd.any():
        at = at.fillna(pd.to_datetime(text[odd], utc=True, errors="coerce", format="mixed"))
    return at.astype("datetime64[us, UTC]")


def flags(cells: pd.Series) -> pd.Series:
    """``true``/``FALSE``/``1``/``yes`` as booleans."""
    text = cells.astype("str").str.strip().str.casefold()
    words = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
    return text.map(words).astype("boolean")


def numbers(cells: pd.Series) -> pd.Series:
    """Numbers as float64."""
    return pd.to_numeric(cells, errors="coerce").astype("float64")


def joined(cells: pd.Series, separator: str) -> pd.Series:
    """Lists joined by a separator of theirs, joined by ours.

    >>> joined(pd.Series(["dub,  reggae", ""]), ",").tolist()
    ['dub; reggae', nan]
    """
    parts = known(cells).str.split(separator)
    return parts.map(_join, na_action="ignore").astype("str").replace("", None)


def _join(parts: list[str]) -> str:
    return JOIN.join(part.strip() for part in parts if part.strip())


def shared_cells(names: pd.Series, ids: pd.Series, separator: str) -> pd.Series:
    r"""Artists joined by ``", "`` parted correctly where a name holds a comma itself.

    Parameters
    ----------
    names
        ``"Tyler, The Creator, Kali Uchis"``; a comma inside a name may be written ``\,``.
    ids
        The artists' ids or URIs, joined by the same separator: how many there are, and which.
    """
    learnt = _sole_artists(names, ids, separator)
    pairs = zip(names, ids, strict=True)
    parted = [_part(n, i, separator, learnt) if isinstance(n, str) else None for n, i in pairs]
    return pd.Series(parted, index=names.index, dtype="str")


def _sole_artists(names: pd.Series, ids: pd.Series, separator: str) -> dict[str, str]:
    """Artist id -> name, from the rows that leave no doubt."""
    learnt: dict[str, str] = {}
    for name, id_ in zip(names, ids, strict=True):
        if not isinstance(name, str) or not isinstance(id_, str):
            continue
        keys = [key.strip() for key in id_.split(separator.strip())]
        parts = [name] if len(keys) == 1 else _unescaped(name, separator)
        if len(parts) == len(keys):
            learnt |= dict(zip(keys, (p.replace("\\,", ",").strip() for p in parts), strict=True))
    return learnt


def _part(name: str, ids: object, separator: str, learnt: dict[str, str]) -> str:
    parts = [p.replace("\\,", ",").strip() for p in _unescaped(name, separator)]
    if not isinstance(ids, str):
        return name.replace("\\,", ",")  # how many there are is not known, so nothing is parted
    keys = [key.strip() for key in ids.split(separator.strip())]
    if len(keys) == 1:
        return name.replace("\\,", ",")
    if len(parts) == len(keys):
        return JOIN.join(parts)
    return JOIN.join(_walk(parts, keys, separator, learnt))


def _walk(parts: list[str], keys: list[str], separator: str, learnt: dict[str, str]) -> list[str]:
    """More parts than artists: take known names whole, and give what is left to the first."""
    out, rest = [], list(parts)
    for n, key in enumerate(keys):
        others = len(keys) - n - 1
        name = learnt.get(key, "")
        width = len(name.split(separator))
        if not name or separator.join(rest[:width]) != name:
            width = max(len(rest) - others, 1) if others == 0 or n == 0 else 1
            name = separator.join(rest[:width])
        out.append(name)
        rest = rest[width:]
    return [name for name in out if name]


def _unescaped(text: str, separator: str) -> list[str]:
    return re.split(r"(?<!\\)" + re.escape(separator), text)
