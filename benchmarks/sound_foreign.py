"""Loops the engine did not make: drums and chords as MIDI, played by FluidSynth from Debian.

What is right is known, because the notes are written here; nothing of our synth is in the sound.
"""

from __future__ import annotations

import io
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import soundfile

from synth.midi import TICKS, midi_file, tempo_message

SOUNDFONT: Final = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
# Sixteenths of a bar of common kit patterns: kick, snare, closed hat, open hat or ride.
DRUMS: Final = {
    "rock": ("x.......x.x.....", "....x.......x...", "x.x.x.x.x.x.x.x.", ""),
    "house": ("x...x...x...x...", "....x.......x...", "", "..x...x...x...x."),
    "ballad": ("x.........x.....", "........x.......", "x...x...x...x...", ""),
    "funk": ("x..x......x..x..", "....x..x.x..x...", "xxxxxxxxxxxxxxxx", ""),
    "disco": ("x...x...x...x...", "....x.......x...", "x.x.x.x.x.x.x.x.", "..x...x...x...x."),
    "hip hop": ("x......x..x.....", "....x.......x...", "x.x.x.x.x.x.x.x.", ""),
    "punk": ("x.x...x.x.x...x.", "....x.......x...", "x.x.x.x.x.x.x.x.", ""),
    "bossa": ("x...x.x.x...x.x.", "x..x..x...x..x..", "xxxxxxxxxxxxxxxx", ""),
}
_KEYS: Final = (36, 38, 42, 46)
_TEMPI: Final = {  # where a pattern is usually played
    "rock": (96, 144), "house": (118, 130), "ballad": (66, 88), "funk": (92, 116),
    "disco": (108, 126), "hip hop": (80, 100), "punk": (150, 185), "bossa": (110, 140),
}  # fmt: skip
_CHORDS: Final = {
    "major": ((0, 5, 7, 0), (0, 9, 5, 7), (0, 7, 9, 5), (0, 5, 0, 7)),
    "minor": ((0, 5, 7, 0), (0, 8, 3, 10), (0, 10, 8, 7), (0, 5, 0, 7)),
}
_SCALES: Final = {"major": (0, 2, 4, 5, 7, 9, 11), "minor": (0, 2, 3, 5, 7, 8, 10)}
_PROGRAMS: Final = (0, 4, 16, 24, 25, 27, 48, 50, 52, 88)  # pianos, organ, guitars, strings, pads


@dataclass(frozen=True)
class Loop:
    """A foreign loop: what was played, and the sound of it, float32 (n, 2)."""

    pattern: str
    tempo_bpm: float
    tonic: int
    mode: str
    samples: np.ndarray
    sample_rate: int


def available() -> bool:
    """Whether FluidSynth and its General MIDI sounds are installed."""
    return shutil.which("fluidsynth") is not None and SOUNDFONT.exists()


def loop(seed: int, drums: bool = True, chords: bool = True, bars: int = 8) -> Loop:
    """Eight bars drawn by a seed; without chords the key means nothing."""
    rng = np.random.default_rng([seed, 41])
    pattern = str(rng.choice(list(DRUMS)))
    tempo = float(np.round(rng.uniform(*_TEMPI[pattern]), 1))
    tonic, mode = int(rng.integers(12)), str(rng.choice(list(_CHORDS)))
    notes: list[tuple[float, float, int, int, int]] = []  # beat, length, channel, key, velocity
    if drums:
        notes += _drummed(pattern, bars, rng)
    if chords:
        notes += _harmonised(tonic, mode, bars, rng)
    file = _midi(notes, tempo, int(rng.choice(_PROGRAMS)))
    samples, rate = _played(file)
    return Loop(pattern, tempo, tonic, mode, samples[: round(bars * 240 / tempo * rate)], rate)


def _drummed(
    pattern: str, bars: int, rng: np.random.Generator
) -> list[tuple[float, float, int, int, int]]:
    return [
        (4 * bar + step / 4, 0.2, 9, key, int(rng.integers(80, 112)))
        for bar in range(bars)
        for key, line in zip(_KEYS, DRUMS[pattern], strict=True)
        for step, mark in enumerate(line)
        if mark == "x"
    ]


def _harmonised(
    tonic: int, mode: str, bars: int, rng: np.random.Generator
) -> list[tuple[float, float, int, int, int]]:
    """A chord a bar, struck on beats one and three, with a bass under it."""
    roots = _CHORDS[mode][int(rng.integers(len(_CHORDS[mode])))]
    scale, notes, low = _SCALES[mode], [], 54 + (tonic - 6) % 12
    for bar in range(bars):
        degree = scale.index(roots[bar % len(roots)])
        pitches = [scale[(degree + d) % 7] + 12 * ((degree + d) // 7) for d in (0, 2, 4)]
        if mode == "minor" and degree == 4:  # the dominant of minor is major
            pitches[1] += 1
        for beat in (0, 2):
            at = 4 * bar + beat
            notes += [(at, 1.9, 0, low + p, 84) for p in pitches]
            notes.append((at, 1.9, 1, 36 + (tonic + pitches[0]) % 12, 92))
    return notes


def _midi(notes: list[tuple[float, float, int, int, int]], tempo: float, program: int) -> bytes:
    events = [(0, 0, tempo_message(tempo)), (0, 1, bytes([0xC0, program])),
              (0, 1, bytes([0xC1, 33]))]  # fmt: skip
    for beat, length, channel, key, velocity in notes:
        events.append((round(beat * TICKS), 3, bytes([0x90 | channel, key, velocity])))
        events.append((round((beat + length) * TICKS), 2, bytes([0x80 | channel, key, 0])))
    return midi_file(events)


def _played(file: bytes) -> tuple[np.ndarray, int]:
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder, "loop.mid"), Path(folder, "loop.wav")
        score.write_bytes(file)
        subprocess.run(
            ["fluidsynth", "-niq", "-r", "22050", "-F", str(sound), str(SOUNDFONT), str(score)],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        return soundfile.read(io.BytesIO(sound.read_bytes()), dtype="float32", always_2d=True)
