"""From one piece to another in music, not in sound: one beat grid, one key at a time.

Each bar is composed from a config between the two: levels and tempo glide, voices change at bar
lines one layer after the other, drum hits fade in and out by chance, and where the scale changes
only tones that both scales share are played.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from music.errors import InputError
from music.theory import METRES, SCALES
from synth.compose import LOOP, Writer
from synth.groove import drum_level, drum_notes
from synth.harmony import pitch_of
from synth.schema import LEVELS, MusicConfig
from synth.score import Note, Score

# When (0 to 1) each field changes over; fields of one layer change together.
_CHANGES: Final = {
    "texture": 0.25, "bass": 0.35, "bass_line": 0.35, "harmony": 0.42, "comp": 0.42, "scale": 0.5,
    "metre": 0.5, "progression": 0.5, "root": 0.5, "melody": 0.6, "habit": 0.6, "motif": 0.6,
    "kit": 0.66, "rhythm": 0.66, "accent": 0.75, "seed": 0.6,
    "ambience": 0.5,
}  # fmt: skip
_TAIL_S: Final = 2.0
_SHARED: Final = 0.12  # around the change of scale, so far to either side, only shared tones


def between(a: MusicConfig, b: MusicConfig, t: float) -> MusicConfig:
    """The config a share t in [0, 1] of the way; 0 is a, 1 is b.

    Levels go in straight lines, the tempo by equal ratios, each name changes over once.
    """
    if not 0.0 <= t <= 1.0:
        raise InputError(f"a tween goes from 0 to 1, got {t!r}.")
    if t in (0.0, 1.0):
        return b if t else a
    changes: dict[str, Any] = {
        name: round((1 - t) * getattr(a, name) + t * getattr(b, name), 3) for name in LEVELS
    }
    changes |= {n: getattr(a if t < change else b, n) for n, change in _CHANGES.items()}
    changes["tempo_bpm"] = a.tempo_bpm ** (1 - t) * b.tempo_bpm**t
    return a.with_(**changes)


def blended(configs: Sequence[MusicConfig], weights: Sequence[float]) -> MusicConfig:
    """One config out of several: levels and tempo by weight, names from the heaviest.

    A second one with at least half the weight of the first lends its melody.
    """
    total = float(sum(weights))
    if not configs or len(configs) != len(weights) or min(weights) < 0 or total <= 0:
        raise InputError("a blend needs as many weights (none negative, one positive) as configs.")
    shares = np.array(weights) / total
    order = np.argsort(-shares, kind="stable")
    main: MusicConfig = configs[int(order[0])]
    changes: dict[str, Any] = {
        n: round(float(sum(s * getattr(c, n) for s, c in zip(shares, configs, strict=True))), 3)
        for n in LEVELS
    }
    logs = [s * np.log(c.tempo_bpm) for s, c in zip(shares, configs, strict=True)]
    changes["tempo_bpm"] = float(np.exp(sum(logs)))
    if len(configs) > 1 and shares[order[1]] >= 0.5 * shares[order[0]]:
        second = configs[int(order[1])]
        changes |= {n: getattr(second, n) for n in ("melody", "habit", "accent")}
    return main.with_(**changes)


def tween(a: MusicConfig, b: MusicConfig, bars: int = 16) -> Score:
    """A score that starts as one config and ends as the other, bar by bar; see `journey`."""
    return journey((a, b), bars)


def journey(configs: Sequence[MusicConfig], bars: int = 16, duration_s: float = 0.0) -> Score:
    """A score that goes through configs in turn, at even steps, bar by bar.

    Its beats are seconds (``tempo_bpm`` is 60), because the tempo glides; ``duration_s`` stretches
    them so that it lasts exactly so long, the last two seconds ringing out (0: as it comes).

    Raises
    ------
    InputError
        If there are no bars, more than 512, or no two configs.
    """
    if not 1 <= bars <= 512:
        raise InputError(f"a tween has between 1 and 512 bars, got {bars}.")
    if len(configs) < 2:
        raise InputError("a tween goes from one config to another; there must be two at least.")
    legs = len(configs) - 1
    notes: list[Note] = []
    voicing: tuple[float, ...] = ()
    around: list[tuple[float, str]] = []
    now_s = 0.0
    for bar in range(bars):
        along = bar / max(1, bars - 1) * legs
        leg = min(int(along), legs - 1)
        written, voicing, length_s = _bar(configs[leg], configs[leg + 1], along - leg, bar, voicing)
        notes += [n._replace(start=now_s + n.start) for n in written]
        ambience = between(configs[leg], configs[leg + 1], along - leg).ambience
        if not around or around[-1][1] != ambience:
            around.append((now_s, ambience))
        now_s += length_s
    if duration_s:
        ratio = (duration_s - _TAIL_S) / now_s
        notes, around = _stretched(notes, ratio), [(ratio * at, name) for at, name in around]
        now_s = duration_s - _TAIL_S
    middle = replace(between(configs[0], configs[-1], 0.5), tempo_bpm=60.0)
    in_order = tuple(sorted(notes, key=lambda n: n.start))
    return Score(middle, in_order, (), now_s, 60.0, _TAIL_S, tuple(around))


def _bar(
    a: MusicConfig, b: MusicConfig, t: float, bar: int, voicing: tuple[float, ...]
) -> tuple[list[Note], tuple[float, ...], float]:
    """The notes of one bar in seconds from its start, the chord it ends on, and its length."""
    config = between(a, b, t)
    writer = Writer(config, 1, voicing)
    writer.write(0, bar, LOOP, fill=False)
    beat_s = 60.0 / config.tempo_bpm
    kept = [n for n in writer.finished() if n.layer != "drums"]
    if abs(t - _CHANGES["scale"]) < _SHARED and a.scale != b.scale:
        shared = [n for n in kept if _shared(n.pitch, a, b)]
        kept = shared if 2 * len(shared) > len(kept) else kept  # never thin it out to nothing
    kept += _drums(config, a, b, t, bar)
    in_seconds = [n._replace(start=max(n.start, 0.0) * beat_s, beats=n.beats * beat_s)
                  for n in kept]  # fmt: skip
    return in_seconds, writer.voicing, METRES[config.metre].beats * beat_s


def _stretched(notes: list[Note], ratio: float) -> list[Note]:
    return [n._replace(start=n.start * ratio, beats=n.beats * ratio) for n in notes]


def _shared(pitch: float, a: MusicConfig, b: MusicConfig) -> bool:
    """Whether a tone belongs to both scales, to within 30 cents."""
    return all(
        min(
            abs(((pitch - c.root) * 100 - pitch_of(SCALES[c.scale], d) + 600) % 1200 - 600)
            for d in range(len(SCALES[c.scale].cents))
        )
        < 30
        for c in (a, b)
    )


def _drums(config: MusicConfig, a: MusicConfig, b: MusicConfig, t: float, bar: int) -> list[Note]:
    """The drums of both, each hit with the chance of its side; the same hits each time."""
    notes: list[Note] = []
    for side, share in ((a, 1 - t), (b, t)):
        dressed = config.with_(kit=side.kit, rhythm=side.rhythm)
        for note in drum_notes(dressed, bar, drum_level(config), fill=False):
            chance = zlib.crc32(f"{note.seat} {note.start:.3f}".encode()) / 2**32
            if chance < share * 1.5 - 0.25:
                notes.append(note)
    return notes
