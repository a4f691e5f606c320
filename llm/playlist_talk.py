"""How people talk around a wish: praise, thanks and idle words say nothing about the music.

"I'd love some jazz" is not about love, and "these are great, more like it" names nothing great.
What is taken out here is neither read as a wish nor searched in titles.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from llm.lexicon import tokens
from llm.lexicon.reading import plain_words
from llm.playlist_draft import either, fold, phrases
from llm.vibes import Part

_LIKING: Final = (
    r"\b(?:i|we|you|they|he|she)(?:'d| would|'ll| will| do|'ve| have)?"
    r"(?: (?:really|also|just|absolutely|totally|still|always|generally|usually|typically))*"
    r" (?:love|loved|enjoy|enjoyed|adore)\b"
)
_LIKED: Final = (
    r"\b(?:love|loved|loving|enjoy|adore) (?:it|this|that|these|those|them|all|both|your)\b"
)
_COURTESY: Final = re.compile(rf"{_LIKING}|{_LIKED}|\b{either('courtesy')}\b")
_NOTHING_BUT: Final = re.compile(rf"\b{either('nothing but')}\b")
_ALL_BUT: Final = re.compile(rf"\b{either('all but')}\b")


def plainly(folded: str) -> str:
    """A folded text without courtesies, and with "anything but" as the plain "not" it means.

    >>> plainly("i'd love anything but jazz, thank you")
    ' not jazz, '
    """
    left = _COURTESY.sub("", folded)
    return _ALL_BUT.sub("not", _NOTHING_BUT.sub("only", left))


def telling(text: str, parts: Iterable[Part] = ()) -> tuple[str, ...]:
    """A sentence without the words that say nothing, or nothing if only those were in it.

    Parameters
    ----------
    parts
        What was understood: what it refuses is no word to search for.
    """
    left = plainly(fold(text))
    for part in parts:
        if part.refused and part.said:
            left = left.replace(fold(part.said), " ")
    idle = plain_words() | phrases("idle")
    words = [w for w in tokens(left) if len(w) > 1 and not w.isdigit() and w not in idle]
    return (" ".join(words),) if words else ()
