"""A wish while it is being read: the text that is left, and the slots filled so far."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from llm.vibes import Part

READ: Final = " ¤ "  # stands where something was read; no word, so nothing is read twice


@dataclass
class Draft:
    """What is left of a text, and what was read from it.

    Parameters
    ----------
    text
        Folded (no case, no accents); what was read is replaced by `READ`.
    raw
        As it was typed, of the same length as the first `text`; capitals tell names.
    slots
        Fields of `PlaylistSpec` by name.
    """

    text: str
    raw: str
    today: int
    slots: dict[str, Any] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def take(self, pattern: str | re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Every place a pattern matches; each is taken out of the text."""
        compiled = re.compile(pattern) if isinstance(pattern, str) else pattern
        while match := compiled.search(self.text):
            self.cut(*match.span())
            yield match

    def cut(self, start: int, end: int) -> None:
        """Take a span out of the text."""
        self.text = self.text[:start] + READ + self.text[end:]

    def set(self, slot: str, value: Any, said: str, because: str, refused: bool = False) -> None:
        """Fill a slot that holds one value; the first to say it wins."""
        if slot in self.slots:
            if self.slots[slot] != value:
                self.notes.append(f"“{said.strip()}” contradicts what came before; I kept that.")
            return
        self.slots[slot] = value
        self.tell(slot, said, because, refused)

    def add(self, slot: str, value: Any, said: str, because: str, refused: bool = False) -> None:
        """Add to a slot that holds several values."""
        held = self.slots.setdefault(slot, ())
        if value not in held:
            self.slots[slot] = (*held, value)
            self.tell(slot, said, because, refused)

    def tell(self, slot: str, said: str, because: str, refused: bool = False) -> None:
        """Remember what was understood, for the listener."""
        self.parts.append(Part(said.strip(" ,.;"), slot, slot, because, refused=refused))


@lru_cache(maxsize=1)
def _grammar() -> Mapping[str, tuple[str, ...]]:
    text = files("llm.lexicon").joinpath("grammar.txt").read_text(encoding="utf-8")
    lines = (line.split(":", 1) for line in text.splitlines() if line and line[0] != "#")
    return {name: tuple(p.strip() for p in said.split(";")) for name, said in lines}


def phrases(name: str) -> frozenset[str]:
    """The phrases of one row of ``lexicon/grammar.txt``."""
    return frozenset(_grammar()[name])


def either(*names: str) -> str:
    """A pattern that matches any phrase of some rows, the longest first."""
    said = sorted({p for name in names for p in _grammar()[name]}, key=lambda p: (-len(p), p))
    return "(?:" + "|".join(re.escape(p) for p in said) + ")"


def fold(text: str) -> str:
    """A text without case and accents, of the same length, so that positions agree.

    >>> fold("Édith’s CAFÉ")
    "edith's cafe"
    """
    return "".join(_fold(c) for c in text)


def _fold(c: str) -> str:
    if c in "’`´‘":
        return "'"
    if c in "“”„«»":
        return '"'
    plain = [p for p in unicodedata.normalize("NFKD", c.casefold()) if not unicodedata.combining(p)]
    return plain[0] if len(plain) == 1 else c.casefold() if len(c.casefold()) == 1 else plain[0]
