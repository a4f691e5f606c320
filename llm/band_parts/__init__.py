"""The authored parts of genres and bands: one text file per world, and what all worlds share.

A world is a handful of styles that live in the same place ("sea", "brass", "club"). A file holds
sections (``== thing``) of one part a line; ``{thing}`` in a part draws from another section, and
``<genre>`` is a fact of the card that is filled in last. Adding a line is all it takes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from llm.task import placeholders
from music.theory import style_for

Sections = Mapping[str, tuple[str, ...]]

MOODS: Final = (
    "fast", "slow", "sad", "happy", "loud", "quiet", "acoustic", "electronic", "instrumental",
    "plain",
)  # fmt: skip
_HOLE: Final = re.compile(r"\{([a-z_]+)\}(s\b)?")
_SMALL: Final = frozenset(
    ("a", "an", "and", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with")
)
_TITLED: Final = frozenset(("name", "song", "album", "related"))
_VOWEL: Final = re.compile(r"\b([Aa]) (?=[aeio]|u(?!n[io]|s)|hour)", re.IGNORECASE)
_CONSONANT: Final = re.compile(r"\b([Aa])n (?=[bcdfgj-np-tv-z])", re.IGNORECASE)
_TAG: Final = re.compile(r"^(?P<tag>solo|many): ")
_SEVERAL: Final = re.compile(r"\b(they|their|them)\b", re.IGNORECASE)
_REDRAWS: Final = 12
# How often what all worlds share is drawn, against 1 for the main world's own: the shared patterns
# are many and take their nouns from the world, so that two cards seldom have a line in common.
_SHARED: Final = {"name": 1.0, "song": 1.8, "bio": 1.5, "album": 1.0, "venue": 0.7}


@dataclass(frozen=True)
class World:
    """The parts of one world: section name -> parts."""

    name: str
    sections: Sections


@lru_cache(maxsize=1)
def _all() -> tuple[dict[str, World], dict[str, tuple[str, ...]]]:
    worlds: dict[str, World] = {}
    common: dict[str, tuple[str, ...]] = {}
    for file in sorted(files("llm.band_parts").iterdir(), key=lambda file: file.name):
        if not file.name.endswith(".txt"):
            continue
        sections = read_sections(file.read_text(encoding="utf-8"))
        if "styles" in sections:
            name = file.name.removesuffix(".txt")
            worlds[name] = World(name, sections)
        else:
            for section, parts in sections.items():
                common[section] = common.get(section, ()) + parts
    return worlds, common


def read_sections(text: str) -> dict[str, tuple[str, ...]]:
    """The sections of an authored file; lines beginning with # are comments.

    >>> read_sections("# why" + chr(10) + "== thing" + chr(10) + "wet rope")
    {'thing': ('wet rope',)}
    """
    found: dict[str, list[str]] = {}
    parts: list[str] = []
    for line in text.splitlines():
        if line.startswith("== "):
            parts = found.setdefault(line[3:].strip(), [])
        elif line.strip() and not line.startswith("#"):
            parts.append(line.strip())
    return {section: tuple(parts) for section, parts in found.items()}


def worlds() -> dict[str, World]:
    """Every world, by name."""
    return _all()[0]


def common() -> Sections:
    """What all worlds share, by section."""
    return _all()[1]


def worlds_of(words: Iterable[str] | Mapping[str, float]) -> dict[str, float]:
    """Which worlds these words live in: weights that sum to 1, heaviest first; may be empty.

    >>> list(worlds_of(["sea shanty"]))
    ['sea']
    """
    home = {style: world.name for world in worlds().values() for style in world.sections["styles"]}
    total: dict[str, float] = {}
    for style, share in style_for(words).items():
        total[home[style]] = total.get(home[style], 0.0) + share
    return dict(sorted(total.items(), key=lambda pair: (-pair[1], pair[0])))


class Writer:
    """Draws authored parts, at most once each, for one card.

    Parameters
    ----------
    names
        The worlds the card lives in, the main one first; unknown names are passed over.
    rng
        All of its choices.
    tags
        What is true of the band: ``{"solo"}``, ``{"many"}`` or neither; a part with a tag is only
        drawn where it is true.
    facts
        The placeholders that have a value; a part that needs another is not drawn.
    """

    def __init__(
        self,
        names: Sequence[str],
        rng: np.random.Generator,
        tags: frozenset[str] = frozenset(),
        facts: Iterable[str] = (),
    ) -> None:
        known = worlds()
        self._rng = rng
        self._worlds = [known[name] for name in names if name in known]
        self._tags, self._facts = tags, frozenset(facts)
        self._used: set[str] = set()

    def text(self, section: str) -> str:
        """One part of a section with its holes filled; titles are set as titles."""
        raw = self._draw(section)
        return self.expand(raw, titled=section in _TITLED)

    def expand(self, pattern: str, titled: bool = False) -> str:
        """Fill the ``{holes}`` of a pattern."""
        return with_articles(_HOLE.sub(lambda hole: self._part(hole, titled), pattern))

    def _part(self, hole: re.Match[str], titled: bool) -> str:
        part, plural = self._draw(hole.group(1)), hole.group(2) or ""
        if plural and part.endswith("s"):  # the Twelvetreeses
            plural = "es"
        return (title(part) if titled else part) + plural

    def _draw(self, section: str) -> str:
        """A part not yet used on this card: from the card's worlds mostly, else from the rest."""
        pools = self._pools(section)
        shares = [_share(section, k, len(pools)) for k in range(len(pools))]
        pool = pools[_pick(shares, self._rng.random())]
        for _ in range(_REDRAWS):
            part = pool[int(self._rng.random() * len(pool))]
            if part not in self._used:
                break
        self._used.add(part)
        return part

    def _pools(self, section: str) -> list[tuple[str, ...]]:
        """What may be drawn from: each world's parts, then the shared ones; never empty."""
        own = [world.sections.get(section, ()) for world in self._worlds]
        known = [*own, common().get(section, ())]
        pools = [fitting(pool, self._tags, self._facts) for pool in known]
        pools = [pool for pool in pools if pool]
        if pools:
            return pools
        lent = [world.sections.get(section, ()) for world in worlds().values()]  # no world at all
        return [pool for pool in lent if pool]


@lru_cache(maxsize=4096)
def fitting(pool: tuple[str, ...], tags: frozenset[str], facts: frozenset[str]) -> tuple[str, ...]:
    """The parts that are true of a band and whose placeholders have values, without their tags.

    >>> fitting(("solo: One of one.", "They hum."), frozenset({"solo"}), frozenset())
    ('One of one.',)
    """
    return tuple(_TAG.sub("", part) for part in pool if _fits(part, tags, facts))


def _fits(part: str, tags: frozenset[str], facts: frozenset[str]) -> bool:
    tag = _TAG.match(part)
    if tag is not None and tag["tag"] not in tags:
        return False
    if tag is None and "solo" in tags and _SEVERAL.search(part):
        return False
    return placeholders(part) <= facts


def _pick(shares: Sequence[float], at: float) -> int:
    """The index where the running sum of shares passes ``at`` of the whole."""
    left = at * sum(shares)
    for k, share in enumerate(shares):
        left -= share
        if left < 0:
            return k
    return len(shares) - 1


def _share(section: str, k: int, n: int) -> float:
    """How often pool k of n is drawn from: the first world leads, then what all share."""
    if k == n - 1:
        return _SHARED.get(section, 0.35)
    return 1.0 if k == 0 else 0.4


def title(text: str) -> str:
    """A part as it stands in a title.

    >>> title("wings of a goose"), title("ship's biscuit")
    ('Wings of a Goose', "Ship's Biscuit")
    """
    words = text.split(" ")
    return " ".join(
        word if k and word in _SMALL else word[:1].upper() + word[1:]
        for k, word in enumerate(words)
    )


def with_articles(text: str) -> str:
    """The text with "a" and "an" as the next sound wants them.

    >>> with_articles("a olive and an uniform, A Anchor")
    'an olive and a uniform, An Anchor'
    """
    text = _VOWEL.sub(lambda m: f"{m.group(1)}n ", text)
    return _CONSONANT.sub(
        lambda m: f"{m.group(1)} ", re.sub(r"\b([Aa])n (?=u(?:n[io]|s))", r"\1 ", text)
    )
