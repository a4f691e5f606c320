"""The compositions cover art is made of: each draws on a square of 400 by 400 from chance and ink.

A design leaves room for words at its foot, at its head or in its middle, and says where. The four
colours are paper, ink and two accents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

SIDE: Final = 400
Palette = tuple[str, str, str, str]
Place = Literal["foot", "head", "middle"]
Rng = np.random.Generator


@dataclass(frozen=True)
class Design:
    """One family of composition, where its words go, and in which face."""

    draw: Callable[[Rng, Palette], str]
    place: Place
    face: Literal["serif", "sans"]


def _circle(x: float, y: float, r: float, style: str) -> str:
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{r:.1f}" {style}/>'


def _fill(colour: str, opacity: float = 1.0) -> str:
    return f'fill="{colour}"' + (f' opacity="{opacity:.2f}"' if opacity < 1 else "")


def _line(colour: str, width: float) -> str:
    return f'fill="none" stroke="{colour}" stroke-width="{width:.1f}"'


def _path(points: Iterable[tuple[float, float]], style: str, close: bool = False) -> str:
    body = "L".join(f"{x:.1f} {y:.1f}" for x, y in points)
    return f'<path d="M{body}{"Z" * close}" {style}/>'


def is_dark(colour: str) -> bool:
    """Whether light words read well on a colour.

    >>> is_dark("#16131C"), is_dark("#FFE45E")
    (True, False)
    """
    red, green, blue = (int(colour[k : k + 2], 16) for k in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 128


def _horizon(rng: Rng, palette: Palette) -> str:
    """A sun, cut by lines towards its foot, over layered hills."""
    paper, ink, one, two = palette
    x, y, r = rng.uniform(110, 290), rng.uniform(100, 150), rng.uniform(48, 84)
    drawn = _circle(x, y, r, _fill(two))
    for k in range(5):
        at = y + r * (0.15 + 0.17 * k)
        drawn += (
            f'<rect x="0" y="{at:.1f}" width="{SIDE}" height="{1.5 + 1.6 * k:.1f}" fill="{paper}"/>'
        )
    xs = np.linspace(0, SIDE, 41)
    for k, colour in enumerate((one, two, ink)):
        a, b = rng.uniform(10, 22), rng.uniform(0, 6.3)
        ys = 196 + 40 * k + a * np.sin(xs / rng.uniform(45, 80) + b) + 7 * np.sin(xs / 21 + 2 * b)
        points = [(0.0, float(SIDE)), *zip(xs, ys, strict=True), (float(SIDE), float(SIDE))]
        drawn += _path(points, _fill(colour, (0.55, 0.8, 1.0)[k]), close=True)
    return drawn


def _discs(rng: Rng, palette: Palette) -> str:
    """Overlapping discs, two of them only outlines, held together by one thin line."""
    paper, ink, one, two = palette
    blend = "screen" if is_dark(paper) else "multiply"
    style = f'style="mix-blend-mode:{blend}"'
    drawn, x, y = "", rng.uniform(90, 150), rng.uniform(80, 130)
    for k in range(int(rng.integers(4, 7))):
        r = float(rng.choice([26, 42, 64, 92]))
        drawn += _circle(x, y, r, f"{_fill((one, two, ink)[k % 3], 0.86)} {style}")
        if k % 2:
            drawn += _circle(x, y, r + 14, _line(ink, 2))
        x = 60 + (x - 60 + rng.uniform(70, 150)) % 280
        y = 70 + (y - 70 + rng.uniform(40, 130)) % 180
    return drawn + _path([(0, 160), (SIDE, 160 + rng.uniform(-60, 60))], _line(ink, 1.5))


def _swiss(rng: Rng, palette: Palette) -> str:
    """A poster of few big shapes on a strict grid, turned once."""
    _, ink, one, two = palette
    angle = int(rng.choice([-45, -30, -18, 30, 45]))
    at, drawn = -120.0, ""
    for k, width in enumerate(np.geomspace(8, 96, int(rng.integers(6, 9)))):
        drawn += (
            f'<rect x="{at:.0f}" y="-200" width="{width:.0f}" height="800" '
            f"{_fill((ink, one, two)[k % 3])}/>"
        )
        at += width * 1.55
    return f'<g transform="translate(0 40) rotate({angle} 200 260)">{drawn}</g>'


def _moire(rng: Rng, palette: Palette) -> str:
    """Two sets of rings that beat against each other."""
    _, ink, one, _ = palette
    step, drawn = float(rng.uniform(8, 12)), ""
    y, gap = rng.uniform(130, 190), rng.uniform(30, 80)
    for x, colour in ((200 - gap, ink), (200 + gap, one)):
        drawn += "".join(
            _circle(x, y, r, _line(colour, step * 0.36)) for r in np.arange(step, 240, step)
        )
    return drawn


def _tiles(rng: Rng, palette: Palette) -> str:
    """Quarter circles, discs and leaves in a grid."""
    _, ink, one, two = palette
    n = int(rng.choice([3, 4, 5]))
    cell = SIDE / n
    shapes = (
        f"M0 0H{cell:.1f}A{cell:.1f} {cell:.1f} 0 0 1 0 {cell:.1f}Z",
        f"M0 0A{cell:.1f} {cell:.1f} 0 0 1 {cell:.1f} {cell:.1f}A{cell:.1f} {cell:.1f} 0 0 1 0 0Z",
        f"M0 {cell / 2:.1f}A{cell / 2:.1f} {cell / 2:.1f} 0 0 1 {cell:.1f} {cell / 2:.1f}Z",
    )
    drawn = ""
    for row in range(n):
        for column in range(n):
            if rng.random() < 0.12:
                continue
            colour, turn = (ink, one, two)[int(rng.integers(3))], 90 * int(rng.integers(4))
            half = cell / 2
            drawn += (
                f'<path transform="translate({column * cell:.1f} {row * cell:.1f}) '
                f'rotate({turn} {half:.1f} {half:.1f})" d="{shapes[int(rng.integers(3))]}" '
                f"{_fill(colour)}/>"
            )
    return drawn


def _columns(rng: Rng, palette: Palette) -> str:
    """Rounded columns, as of an organ or a meter, hanging from the top or standing on a line."""
    _, ink, one, two = palette
    n = int(rng.integers(7, 15))
    gap, at = (SIDE - 48) / n, np.arange(n) / n
    tall = 92 + 70 * np.sin(6.3 * at * rng.uniform(0.6, 1.6) + rng.uniform(0, 6.3))
    tall += rng.uniform(-34, 34, n)
    drawn, hangs = "", rng.random() < 0.4
    for k in range(n):
        high, wide = float(tall[k].clip(34, 230)), gap * 0.72
        x, y = 24 + gap * (k + 0.14), -30.0 if hangs else 286.0 - high
        colour = (ink, ink, one, ink, two)[int(rng.integers(5))]
        body = high + 30 if hangs else high
        drawn += (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{wide:.1f}" height="{body:.1f}" '
            f'rx="{wide / 2:.1f}" {_fill(colour)}/>'
        )
        if rng.random() < 0.25:
            drawn += _circle(
                x + wide / 2, y + (body + wide if hangs else -wide), wide / 2, _fill(two)
            )
    return drawn


def _woodcut(rng: Rng, palette: Palette) -> str:
    """A moon over water, cut in lines whose thickness is the light."""
    _, ink, one, _ = palette
    x0, y0, r = rng.uniform(130, 270), rng.uniform(110, 150), rng.uniform(60, 92)
    drawn, xs = "", np.linspace(0, SIDE, 61)
    for y in np.arange(8, 300, 9.0):
        inside = np.hypot(xs - x0, y - y0) < r
        shade = 3.2 + 2.6 * np.sin(xs / 57 + y / 31) if y < 215 else 4.4 + 2.6 * np.sin(xs / 13 + y)
        thick = np.where(inside, 0.5 + 0.022 * np.abs(xs - x0), shade)
        wobble = 1.6 * np.sin(xs / 40 + y / 17)
        top = list(zip(xs, y + wobble - thick / 2, strict=True))
        foot = list(zip(xs, y + wobble + thick / 2, strict=True))
        colour = one if y > 215 and abs(y - 215) % 27 < 9 else ink
        drawn += _path([*top, *reversed(foot)], _fill(colour), close=True)
    return drawn


def _halftone(rng: Rng, palette: Palette) -> str:
    """Printer's dots that swell towards two lights."""
    _, ink, one, two = palette
    lights = [(rng.uniform(60, 340), rng.uniform(50, 240), c) for c in (one, two)]
    drawn = ""
    for x, y, colour in lights:
        angle = rng.uniform(0, 1.5)
        for i in range(-16, 17):
            for j in range(-16, 17):
                px = x + 17 * (i * np.cos(angle) - j * np.sin(angle))
                py = y + 17 * (i * np.sin(angle) + j * np.cos(angle))
                r = 9.5 * np.exp(-((np.hypot(px - x, py - y) / 150) ** 2))
                if r > 1.0 and -9 < px < 409 and -9 < py < 300:
                    drawn += _circle(px, py, r, _fill(colour))
    return drawn + _circle(lights[0][0], lights[0][1], 20, _fill(ink))


def _single(rng: Rng, palette: Palette) -> str:
    """A seven-inch single: the grooves, and a label with the words."""
    paper, ink, one, two = palette
    disc = ink if not is_dark(ink) else paper if is_dark(paper) else ink
    grooves = "".join(_circle(200, 200, r, _line(two, 0.8)) for r in range(122, 186, 5))
    turn = float(rng.uniform(0, 360))
    shine = (
        f'<path d="M200 200L386 160A190 190 0 0 1 386 240Z" {_fill(two, 0.28)} '
        f'transform="rotate({turn:.0f} 200 200)"/>'
    )
    shine += shine.replace(f"rotate({turn:.0f} ", f"rotate({turn + 180:.0f} ")
    return (
        _circle(200, 200, 190, _fill(disc)) + grooves + shine + _circle(200, 200, 112, _fill(one))
        + _circle(200, 200, 104, _line(paper, 1.5))
    )  # fmt: skip


def _arches(rng: Rng, palette: Palette) -> str:
    """Cut-paper arches, one in another, sometimes two of them."""
    paper, ink, one, two = palette
    drawn = ""
    centres = [200.0] if rng.random() < 0.5 else [118.0, 296.0]
    for k, x in enumerate(centres):
        widest = rng.uniform(120, 165) if len(centres) == 1 else rng.uniform(70, 96)
        foot, crown = 300.0, rng.uniform(150, 190) + 20 * k
        for i, w in enumerate(np.linspace(widest, 14, 6)):
            colour = (ink, one, paper, two, ink, paper)[i]
            drawn += (
                f'<path d="M{x - w:.1f} {foot}V{crown:.1f}A{w:.1f} {w:.1f} 0 0 1 {x + w:.1f} '
                f'{crown:.1f}V{foot}Z" {_fill(colour)}/>'
            )
    return drawn + f'<rect x="0" y="300" width="{SIDE}" height="100" {_fill(paper)}/>'


def _scales(rng: Rng, palette: Palette) -> str:
    """Rows of overlapping waves, as on a bowl."""
    paper, ink, one, two = palette
    r = float(rng.choice([40, 50, 66.7]))
    drawn, odd = "", int(rng.integers(3, 9))
    for row in range(int(SIDE / r * 2) + 3):
        for column in range(-1, int(SIDE / r / 2) + 2):
            x, y = column * 2 * r + (row % 2) * r, row * r / 2 + r / 3
            first = one if (row + column) % odd else two
            for k, (share, colour) in enumerate(
                ((1.0, ink), (0.92, paper), (0.72, first), (0.48, paper), (0.3, ink))
            ):
                drawn += _circle(x, y, r * share, _fill(colour)) if k != 4 or r > 45 else ""
    return drawn


def _threads(rng: Rng, palette: Palette) -> str:
    """Straight threads whose edges make a curve."""
    _, ink, one, two = palette
    drawn, n = "", 34
    corners = [(30.0, 30.0), (370.0, 40.0), (360.0, 286.0), (40.0, 280.0)]
    start = int(rng.integers(4))
    for k, colour in enumerate((ink, one, two)):
        a, b, c = (np.array(corners[(start + k + i) % 4]) for i in range(3))
        for t in np.linspace(0, 1, n):
            p, q = a + (b - a) * t, b + (c - b) * t
            drawn += _path([tuple(p), tuple(q)], _line(colour, 1.3))
    return drawn


def _stairs(rng: Rng, palette: Palette) -> str:
    """A block of steps in light and shade."""
    _, ink, one, two = palette
    n = int(rng.integers(4, 7))
    w, h = 250 / n, 180 / n
    drawn, x, y = "", 60.0, 290.0
    for k in range(n):
        top = y - h
        left, right, deep = x + k * w * 0.55, x + k * w * 0.55 + 150, 34
        drawn += _path([(left, y), (left, top), (right, top), (right, y)], _fill(one), close=True)
        drawn += _path(
            [(left, top), (left + deep, top - deep * 0.5), (right + deep, top - deep * 0.5),
             (right, top)], _fill(two), close=True,
        )  # fmt: skip
        drawn += _path(
            [(right, y), (right, top), (right + deep, top - deep * 0.5),
             (right + deep, y - deep * 0.5)], _fill(ink), close=True,
        )  # fmt: skip
        y = top
    moon = _circle(rng.uniform(60, 120), rng.uniform(60, 110), 30, _fill(ink))
    return moon + drawn


FAMILIES: Final[dict[str, Design]] = {
    "horizon": Design(_horizon, "foot", "serif"),
    "discs": Design(_discs, "foot", "sans"),
    "swiss": Design(_swiss, "head", "sans"),
    "moire": Design(_moire, "foot", "sans"),
    "tiles": Design(_tiles, "middle", "sans"),
    "columns": Design(_columns, "foot", "serif"),
    "woodcut": Design(_woodcut, "foot", "serif"),
    "halftone": Design(_halftone, "foot", "sans"),
    "single": Design(_single, "middle", "serif"),
    "arches": Design(_arches, "foot", "serif"),
    "scales": Design(_scales, "middle", "serif"),
    "threads": Design(_threads, "foot", "sans"),
    "stairs": Design(_stairs, "foot", "serif"),
}
