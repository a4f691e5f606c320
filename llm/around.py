"""What a sentence wants to be heard around the music: rain, a crowd, the dust on a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from llm.lexicon import key, stem
from llm.lexicon.reading import Reading, refuses
from music.theory import AMBIENCES

_LONGEST: Final = 4  # words


@dataclass(frozen=True)
class Around:
    """An ambience and the words that asked for it, from which token on."""

    ambience: str
    said: str
    start: int
    refused: bool = False


def around(reading: Reading) -> Around | None:
    """The ambience a sentence asks for, or refuses; None if it says nothing about one.

    Words inside the name of a genre ("surf rock", "city pop") ask for the genre only.
    """
    found = list(_all(reading))
    wanted = [a for a in found if not a.refused] or found
    rank = list(AMBIENCES)
    return min(wanted, key=lambda a: (rank.index(a.ambience), a.start), default=None)


def _all(reading: Reading) -> Iterator[Around]:
    words = reading.tokens
    taken = {
        i for m in reading.matches if m.concept.theme == "genres" for i in range(m.start, m.end)
    }
    refused = {i for m in reading.matches if m.refused for i in range(m.start, m.end)}
    at = 0
    while at < len(words):
        for end in range(min(len(words), at + _LONGEST), at, -1):
            name = _names().get(" ".join(stem(w) for w in words[at:end]))
            if name and taken.isdisjoint(range(at, end)):
                no = not refused.isdisjoint(range(at, end)) or (at > 0 and refuses(words, at - 1))
                yield Around(name, " ".join(words[at:end]), at, no)
                at = end - 1
                break
        at += 1


@lru_cache(maxsize=1)
def _names() -> Mapping[str, str]:
    return {key(word): a.name for a in AMBIENCES.values() for word in (a.name, *a.words)}
