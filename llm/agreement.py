"""Which kinds of fact do not belong in one text: they would contradict or repeat each other.

Facts are all true, but what is said about them may not go together: "you keep nobody" beside "you
keep one band", or the same habit told twice from two sides.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import Final

from music.facts.single import TRACK_KINDS
from music.profile import Fact

# Said of one listener in one text, these sound like two listeners.
CONTRARY: Final = (
    ("famous", "obscure"),
    ("sad", "happy"),
    ("happy", "minor"),
    ("sad", "major"),
    ("fast", "slow"),
    ("fast", "gentle"),
    ("loud", "gentle"),
    ("loud", "acoustic"),
    ("minor", "major"),
    ("nothing_new", "only_new"),
    ("stuck_years", "only_new"),
    ("one_genre", "many_genres"),
    ("one_genre", "odd_couple"),
    ("one_artist", "one_night_stands"),
    ("owned_artist", "one_night_stands"),
    ("album_whole", "one_night_stands"),
    ("wordless", "explicit"),
    ("wordless", "love_titles"),
    ("skips", "in_a_row"),
    ("short", "long"),
    ("silence", "busiest_day"),
)

# These tell the same thing from two sides.
SAME: Final = (
    ("one_song", "in_a_row"),
    ("one_song", "everywhere"),
    ("one_song", "top_ten"),
    ("one_artist", "owned_artist"),
    ("one_artist", "album_whole"),
    ("owned_artist", "album_whole"),
    ("one_genre", "guilty_genre"),
    ("stuck_years", "nothing_new"),
    ("nothing_new", "missing_decade"),
    ("night", "small_hours"),
    ("skips", "skipped_song"),
    ("phase", "left_artist"),
    ("versions", "live_versions"),
    ("sad", "minor"),
    ("sad", "hurt_titles"),
    ("happy", "major"),
    ("gentle", "acoustic"),
    ("slow", "gentle"),
    ("fast", "same_tempo"),
    ("saddest_playlist", "sad_party"),
    ("list_size", "short"),
    ("list_artist", "one_artist"),
    ("list_artist", "owned_artist"),
    ("track_alone", "track_family"),
    ("track_plays", "track_unplayed"),
)

_APART: Final = frozenset(frozenset(pair) for pair in (*CONTRARY, *SAME))
_NAMES: Final = ("playlist", "track", "genre")


def apart(one: Fact, other: Fact) -> bool:
    """Whether two facts are better not told in one text: by their kinds, or about one thing."""
    if frozenset((one.kind, other.kind)) in _APART or one.kind == other.kind:
        return True
    if one.kind in TRACK_KINDS and other.kind in TRACK_KINDS:
        return False  # all about the same track, and meant to be
    return any(name in one.values and one.values[name] == other.values.get(name) for name in _NAMES)


def contradictions(told: Iterable[Fact]) -> list[str]:
    """The pairs of facts in a text that contradict or repeat each other, one sentence each."""
    return [
        f"{one.kind} beside {other.kind}: “{one.sentence}” and “{other.sentence}”"
        for one, other in combinations(told, 2)
        if apart(one, other)
    ]
