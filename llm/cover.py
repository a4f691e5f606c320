"""Cover art for what has none: drawn from a name and a vibe, the same each time.

A few families of composition, chosen by the name's hash; colours by mood: warm where it is happy,
dark where it is sad, loud contrasts where there is energy, paper tones where it is acoustic.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from functools import lru_cache
from html import escape
from typing import Final

import numpy as np

from music.vibe import Vibe

SIDE: Final = 400

# Paper, ink, and two accents; each palette has a mood (valence, energy) it is nearest to.
PALETTES: Final = (
    ((0.2, 0.2), ("#E9E4D8", "#22303C", "#5F7D8C", "#B8A78A")),
    ((0.2, 0.8), ("#16131C", "#F1ECE2", "#C2304A", "#6A4C93")),
    ((0.5, 0.2), ("#F3EBDD", "#3B3A36", "#8A9A5B", "#C9A66B")),
    ((0.5, 0.5), ("#F5F0E6", "#20242C", "#2F6F73", "#E0893B")),
    ((0.5, 0.9), ("#0F1B2D", "#F7F3E8", "#F25F4C", "#2EC4B6")),
    ((0.8, 0.2), ("#FBF1E3", "#53372B", "#E6A57E", "#7FA99B")),
    ((0.8, 0.6), ("#FFF4DE", "#2B2D42", "#EF8354", "#3A86B7")),
    ((0.9, 0.9), ("#FFE45E", "#1B1B3A", "#FF3D68", "#00A6A6")),
)
Palette = tuple[str, str, str, str]
Family = Callable[[np.random.Generator, Palette], str]


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
    drawing = FAMILIES[int(rng.integers(len(FAMILIES)))](rng, palette)
    return _svg(drawing + _title(name, palette), palette, side, name)


@lru_cache(maxsize=8192)
def track_cover_uri(name: str) -> str:
    """A small cover without words as a data URI, for tables."""
    rng = _rng(name)
    palette = PALETTES[int(rng.integers(len(PALETTES)))][1]
    drawing = FAMILIES[int(rng.integers(len(FAMILIES)))](rng, palette)
    encoded = base64.b64encode(_svg(drawing, palette, 64, "").encode()).decode()
    return f"data:image/svg+xml;base64,{encoded}"


def _horizon(rng: np.random.Generator, palette: Palette) -> str:
    """A sun or moon over layered land."""
    _, ink, one, two = palette
    x, y, r = rng.uniform(110, 290), rng.uniform(90, 170), rng.uniform(40, 80)
    drawn = f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" fill="{two}"/>'
    for i, colour in enumerate((one, two, ink)):
        base, opacity = 190 + 55 * i, 0.75 + 0.1 * i
        knots = np.linspace(0, SIDE, 7)
        heights = base + rng.normal(0, 16, 7)
        curve = " ".join(f"L{a:.0f} {b:.0f}" for a, b in zip(knots, heights, strict=True))
        drawn += (
            f'<path d="M0 {SIDE} {curve} L{SIDE} {SIDE}Z" fill="{colour}" opacity="{opacity:.2f}"/>'
        )
    return drawn


def _circles(rng: np.random.Generator, palette: Palette) -> str:
    """Overlapping discs around a line."""
    paper, ink, one, two = palette
    blend = (
        "screen" if int(paper[1:3], 16) < 0x60 else "multiply"
    )  # light adds on dark, ink on paper
    drawn = ""
    for i in range(int(rng.integers(4, 8))):
        x, y, r = rng.uniform(60, 340), rng.uniform(60, 290), rng.uniform(28, 105)
        style = f'fill="{(one, two, ink)[i % 3]}" opacity="0.82" style="mix-blend-mode:{blend}"'
        if rng.random() < 0.3:
            style = f'fill="none" stroke="{ink}" stroke-width="3"'
        drawn += f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r:.0f}" {style}/>'
    return drawn


def _stripes(rng: np.random.Generator, palette: Palette) -> str:
    """A Swiss poster: bars of growing width, turned a little."""
    _, ink, one, two = palette
    angle, n = int(rng.choice([-30, -18, 0, 18, 45])), int(rng.integers(6, 11))
    widths = np.geomspace(7, 64, n)
    at, drawn = -90.0, ""
    for i, width in enumerate(widths):
        drawn += (
            f'<rect x="{at:.0f}" y="-150" width="{width:.0f}" height="700" '
            f'fill="{(ink, one, two)[i % 3]}"/>'
        )
        at += width * 1.9
    return f'<g transform="rotate({angle} 200 170)">{drawn}</g>'


def _rings(rng: np.random.Generator, palette: Palette) -> str:
    """Two sets of rings that beat against each other."""
    _, ink, one, _ = palette
    ax, bx = rng.uniform(110, 180), rng.uniform(220, 290)
    y, drawn = rng.uniform(130, 200), ""
    for x, colour in ((ax, ink), (bx, one)):
        for r in range(10, 190, int(rng.integers(11, 17))):
            drawn += (
                f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{r}" fill="none" stroke="{colour}" '
                'stroke-width="3.5" opacity="0.8"/>'
            )
    return drawn


def _blocks(rng: np.random.Generator, palette: Palette) -> str:
    """Quarter circles in a grid, like tiles."""
    _, ink, one, two = palette
    n = int(rng.choice([3, 4, 5]))
    cell, drawn = 320 / n, ""
    for row in range(n - (n > 3)):
        for column in range(n):
            colour = (ink, one, two)[int(rng.integers(3))]
            turn = 90 * int(rng.integers(4))
            x, y = 40 + column * cell, 30 + row * cell
            shape = (
                f'<path d="M0 0H{cell:.1f}A{cell:.1f} {cell:.1f} 0 0 1 0 {cell:.1f}Z"/>'
                if rng.random() < 0.75
                else f'<circle cx="{cell / 2:.1f}" cy="{cell / 2:.1f}" r="{cell / 2.6:.1f}"/>'
            )
            drawn += (
                f'<g transform="translate({x:.1f} {y:.1f}) rotate({turn} {cell / 2:.1f} '
                f'{cell / 2:.1f})" fill="{colour}">{shape}</g>'
            )
    return drawn


def _waves(rng: np.random.Generator, palette: Palette) -> str:
    """Lines like a ridge plot: quiet at the sides, something in the middle."""
    paper, ink, one, _ = palette
    xs, drawn = np.linspace(40, 360, 60), ""
    for i in range(int(rng.integers(12, 20))):
        bump = np.exp(-(((xs - 200) / rng.uniform(40, 80)) ** 2))
        ys = 70 + i * 13 - bump * np.abs(rng.normal(0, 1, 60)).cumsum() / 60 * rng.uniform(50, 130)
        curve = " ".join(f"{x:.0f},{y:.1f}" for x, y in zip(xs, ys, strict=True))
        drawn += (
            f'<polyline points="{curve}" fill="{paper}" stroke="{one if i % 5 == 2 else ink}" '
            'stroke-width="2"/>'
        )
    return drawn


FAMILIES: Final[tuple[Family, ...]] = (_horizon, _circles, _stripes, _rings, _blocks, _waves)


def _title(name: str, palette: Palette) -> str:
    """The name at the foot, on a band of paper, in at most two lines."""
    paper, ink, *_ = palette
    rows = _wrapped(" ".join(name.split())[:60], 20)
    size = 34 if max(map(len, rows)) <= 16 else 27
    top = SIDE - 26 - size * 1.15 * (len(rows) - 1)
    words = "".join(
        f'<text x="24" y="{top + i * size * 1.15:.0f}" font-size="{size}">{escape(row)}</text>'
        for i, row in enumerate(rows)
    )
    height = SIDE - top + size
    return (
        f'<rect x="0" y="{top - size:.0f}" width="{SIDE}" height="{height:.0f}" fill="{paper}"/>'
        f'<g font-family="Georgia, \'Source Serif 4\', serif" font-weight="700" fill="{ink}">'
        f"{words}</g>"
    )


def _wrapped(text: str, width: int) -> list[str]:
    rows = [""]
    for word in text.split() or [""]:
        word = word if len(word) <= width + 4 else word[: width + 3] + "…"
        if rows[-1] and len(rows[-1]) + 1 + len(word) > width:
            rows.append(word)
        else:
            rows[-1] = f"{rows[-1]} {word}".strip()
    return rows if len(rows) <= 2 else [rows[0], rows[1].rstrip() + " …"]


def _svg(drawing: str, palette: Palette, side: int, label: str) -> str:
    """The picture; characters no XML may hold are gone from its label."""
    clean = escape("".join(c for c in label if c.isprintable())[:80], quote=True)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" '
        f'viewBox="0 0 {SIDE} {SIDE}" role="img" aria-label="Cover: {clean}">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="{palette[0]}"/>{drawing}</svg>'
    )


def _palette(vibe: Vibe) -> Palette:
    valence, energy = vibe.get("valence"), vibe.get("energy")
    mood = np.array([0.5 if valence is None else valence, 0.5 if energy is None else energy])
    distances = [float(np.linalg.norm(mood - np.array(at))) for at, _ in PALETTES]
    return PALETTES[int(np.argmin(distances))][1]


def _rng(name: str) -> np.random.Generator:
    digest = hashlib.sha256(name.encode("utf-8", "replace")).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "little"))
