"""The numbers of a wish: how many, how long, how fast. All by rule, in four languages."""

from __future__ import annotations

import re
from typing import Final

from llm.playlist_draft import Draft, either

MAX_TRACKS: Final = 1_000
MAX_MINUTES: Final = 6_000
_GEAR: Final = frozenset({"303", "808", "909"})  # drum machines
BPM_ROOM: Final = 4.0  # "at 120 bpm" is 116 to 124

_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30,
    "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100, "a hundred": 100,
    "one hundred": 100, "two hundred": 200, "a thousand": 1000, "one thousand": 1000,
    "a dozen": 12, "dozen": 12, "two dozen": 24, "half a dozen": 6, "a couple of": 2, "a": 1,
    "an": 1, "eine": 1, "einer": 1, "ein": 1, "zwei": 2, "drei": 3, "vier": 4, "funf": 5,
    "zehn": 10, "zwanzig": 20, "dreissig": 30, "une": 1, "un": 1, "deux": 2, "trois": 3,
    "quatre": 4, "cinq": 5, "dix": 10, "vingt": 20, "trente": 30, "una": 1, "dos": 2, "tres": 3,
    "cuatro": 4, "cinco": 5, "diez": 10, "veinte": 20, "treinta": 30, "half an": 0.5,
    "half a": 0.5, "eine halbe": 0.5, "une demi": 0.5, "media": 0.5, "anderthalb": 1.5,
}  # fmt: skip
_N: Final = r"(\d+(?:[.,]\d+)?|" + "|".join(sorted(_WORDS, key=len, reverse=True)) + ")"
_ABOUT: Final = rf"(?:{either('about')}\s+)?"
_TRACKS, _MIN, _HOUR = either("tracks"), either("minutes"), either("hours")
# "a calm hour" lasts an hour; "a happy hour" is a time of day.
_ONE_HOUR: Final = re.compile(
    r"\b(?:an?|one|eine|une|una)\s+(?:(?!happy|rush|golden|blue|late|small|early|lunch|zero)[a-z-]+\s+)"
    r"{1,2}(?P<hour>hour|stunde|heure|hora)\b"
)
_LESS, _MORE = either("less than"), either("more than")


def read_numbers(draft: Draft) -> None:
    """Fill lengths, counts, tempo and years from a wish."""
    _song_lengths(draft)
    _tempo(draft)
    _per_artist(draft)
    _total_length(draft)
    _count(draft)


def number(text: str) -> float:
    """A number as people write it.

    >>> number("a dozen"), number("2,5")
    (12.0, 2.5)
    """
    return float(_WORDS[text]) if text in _WORDS else float(text.replace(",", "."))


def _song_lengths(draft: Draft) -> None:
    timed = rf"(\d+:\d\d|\d+(?:[.,]\d+)?(?=\s*(?:{_MIN}|m)\b))\s*(?:{_MIN}|m)?"
    each = rf"(?:\s*{either('each')})"
    patterns = (
        (rf"\bno (?:song|track)s? (?:longer|over|above)(?: than)? {timed}", "less"),
        (rf"\bno (?:song|track)s? (?:shorter|under|below)(?: than)? {timed}", "more"),
        (rf"\b(?:songs?|tracks?|pieces?)(?: that are)?,? {_LESS} {timed}", "less"),
        (rf"\b(?:songs?|tracks?|pieces?)(?: that are)?,? {_MORE} {timed}", "more"),
        (rf"\b{_LESS} {timed}{each}", "less"),
        (rf"\b{_MORE} {timed}{each}", "more"),
        (rf"\b{timed}\s*(?:max|maximum|tops){each}?", "less"),
    )
    for pattern, side in patterns:
        for match in draft.take(pattern):
            seconds = _seconds(match[1])
            bounds = (0.0, seconds) if side == "less" else (seconds, None)
            word = "at most" if side == "less" else "at least"
            draft.set("duration_s", bounds, match[0], f"Each track lasts {word} {seconds:g} s.")


def _seconds(text: str) -> float:
    minutes, _, seconds = text.partition(":")
    return 60.0 * number(minutes) + float(seconds or 0)


def _tempo(draft: Draft) -> None:
    bpm = rf"\s*{either('bpm')}"
    n = r"(\d{2,3}(?:\.\d+)?)"
    to = rf"\s*{either('to')}\s*"
    for match in draft.take(rf"\b(?:between |from |zwischen |entre |de )?{n}{to}{n}{bpm}"):
        _set_tempo(draft, match, float(match[1]), float(match[2]))
    for match in draft.take(rf"\btempo (?:between |from |of )?{n}{to}{n}\b"):
        _set_tempo(draft, match, float(match[1]), float(match[2]))
    for match in draft.take(rf"\b{_MORE} {n}{bpm}"):
        _set_tempo(draft, match, float(match[1]), None)
    slower = _LESS.replace("(?:", "(?:slower than|", 1)
    for match in draft.take(rf"\b{slower} {n}{bpm}"):
        _set_tempo(draft, match, None, float(match[1]))
    for match in draft.take(rf"\b{_ABOUT}{n}{bpm}"):
        middle = float(match[1])
        _set_tempo(draft, match, middle - BPM_ROOM, middle + BPM_ROOM)


def _set_tempo(draft: Draft, match: re.Match[str], low: float | None, high: float | None) -> None:
    if low is not None and high is not None and low > high:
        low, high = high, low
    said = " to ".join(f"{v:g}" for v in (low, high) if v is not None)
    side = "" if low is not None and high is not None else "from " if high is None else "up to "
    draft.set("tempo_bpm", (low, high), match[0], f"Tempo {side}{said} BPM.")


def _per_artist(draft: Draft) -> None:
    most = rf"(?:{either('at most')}\s+)?"
    pattern = rf"\b{most}{_N}\s+(?:{_TRACKS}\s+)?{either('same artist')}\b"
    for match in draft.take(pattern):
        cap = max(int(number(match[1])), 1)
        draft.set("per_artist", cap, match[0], f"At most {cap} of one artist.")


def _total_length(draft: Draft) -> None:
    total = 0.0
    said: list[str] = []
    half = either("and a half")
    for match in draft.take(rf"\b{_ABOUT}(\d+)\s*h\s*(\d\d)\b"):
        total, said = total + 60 * float(match[1]) + float(match[2]), [*said, match[0]]
    for match in draft.take(rf"\b{_ABOUT}{_N}[\s-]*{_HOUR}\s+{half}"):
        total, said = total + 60 * (number(match[1]) + 0.5), [*said, match[0]]
    for match in draft.take(rf"\b{_ABOUT}{_N}[\s-]*{_HOUR}\b"):
        total, said = total + 60 * number(match[1]), [*said, match[0]]
    for match in draft.take(rf"\b{_ABOUT}{_N}[\s-]*{_MIN}\b"):
        total, said = total + number(match[1]), [*said, match[0]]
    if not said and (one := _ONE_HOUR.search(draft.text)):
        total, said = 60.0, [one[0]]
        draft.cut(one.start("hour"), one.end("hour"))  # what kind of hour is still to be read
    if not said:
        return
    if not 0 < total <= MAX_MINUTES:
        draft.notes.append(f"A playlist lasts up to {MAX_MINUTES:,} minutes, not {total:,.0f}.")
        return
    draft.set("minutes", total, ", ".join(said), f"About {total:g} minutes in all.")


def _count(draft: Draft) -> None:
    between = r"(?:[a-z&'-]+\s+){0,3}?"
    patterns = (
        rf"\btop {_N}\b",
        rf"\b{either('count cue')}\s+(\d+)\b(?!\s*'?(?:st|nd|rd|th|s)\b)",
        rf"(?<![\d.,])\b{_N}\s+{between}{_TRACKS}\b",
    )
    for pattern in patterns:
        while match := re.search(pattern, draft.text):
            word = match[1]
            if word in ("a", "an", "un", "une", "una", "ein", "eine", "media"):
                break
            draft.cut(match.start(), match.end(1))
            _set_count(draft, int(number(word)), match[0])


def read_bare_count(draft: Draft) -> None:
    """A number that nothing else has claimed: "20 sad waltzes". To be read last."""
    unit = r"(?:-|\s*(?:bit|am|pm|%|years?|k|st|nd|rd|th|d|more|mehr|mas|de plus)\b)"
    match = re.search(rf"(?<![\w.,'-])([1-9]\d{{0,2}})\b(?!{unit})\s+[a-z]", draft.text)
    if match and match[1] not in _GEAR and "n_tracks" not in draft.slots:
        draft.cut(match.start(), match.end(1))
        _set_count(draft, int(match[1]), match[0])


def _set_count(draft: Draft, n: int, said: str) -> None:
    if n < 1:
        draft.notes.append("A playlist has at least one track, so I left the number open.")
        return
    if n > MAX_TRACKS:
        draft.notes.append(f"A playlist has up to {MAX_TRACKS:,} tracks, so I took that.")
    draft.set("n_tracks", min(n, MAX_TRACKS), said, f"{min(n, MAX_TRACKS):,} tracks.")
