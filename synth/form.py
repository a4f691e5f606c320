"""Form: how a piece of an exact length is laid out, and which tempo makes it fit.

Sections come and go at bar lines, the force follows an arc, and the last chord has time to ring.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from music.errors import InputError
from music.theory import METRES
from synth.schema import TEMPO_BPM, MusicConfig

SECONDS: Final = (0.5, 3600.0)
ALL: Final = frozenset({"melody", "harmony", "bass", "texture", "accent", "drums"})
_GROUND: Final = frozenset({"harmony", "bass", "texture"})
_CALM: Final = frozenset({"melody", "harmony", "texture", "bass"})


class Section(NamedTuple):
    """Some bars that belong together.

    ``level`` scales the force; ``contrast`` swaps theme and answer, so that a B is not an A.
    """

    name: str
    bars: int
    level: float
    layers: frozenset[str]
    contrast: bool = False


class Plan(NamedTuple):
    """A piece of an exact length: its sections, the tempo that fits, and the time to ring."""

    sections: tuple[Section, ...]
    tempo_bpm: float
    tail_s: float

    @property
    def bars(self) -> int:
        """Bars before the last chord."""
        return sum(section.bars for section in self.sections)


def plan(config: MusicConfig, duration_s: float) -> Plan:
    """Sections, tempo and tail of a piece that lasts exactly so many seconds.

    The last chord may ring a little longer or shorter before the tempo is touched; then the tempo
    bends by the least that fits a whole number of bars.

    Raises
    ------
    InputError
        If the length is not between half a second and an hour.
    """
    low, high = SECONDS
    if not low <= duration_s <= high:
        raise InputError(
            f"a piece lasts between {low:g} s and {high:,.0f} s, got {duration_s:,.1f} s."
        )
    beats = METRES[config.metre].beats
    bar_s = beats * 60.0 / config.tempo_bpm
    ring_s = min(max(0.16 * duration_s, 0.9), 3.2)
    best: tuple[float, int, float] = (float("inf"), 0, duration_s)
    guess = int((duration_s - ring_s) / bar_s)
    for bars in range(max(1, guess - 1), guess + 3):
        tail = min(max(duration_s - bars * bar_s, 0.55 * ring_s), 1.7 * ring_s)
        tempo = bars * beats * 60.0 / max(duration_s - tail, 1e-6)
        bend = abs(tempo / config.tempo_bpm - 1)
        if TEMPO_BPM[0] <= tempo <= TEMPO_BPM[1] and bend < best[0] - 1e-12:
            best = (bend, bars, tail)
    bend, bars, tail = best
    if bars == 0 or bend > 0.35:  # shorter than any bar: the last chord is the piece
        return Plan((), config.tempo_bpm, duration_s)
    tempo = config.tempo_bpm if bend < 1e-9 else bars * beats * 60.0 / (duration_s - tail)
    return Plan(sections(bars), tempo, tail)


def sections(bars: int) -> tuple[Section, ...]:
    """Intro, A, B, A and outro for so many bars; short pieces have less of it.

    >>> [(s.name, s.bars) for s in sections(24)]
    [('intro', 2), ('A', 8), ('B', 6), ('A', 6), ('outro', 2)]
    """
    if bars <= 4:
        return (Section("A", bars, 0.95, ALL),)
    if bars <= 10:
        intro = 1 if bars < 8 else 2
        return (
            Section("intro", intro, 0.75, _GROUND),
            Section("A", bars - intro, 1.0, ALL),
        )
    intro = outro = 2 if bars < 32 else 4
    body = bars - intro - outro
    first = _in_fours(body * 0.36)
    middle = _in_fours(body * 0.3, 2)
    parts = [
        Section("intro", intro, 0.7, _GROUND),
        Section("A", first, 0.9, ALL - {"accent"}),
        Section("B", middle, 1.0, ALL, contrast=True),
        Section("A", body - first - middle, 1.0, ALL),
        Section("outro", outro, 0.8, _CALM),
    ]
    return tuple(_split(parts))


def _split(parts: list[Section]) -> list[Section]:
    """Very long sections breathe: every 32 bars a calm 8."""
    out = []
    for part in parts:
        left = part.bars
        while left > 48:
            out += [part._replace(bars=32), Section("break", 8, 0.75, _CALM, True)]
            left -= 40
        out.append(part._replace(bars=left))
    return out


def _in_fours(bars: float, step: int = 4) -> int:
    return max(step, round(bars / step) * step)
