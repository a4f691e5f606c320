"""The small part of SVG that covers are drawn in, as pixels; no library draws SVG without Cairo.

Rectangles, circles and paths of lines and circular arcs, filled or stroked, turned and moved. It
reads only what `llm.cover_designs` writes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageChops, ImageDraw

Floats = npt.NDArray[np.float64]

_SMOOTH: Final = 2  # pixels drawn for each that is kept, per side
_STEPS: Final = 64  # corners of a full circle
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_COMMAND: Final = re.compile(r"([MLHVAZ])([^MLHVAZ]*)")
_MOVE: Final = re.compile(r"(translate|rotate)\(([^)]*)\)")


def paint(drawing: str, paper: str, side: int) -> Image.Image:
    """A drawing on a square of 400 by 400 as a picture of side by side pixels."""
    root = ElementTree.fromstring(f"<svg>{drawing}</svg>")  # noqa: S314  # our own drawing
    scale = side * _SMOOTH / 400
    canvas = Image.new("RGB", (side * _SMOOTH, side * _SMOOTH), paper)
    for element, matrix in _shapes(root, np.diag([scale, scale, 1.0])):
        canvas = _shape(canvas, element, matrix, scale)
    return canvas.resize((side, side), Image.Resampling.LANCZOS)


def _shapes(
    element: ElementTree.Element, matrix: Floats
) -> Iterator[tuple[ElementTree.Element, Floats]]:
    """Every shape in drawing order with where it lies."""
    for child in element:
        placed = matrix @ _matrix(child.get("transform", ""))
        if child.tag == "g":
            yield from _shapes(child, placed)
        else:
            yield child, placed


def _matrix(transform: str) -> Floats:
    matrix = np.eye(3)
    for name, body in _MOVE.findall(transform):
        values = [float(v) for v in _NUMBER.findall(body)]
        if name == "translate":
            matrix = matrix @ _shift(values[0], values[1])
        else:
            turn, (x, y) = np.deg2rad(values[0]), values[1:3]
            cos, sin = np.cos(turn), np.sin(turn)
            spin = np.array([[cos, -sin, 0.0], [sin, cos, 0.0], [0.0, 0.0, 1.0]])
            matrix = matrix @ _shift(x, y) @ spin @ _shift(-x, -y)
    return matrix


def _shift(x: float, y: float) -> Floats:
    return np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])


def _shape(
    canvas: Image.Image, element: ElementTree.Element, matrix: Floats, scale: float
) -> Image.Image:
    """The canvas with one more shape on it."""
    points, closed = _outline(element)
    placed = (np.c_[points, np.ones(len(points))] @ matrix.T)[:, :2]
    corners = [(float(x), float(y)) for x, y in placed]
    fill, stroke = element.get("fill", "none"), element.get("stroke")
    opacity, blend = float(element.get("opacity", "1")), element.get("style", "")
    if fill != "none" and (opacity < 1 or "mix-blend" in blend):
        canvas = _blended(canvas, corners, fill, opacity, blend)
    elif fill != "none":
        ImageDraw.Draw(canvas).polygon(corners, fill)
    if stroke is not None:
        width = max(1, round(float(element.get("stroke-width", "1")) * scale))
        ends = [*corners, corners[0]] if closed else corners
        ImageDraw.Draw(canvas).line(ends, stroke, width, joint="curve")
    return canvas


def _blended(
    canvas: Image.Image, corners: list[tuple[float, float]], fill: str, opacity: float, blend: str
) -> Image.Image:
    mask = Image.new("L", canvas.size, 0)
    ImageDraw.Draw(mask).polygon(corners, round(255 * opacity))
    colour = Image.new("RGB", canvas.size, fill)
    if "multiply" in blend:
        colour = ImageChops.multiply(canvas, colour)
    elif "screen" in blend:
        colour = ImageChops.screen(canvas, colour)
    return Image.composite(colour, canvas, mask)


def _outline(element: ElementTree.Element) -> tuple[Floats, bool]:
    """The corners of a shape, shape (n, 2), and whether it closes."""
    at = {key: float(element.get(key, "0")) for key in ("x", "y", "width", "height", "rx")}
    if element.tag == "circle":
        cx, cy, r = (float(element.get(key, "0")) for key in ("cx", "cy", "r"))
        return np.array([cx, cy]) + r * _directions(0.0, 2 * np.pi), True
    if element.tag == "rect":
        return _rectangle(at["x"], at["y"], at["width"], at["height"], at["rx"]), True
    return _path(element.get("d", ""))


def _rectangle(x: float, y: float, width: float, height: float, rx: float) -> Floats:
    r = min(rx, width / 2, height / 2)
    centres = ((x + width - r, y + height - r), (x + r, y + height - r), (x + r, y + r),
               (x + width - r, y + r))  # fmt: skip
    corners = [
        np.array(centre) + r * _directions(k * np.pi / 2, (k + 1) * np.pi / 2)
        for k, centre in enumerate(centres)
    ]
    return np.concatenate(corners)


def _directions(first: float, last: float) -> Floats:
    steps = max(2, int(np.ceil(_STEPS * abs(last - first) / (2 * np.pi))) + 1)
    angles = np.linspace(first, last, steps)
    return np.stack([np.cos(angles), np.sin(angles)], axis=-1)


def _path(d: str) -> tuple[Floats, bool]:
    corners: list[Floats] = []
    here = np.zeros(2)
    for command, body in _COMMAND.findall(d):
        values = [float(v) for v in _NUMBER.findall(body)]
        if command in "ML":
            here = np.array(values[:2])
        elif command == "H":
            here = np.array([values[0], here[1]])
        elif command == "V":
            here = np.array([here[0], values[0]])
        elif command == "A":
            radius, large, sweep, there = values[0], values[3], values[4], np.array(values[5:7])
            corners.append(_arc(here, there, radius, large > 0, sweep > 0))
            here = there
            continue
        else:
            continue
        corners.append(here[None, :])
    return np.concatenate(corners), d.endswith("Z")


def _arc(start: Floats, end: Floats, radius: float, large: bool, sweep: bool) -> Floats:
    """Points of a circular arc, as SVG defines it (SVG 1.1, F.6.5, with rx = ry)."""
    half = (end - start) / 2
    reach = float(np.hypot(*half))
    radius = max(radius, reach)
    away = np.sqrt(max(radius**2 - reach**2, 0.0)) / (reach or 1.0)
    side = 1.0 if large == sweep else -1.0
    centre = start + half + side * away * np.array([half[1], -half[0]])
    first = float(np.arctan2(*(start - centre)[::-1]))
    last = float(np.arctan2(*(end - centre)[::-1]))
    if sweep and last < first:
        last += 2 * np.pi
    elif not sweep and last > first:
        last -= 2 * np.pi
    points: Floats = centre + radius * _directions(first, last)
    return points
