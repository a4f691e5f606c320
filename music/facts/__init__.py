"""The kinds of fact, one file a theme; importing this registers all of them in `FACT_KINDS`.

`unusual` in [0, 1] is how far a figure lies beyond what is common: 0.5 where half of all listeners
would nod, 1.0 where nobody else does. `beyond` turns a figure into it by two authored points per
kind (what is common, what is extreme), because no public table of listeners exists.
"""

from music.facts import (
    artists,
    features,
    habits,
    names,
    playlists,
    playlists_more,
    plays,
    titles,
    years,
)

__all__ = [
    "artists",
    "features",
    "habits",
    "names",
    "playlists",
    "playlists_more",
    "plays",
    "titles",
    "years",
]
