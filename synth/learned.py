"""Numbers that were learned, not written: tables of named rows, made by `synth/fit_analysis.py`."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files

import numpy as np

from synth.partials import Floats


@lru_cache(maxsize=8)
def table(name: str) -> Mapping[str, Floats]:
    """The rows of ``synth/tables/<name>.csv`` by their names."""
    text = files("synth.tables").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    rows = csv.reader(line for line in text.splitlines() if not line.startswith("#"))
    return {row[0]: np.array([float(x) for x in row[1:]]) for row in rows}
