"""Keeping clicks fast once heavy libraries are loaded.

Streamlit collects garbage after every run of a page, and a loaded torch alone brings half a million
objects to look through: a click took 810 ms instead of 55 (Streamlit 1.67). Objects that are there
to stay are therefore taken out of the collector's sight, once for each heavy library that came in.
"""

from __future__ import annotations

import gc
import sys
from typing import Final

HEAVY: Final = ("sklearn", "plotly", "scipy.signal", "pyarrow.parquet", "torch", "transformers")

_seen: set[str] = set()


def settle() -> bool:
    """Freeze what is loaded if a heavy library came in since the last time; whether it did."""
    new = {name for name in HEAVY if name in sys.modules} - _seen
    if not new:
        return False
    _seen.update(new)
    gc.collect()  # so that nothing dead is frozen
    gc.freeze()
    return True
