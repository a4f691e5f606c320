"""What tells two recordings of one title apart: their length and their ISRC, as far as known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from library.matching import SAME_LENGTH_S


@dataclass(frozen=True)
class Signs:
    """What is known of a recording beside its name; NaN and missing = unknown.

    Parameters
    ----------
    length_s
        Seconds.
    isrc
        The International Standard Recording Code, in capitals.
    """

    length_s: float
    isrc: Any

    def differs(self, other: Signs) -> bool:
        """Whether the two are certainly two recordings."""
        both = isinstance(self.isrc, str) and isinstance(other.isrc, str)
        return abs(self.length_s - other.length_s) > SAME_LENGTH_S or (
            both and self.isrc != other.isrc
        )

    def filled(self, other: Signs) -> Signs:
        """What is known of a recording that is both."""
        length_s = other.length_s if np.isnan(self.length_s) else self.length_s
        return Signs(length_s, self.isrc if isinstance(self.isrc, str) else other.isrc)


def signs_of(tracks: pd.DataFrame) -> dict[str, Signs]:
    """The signs of each track of a table, by its id."""
    isrc = tracks["isrc"].str.upper()
    lengths = tracks["duration_s"].astype("float64")
    signs = [Signs(a, b) for a, b in zip(lengths, isrc, strict=True)]
    return dict(zip(tracks.index, signs, strict=True))
