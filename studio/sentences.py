"""A sentence that looks for tracks: what it feels like, and the genres it names by their own names.

Styles are few ("indie" stands for many genres), so a genre a catalogue knows by the very words of
the sentence is asked for as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from music.vibe import MAX_WORDS, Vibe
from studio.flows import understand

STYLES_COUNT: Final = 0.5  # beside a genre that was named outright


def sought(sentence: str, genres: Iterable[str]) -> Vibe:
    """The vibe of a sentence, with the genres among `genres` that it names as words.

    Parameters
    ----------
    genres
        What the tracks that are looked through call themselves.
    """
    vibe = understand(sentence).vibe
    named = named_in(sentence, genres)
    if not named:
        return vibe
    words = {word: STYLES_COUNT * weight for word, weight in vibe.words} | dict.fromkeys(named, 1.0)
    ranked = sorted(words.items(), key=lambda pair: (-pair[1], pair[0]))
    return replace(vibe, words=tuple(ranked[:MAX_WORDS]))


def named_in(sentence: str, genres: Iterable[str]) -> list[str]:
    """Genres that stand in a sentence as whole words; of "indie folk" and "folk" only the longer.

    >>> named_in("Some indie folk, then R&B", ["folk", "indie folk", "r&b", "rock"])
    ['indie folk', 'r&b']
    """
    left, found = sentence.casefold(), []
    for genre in sorted({g.casefold() for g in genres if g}, key=lambda g: (-len(g), g)):
        if genre in left:
            cut = re.sub(rf"(?<!\w){re.escape(genre)}(?!\w)", " ", left)
            if cut != left:
                left = cut
                found.append(genre)
    return found
