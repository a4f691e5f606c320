"""Cover art for what has none: drawn from a name and a vibe, the same each time.

The name's hash picks the composition (`llm.cover_designs`); the mood picks the colours: warm where
it is happy, dark where it is sad and loud, paper tones where it is acoustic.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from html import escape
from typing import Final

import numpy as np

from llm.cover_designs import FAMILIES, SIDE, Design, Palette, is_dark
from llm.safety import clean_name
from music.vibe import Vibe

__all__ = ["PALETTES", "cover_drawing", "cover_svg", "track_cover_uri"]

_FACES: Final = {
    "serif": "Georgia, 'Source Serif 4', 'DejaVu Serif', serif",
    "sans": "'Helvetica Neue', Helvetica, Arial, 'DejaVu Sans', sans-serif",
}
_WIDTHS: Final = {"serif": 0.66, "sans": 0.63}  # of a letter, as a share of its size, bold
_MARGIN: Final = 22.0

# Paper, ink and two accents; each palette stands where its (valence, energy, acousticness) is.
PALETTES: Final[tuple[tuple[tuple[float, float, float], Palette], ...]] = (
    ((0.1, 0.2, 0.8), ("#E6E1D6", "#26323B", "#6F8792", "#B59F7B")),
    ((0.1, 0.2, 0.2), ("#1B2430", "#DCE3E6", "#5C7C94", "#A9865B")),
    ((0.15, 0.5, 0.5), ("#2A2233", "#EDE4DA", "#8C5E7C", "#C8955A")),
    ((0.2, 0.85, 0.2), ("#14121A", "#F2ECE3", "#C22F48", "#75529E")),
    ((0.2, 0.8, 0.7), ("#EFE6D7", "#1F1B1A", "#A8322B", "#5B6B63")),
    ((0.4, 0.15, 0.9), ("#F2EADB", "#3C3A34", "#8B9A5D", "#C7A26A")),
    ((0.45, 0.3, 0.2), ("#DCE7E4", "#1E3A3F", "#4E8D8A", "#E2A65F")),
    ((0.5, 0.5, 0.6), ("#F4EEE2", "#21252D", "#2F6E72", "#DE883A")),
    ((0.5, 0.55, 0.2), ("#ECE9F0", "#25233D", "#6A5ACD", "#F0785A")),
    ((0.45, 0.9, 0.2), ("#0E1A2B", "#F6F2E7", "#F05D4B", "#2CBFB1")),
    ((0.55, 0.9, 0.7), ("#F6DFC0", "#2B1B17", "#D1482F", "#2F6B5E")),
    ((0.75, 0.2, 0.8), ("#FAF0E2", "#52362A", "#E3A27B", "#7DA698")),
    ((0.75, 0.4, 0.3), ("#FCE9E4", "#3A2540", "#E5687F", "#F2B84B")),
    ((0.8, 0.6, 0.6), ("#FFF3DC", "#2B2C40", "#EC8052", "#3984B4")),
    ((0.85, 0.8, 0.6), ("#F9D65C", "#2A2118", "#D9502E", "#1F7A78")),
    ((0.9, 0.95, 0.2), ("#FFE25A", "#1A1A38", "#FB3C66", "#00A3A3")),
)


def cover_svg(name: str, vibe: Vibe, side: int = SIDE) -> str:
    """Square cover art with the name on it.

    Parameters
    ----------
    name
        What is written on it and decides the composition; may be text from outside.
    vibe
        Decides the colours.
    side
        Width and height on the screen, in pixels.
    """
    rng = _rng(name)
    palette = _palette(vibe)
    design = list(FAMILIES.values())[int(rng.integers(len(FAMILIES)))]
    drawing = design.draw(rng, palette)
    return _svg(drawing + _words(name, design, palette), palette, side, name)


def cover_drawing(name: str, vibe: Vibe) -> tuple[str, Palette]:
    """The same composition as `cover_svg` without its words, as SVG elements, and its colours."""
    rng = _rng(name)
    palette = _palette(vibe)
    design = list(FAMILIES.values())[int(rng.integers(len(FAMILIES)))]
    return design.draw(rng, palette), palette


@lru_cache(maxsize=8192)
def track_cover_uri(name: str) -> str:
    """A small cover without words as a data URI, for tables."""
    rng = _rng(name)
    palette = PALETTES[int(rng.integers(len(PALETTES)))][1]
    design = FAMILIES[_SMALL[int(rng.integers(len(_SMALL)))]]
    drawing = design.draw(rng, palette)
    encoded = base64.b64encode(_svg(drawing, palette, 64, "").encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


_SMALL: Final = (
    "horizon",
    "discs",
    "swiss",
    "tiles",
    "arches",
    "stairs",
    "single",
)  # read at 44 px


def _words(name: str, design: Design, palette: Palette) -> str:
    """The name in at most three lines, as large as its place allows."""
    paper, ink, one, _ = palette
    label = design.place == "middle" and design.draw is FAMILIES["single"].draw
    width = 160.0 if label else 260.0 if design.place == "middle" else SIDE - 2 * _MARGIN
    largest = 25.0 if label else 32.0 if design.place == "middle" else 42.0
    rows, size = _set(clean_name(name, 60), width, largest, _WIDTHS[design.face])
    height = size * 1.14 * len(rows)
    colour = (paper if is_dark(one) == is_dark(ink) else ink) if label else ink
    if design.place == "middle":
        top, x, anchor = 200 - height / 2, 200.0, "middle"
        ground = "" if label else _plate(rows, size, height, palette, design.face)
    else:
        x, anchor = _MARGIN, "start"
        top = SIDE - 20 - height if design.place == "foot" else 20.0
        y = top - 14 if design.place == "foot" else 0
        tall = SIDE - y if design.place == "foot" else height + 36
        ground = f'<rect x="0" y="{y:.1f}" width="{SIDE}" height="{tall:.1f}" fill="{paper}"/>'
    lines = "".join(
        f'<text x="{x:.0f}" y="{top + size * (0.9 + 1.14 * k):.1f}">{escape(row)}</text>'
        for k, row in enumerate(rows)
    )
    spacing = ' letter-spacing="-0.02em"' if design.face == "sans" else ""
    return (
        f'{ground}<g font-family="{_FACES[design.face]}" font-weight="700" font-size="{size:.1f}" '
        f'text-anchor="{anchor}" fill="{colour}"{spacing}>{lines}</g>'
    )


def _plate(rows: list[str], size: float, height: float, palette: Palette, face: str) -> str:
    """A printed label behind words in the middle."""
    paper, ink, *_ = palette
    width = max(len(row) for row in rows) * size * _WIDTHS[face] + 44
    x, y = 200 - width / 2, 200 - height / 2 - 18
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height + 36:.1f}" '
        f'fill="{paper}" stroke="{ink}" stroke-width="3"/>'
    )


def _set(text: str, width: float, largest: float, share: float) -> tuple[list[str], float]:
    """Lines of a text and the size at which the longest fits the width; one line if it is big."""
    best: tuple[list[str], float] = ([""], largest)
    score = -1.0
    for n in (1, 2, 3):
        rows = _wrapped(text, n)
        longest = max(len(row) for row in rows) or 1
        size = min(largest, width / (longest * share))
        if size - 4.5 * len(rows) > score + 0.01 or score < 0:
            best, score = (rows, size), size - 4.5 * len(rows)
    return best


def _wrapped(text: str, n: int) -> list[str]:
    """A text in at most n lines of about the same length."""
    words, rows = text.split() or [""], [""]
    room = max(len(text) / n, max(map(len, words)))
    for word in words:
        if rows[-1] and len(rows[-1]) + len(word) / 2 > room and len(rows) < n:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return rows


def _svg(drawing: str, palette: Palette, side: int, label: str) -> str:
    """The picture; characters that no XML may hold are gone from its label."""
    clean = escape(clean_name(label), quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="Cover: {clean}">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{palette[0]}"/>{drawing}</svg>'
    )


def _palette(vibe: Vibe) -> Palette:
    """The palette nearest to how happy, how strong and how acoustic it is."""
    asked = [vibe.get(feature) for feature in ("valence", "energy", "acousticness")]
    mood = np.array([0.5 if level is None else level for level in asked])
    distances = [float(np.linalg.norm((mood - np.array(at)) * (1, 1, 0.7))) for at, _ in PALETTES]
    return PALETTES[int(np.argmin(distances))][1]


def _rng(name: str) -> np.random.Generator:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))
