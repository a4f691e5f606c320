"""Melodies with a memory: a motif, its repeat, its answer and a cadence.

A phrase is four bars: A, B, A', C. The motif is a rhythm and a contour in scale steps; repeats keep
both and move them to the chord of their bar; the cadence ends on a long chord tone. So any scale,
metre and progression gives a tune that says something twice before it moves on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np

from music.theory import METRES, SCALES, Metre, ScaleType
from synth.harmony import chord_degrees, pitch_of
from synth.schema import MusicConfig

PLAN: Final = ("A", "B", "A", "C", "A", "B", "A", "D")  # C half-closes, D comes home
_SWAPPED: Final = str.maketrans("AB", "BA")  # a contrasting section is built on the answer


class Tone(NamedTuple):
    """One melody tone: step in the bar, length in steps, scale degree, force, ornament cents."""

    step: float
    steps: float
    degree: int
    force: float


@dataclass(frozen=True)
class Manner:
    """How a habit of melody behaves: chances and sizes, all but `fill` in their own units.

    ``chordal`` is the chance that a tone off the beats is a chord tone too, as all on them are;
    ``fill`` is the share of usual places that get a tone at density 0.5; ``finest`` is what the
    tune moves in, sixteenths, eighths or beats; ``leap`` is the chance of a step wider than a
    second; ``syncopate`` moves weight off the beats; ``ornament`` is the chance of a grace note;
    ``rest`` the chance that a bar begins without a tone; ``reach`` how many steps it strays.
    """

    fill: float
    finest: str
    leap: float
    syncopate: float
    ornament: float
    rest: float
    reach: int
    chordal: float = 0.0


MANNERS: Final = {
    "song": Manner(0.5, "eighth", 0.22, 0.2, 0.03, 0.25, 5),
    "riff": Manner(0.45, "sixteenth", 0.3, 0.6, 0.0, 0.1, 4),
    "arpeggio": Manner(0.95, "sixteenth", 0.8, 0.0, 0.0, 0.0, 8, 1.0),
    "ornamented": Manner(0.38, "sixteenth", 0.08, 0.25, 0.45, 0.15, 4),
    "sparse": Manner(0.2, "eighth", 0.3, 0.3, 0.05, 0.5, 5),
    "runs": Manner(0.8, "sixteenth", 0.1, 0.1, 0.12, 0.15, 7),
    "call": Manner(0.5, "eighth", 0.25, 0.45, 0.03, 0.4, 5),
    "hymn": Manner(0.3, "beat", 0.12, 0.0, 0.0, 0.1, 4),
    "elaborate": Manner(0.9, "eighth", 0.2, 0.0, 0.0, 0.0, 5),
    "triadic": Manner(0.42, "beat", 0.45, 0.0, 0.02, 0.1, 6, 0.8),
}


@dataclass(frozen=True)
class Motif:
    """A rhythm (steps in the bar) and a contour (scale steps from its anchor)."""

    steps: tuple[int, ...]
    contour: tuple[int, ...]


class Melodist:
    """Invents the melody of one config, bar by bar; the same seed gives the same tune."""

    def __init__(self, config: MusicConfig, rng: np.random.Generator) -> None:
        self.config = config
        self.metre: Metre = METRES[config.metre]
        self.scale: ScaleType = SCALES[config.scale]
        self.manner = MANNERS[config.habit]
        self._rng = rng
        self._motifs = {name: self._invent(name) for name in "ABCD"}
        self._anchor = int(rng.integers(0, len(self.scale.cents)))

    def bar(self, index: int, tones: tuple[float, ...], contrast: bool = False) -> list[Tone]:
        """The melody of one bar over a chord given as cents above the tonic."""
        name = PLAN[index % len(PLAN)]
        if contrast:
            name = name.translate(_SWAPPED)
        motif = self._motifs[name]
        if index % 4 == 2:
            motif = self._varied(motif)
        chord = chord_degrees(self.scale, tones) or frozenset({0})
        anchor = self._near(chord, self._target(index))
        self._anchor = anchor
        degrees = [anchor + c for c in motif.contour]
        degrees = [self._fitted(d, s, chord) for d, s in zip(degrees, motif.steps, strict=True)]
        if name in "CD" and degrees:
            degrees[-1] = self._near(frozenset({0}) if name == "D" else chord, degrees[-1])
        return self._timed(motif.steps, degrees, chord, name in "CD")

    def _target(self, index: int) -> int:
        """Phrases rise and fall: the anchor climbs in the middle and comes home at the end."""
        n = len(self.scale.cents)
        arc = (0, 1, 2, 1, 2, 4, 3, 0)[index % 8]
        return round((self._anchor + arc * n / 7) / 2)

    def _near(self, chord: frozenset[int], degree: int) -> int:
        n = len(self.scale.cents)
        around = [d for d in range(degree - n, degree + n + 1) if d % n in chord]
        return min(around, key=lambda d: (abs(d - degree), d)) if around else degree

    def _fitted(self, degree: int, step: int, chord: frozenset[int]) -> int:
        """Strong places take chord tones; all stay within reach of the anchor."""
        n = len(self.scale.cents)
        low, high = -3, n + 5
        while degree > high:
            degree -= n
        while degree < low:
            degree += n
        strong = step in np.cumsum((0, *self.metre.groups))
        chordal = self.manner.chordal
        if strong or (chordal > 0 and self._rng.random() < chordal):
            return self._near(chord, degree)
        return degree

    def _timed(
        self, steps: tuple[int, ...], degrees: list[int], chord: frozenset[int], cadence: bool
    ) -> list[Tone]:
        """Lengths from the gaps, force from the place; tones in passing are the softest."""
        n = len(self.scale.cents)
        ends = (*steps[1:], self.metre.steps)
        tones = []
        for i, (start, end, degree) in enumerate(zip(steps, ends, degrees, strict=True)):
            last = cadence and i == len(steps) - 1
            length = (end - start) * (1.0 if last else 0.7 + 0.3 * self.config.legato)
            strong = start in np.cumsum((0, *self.metre.groups))
            force = 0.85 if strong else 0.66 if degree % n in chord else 0.38
            tones.append(Tone(start, length, degree, force))
            if self._rng.random() < self.manner.ornament and not last and end - start >= 2:
                tones[-1] = Tone(start + 0.5, length - 0.5, degree, tones[-1].force)
                side = 1 if self._rng.random() < 0.7 else -1
                tones.append(Tone(start, 0.6, degree + side, 0.3))
        return sorted(tones)

    def _invent(self, name: str) -> Motif:
        """A new motif; C and D end early on a long tone."""
        steps = self._rhythm(name)
        given = self.config.motif
        if given and name in "AB":
            steps = tuple(s for i, s in enumerate(steps) if given[i % len(given)] is not None)
            contour = tuple(d for d in given if d is not None) or (0,)
            return Motif(steps, tuple(contour[i % len(contour)] for i in range(len(steps))))
        return Motif(steps, self._contour(len(steps)))

    def _rhythm(self, name: str) -> tuple[int, ...]:
        metre, manner = self.metre, self.manner
        eighth = 2 if metre.steps_per_beat in (4, 6) else 1
        stride = {"sixteenth": 1, "eighth": eighth, "beat": metre.steps_per_beat}[manner.finest]
        places = np.arange(0, metre.steps, stride)
        strength = np.ones(len(places))
        starts = np.cumsum((0, *metre.groups))
        strength[np.isin(places, starts)] += 2.5 * (1 - manner.syncopate)
        half = places % max(1, metre.steps_per_beat // 2) == 0
        strength[half] += 0.8
        strength[~half] *= 0.35 + manner.syncopate
        if name in "CD":  # a cadence leaves room for its long last tone
            strength[places > metre.steps * 0.55] = 0.0
        share = manner.fill * (0.55 + 0.9 * self.config.density)
        n = round(share * metre.steps / (1.0 if manner.fill > 0.7 and stride == 1 else 2.0))
        n = max(1, min(n, int((strength > 0).sum())))
        chosen = self._rng.choice(len(places), n, replace=False, p=strength / strength.sum())
        steps = set(places[chosen].tolist())
        if self._rng.random() > manner.rest or name in "CD":
            steps.add(0)
        return tuple(sorted(steps))

    def _contour(self, n: int) -> tuple[int, ...]:
        """A walk with momentum: mostly steps, some leaps, turning at the edge of its reach."""
        at, direction, walk = 0, 1 if self._rng.random() < 0.6 else -1, []
        for _ in range(n):
            walk.append(at)
            if self._rng.random() < 0.3 or abs(at + direction) > self.manner.reach:
                direction = -direction
            leap = self._rng.random() < self.manner.leap
            at += direction * (int(self._rng.integers(2, 4)) if leap else 1)
        return tuple(walk)

    def _varied(self, motif: Motif) -> Motif:
        """The same motif with its last tones led elsewhere."""
        if len(motif.steps) < 3:
            return motif
        shift = 1 if self._rng.random() < 0.5 else -1
        tail = len(motif.contour) // 3
        contour = (*motif.contour[:-tail], *(c + shift for c in motif.contour[-tail:]))
        return Motif(motif.steps, contour if tail else motif.contour)


def midi_of(scale: ScaleType, root: int, degree: int, octave: int) -> float:
    """The MIDI number (between keys where the scale is) of a degree above the tonic."""
    return 12.0 * (octave + 1) + root + pitch_of(scale, degree) / 100.0
