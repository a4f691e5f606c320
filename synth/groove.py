"""Rhythm grids laid over bars: any rhythm in any metre, with fills, ghosts and swing."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np

from music.theory import KITS, METRES, RHYTHMS, ROLES, Metre
from synth.schema import MusicConfig
from synth.score import Note

_FORCE: Final = {"X": 1.0, "x": 0.72, "o": 0.4, "r": 0.6}
_GHOSTS_FROM: Final = 0.25  # density below which ghosts stay away
Hit = tuple[int, float, bool]  # step, force, is it a roll


@lru_cache(maxsize=1024)
def grid(rhythm: str, metre: str) -> tuple[int, dict[str, tuple[Hit, ...]]]:
    """A rhythm in a metre: its length in bars and the hits of each role.

    In a foreign metre each beat keeps what falls on a step both have; should nothing be left, the
    groups of the metre are marked.
    """
    source, target = RHYTHMS[rhythm], METRES[metre]
    same = source.metre == metre
    bars = max(1, source.steps // METRES[source.metre].steps)
    hits: dict[str, tuple[Hit, ...]] = {}
    for role, text in source.lines:
        steps = bars * target.steps
        marks = (_mark(text, i, METRES[source.metre], target, same) for i in range(steps))
        found = tuple((i, _FORCE[m], m == "r") for i, m in enumerate(marks) if m in _FORCE)
        if found:
            hits[role] = found
    if not hits and source.lines:
        starts = np.cumsum((0, *target.groups[:-1]))
        hits["low"] = tuple((int(s), 1.0 if s == 0 else 0.7, False) for s in starts)
    return bars, hits


def _mark(text: str, step: int, source: Metre, target: Metre, same: bool) -> str:
    if same:
        return text[step % len(text)]
    beat, part = divmod(step, target.steps_per_beat)
    exact = part * source.steps_per_beat / target.steps_per_beat
    if exact != int(exact):
        return "."
    return text[(beat * source.steps_per_beat + int(exact)) % len(text)]


def swung(step: float, metre: Metre, swing: float) -> float:
    """When a step sounds, in beats: off-steps come late."""
    whole = int(step)
    per_beat = metre.steps_per_beat
    off = whole % 2 == 1 if per_beat % 2 == 0 else whole % per_beat == per_beat - 1
    return (step + (0.4 * swing if off else 0.0)) / per_beat


def drum_level(config: MusicConfig) -> float:
    """How hard the drums are hit: energy moves them more than anybody else."""
    return 0.2 + 0.8 * config.energy


def drum_notes(config: MusicConfig, bar: int, level: float, fill: bool) -> list[Note]:
    """The drums of one bar (times from the start of the bar, in beats)."""
    if config.kit == "none" or level <= 0:
        return []
    metre = METRES[config.metre]
    n_bars, hits = grid(config.rhythm, config.metre)
    first = (bar % n_bars) * metre.steps
    fill_from = metre.steps - metre.groups[-1] if fill else metre.steps
    notes = []
    for role in ROLES:
        for step, force, roll in hits.get(role, ()):
            at = step - first
            ghost = force < 0.5 and config.density < _GHOSTS_FROM
            if not 0 <= at < metre.steps or ghost or (at >= fill_from and role != "low"):
                continue
            notes.append(_hit(config, metre, role, at, force * level))
            if roll:
                notes.append(_hit(config, metre, role, at + 0.5, 0.7 * force * level))
    if fill and hits:
        notes += _fill(config, metre, fill_from, level)
    return notes


def _fill(config: MusicConfig, metre: Metre, start: int, level: float) -> list[Note]:
    """The last group of a phrase, filled: louder and denser towards the next bar."""
    stride = 1 if config.energy > 0.6 else 2
    steps = range(start, metre.steps, stride)
    roles = ("mid", "high") if config.energy < 0.5 else ("mid", "low")
    return [
        _hit(config, metre, roles[(i // 2) % 2], s, level * (0.45 + 0.4 * i / max(1, len(steps))))
        for i, s in enumerate(steps)
    ]


def _hit(config: MusicConfig, metre: Metre, role: str, step: float, force: float) -> Note:
    voice = KITS[config.kit][role]
    start = swung(step, metre, config.swing)
    return Note("drums", voice, start, 1.0, 69.0, min(1.0, force), role)
