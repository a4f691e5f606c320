"""How sources told their tracks, where the id alone does not say which track is meant.

That is every made-up id, and every id that joined another one. The same source told again ends at
the same track, whatever has been merged in between.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from library.signs import signs_of
from music.tracks import ALIAS_COLUMNS, Library, typed_rows

MADE_UP: Final = "local:"  # how ids begin that no service gave
_TELLING: Final = ["track_id", "duration_s", "isrc"]


def made_up(track_id: str) -> bool:
    """Whether an id is only a hash of title and artists."""
    return track_id.startswith(MADE_UP)


def known_as(old: Library, new: pd.DataFrame) -> dict[str, str]:
    """Where tracks belong that were told before: id in ``new`` -> id in ``old``.

    Exactly the same telling (id, length, ISRC) always belongs where it went; an id of a service
    too, whatever else is said; a made-up id only to a recording that nothing speaks against.
    """
    again = new[new.index.isin(old.aliases["track_id"])]
    if again.empty:
        return {}
    exact = _tellings(again).merge(old.aliases, on=_TELLING)
    found = dict(zip(exact["track_id"], exact["same_as"], strict=True))
    mine, theirs = signs_of(again), signs_of(old.tracks.loc[old.aliases["same_as"].unique()])
    for track, target in zip(old.aliases["track_id"], old.aliases["same_as"], strict=True):
        if track not in mine or track in found:
            continue
        if not made_up(track) or not theirs[target].differs(mine[track]):
            found[track] = target
    return found


def remembered(old: Library, new: Library, moved: dict[str, str]) -> pd.DataFrame:
    """All aliases after a merge.

    Parameters
    ----------
    moved
        Id -> the id it is kept under, for every track that moved.
    """
    rows = pd.concat([part for side in (old, new) for part in _told(side, moved)])
    rows = rows.assign(same_as=rows["same_as"].map(lambda track: moved.get(track, track)))
    return typed_rows(rows.drop_duplicates(_TELLING), ALIAS_COLUMNS)


def _told(library: Library, moved: dict[str, str]) -> list[pd.DataFrame]:
    """What a library remembers, and the tracks that have no id of a service, or that move."""
    ids = library.tracks.index
    is_new = ~ids.isin(library.aliases["track_id"])
    told = _tellings(library.tracks[is_new & (ids.str.startswith(MADE_UP) | ids.isin(list(moved)))])
    return [library.aliases, told.assign(same_as=told["track_id"])]


def _tellings(tracks: pd.DataFrame) -> pd.DataFrame:
    """How a table tells its tracks."""
    told = tracks.reset_index()[_TELLING]
    return told.assign(isrc=told["isrc"].str.upper())
