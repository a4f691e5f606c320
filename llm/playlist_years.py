"""The years of a wish: decades, parts of decades, bounds, single years, and those refused."""

from __future__ import annotations

from typing import Final

from llm.playlist_draft import Draft, either, phrases
from music.playlist import Years

_NAMED: Final = {
    "twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960,
    "seventies": 1970, "eighties": 1980, "nineties": 1990, "noughties": 2000, "funfziger": 1950,
    "sechziger": 1960, "siebziger": 1970, "achtziger": 1980, "neunziger": 1990, "nuller": 2000,
    "funfzigern": 1950, "sechzigern": 1960, "siebzigern": 1970, "achtzigern": 1980,
    "neunzigern": 1990,
    "cincuenta": 1950, "sesenta": 1960, "setenta": 1970, "ochenta": 1980, "noventa": 1990,
}  # fmt: skip
_PART: Final = rf"(?:({either('early', 'mid', 'late')})[\s-]+(?:of |der |die |des )?(?:the )?)?"
_FORMS: Final = (
    r"(?:annees |anos |los |las )(\d0)\b",
    r"((?:19|20)\d0)\s?'?s\b",
    r"((?:19|20)\d0)ern?(?: jahren?)?\b",
    r"'?(\d0)\s?'?s\b",
    r"(\d0)ern?(?:[- ]jahren?)?\b",
    rf"(?:{either('decade lead')} )?({'|'.join(_NAMED)})(?:[- ]?jahren?)?\b",
)
_DECADE: Final = rf"(?:{_PART}(?:{'|'.join(_FORMS)}))"
_YEAR: Final = r"((?:19|20)\d\d)"
_TO: Final = rf"\s*{either('to')}\s*(?:{either('the')} )?"
_NO: Final = rf"\b{either('refusal')}\b"
_FILL: Final = rf"(?:\s+{either('after refusal')})*\s*"


def read_years(draft: Draft) -> None:
    """Fill years, eras and refused eras from a wish."""
    _refused_bounds(draft)
    _ranges(draft)
    _refused_eras(draft)
    _bounds(draft)
    _recent(draft)
    for match in draft.take(_DECADE):
        _era(draft, _decade(match.groups()), match[0])
    for match in draft.take(rf"\b(?:from |in |of |aus |von |de |en )?{_YEAR}\b"):
        _era(draft, (int(match[1]), int(match[1])), match[0])
    _tidy(draft)


def _refused_bounds(draft: Draft) -> None:
    """Bounds said by refusal: "nothing after 1970", "nothing before 1990"."""
    gap = rf"(?:\s+{either('gap')})*\s*"
    for match in draft.take(rf"{_NO}{gap}\b{either('later than')}[\s-]*{_YEAR}"):
        draft.set("years", (None, int(match[1])), match[0], f"Nothing after {match[1]}.")
    for match in draft.take(rf"{_NO}{gap}\b{either('earlier than')}[\s-]*{_YEAR}"):
        draft.set("years", (int(match[1]), None), match[0], f"Nothing before {match[1]}.")


def _ranges(draft: Draft) -> None:
    between = "(?:between |from |zwischen |von |entre |de )?"
    for match in draft.take(rf"\b{between}{_YEAR}{_TO}{_YEAR}\b"):
        low, high = sorted((int(match[1]), int(match[2])))
        _era(draft, (low, high), match[0])
    now = either("now")
    for match in draft.take(rf"\b(?:from |von |de |desde )?(?:the )?{_DECADE}{_TO}{now}\b"):
        _bound(draft, (_decade(match.groups())[0], None), match[0])
    for match in draft.take(rf"\b(?:from |von |de |desde )?{_YEAR}{_TO}{now}\b"):
        _bound(draft, (int(match[1]), None), match[0])
    joined = rf"(?:from |between |von |de |desde )(?:the |den |les |los )?{_DECADE}{_TO}{_DECADE}"
    for match in draft.take(joined):
        groups = match.groups()
        half = len(groups) // 2
        first, last = _decade(groups[:half]), _decade(groups[half:])
        _era(draft, (min(first[0], last[0]), max(first[1], last[1])), match[0])


def _refused_eras(draft: Draft) -> None:
    for match in draft.take(rf"{_NO}{_FILL}(?:{_DECADE})"):
        low, high = _decade(match.groups())
        draft.add("not_eras", (low, high), match[0], f"Nothing from {low} to {high}.", True)


def _bounds(draft: Draft) -> None:
    for match in draft.take(rf"\b{either('before')}[\s-]*(?:the )?{_YEAR}\b"):
        _bound(draft, (None, int(match[1])), match[0])
    for match in draft.take(rf"\b{either('before')}[\s-]*(?:the )?{_DECADE}"):
        _bound(draft, (None, _decade(match.groups())[0] - 1), match[0])
    after = rf"\b{either('after')}[\s-]*(?:the )?{_YEAR}\b"
    for match in draft.take(after):
        _bound(draft, (int(match[1]), None), match[0])
    onwards = rf"(?: {either('onwards')}|\+)"
    for match in draft.take(rf"\b(?:from )?{_YEAR}{onwards}"):
        _bound(draft, (int(match[1]), None), match[0])


def _recent(draft: Draft) -> None:
    lead = rf"(?:from |in |of |over )?(?:the )?{either('last')}"
    pattern = rf"\b{lead} (\d+) {either('years')}\b"
    for match in draft.take(pattern):
        n = max(int(match[1]), 1)
        _era(draft, (draft.today - n + 1, draft.today), match[0])
    for match in draft.take(rf"\b(?:from |of )?{either('this year')}\b"):
        _era(draft, (draft.today, draft.today), match[0])
    for match in draft.take(r"\b(?:from |of )?last year\b"):
        _era(draft, (draft.today - 1, draft.today - 1), match[0])


def _bound(draft: Draft, years: Years, said: str) -> None:
    low, high = years
    if any(_apart(era, years) for era in draft.slots.get("eras", ())):
        draft.notes.append(f"“{said.strip()}” contradicts the years before it; I left it out.")
        return
    if "years" in draft.slots:
        a, b = draft.slots["years"]
        low, high = low if low is not None else a, high if high is not None else b
        if low is None or high is None or low <= high:
            draft.slots["years"] = (low, high)
            draft.tell("years", said, _sentence((low, high)))
            return
    draft.set("years", (low, high), said, _sentence((low, high)))


def _era(draft: Draft, era: tuple[int, int], said: str) -> None:
    if "years" in draft.slots and _apart(era, draft.slots["years"]):
        del draft.slots["years"]
        draft.notes.append(f"The years contradict each other; I kept “{said.strip()}”.")
    draft.add("eras", era, said, _sentence(era))


def _apart(era: Years, years: Years) -> bool:
    low, high = years
    return bool((low is not None and (era[1] or 9999) < low) or (high and (era[0] or 0) > high))


def _tidy(draft: Draft) -> None:
    """Eras that touch become one, and a single era is simply the years."""
    eras = sorted(draft.slots.pop("eras", ()))
    merged: list[tuple[int, int]] = []
    for low, high in eras:
        if merged and low <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
        else:
            merged.append((low, high))
    if len(merged) == 1:
        low, high = draft.slots.get("years", (None, None))
        draft.slots["years"] = (
            max(merged[0][0], low or merged[0][0]),
            min(merged[0][1], high or merged[0][1]),
        )
    elif merged:
        draft.slots["eras"] = tuple(merged)


def _decade(groups: tuple[str | None, ...]) -> tuple[int, int]:
    """First and last year of what `_DECADE` matched; early, mid and late are five years."""
    part, *found = groups
    word = next(g for g in found if g)
    if word in _NAMED:
        first = _NAMED[word]
    elif len(word) == 4:
        first = int(word)
    else:
        first = 2000 + int(word) if int(word) < 20 else 1900 + int(word)
    if part in phrases("early"):
        return first, first + 4
    if part in phrases("mid"):
        return first + 3, first + 7
    if part in phrases("late"):
        return first + 5, first + 9
    return first, first + 9


def _sentence(years: Years) -> str:
    low, high = years
    if low is None:
        return f"From {high} or before."
    if high is None:
        return f"From {low} or after."
    return f"From {low}." if low == high else f"From {low} to {high}."
