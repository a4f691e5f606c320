"""Reading a sentence with the lexicon: which concepts it says, how strongly, and which it refuses.

Longest names first ("arabian nights" before "night"), then inflections, compounds and, last, one
typing error. What is neither a concept nor a plain word is handed back as not understood.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

from rapidfuzz.distance import OSA

from llm.lexicon import MARKS, Concept, index, key, stem, tokens

LONGEST_NAME: Final = 6  # words
MIN_TYPO_LETTERS: Final = 6  # shorter words have too many neighbours that mean something else
MIN_COMPOUND_LETTERS: Final = 4
MIN_ROOT_LETTERS: Final = 3  # "sadly" is sad

_NEGATION_REACH: Final = 4  # plain words between "not" and what it refuses


@dataclass(frozen=True)
class Match:
    """A concept found in a text.

    ``said`` is how the text put it, ``how`` one of "name", "spelling", "meaning"; ``strength`` is
    1, less after "slightly", more after "very"; ``refused`` is True after "not".
    ``start`` and ``end`` are token positions.
    """

    concept: Concept
    said: str
    start: int
    end: int
    how: str = "name"
    strength: float = 1.0
    refused: bool = False


@dataclass(frozen=True)
class Reading:
    """What a text says: its tokens, the concepts in it in order, and the words nobody knew."""

    tokens: tuple[str, ...]
    matches: tuple[Match, ...]
    unknown: tuple[str, ...]


def read(text: str, keep: Iterable[str] = (), *, scenes: bool = True) -> Reading:
    """Find every concept of the lexicon in a text.

    Parameters
    ----------
    keep
        Further words that are known by the caller (names of artists ...): never corrected.
    scenes
        Whether people, food, stories ... count: they set a scene for a synth, but name no songs.
    """
    words = tokens(text)
    known = frozenset(keep)
    matches: list[Match] = []
    unknown: list[str] = []
    at = 0
    while at < len(words):
        found = _named(words, at, scenes) or _inflected(words, at, scenes)
        found = found or ([] if words[at] in known else _repaired(words, at, scenes))
        if found:
            matches += found
            at = found[-1].end
        else:
            if _means_something(words[at]) and words[at] not in known:
                unknown.append(words[at])
            at += 1
    return Reading(tuple(words), tuple(_weighed(words, matches)), tuple(dict.fromkeys(unknown)))


@lru_cache(maxsize=1)
def plain_words() -> frozenset[str]:
    """Words that say nothing about music by themselves."""
    return _list("plain.txt")


@lru_cache(maxsize=1)
def real_words() -> frozenset[str]:
    """Words that only look like a misspelt concept: "butter" is not "bitter"."""
    return _list("neighbours.txt")


def _list(name: str) -> frozenset[str]:
    text = files("llm.lexicon").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    return frozenset(word for line in lines for word in tokens(line))


@lru_cache(maxsize=1)
def _cues() -> Mapping[str, frozenset[str]]:
    """The small words that refuse, chain, turn, strengthen or weaken (``cues.txt``)."""
    text = files("llm.lexicon").joinpath("cues.txt").read_text(encoding="utf-8")
    lines = (line.split(":", 1) for line in text.splitlines() if line and line[0] != "#")
    return {name: frozenset(tokens(words)) for name, words in lines}


def _named(words: list[str], at: int, scenes: bool) -> list[Match]:
    """The longest name that starts here; a name that is only plain words does not count."""
    for end in range(min(len(words), at + LONGEST_NAME), at, -1):
        span = words[at:end]
        if span[0] in MARKS or span[-1] in MARKS or "," in span:
            continue
        said = " ".join(stem(w) for w in span if w not in MARKS and w != "-")
        concept = index(scenes).get(said)
        if concept and not (end - at == 1 and span[0] in plain_words()):
            return [Match(concept, " ".join(span).replace(" - ", "-"), at, end)]
    return []


_ENDINGS: Final = (
    ("ly", ""), ("ing", ""), ("ing", "e"), ("ed", ""), ("ed", "e"), ("ish", ""), ("y", ""),
    ("es", ""), ("er", ""), ("en", ""), ("em", ""), ("e", ""), ("n", ""), ("ier", "y"),
    ("iest", "y"), ("est", ""), ("er", "e"), ("as", "o"), ("os", "o"), ("a", "o"), ("ness", ""),
)  # fmt: skip


def _inflected(words: list[str], at: int, scenes: bool) -> list[Match]:
    """A name with another ending, or a compound of two names: "trauriges", "kirchenchor"."""
    word, names = words[at], index(scenes)
    if len(word) < MIN_COMPOUND_LETTERS or word in plain_words():
        return []
    for ending, other in _ENDINGS:
        bare = word.removesuffix(ending) + other if word.endswith(ending) else ""
        short = MIN_ROOT_LETTERS if len(ending) > 1 else MIN_TYPO_LETTERS - 1
        if len(bare) >= short and bare not in plain_words() and bare in names:
            return [Match(names[bare], word, at, at + 1)]
    for cut in range(MIN_COMPOUND_LETTERS, len(word) - MIN_COMPOUND_LETTERS + 1):
        first, last = _part(word[:cut], names), _part(word[cut:], names)
        if first and last:
            return [Match(first, word, at, at + 1), Match(last, word, at, at + 1)]
    return []


def _part(word: str, names: Mapping[str, Concept]) -> Concept | None:
    """Half of a compound, with or without the German joint."""
    for joint in ("", "s", "en", "n"):
        bare = stem(word.removesuffix(joint)) if joint else stem(word)
        if len(bare) >= MIN_COMPOUND_LETTERS and bare not in plain_words() and bare in names:
            return names[bare]
    return None


@lru_cache(maxsize=2)
def _by_initial(scenes: bool) -> Mapping[str, tuple[str, ...]]:
    """All single words long enough to be misspelt, by first letter."""
    table: dict[str, list[str]] = {}
    for name in index(scenes):
        for word in name.split():
            if len(word) >= MIN_TYPO_LETTERS - 1:
                table.setdefault(word[0], []).append(word)
    return {letter: tuple(dict.fromkeys(words)) for letter, words in table.items()}


def _repaired(words: list[str], at: int, scenes: bool) -> list[Match]:
    """The name this word misspells by one slip, two in a long word; the first letter must hold."""
    word = stem(words[at])
    if len(word) < MIN_TYPO_LETTERS - 1 or not word.isalpha():
        return []
    if words[at] in plain_words() or words[at] in real_words():
        return []
    slips = 2 if len(word) >= 9 else 1
    near = [
        (OSA.distance(word, other, score_cutoff=slips), other)
        for other in _by_initial(scenes).get(word[0], ())
        if abs(len(other) - len(word)) <= slips
    ]
    near = [(n, other) for n, other in near if n <= slips and _plausible(word, other)]
    if not near:
        return []
    best = min(near)[1]
    mended = [*words[:at], best, *words[at + 1 :]]
    return [
        Match(m.concept, " ".join(words[m.start : m.end]), m.start, m.end, "spelling")
        for m in _named(mended, at, scenes)
    ]


def _plausible(word: str, other: str) -> bool:
    """A short word may have swapped, doubled or dropped a letter, not changed one ("horse")."""
    return min(len(word), len(other)) >= MIN_TYPO_LETTERS or (
        len(word) != len(other) or sorted(word) == sorted(other)
    )


def _means_something(word: str) -> bool:
    return word not in MARKS and word not in plain_words() and (len(word) > 1 or ord(word) > 0x2000)


def _weighed(words: list[str], matches: list[Match]) -> Iterator[Match]:
    """The matches with "very", "a bit" and "not" taken into account."""
    covered = {i for m in matches for i in range(m.start, m.end)}
    refused = _refused(words, matches, covered)
    cues = _cues()
    for match in matches:
        near = {words[i] for i in range(max(match.start - 2, 0), match.start) if i not in covered}
        strength = 1.5 if near & cues["stronger"] else 0.5 if near & cues["weaker"] else 1.0
        yield replace(match, strength=strength, refused=match.start in refused)


def _refused(words: list[str], matches: list[Match], covered: set[int]) -> set[int]:
    """Token positions of the matches under a negation."""
    ends = {m.start: m.end for m in matches}
    negators = (i for i in range(len(words)) if i not in covered and refuses(words, i))
    return {start for at in negators for start in _reach(words, at, ends)}


def refuses(words: Sequence[str], at: int) -> bool:
    """Whether a word refuses what follows: "not", or the "but" of "anything but"."""
    cues = _cues()
    is_all_but = words[at] in cues["turn"] and at > 0 and words[at - 1] in cues["all"]
    return words[at] in cues["refuse"] or is_all_but


def _reach(words: list[str], negator: int, ends: Mapping[int, int]) -> Iterator[int]:
    """What one negator refuses: the next match, and those chained to it ("no drums or bass").

    "not sad and slow" refuses only the first, "no drums and bass" both. A full stop, "but" or more
    than a few plain words end it.
    """
    cues = _cues()
    lists = words[negator] in cues["lists"] | cues["turn"]
    at, chained, steps = negator + 1, True, 0
    while at < len(words) and steps <= _NEGATION_REACH:
        word = words[at]
        if at in ends:
            if not chained:
                return
            yield at
            at, chained, steps = ends[at], False, 0
            continue
        if word in cues["turn"] or word in ".;!?:":
            return
        if word == "," and not (lists and _goes_on(words[at + 1 :])):
            return
        chained = chained or word in cues["either"] or (lists and word in {*cues["chain"], ","})
        at, steps = at + 1, steps + 1


def _goes_on(rest: list[str]) -> bool:
    """Whether a list after "no" continues behind a comma: "no drums, guitars or singing"."""
    cues = _cues()
    for word in rest[:8]:
        if word in cues["either"]:
            return True
        if word in cues["turn"] or word in cues["refuse"] or word in ".;!?":
            return False
    return False


def canonical(name: str) -> str:
    """The name of the concept a single phrase means, or the phrase itself."""
    concept = index().get(key(name))
    return concept.name if concept else name
