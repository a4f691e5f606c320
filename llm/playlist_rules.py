"""What a wish says about the playlist as a whole, its name, and words in titles."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from llm.playlist_draft import Draft, fold

MAX_NAME: Final = 80

_MEANING: Final[dict[str, dict[str, Any]]] = {
    "explicit": {"yes": True, "no": False},
    "known": {"yes": True, "no": False},
    "popularity": {"high": (55.0, None), "low": (None, 40.0)},
    "per_artist": {"1": 1},
}
_SAYS: Final = {
    ("explicit", "no"): "Nothing marked explicit.",
    ("explicit", "yes"): "Explicit is fine.",
    ("known", "no"): "Only what you do not have yet.",
    ("known", "yes"): "Only what you already have.",
    ("popularity", "high"): "Well known: popularity 55 or more.",
    ("popularity", "low"): "Little known: popularity 40 or less.",
    ("per_artist", "1"): "One track an artist.",
    ("order", "rising"): "It starts low and rises.",
    ("order", "falling"): "It starts high and calms down.",
    ("order", "arc"): "It rises to a peak and comes down again.",
    ("order", "shuffle"): "In random order.",
    ("order", "mix"): "Ordered by tempo and key, for mixing.",
}

_QUOTED: Final = r'"([^"]{1,80})"'
_NAMED: Final = (
    rf"\b(?:called|named|titled|call it|name it|call the playlist|name the playlist|title:?|"
    rf"namens|genannt|mit dem titel|appelee?|intitulee?|llamada|titulada|nombre:?)\s*:?\s*{_QUOTED}"
)
_NAMED_BARE: Final = (
    r"\b(?:title:|name:|titel:|titre:|titulo:|call it|name it|call the playlist)\s*"
    r"([^,.;:\n\"]{1,60})"
)
_ABOUT: Final = (
    r"\b(?:songs?|tracks?|music|something|lieder|songs|chansons?|canciones)\s+"
    r"(?:about|uber|sur|sobre)\s+"
    r"(?:the |a |an |my |das |die |den |der |la |le |les |l'|el |los |las )?"
    r"([a-z]{3,}(?: (?:and|or|und|oder|et|ou|y|o) (?:the )?[a-z]{3,})?(?: [a-z]{4,})?)"
)
_JOINED: Final = re.compile(r" (?:and|or|und|oder|et|ou|y|o) (?:the )?")
_IN_TITLE: Final = (
    r"\b(?:with|containing|mit|avec|con)\s+(?:the word\s+)?\"?([a-z]{2,}(?: [a-z]+)?)\"?\s+"
    r"(?:in|im|dans|en)\s+(?:the |their |its |le |el )?(?:title|titles|name|titel|titre|titulo)"
)
_OPEN_ABOUT: Final = frozenset({"it", "this", "that", "them", "music", "being", "how", "what"})


def read_rules(draft: Draft) -> None:
    """Fill explicit, known, popularity, order and the cap by phrases of ``wishes.txt``."""
    for phrase, slot, value in _phrases():
        for match in draft.take(rf"(?<![\w']){re.escape(phrase)}(?![\w'])"):
            meaning = _MEANING.get(slot, {}).get(value, value)
            draft.set(slot, meaning, match[0], _SAYS[slot, value])


def read_name(draft: Draft) -> None:
    """A name for the playlist: quoted, or after "title:" up to the next mark."""
    for pattern in (_NAMED, _NAMED_BARE):
        for match in draft.take(pattern):
            name = _as_typed(draft, match)[:MAX_NAME].strip()
            draft.set("name", name, match[0], f"It is called {name}.")


def read_keywords(draft: Draft) -> None:
    """Words a title should hold: "songs about cars", "with night in the title"."""
    for match in draft.take(_IN_TITLE):
        draft.add("keywords", match[1], match[0], f"“{match[1]}” in the title.")
    for match in draft.take(_ABOUT):
        for said in _JOINED.split(match[1]):
            words = [w for w in said.split() if w not in _OPEN_ABOUT]
            if words:
                about = f"About {words[0]}: looked for in titles."
                draft.add("keywords", singular(words[0]), match[0], about)


def singular(word: str) -> str:
    """A title word without plural, so that "cars" finds "Fast Car"."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _as_typed(draft: Draft, match: re.Match[str]) -> str:
    """A name in the capitals it was typed with."""
    at = fold(draft.raw).find(match[1])
    return draft.raw[at : at + len(match[1])] if at >= 0 else match[1]


@lru_cache(maxsize=1)
def _phrases() -> tuple[tuple[str, str, str], ...]:
    """``(phrase, slot, value)``, longest phrase first."""
    text = files("llm.lexicon").joinpath("wishes.txt").read_text(encoding="utf-8")
    rows = []
    for line in text.splitlines():
        if line and line[0] != "#":
            head, phrases = line.split(":", 1)
            slot, value = head.split("=")
            rows += [(fold(phrase.strip()), slot, value) for phrase in phrases.split(";")]
    return tuple(sorted(rows, key=lambda row: (-len(row[0]), row[0])))
