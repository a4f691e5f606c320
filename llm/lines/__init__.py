"""The authored lines: jokes by kind of fact, and what holds a roast together (see README.md)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from typing import Final

from llm.task import placeholders
from music.errors import InputError

INTENSITIES: Final = ("pat", "tease", "cook")
PERSONAS: Final[Mapping[str, str]] = {
    "critic": "A critic",
    "clerk": "The record-shop clerk",
    "parent": "A concerned parent",
    "sports": "A sports commentator",
    "wine": "A wine critic",
}
ANY: Final = "any"  # fits every intensity
VERDICT: Final = ("verdict", "basic", "stuck", "too_much", "stanned")
FRAME: Final = ("opening", "interlude", "compliment", "sentence", "nothing", *VERDICT)
RESERVED: Final = (*FRAME, "review")
# What an opening opens with, and the placeholder by which it is told; the library's has no name of
# its own ("opening"), the others have ("opening playlist"). "found" is two things found in it.
SCOPES: Final[Mapping[str, str]] = {
    "found": "this", "library": "tracks", "playlist": "playlist", "track": "track",
}  # fmt: skip

_LINE: Final = re.compile(rf"({'|'.join((ANY, *INTENSITIES))})(?: ({'|'.join(PERSONAS)}))?: (\S.*)")


@dataclass(frozen=True)
class Line:
    """One authored line.

    Parameters
    ----------
    kind
        The kind of fact it is about, or one of `RESERVED`; with a scope or a kind of fact behind
        it, that part of the frame for it alone: ``"opening track"``, ``"sentence one_song"``; after
        ``"review"``, the evidence of a review.
    intensity
        One of `INTENSITIES`, or `ANY`.
    persona
        Who alone may say it; "" = anybody.
    text
        With placeholders.
    place
        Where it stands: ``"plays.txt:12"``.
    """

    kind: str
    intensity: str
    persona: str
    text: str
    place: str

    @cached_property
    def needs(self) -> frozenset[str]:
        """The placeholders it cannot do without."""
        return placeholders(self.text)


def parse(text: str, file: str) -> Iterator[Line]:
    """The lines of one file.

    Raises
    ------
    InputError
        Naming file and line of the first mistake.
    """
    kind = ""
    for number, row in enumerate(text.splitlines(), 1):
        row = row.strip()
        if not row or row.startswith("#"):
            continue
        if row.startswith("== "):
            kind = row.removeprefix("== ").strip()
            continue
        match = _LINE.fullmatch(row)
        if not kind or match is None:
            raise InputError(
                f"{file}:{number}: a line reads 'tease: text' or 'cook clerk: text' below a "
                f"'== kind', got {row[:60]!r}."
            )
        yield Line(kind, match[1], match[2] or "", match[3], f"{file}:{number}")


@lru_cache(maxsize=1)
def lines() -> dict[str, tuple[Line, ...]]:
    """All authored lines by kind."""
    found: dict[str, list[Line]] = {}
    for entry in sorted(files(__name__).iterdir(), key=lambda path: path.name):
        if entry.name.endswith(".txt"):
            for line in parse(entry.read_text(encoding="utf-8"), entry.name):
                found.setdefault(line.kind, []).append(line)
    return {kind: tuple(group) for kind, group in found.items()}


@lru_cache(maxsize=1)
def joke_kinds() -> tuple[str, ...]:
    """The kinds of fact there are jokes about."""
    return tuple(kind for kind in lines() if kind.split()[0] not in RESERVED)


def far(line: Line, intensity: str) -> int:
    """How many steps a line is from an intensity, 0 to 2."""
    if line.intensity == ANY:
        return 0
    return abs(INTENSITIES.index(line.intensity) - INTENSITIES.index(intensity))


def quoted(kind: str) -> frozenset[str]:
    """The placeholders that what is said about a kind of fact uses, jokes and frame."""
    said = (kind, *(f"{part} {kind}" for part in ("compliment", "sentence", "review")))
    told = (line for name in said for line in lines().get(name, ()))
    return frozenset().union(*(line.needs for line in told))
