"""What is played too much and who is stanned: counts for a verdict, not facts of their own."""

from __future__ import annotations

from collections import Counter
from typing import Final

import numpy as np

from music.evidence import Evidence
from music.profile import Tally

SHOWN: Final = 3
PLAYS: Final = 200  # plays before anything is called too much
TOO_MUCH: Final = 25  # plays of one track, and
TIMES_USUAL: Final = 5  # as often as the track in the middle of those played
STANNED: Final = 0.05  # of all plays, or of all tracks
OWNED: Final = 12  # tracks of one artist


def too_much(evidence: Evidence) -> tuple[Tally, ...]:
    """Up to three tracks played at least `TOO_MUCH` times and `TIMES_USUAL` as often as usual."""
    heard = evidence.heard
    if len(heard) < PLAYS:
        return ()
    counts = np.bincount(heard.row, minlength=len(evidence.tracks))
    usual = float(np.median(counts[counts > 0]))
    names = evidence.tracks["name"].to_numpy()
    most = [row for row in np.argsort(-counts, kind="stable") if isinstance(names[row], str)]
    return tuple(
        Tally(str(names[row]), int(counts[row]), "plays")
        for row in most[:SHOWN]
        if counts[row] >= max(TOO_MUCH, TIMES_USUAL * usual)
    )


def stanned(evidence: Evidence) -> tuple[Tally, ...]:
    """Up to three artists with `STANNED` of the plays or, where plays are few, of the tracks."""
    by_plays = len(evidence.heard) >= PLAYS
    names = evidence.artists.to_numpy()[evidence.heard.row] if by_plays else evidence.artists
    sizes = Counter(name for name in names if isinstance(name, str))
    total = sizes.total()
    least = STANNED * total if by_plays else max(OWNED, STANNED * total)
    most = sorted(sizes, key=lambda name: (-sizes[name], name))
    of = "plays" if by_plays else "tracks"
    return tuple(Tally(name, sizes[name], of) for name in most[:SHOWN] if sizes[name] >= least > 0)
