"""How chords and basses move within a bar: one small function per figure, in two registries.

A figure gets the bar as it is (its steps, its chord) and returns strokes; `compose` turns strokes
into notes. Adding a figure is one function and one entry (and its name in `synth.schema`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from music.theory import Metre

OPEN_FROM: Final = 48.0  # MIDI; a fifth under C3 growls


class Stroke(NamedTuple):
    """Pitches struck together: step in the bar, length in steps, MIDI pitches, force."""

    step: float
    steps: float
    pitches: tuple[float, ...]
    force: float


@dataclass(frozen=True)
class Bar:
    """What a figure may know of its bar.

    ``voicing`` is the chord low to high; ``root`` the bass note, ``fifth`` its fifth, ``next_root``
    where the bass goes in the next bar, ``approach`` the step of the scale below that; ``busy`` the
    density in [0, 1]; ``stride`` how many steps apart chord tones come at the closest.
    """

    metre: Metre
    voicing: tuple[float, ...]
    root: float
    fifth: float
    third: float
    next_root: float
    approach: float
    busy: float
    stride: int = 1

    @property
    def open(self) -> tuple[float, float]:
        """Root and fifth (or what the scale has for it) from C3 up."""
        low = OPEN_FROM + (self.root - OPEN_FROM) % 12.0
        return low, low + self.fifth - self.root

    @property
    def beat(self) -> int:
        """Steps of a felt beat; compound beats count in three."""
        return self.metre.steps_per_beat

    @property
    def half(self) -> int:
        """Steps of the usual subdivision: an eighth, or a third of a compound beat."""
        return 2 if self.metre.steps_per_beat in (4, 6) else 1

    @property
    def starts(self) -> list[int]:
        """Where the groups of the metre begin."""
        return [0, *np.cumsum(self.metre.groups)[:-1].tolist()]


def _pad(bar: Bar) -> list[Stroke]:
    return [Stroke(0, bar.metre.steps, bar.voicing, 0.7)]


def _drone(bar: Bar) -> list[Stroke]:
    return [Stroke(0, bar.metre.steps, bar.open, 0.65)]


def _block(bar: Bar) -> list[Stroke]:
    return [
        Stroke(s, g * 0.95, bar.voicing, 0.8 if s == 0 else 0.65)
        for s, g in zip(bar.starts, bar.metre.groups, strict=True)
    ]


def _stabs(bar: Bar) -> list[Stroke]:
    first = bar.half + bar.beat // 2
    places = [first, *(s + bar.beat + (bar.half if i % 2 else 0) for i, s in enumerate(bar.starts))]
    return [Stroke(p, bar.half, bar.voicing, 0.7) for p in _within(bar, places, 3)]


def _offbeat(bar: Bar) -> list[Stroke]:
    off = bar.beat // 2 if bar.beat % 2 == 0 else bar.beat - 1
    return [Stroke(s, 1, bar.voicing, 0.7) for s in range(off, bar.metre.steps, bar.beat)]


def _oompah(bar: Bar) -> list[Stroke]:
    if bar.metre.steps_per_beat == 6:
        return [Stroke(s + 2 * i, 1.4, bar.voicing, 0.6) for s in bar.starts for i in (1, 2)]
    three = len(bar.metre.groups) == 3
    places = bar.starts[1:] if three else [s + bar.half for s in bar.starts]
    return [Stroke(s, bar.half, bar.voicing, 0.62) for s in places]


def _strum(bar: Bar) -> list[Stroke]:
    strokes = []
    for i, s in enumerate(range(0, bar.metre.steps, bar.half)):
        on = s in bar.starts
        if on or (i + (i // 3)) % 2 == 1 or bar.busy > 0.7:
            pitches = bar.voicing if i % 2 == 0 else bar.voicing[1:]
            strokes.append(Stroke(s, bar.half * 1.2, pitches, 0.8 if on else 0.5))
    return strokes


def _broken(bar: Bar) -> list[Stroke]:
    order = [0, 2, 1, 2, 3, 2, 1, 2] if len(bar.voicing) > 3 else [0, 1, 2, 1]
    low = bar.open[0] if bar.open[0] < bar.voicing[0] - 2 else bar.voicing[0]
    line = (low, *bar.voicing)
    return [
        Stroke(s, bar.half * 3, (line[order[i % len(order)] % len(line)],), 0.7 if i == 0 else 0.5)
        for i, s in enumerate(range(0, bar.metre.steps, bar.half))
    ]


def _alberti(bar: Bar) -> list[Stroke]:
    low, high = bar.voicing[0], bar.voicing[-1]
    middle = bar.voicing[len(bar.voicing) // 2]
    order = (low, high, middle, high)
    return [
        Stroke(s, bar.half, (order[i % 4],), 0.62 if i % 4 == 0 else 0.48)
        for i, s in enumerate(range(0, bar.metre.steps, bar.half))
    ]


def _arp(bar: Bar) -> list[Stroke]:
    line = (*bar.voicing, bar.voicing[0] + 12, *bar.voicing[:0:-1])
    return [
        Stroke(s, 1.2 * bar.stride, (line[i % len(line)],), 0.7 if s in bar.starts else 0.52)
        for i, s in enumerate(range(0, bar.metre.steps, bar.stride))
    ]


def _chug(bar: Bar) -> list[Stroke]:
    power = (*bar.open, bar.open[0] + 12)
    return [
        Stroke(s, bar.half * 0.9, power, 0.85 if s in bar.starts else 0.6)
        for s in range(0, bar.metre.steps, bar.half)
    ]


def _tremolo(bar: Bar) -> list[Stroke]:
    return [
        Stroke(s, 1.1, bar.voicing, 0.75 if s in bar.starts else 0.45)
        for s in range(bar.metre.steps)
    ]


def _montuno(bar: Bar) -> list[Stroke]:
    ends, inner = (bar.voicing[0], bar.voicing[0] + 12), bar.voicing[1:]
    places = [0, 3, 4, 6, 7, 9, 10, 12, 14, 15]
    strokes = [(p, ends if i % 2 == 0 else inner) for i, p in enumerate(places)]
    return [Stroke(p, 1.3, n, 0.75 if p == 0 else 0.6) for p, n in strokes if p < bar.metre.steps]


def _bossa(bar: Bar) -> list[Stroke]:
    return [Stroke(p, 1.8, bar.voicing, 0.6) for p in _within(bar, [0, 3, 6, 10, 13], 5)]


def _staccato(bar: Bar) -> list[Stroke]:
    strokes = [
        Stroke(s, bar.half * 0.6, bar.voicing, 0.8 if s == 0 else 0.6)
        for s in range(0, bar.metre.steps, bar.beat)
    ]
    return [*strokes, Stroke(bar.metre.steps - 1, 0.6, bar.voicing, 0.5)]


def _interlock(bar: Bar) -> list[Stroke]:
    """Two hands that fill each other's gaps, as in kotekan and mbira playing."""
    low, high = bar.voicing[0], bar.voicing[-1]
    middle = bar.voicing[len(bar.voicing) // 2]
    pattern = (low, high, middle, high, low, middle, high, middle)
    return [
        Stroke(s, 1.4, (pattern[(s * 3) % 8] + 12,), 0.55 if s % 2 == 0 else 0.45)
        for s in range(bar.metre.steps)
        if bar.busy > 0.3 or s % 2 == 0
    ]


def _jhala(bar: Bar) -> list[Stroke]:
    """A stroke on the playing string, three on the drone strings above it, every beat."""
    low, high = bar.open[0] + 12, bar.open[0] + 24
    return [
        Stroke(s, 1.2, (low,) if s % bar.beat == 0 else (high,), 0.75 if s % bar.beat == 0 else 0.5)
        for s in range(bar.metre.steps)
    ]


def _tresillo_stabs(bar: Bar) -> list[Stroke]:
    return [Stroke(s, 1.4, bar.voicing, 0.75 if s % 8 == 0 else 0.6) for s in _threes(bar)]


def _ostinato(bar: Bar) -> list[Stroke]:
    """Short bows on every half beat, stressed in threes until a last two: 3 + 3 + 2."""
    places = range(0, bar.metre.steps, bar.half)
    stressed = {s for s in places if s // bar.half % 8 in (0, 3, 6)}
    low = (*bar.open, bar.open[0] + 12)
    return [
        Stroke(
            s,
            bar.half * 0.7,
            bar.voicing if s in stressed else low[:1],
            1.0 if s in stressed else 0.45,
        )
        for s in places
    ]


COMPS: Final[Mapping[str, Callable[[Bar], list[Stroke]]]] = {
    "none": lambda bar: [],
    "pad": _pad,
    "block": _block,
    "stabs": _stabs,
    "offbeat": _offbeat,
    "oompah": _oompah,
    "strum": _strum,
    "broken": _broken,
    "alberti": _alberti,
    "arp": _arp,
    "chug": _chug,
    "tremolo": _tremolo,
    "montuno": _montuno,
    "bossa": _bossa,
    "staccato": _staccato,
    "interlock": _interlock,
    "jhala": _jhala,
    "ostinato": _ostinato,
    "tresillo": _tresillo_stabs,
    "drone": _drone,
    "unison": lambda bar: [],  # doubles the melody, so `compose` plays it
}


def _root(bar: Bar) -> list[Stroke]:
    last = bar.starts[-1]
    strokes = [Stroke(0, bar.beat * 1.5, (bar.root,), 0.85)]
    return [*strokes, Stroke(last + bar.half, bar.half * 1.5, (bar.root,), 0.6)]


def _root_fifth(bar: Bar) -> list[Stroke]:
    middle = bar.starts[len(bar.starts) // 2]
    return [
        Stroke(0, middle * 0.9, (bar.root,), 0.85),
        Stroke(middle, (bar.metre.steps - middle) * 0.8, (bar.fifth,), 0.7),
    ]


def _walking(bar: Bar) -> list[Stroke]:
    line = [bar.root, bar.third, bar.fifth, bar.third, bar.fifth]
    starts = list(range(0, bar.metre.steps, bar.beat))
    pitches = [line[i % len(line)] for i in range(len(starts))]
    pitches[-1] = bar.approach
    return [
        Stroke(s, bar.beat * 0.9, (p,), 0.8 if i % 2 == 0 else 0.7)
        for i, (s, p) in enumerate(zip(starts, pitches, strict=True))
    ]


def _bass_offbeat(bar: Bar) -> list[Stroke]:
    off = bar.beat // 2 if bar.beat % 2 == 0 else bar.beat - 1
    return [Stroke(s, bar.half, (bar.root,), 0.8) for s in range(off, bar.metre.steps, bar.beat)]


def _octaves(bar: Bar) -> list[Stroke]:
    return [
        Stroke(s, bar.half * 0.8, (bar.root + (12 if i % 2 else 0),), 0.8 if i % 2 == 0 else 0.6)
        for i, s in enumerate(range(0, bar.metre.steps, bar.half))
    ]


def _eighths(bar: Bar) -> list[Stroke]:
    return [
        Stroke(s, bar.half * 0.85, (bar.root,), 0.82 if s in bar.starts else 0.62)
        for s in range(0, bar.metre.steps, bar.half)
    ]


def _tumbao(bar: Bar) -> list[Stroke]:
    n = bar.metre.steps
    return [
        Stroke(0, bar.half, (bar.root,), 0.7),
        Stroke(round(n * 3 / 8), n / 4, (bar.fifth,), 0.8),
        Stroke(round(n * 3 / 4), n / 4, (bar.next_root,), 0.75),
    ]


def _bass_drone(bar: Bar) -> list[Stroke]:
    return [
        Stroke(0, bar.metre.steps, (bar.root,), 0.75),
        Stroke(bar.starts[-1], bar.metre.groups[-1], (bar.fifth,), 0.45),
    ]


def _dub(bar: Bar) -> list[Stroke]:
    places = _within(bar, [0, 3, 6, 10], 4)
    pitches = (bar.root, bar.root, bar.fifth, bar.third)
    return [
        Stroke(p, 2.2, (n,), 0.85 - 0.05 * i)
        for i, (p, n) in enumerate(zip(places, pitches, strict=False))
    ]


def _bass_oompah(bar: Bar) -> list[Stroke]:
    if len(bar.metre.groups) == 3:
        return [Stroke(0, bar.beat * 0.9, (bar.root,), 0.85)]
    pitches = (bar.root, bar.fifth)
    return [Stroke(s, bar.half * 1.2, (pitches[i % 2],), 0.8) for i, s in enumerate(bar.starts)]


def _gallop(bar: Bar) -> list[Stroke]:
    return [
        Stroke(s, 0.9, (bar.root,), 0.85 if s % bar.beat == 0 else 0.6)
        for s in range(bar.metre.steps)
        if s % 4 != 1
    ]


def _tresillo(bar: Bar) -> list[Stroke]:
    """3 + 3 + 2 in every half bar: what the bass of a dembow plays."""
    pitches = (bar.root, bar.root, bar.fifth)
    return [
        Stroke(s, 1.8, (pitches[i % 3],), 0.85 if i % 3 == 0 else 0.7)
        for i, s in enumerate(_threes(bar))
    ]


def _hits(bar: Bar) -> list[Stroke]:
    """Blows together with the big drums: one on the first beat, then all through the last group."""
    last = bar.starts[-1]
    places = [0, *range(last, bar.metre.steps, bar.half)]
    return [Stroke(s, bar.half, (bar.root,), 0.9 if s in (0, last) else 0.7) for s in places]


def _saidi(bar: Bar) -> list[Stroke]:
    """The three dums of saidi, the first two far apart and the last two close."""
    n = bar.metre.steps
    places = (0, round(n * 3 / 8), n // 2)
    return [Stroke(s, 1.8, (bar.root,), f) for s, f in zip(places, (0.85, 0.75, 0.85), strict=True)]


def _chaal(bar: Bar) -> list[Stroke]:
    """Where the bass side of the dhol is struck: dha, and two dhas before the next bar."""
    n = bar.metre.steps
    places = (0, round(0.65 * n), round(0.75 * n))
    pitches = (bar.root, bar.fifth, bar.root)
    return [Stroke(s, 1.8, (p,), 0.8) for s, p in zip(places, pitches, strict=True)]


BASS_LINES: Final[Mapping[str, Callable[[Bar], list[Stroke]]]] = {
    "none": lambda bar: [],
    "root": _root,
    "root fifth": _root_fifth,
    "walking": _walking,
    "offbeat": _bass_offbeat,
    "octaves": _octaves,
    "eighths": _eighths,
    "tumbao": _tumbao,
    "drone": _bass_drone,
    "dub": _dub,
    "long": lambda bar: [Stroke(0, bar.metre.steps, (bar.root,), 0.75)],
    "oompah": _bass_oompah,
    "gallop": _gallop,
    "tresillo": _tresillo,
    "hits": _hits,
    "saidi": _saidi,
    "chaal": _chaal,
}


def _within(bar: Bar, places: list[int], limit: int) -> list[int]:
    return sorted({p for p in places if 0 <= p < bar.metre.steps})[:limit]


def _threes(bar: Bar) -> list[int]:
    """The places of the tresillo in every half bar."""
    return [s for s in (0, 3, 6, 8, 11, 14) if s < bar.metre.steps]
