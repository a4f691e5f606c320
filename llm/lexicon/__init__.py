"""The lexicon: what words of mood, place, genre ... mean for music, authored in plain text.

One file a theme, one line a concept::

    names, synonyms, other languages | levels | words | because

Levels move audio features: ``energy++ valence-`` (``--`` `-` ``=`` ``+`` ``++`` are the percentiles
8, 28, 50, 72, 92). Words are styles, genres and instruments with a weight: ``techno .8, brass``.
Because is the one sentence a listener reads. Files in `COLOURS` may only move levels: that "night"
never plays an oud is a rule of the loader, not of good luck.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from typing import Final

from music.errors import InputError
from music.features import NAMES

COLOURS: Final = ("moods", "seasons", "weather", "times")
SCENES: Final = ("people", "food", "nature", "stories", "everyday")  # of use to a synth only
SETTINGS: Final = (
    "genres", "places", "instruments", "events", "activities", "eras", "things", *SCENES,
)  # fmt: skip
THEMES: Final = (*COLOURS, *SETTINGS)

LEVELS: Final = {"--": 0.08, "-": 0.28, "=": 0.5, "+": 0.72, "++": 0.92}
_SHORT: Final = {
    "dance": "danceability", "loud": "loudness", "talk": "speechiness",
    "acoustic": "acousticness", "instrumental": "instrumentalness", "live": "liveness",
}  # fmt: skip
_LEVEL = re.compile(r"([a-z]+)(--|-|=|\+\+|\+)$")
_TOKEN = re.compile(r"[^\W_]+|[&,.;:!?()]|[^\w\s'’`´]")
_POSSESSIVE = re.compile(r"['’]s\b")
_JOINERS = dict.fromkeys(map(ord, "\u200d\ufe0f\ufe0e"), None)  # glue inside an emoji


@dataclass(frozen=True)
class Concept:
    """One line of the lexicon.

    Parameters
    ----------
    name
        The first of its names; unique in the lexicon.
    theme
        The file it stands in, one of `THEMES`.
    names
        Everything that means it, in any language; emoji too.
    features
        Target percentiles in [0, 1] by audio feature name; features not named are left alone.
    words
        Style, genre and instrument words with weights in (0, 1]; empty for `COLOURS`.
    because
        One sentence for the listener.
    """

    name: str
    theme: str
    names: tuple[str, ...]
    features: Mapping[str, float] = field(default_factory=dict)
    words: Mapping[str, float] = field(default_factory=dict)
    because: str = ""


@lru_cache(maxsize=1)
def concepts() -> tuple[Concept, ...]:
    """Every concept, theme by theme."""
    return tuple(concept for theme in THEMES for concept in _read(theme))


@lru_cache(maxsize=2)
def index(scenes: bool = True) -> Mapping[str, Concept]:
    """Every name, as `key` writes it, and its concept; the first line that says a name owns it.

    Without ``scenes``, the names of `SCENES` are left out.
    """
    found: dict[str, Concept] = {}
    for concept in (c for c in concepts() if scenes or c.theme not in SCENES):
        for name in concept.names:
            found.setdefault(key(name), concept)
    return found


def tokens(text: str) -> list[str]:
    """A text as folded words, punctuation marks and emoji.

    Case, accents, possessive endings and apostrophes go; hyphens split.

    >>> tokens("Rock'n'Roll à l'été, très lo-fi!")
    ['rock', 'n', 'roll', 'a', 'l', 'ete', ',', 'tres', 'lo', '-', 'fi', '!']
    """
    plain = unicodedata.normalize("NFKD", _POSSESSIVE.sub("", text.translate(_JOINERS)).casefold())
    return _TOKEN.findall("".join(c for c in plain if not unicodedata.combining(c)))


def stem(word: str) -> str:
    """A word without its plural ending.

    >>> [stem(w) for w in ("cities", "waltzes", "drums", "jazz", "blues", "bus")]
    ['city', 'waltz', 'drum', 'jazz', 'blues', 'bus']
    """
    if word == "blues":  # more than one blue
        return word
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def key(name: str) -> str:
    """How a name is looked up: folded, stemmed, without marks."""
    return " ".join(stem(word) for word in tokens(name) if word not in MARKS and word != "-")


MARKS: Final = frozenset(",.;:!?()")


def _read(theme: str) -> Iterator[Concept]:
    text = files("llm.lexicon").joinpath(f"{theme}.txt").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line or line.startswith("#"):
            continue
        try:
            yield _concept(line, theme)
        except (ValueError, KeyError, InputError) as error:
            raise InputError(f"lexicon/{theme}.txt, line {number}: {error}") from error


def _concept(line: str, theme: str) -> Concept:
    parts = [part.strip() for part in line.split("|")]
    if len(parts) != 4:
        raise InputError(f"a concept has four parts between bars, found {len(parts)}")
    names = tuple(name.strip() for name in parts[0].split(",") if name.strip())
    words = dict(_weighted(part) for part in parts[2].split(",") if part.strip())
    if words and theme in COLOURS:
        raise InputError(f"{theme} only move levels, so {names[0]!r} may not bring words")
    return Concept(names[0], theme, names, dict(map(_level, parts[1].split())), words, parts[3])


def _level(text: str) -> tuple[str, float]:
    match = _LEVEL.match(text)
    name = _SHORT.get(match[1], match[1]) if match else ""
    if match is None or name not in NAMES:
        raise InputError(f"{text!r} is no level; write energy++ or valence-")
    return name, LEVELS[match[2]]


def _weighted(text: str) -> tuple[str, float]:
    """A word and its weight from ``techno .8``; without number 1."""
    name, _, last = text.strip().rpartition(" ")
    if name and last[0] in ".01":
        return name.strip(), float(last)
    return text.strip(), 1.0
