"""Words on pictures, set to fit: in the face Pillow brings along, or one the system has.

Pillow's own face covers English; a name with other letters is set in the first known system face
that has them. Letters nobody has lose their accents or become a dot in the middle, so that no name
from outside prints a row of empty boxes.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from PIL import Image, ImageDraw, ImageFont

from llm.safety import clean_name

MISSING: Final = "·"
OWN: Final = ""
SYSTEM: Final = (  # Pillow looks for them where the system keeps its fonts
    "DejaVuSans.ttf",
    "NotoSans-Regular.ttf",
    "NotoSansCJK-Regular.ttc",
    "Arial Unicode.ttf",
    "arial.ttf",
    "msgothic.ttc",
)
_NONE: Final = "\U0010ffff"  # no face has this


@lru_cache(maxsize=256)
def face(size: int, name: str = OWN) -> ImageFont.FreeTypeFont:
    """A face at a size in pixels; Pillow's own without a name."""
    font = ImageFont.truetype(name, size) if name else ImageFont.load_default(size)
    if not isinstance(font, ImageFont.FreeTypeFont):  # Pillow built without FreeType
        raise RuntimeError("Pillow was built without FreeType, so it cannot set type.")
    return font


@lru_cache(maxsize=1)
def faces() -> tuple[str, ...]:
    """The faces there are on this machine, Pillow's own first."""
    found = [OWN]
    for name in SYSTEM:
        try:
            face(24, name)
        except OSError:
            continue
        found.append(name)
    return tuple(found)


@lru_cache(maxsize=8192)
def _has(char: str, name: str) -> bool:
    font = face(24, name)
    return char == " " or bytes(font.getmask(char)) not in (b"", bytes(font.getmask(_NONE)))


def face_for(text: str) -> str:
    """The face with most of a text's letters; of equals the first."""
    return max(faces(), key=lambda name: sum(_has(char, name) for char in text))


def legible(text: str, name: str = OWN, most: int = 300) -> str:
    """The text on one line, in letters that a face has.

    >>> legible("Zoë  Ångström")
    'Zoe Angstrom'
    """
    found: list[str] = []
    for char in clean_name(text, most):
        plain = [char, *unicodedata.normalize("NFKD", char)]
        fit = next((c for c in plain if _has(c, name)), MISSING)
        if not (fit == MISSING and found[-1:] == [MISSING]):
            found.append(fit)
    return "".join(found)


@dataclass(frozen=True)
class Block:
    """Rows of text at one size; all measures in pixels."""

    rows: tuple[str, ...]
    size: int
    bold: bool = False
    face: str = OWN

    @property
    def leading(self) -> int:
        """From one row to the next."""
        return round(self.size * 1.22)

    @property
    def height(self) -> int:
        """Of the whole block."""
        return self.leading * len(self.rows)

    def draw(self, picture: Image.Image, x: float, y: float, colour: str) -> float:
        """Put it on a picture with its top left corner at (x, y); returns where it ends."""
        pen = ImageDraw.Draw(picture)
        font = face(self.size, self.face)
        for k, row in enumerate(self.rows):
            at = (x, y + k * self.leading)
            pen.text(at, row, colour, font, stroke_width=self._outline)
        return y + self.height

    def measure(self, row: str) -> float:
        """How wide a row is."""
        return face(self.size, self.face).getlength(row) + 2 * self._outline

    def fits(self, width: int, height: int) -> bool:
        """Whether it stays inside a box."""
        return self.height <= height and all(self.measure(row) <= width for row in self.rows)

    @property
    def _outline(self) -> int:
        """The faces have one weight; a thin outline makes it bold."""
        return max(1, round(self.size / 34)) if self.bold else 0


def fitted(
    text: str, width: int, height: int, largest: int, smallest: int = 20, bold: bool = False
) -> Block:
    """The text in the largest size at which it fits the box; cut with "…" where none does."""
    name = face_for(clean_name(text, 600))
    text = legible(text, name, 600)

    def spills(size: int) -> bool:
        return not _set(text, size, name, width, bold).fits(width, height)

    sizes = range(largest, smallest - 1, -2)
    k = bisect_left(sizes, 1, key=lambda size: not spills(size))
    if k < len(sizes):
        return _set(text, sizes[k], name, width, bold)
    block = _set(text, smallest, name, width, bold)
    room = max(1, height // block.leading)
    rows = list(block.rows[:room])
    if len(block.rows) > room:
        rows[-1] += " …"
    return Block(tuple(_cut(row, block, width) for row in rows), smallest, bold, name)


def _set(text: str, size: int, name: str, width: int, bold: bool) -> Block:
    """The text in rows that are no wider than the width; words break after hyphens only."""
    empty = Block((), size, bold, name)
    rows = [""]
    for piece in re.findall(r"[^\s-]*-+|[^\s-]+\s*|\s+", text):
        if rows[-1].strip() and empty.measure((rows[-1] + piece).rstrip()) > width:
            rows.append("")
        rows[-1] += piece
    return Block(tuple(row.strip() for row in rows), size, bold, name)


def _cut(text: str, block: Block, width: int) -> str:
    """The text, shortened in front of a final "…" until it fits."""
    if block.measure(text) <= width:
        return text
    body = text.removesuffix("…").rstrip()
    kept = bisect_left(
        range(len(body)), 1, key=lambda n: block.measure(f"{body[: n + 1]}…") > width
    )
    return f"{body[:kept].rstrip()}…"
