"""The artists of a wish, against a library's own: near them, only them, or never them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel, JaroWinkler

from llm.lexicon import index, stem
from llm.lexicon.reading import plain_words, read, real_words
from llm.playlist_draft import Draft, either, fold, phrases

MAX_WORDS: Final = 6
ALIKE: Final = 0.8  # similarity of a misspelt name of one word
ALIKE_NAMES: Final = 0.91
_WORD: Final = re.compile(r"[^\W_]+")

_NOT, _ONLY, _NEAR = phrases("artist refused"), phrases("artist only"), phrases("artist near")
_WORKS, _SMALL, _OF = phrases("works"), phrases("small"), phrases("of")
_REFUSED: Final = re.compile(
    rf"{either('artist refused before')}"
    r"(?:\s+(?:any|all|of|the|these|those|your|suggestions?|songs?|tracks?|music|stuff|ones?))*"
    r"(?:\s+(?:by|from|of))?\s+(?:the )?$"
)
_CHAIN: Final = re.compile(r"[\s,]*(?:and|or|und|y|et|oder|ou|&|,)?\s*(?:the )?")
_LIST: Final = re.compile(
    r"[\s,\x00&]*(?:and|or|und|y|et|oder|ou|plus|than|,|&)?\s*(?:no |not |without |some |the )?"
)


class Gazetteer:
    """The artists of a library, ready to be found in a text.

    Parameters
    ----------
    names
        Artist names, the more important first: where a short form fits several, the first is meant.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._by_key: dict[str, str] = {}
        for name in names:
            for form in _forms(name):
                self._by_key.setdefault(form, name)

    def __len__(self) -> int:
        return len(self._by_key)

    def exact(self, words: str) -> str | None:
        """The artist of that very name, with or without "the"."""
        return self._by_key.get(words) or self._by_key.get(words.removeprefix("the "))

    def short(self, word: str) -> str | None:
        """The artist that one rare word means: "bowie", "kendrick"."""
        return self._short.get(word)

    def near(self, words: str) -> str | None:
        """The artist whose name this misspells, or None; the first letter must hold."""
        names = self._initials.get(words[:1], ())
        several = " " in words  # a right first name makes up for a wrong ending
        scorer = JaroWinkler.similarity if several else Indel.normalized_similarity
        cutoff = ALIKE_NAMES if several else ALIKE
        best = process.extractOne(words, names, scorer=scorer, score_cutoff=cutoff)
        if best is None or abs(len(best[0]) - len(words)) > 3:
            return None
        return self._by_key[best[0]]

    @cached_property
    def _initials(self) -> Mapping[str, tuple[str, ...]]:
        table: dict[str, list[str]] = {}
        for form in self._by_key:
            if len(form) >= 4:
                table.setdefault(form[0], []).append(form)
        return {letter: tuple(forms) for letter, forms in table.items()}

    @cached_property
    def _short(self) -> Mapping[str, str]:
        """First and last names that only one artist has, and that mean nothing else."""
        table: dict[str, set[str]] = {}
        for form, name in self._by_key.items():
            words = form.split()
            for word in {words[0], words[-1]} if len(words) in (2, 3) else ():
                if len(word) >= 5 and not common(word):
                    table.setdefault(word, set()).add(name)
        return {word: min(names) for word, names in table.items() if len(names) == 1}


@lru_cache(maxsize=16_384)
def common(word: str) -> bool:
    """Whether a word is one of plain speech or of the lexicon, so that alone it names nobody."""
    return word in plain_words() or word in real_words() or stem(word) in _lexicon_words()


@lru_cache(maxsize=1)
def _lexicon_words() -> frozenset[str]:
    return frozenset(word for name in index(scenes=False) for word in name.split())


@dataclass(frozen=True)
class Mention:
    """An artist in a text: where, how sure, and as what (like, only, not)."""

    name: str
    start: int
    end: int
    role: str
    said: str


def read_artists(draft: Draft, artists: Gazetteer) -> None:
    """Fill artists to be near, the only ones, and those refused; they leave the text."""
    mentions = list(_mentions(draft, artists))
    for mention in reversed(mentions):
        draft.cut(mention.start, mention.end)
    for mention in mentions:
        slot = f"artists_{mention.role}"
        because = {
            "like": f"Near {mention.name}.",
            "only": f"Only {mention.name}.",
            "not": f"Nothing by {mention.name}.",
        }[mention.role]
        draft.add(slot, mention.name, mention.said, because, mention.role == "not")


_STRONG: Final = re.compile(r"\b(?:by|like|only|von|par|wie|comme|como|similar to)\s+$")
_UNKNOWN: Final = re.compile(
    r"\b(?P<cue>by|von|de|par|like|similar to|sounds like|style of|wie|comme|como)\s+"
    r"(?P<name>[A-Z0-9][\w'.&/-]*(?:\s+(?:(?:the|of|and|&|von|de|y)\s+)?[A-Z0-9][\w'./-]*){0,4})"
)


def read_unknown_artists(draft: Draft) -> None:
    """Names after "by" or "like" that the library does not have: said, never passed over."""
    named = {n for slot in ("like", "only", "not") for n in draft.slots.get(f"artists_{slot}", ())}
    for match in _UNKNOWN.finditer(draft.raw):
        name = match["name"].strip(" .,")
        folded = fold(name)
        at = draft.text.find(folded)
        if (
            at < 0
            or name.isdigit()
            or all(common(w) for w in _WORD.findall(folded))
            or name in named
        ):
            continue
        draft.cut(at, at + len(folded))
        if match["cue"].lower() in ("by", "von", "par", "de"):
            draft.add("artists_only", name, name, f"Only {name}, who is not in this library.")
        draft.notes.append(f"I do not know {name} in this library.")


def _forms(name: str) -> Iterator[str]:
    words = _WORD.findall(fold(name.replace("&", " and ")))
    if words:
        yield " ".join(words)
        if all(len(w) == 1 for w in words) and len(words) > 2:
            yield "".join(words)  # H.E.R. is said "her"
        if words[0] == "the" and len(words) > 1:
            yield " ".join(words[1:])


def _mentions(draft: Draft, artists: Gazetteer) -> Iterator[Mention]:
    """Every artist in the text, in order; a list shares the role of its first name."""
    words = list(_WORD.finditer(draft.text.replace("&", "\x00")))
    i, last = 0, None
    while i < len(words):
        found = _at(draft, words, i, artists, last)
        if found is None:
            i += 1
            continue
        name, n = found
        start, end = words[i].start(), words[i + n - 1].end()
        role = _role(draft.text, start, end, last)
        last = Mention(name, start, end, role, draft.text[start:end])
        yield last
        i += n


def _at(
    draft: Draft, words: list[re.Match[str]], i: int, artists: Gazetteer, last: Mention | None
) -> tuple[str, int] | None:
    """The artist that starts at word i and how many words it takes."""
    cued = _cued(draft.text, words[i].start(), last)
    for n in range(min(MAX_WORDS, len(words) - i), 0, -1):
        span = words[i : i + n]
        between = draft.text[span[0].start() : span[-1].end()]
        if re.search(r"[,;:!?¤()]|\.\s", between):
            continue
        said = " ".join(w[0] for w in span)
        name = artists.exact(said)
        if name and (_telling(draft, span) or (cued and not _loose(draft, span))):
            return name, n
    word = words[i][0]
    if name := artists.short(word):
        return name, 1
    if not cued and not (i + 1 < len(words) and _titled(draft, words[i : i + 2])):
        return None
    for n in range(min(3, len(words) - i), 0, -1):
        span = words[i : i + n]
        said = " ".join(w[0] for w in span)
        sure = bool(_STRONG.search(draft.text[: span[0].start()])) and _titled(draft, span)
        if "," in draft.text[span[0].start() : span[-1].end()] or not (sure or _strange(span)):
            continue
        bare = said.removeprefix("the ")
        if len(bare) >= 5 and (name := artists.near(said) or artists.near(bare)):
            return name, n
    return None


def _loose(draft: Draft, span: list[re.Match[str]]) -> bool:
    """Whether a cued name is more likely plain speech: only common words, in small letters."""
    if not all(common(w[0]) for w in span) or _titled(draft, span):
        return False
    return not _STRONG.search(draft.text[: span[0].start()])


def _strange(span: list[re.Match[str]]) -> bool:
    """Whether some word is none that the lexicon or plain speech knows, so it may be a name."""
    if span[0][0] in _SMALL or span[-1][0] in _SMALL:
        return False
    return bool(_unknown(" ".join(w[0] for w in span)))


@lru_cache(maxsize=4096)
def _unknown(words: str) -> tuple[str, ...]:
    reading = read(words, scenes=False)
    return reading.unknown + tuple(m.said for m in reading.matches if m.how == "spelling")


def _telling(draft: Draft, span: list[re.Match[str]]) -> bool:
    """Whether a name without cue is surely one: several rare words, or a rare one with a capital.

    Names of common words ("Queen", "Amazing") need their capital inside a sentence, or to be all
    that is said; names of several common words need a cue.
    """
    rare = [w for w in span if not common(w[0])]
    if len(span) > 1:
        return bool(rare) or _titled(draft, span)
    bare = len(_WORD.findall(draft.text)) <= 5
    if rare:
        return _capital(draft, span[0]) or bare
    return _capital(draft, span[0]) and (
        span[0].start() > 0 or "," in draft.text[: span[0].end() + 1]
    )


def _titled(draft: Draft, span: list[re.Match[str]]) -> bool:
    return all(_capital(draft, w) for w in span)


def _capital(draft: Draft, word: re.Match[str]) -> bool:
    at = fold(draft.raw).find(word[0])
    return at >= 0 and draft.raw[at].isupper()


def _cued(text: str, start: int, last: Mention | None) -> bool:
    """Whether the words before say that a name comes, or a list of names goes on."""
    if last and _LIST.fullmatch(text[last.end : start]):
        return True
    before = _WORD.findall(text[:start])[-3:]
    owned = bool(set(before) & _WORKS)  # "songs of", "lieder von"; "out of" is no cue
    return any(
        w in _NOT
        or w in _NEAR
        or (w in _ONLY and (w == "by" or w not in _OF))
        or (w in _OF and owned)
        for w in before[-2:]
    )


def _role(text: str, start: int, end: int, last: Mention | None) -> str:
    before = _WORD.findall(re.split(r"[.;:!?]|\bbut (?!not\b|no\b)", text[:start])[-1])[-6:]
    near = [w for w in before if w not in _SMALL or w in _WORKS or w in _OF]
    if last and _CHAIN.fullmatch(text[last.end : start]):
        return last.role
    if set(near[-3:]) & _NOT or _REFUSED.search(text[:start]):
        return "not"
    after = _WORD.findall(text[end:])[:3]
    if after[:1] and after[0] in phrases("artist style"):
        return "like"
    if near and near[-1] in ("by", "only", "just", "nur", "solo", "seulement"):
        return "only"
    if near and near[-1] in ("from", "of", "von", "de") and set(near[-4:-1]) & _WORKS:
        return "only" if "mix" not in near else "like"
    if {"only", "nur", "solo"} & set(after):
        return "only"
    return "like"
