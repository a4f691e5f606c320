"""Which points of the map lie in a drawn shape: selections come back as areas, not as rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError

Flags = npt.NDArray[np.bool_]


def selected(points: pd.DataFrame, areas: Sequence[Mapping[str, Any]]) -> list[str]:
    """Track ids in any of the brushed areas, in the order of the map.

    Parameters
    ----------
    points
        ``x`` and ``y`` by track_id.
    areas
        As ECharts tells them: ``brush_type`` (or ``brushType``) "rect" or "polygon", and
        ``coord_range`` (or ``coordRange``) in data coordinates.

    Raises
    ------
    InputError
        If an area has another shape.
    """
    x, y = points["x"].to_numpy(), points["y"].to_numpy()
    inside = np.zeros(len(points), dtype=bool)
    for area in areas:
        kind = area.get("brush_type", area.get("brushType"))
        where = np.asarray(area.get("coord_range", area.get("coordRange")), dtype=np.float64)
        if kind == "rect" and where.shape == (2, 2):
            inside |= in_rectangle(x, y, where)
        elif kind == "polygon" and where.ndim == 2 and where.shape[1] == 2:
            inside |= in_polygon(x, y, where)
        else:
            raise InputError(f"a selection is a rect or a polygon, not {kind!r}.")
    return points.index[inside].tolist()


def in_rectangle(x: npt.ArrayLike, y: npt.ArrayLike, ranges: npt.NDArray[np.float64]) -> Flags:
    """Points within ``[[x, x], [y, y]]``, in whichever order the corners were dragged."""
    (left, right), (low, high) = np.sort(ranges, axis=1)
    x, y = np.asarray(x), np.asarray(y)
    return np.asarray((x >= left) & (x <= right) & (y >= low) & (y <= high))


def in_polygon(x: npt.ArrayLike, y: npt.ArrayLike, corners: npt.NDArray[np.float64]) -> Flags:
    """Points within a polygon, shape (n_corners, 2), by the even-odd rule over its edges."""
    x, y = np.asarray(x), np.asarray(y)
    inside = np.zeros(len(x), dtype=bool)
    for (ax, ay), (bx, by) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        if ay != by:
            crosses = ((ay > y) != (by > y)) & (x < (bx - ax) * (y - ay) / (by - ay) + ax)
            inside ^= crosses
    return inside
