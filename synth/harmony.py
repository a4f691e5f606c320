"""Chords out of any scale: only tones near a third and a fifth of the root, so nothing grates.

A progression names degrees in Roman numerals; in a scale of five or eight tones the degree nearest
to the numeral's usual pitch is taken. Voicings move as little as they can and stay open low down.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import pairwise, product
from typing import Final

from music.theory import SCALES, ScaleType

_NUMERALS: Final = {"I": 0, "II": 1, "III": 2, "IV": 3, "V": 4, "VI": 5, "VII": 6}
_USUAL: Final = {
    "major": (0, 200, 400, 500, 700, 900, 1050), "minor": (0, 200, 300, 500, 700, 800, 1000),
}  # fmt: skip
NEAR_CENTS: Final = 65.0  # a chord tone this far off its pure place is still that tone
LOWEST: Final = 57.0  # MIDI; below, close intervals turn muddy
HIGHEST: Final = 81.0
OPEN_BELOW: Final = 64.0  # MIDI; thirds on tones below it cost


def pitch_of(scale: ScaleType, degree: int) -> float:
    """Cents above the tonic of any scale degree; degrees run on through the octaves.

    >>> pitch_of(SCALES["major"], 7), pitch_of(SCALES["bayati"], 1)
    (1200.0, 150.0)
    """
    octave, step = divmod(degree, len(scale.cents))
    return octave * scale.period_cents + scale.cents[step]


def nearest_degree(scale: ScaleType, cents: float) -> int:
    """The scale degree whose pitch lies nearest to so many cents above the tonic."""
    octave = int(cents // scale.period_cents)
    near = range((octave - 1) * len(scale.cents), (octave + 2) * len(scale.cents) + 1)
    return min(near, key=lambda d: (abs(pitch_of(scale, d) - cents), d))


@lru_cache(maxsize=4096)
def chord_tones(scale_name: str, symbol: str) -> tuple[float, ...]:
    """The tones of a chord in cents above the tonic, root first; "-" is the open drone."""
    scale = SCALES[scale_name]
    if symbol == "-":
        return (0.0, *_in_scale(scale, 0.0, (700.0,)))
    numeral = symbol.rstrip("Mm57")
    suffix = symbol[len(numeral) :]
    usual = float(_USUAL[scale.tonality][_NUMERALS[numeral]])
    root = pitch_of(scale, nearest_degree(scale, usual))
    if suffix == "M":
        third: tuple[float, ...] = (root + 400.0,)
    elif suffix == "m":
        third = (root + 300.0,)
    elif suffix == "5":
        third = ()
    else:
        third = _in_scale(scale, root, (386.0, 316.0))[:1]
    tones = (root, *third, *_in_scale(scale, root, (702.0,)))
    if suffix == "7":
        tones += _in_scale(scale, root, (1000.0, 1100.0))[:1]
    if len(tones) < 2:
        tones += (root + scale.period_cents,)
    return tones


def _in_scale(scale: ScaleType, root: float, wanted: tuple[float, ...]) -> tuple[float, ...]:
    """Scale tones within `NEAR_CENTS` of the wanted distances above a root."""
    found = []
    for distance in wanted:
        cents = pitch_of(scale, nearest_degree(scale, root + distance))
        if abs(cents - root - distance) <= NEAR_CENTS and cents - root not in found:
            found.append(cents - root)
    return tuple(root + d for d in found)


def chord_degrees(scale: ScaleType, tones: tuple[float, ...]) -> frozenset[int]:
    """The scale steps (0 .. n - 1) that belong to a chord."""
    n = len(scale.cents)
    return frozenset(
        nearest_degree(scale, t) % n
        for t in tones
        if abs(pitch_of(scale, nearest_degree(scale, t)) - t) < 30
    )


@lru_cache(maxsize=4096)
def voicing(
    tones: tuple[float, ...], tonic: float, last: tuple[float, ...], centre: float = 65.0
) -> tuple[float, ...]:
    """Where the tones of a chord sit, as MIDI numbers, low to high.

    Of all placements between `LOWEST` and `HIGHEST` with no interval under a minor third (or, where
    there is none, a whole tone), the one that moves least from the last voicing and stays open low
    down; the first chord sits around `centre`.
    """
    placements = sorted(
        {tuple(sorted(c)) for c in product(*(_octaves(tonic + t / 100.0) for t in tones))}
    )
    for closest in (2.9, 1.9, 0.0):
        open_ones = [p for p in placements if all(b - a > closest for a, b in pairwise(p))]
        if open_ones:
            return min(open_ones, key=lambda notes: _cost(notes, last, centre))
    return placements[0]


def _cost(notes: tuple[float, ...], last: tuple[float, ...], centre: float) -> float:
    """How far a chord is from the last, how wide it is, and how much its low thirds growl."""
    growl = sum(b - a < 4.5 for a, b in pairwise(notes) if a < OPEN_BELOW)
    return _distance(notes, last, centre) + 0.35 * max(0.0, notes[-1] - notes[0] - 14) + 1.5 * growl


def _octaves(pitch: float) -> list[float]:
    lowest = LOWEST + (pitch - LOWEST) % 12.0
    return [p for p in (lowest, lowest + 12.0) if p <= HIGHEST]


def _distance(notes: tuple[float, ...], last: tuple[float, ...], centre: float) -> float:
    if not last:
        return abs(sum(notes) / len(notes) - centre)
    return sum(min(abs(a - b) for b in last) for a in notes)
