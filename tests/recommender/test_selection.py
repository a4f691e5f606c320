"""A shape drawn on the map selects exactly the tracks in it."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from recommender.selection import selected


@pytest.fixture
def grid():
    x, y = np.meshgrid(np.arange(5.0), np.arange(5.0))
    ids = [f"{int(a)}{int(b)}" for a, b in zip(x.ravel(), y.ravel(), strict=True)]
    return pd.DataFrame({"x": x.ravel(), "y": y.ravel()}, index=ids)


def test_a_rectangle_dragged_either_way(grid):
    for corners in ([[0.5, 2.5], [0.5, 1.5]], [[2.5, 0.5], [1.5, 0.5]]):
        found = selected(grid, [{"brush_type": "rect", "coord_range": corners}])
        assert found == ["11", "21"]


def test_a_polygon_with_a_dent(grid):
    dent = [[-0.5, -0.5], [4.5, -0.5], [4.5, 4.5], [2.0, 0.5], [-0.5, 4.5]]
    found = selected(grid, [{"brushType": "polygon", "coordRange": dent}])
    assert {"00", "40", "42", "03"} <= set(found)
    assert not {"22", "23", "44"} & set(found)


def test_areas_add_up_and_none_is_nothing(grid):
    a = {"brush_type": "rect", "coord_range": [[-1, 0.5], [-1, 0.5]]}
    b = {"brush_type": "rect", "coord_range": [[3.5, 9], [3.5, 9]]}
    assert selected(grid, [a, b]) == ["00", "44"]
    assert selected(grid, []) == []


def test_another_shape_is_refused(grid):
    with pytest.raises(InputError, match="rect or a polygon"):
        selected(grid, [{"brush_type": "lineX", "coord_range": [0, 1]}])
