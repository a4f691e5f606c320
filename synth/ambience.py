"""Where the music stands: rain, surf, the dust on a record, laid softly under the whole piece.

An ambience is a stereo table of noise and small events that runs into its own beginning, made once
per sample rate and always the same; the seed of a piece says where in it the piece begins.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from typing import Final

import numpy as np
import scipy.fft

from synth import master
from synth.partials import HIGHEST, Floats, Samples

TABLE_S: Final = 12.6  # seven turns of a long-playing record
TABLE_LUFS: Final = -23.0
Maker = Callable[["Field"], None]


class Field:
    """A circle of stereo samples that noises and events are laid on."""

    def __init__(self, name: str, sample_rate: int) -> None:
        mark = zlib.crc32(name.encode())
        self.chance = np.random.default_rng([mark, 0])  # the same events at every rate
        self.grain = np.random.default_rng([mark, 1])
        self.sample_rate = sample_rate
        self.n = scipy.fft.next_fast_len(round(TABLE_S * sample_rate), real=True)
        self.out = np.zeros((2, self.n), np.float32)

    def noise(self, low_hz: float, high_hz: float) -> Samples:
        """Noise between two frequencies (soft edges) of unit RMS on each side, (2, n)."""
        freqs = scipy.fft.rfftfreq(self.n, 1 / self.sample_rate)
        shape = 1 / (1 + (low_hz / np.maximum(freqs, 1.0)) ** 4) / (1 + (freqs / high_hz) ** 4)
        shape[(freqs > HIGHEST * self.sample_rate) | (freqs < 15.0)] = 0.0
        return self._random(shape.astype(np.float32), 2)

    def swell(self, rate_hz: float, depth: float, sides: int = 1) -> Samples:
        """A slow gain around 1 that moves about so many times a second, (sides, n)."""
        freqs = scipy.fft.rfftfreq(self.n, 1 / self.sample_rate)
        shape = np.where(freqs > 0, np.exp(-((freqs / rate_hz) ** 2)), 0.0)
        used = int(np.searchsorted(freqs, 3.5 * rate_hz)) + 1
        moving = self._random(shape[:used].astype(np.float32), sides)
        return np.asarray(np.exp(np.float32(depth) * moving))

    def turns(self, count: int, sharpness: float) -> Samples:
        """A gain that rises and falls evenly, so many times in the whole circle, (n,)."""
        turn = np.arange(self.n, dtype=np.float32) * np.float32(2 * np.pi * count / self.n)
        return np.asarray(np.exp(np.float32(sharpness) * (np.cos(turn) - 1)))

    def events(self, per_s: float) -> Iterator[tuple[int, float, float]]:
        """Events at random times: where each starts, its force (few are loud) and its side."""
        count = round(per_s * TABLE_S)
        starts = (self.n * self.chance.random(count)).astype(int).tolist()
        force = np.minimum(self.chance.pareto(2.5, count) + 0.2, 6.0).tolist()
        return zip(starts, force, self.chance.uniform(-0.8, 0.8, count).tolist(), strict=True)

    def add(self, grain: Samples | Floats, start: int, side: float) -> None:
        """Lay a short sound, shape (m,), on the circle; side runs from -1 left to 1 right."""
        angle = (side + 1) * np.pi / 4
        panned = np.outer([np.cos(angle), np.sin(angle)], grain).astype(np.float32)
        start %= self.n
        first = min(len(grain), self.n - start)
        self.out[:, start : start + first] += panned[:, :first]
        self.out[:, : len(grain) - first] += panned[:, first:]

    def seconds(self, length_s: float) -> Floats:
        """Times of the samples of a short sound, (m,)."""
        return np.arange(max(8, round(length_s * self.sample_rate))) / self.sample_rate

    def _random(self, shape: Samples, sides: int) -> Samples:
        """Noise of a given spectrum, unit RMS on each side, (sides, n)."""
        size = (sides, len(shape))
        spectrum = (self.grain.standard_normal(size, np.float32)
                    + 1j * self.grain.standard_normal(size, np.float32)) * shape  # fmt: skip
        out: Samples = scipy.fft.irfft(spectrum.astype(np.complex64), self.n, axis=1)
        out /= np.sqrt((out**2).mean(axis=1, keepdims=True)) + np.float32(1e-20)
        return out


def _rain(field: Field) -> None:
    field.out += field.noise(900, 7000) * field.swell(0.3, 0.15)
    for start, force, side in field.events(45):
        t = field.seconds(0.03)
        pitch = field.chance.uniform(1800, 5500)
        field.add(1.1 * force * np.sin(2 * np.pi * pitch * t) * np.exp(-t / 0.006), start, side)


def _storm(field: Field) -> None:
    field.out += 0.45 * field.noise(500, 6000) * field.swell(0.4, 0.4, 2)
    field.out += 0.7 * field.noise(150, 500) * field.swell(0.5, 0.6)
    roll = field.noise(35, 130)[0]
    for start, force, side in field.events(0.25):
        t = field.seconds(4.0)
        rumble = np.minimum(t / 0.08, 1) * np.exp(-t / 1.3) * roll[: len(t)]
        field.add(5.0 * min(force + 0.5, 1.5) * rumble, start, 0.5 * side)


def _surf(field: Field) -> None:
    wave = field.turns(2, 1.6)
    field.out += field.noise(80, 600) * (0.25 + wave)
    field.out += 0.9 * field.noise(900, 6000) * np.roll(wave, field.n // 20) ** 2


def _wind(field: Field) -> None:
    field.out += field.noise(120, 420) * field.swell(0.25, 0.7)
    for low in (450, 620, 850):
        field.out += 0.3 * field.noise(low, low * 1.15) * field.swell(0.3, 1.1)


def _brook(field: Field) -> None:
    field.out += 0.35 * field.noise(500, 3500) * field.swell(1.0, 0.2, 2)
    for start, force, side in field.events(60):
        t = field.seconds(0.06)
        low = float(np.exp(field.chance.uniform(np.log(420), np.log(2400))))
        bubble = np.sin(2 * np.pi * low * t * (1 + 5.0 * t)) * np.exp(-t / 0.012)
        field.add(force * np.minimum(t / 0.002, 1) * bubble, start, side)


def _fire(field: Field) -> None:
    field.out += 0.6 * field.noise(60, 400) * field.swell(3.0, 0.3)
    for start, force, side in field.events(14):
        t = field.seconds(0.03)
        snap = field.grain.standard_normal(len(t)) * np.exp(-t / field.chance.uniform(7e-4, 4e-3))
        field.add(2.2 * force * snap, start, side)


def _vinyl(field: Field) -> None:
    field.out += 0.5 * field.noise(1500, 9000) + 0.5 * field.noise(25, 70)
    _dust(field, per_s=9, length_s=4e-4, force=9.0)
    scratch = int(field.n / 7)
    for turn in range(7):  # the same scratch comes round with every turn
        field.add(np.float32(14.0) * np.hanning(9).astype(np.float32), turn * scratch, 0.3)


def _shellac(field: Field) -> None:
    field.out += 0.9 * field.noise(700, 3200) * (0.6 + 0.4 * field.turns(16, 1.0))
    _dust(field, per_s=70, length_s=7e-4, force=3.0)


def _dust(field: Field, per_s: float, length_s: float, force: float) -> None:
    grain = np.diff(np.hanning(max(6, round(length_s * field.sample_rate))))
    for start, loud, side in field.events(per_s):
        field.add(force * loud * grain.astype(np.float32) * len(grain) / 4, start, 0.4 * side)


def _tape(field: Field) -> None:
    field.out += field.noise(2500, 9500) + 0.3 * field.noise(300, 9000)


def _crickets(field: Field) -> None:
    field.out += 0.15 * field.noise(150, 900)
    for pitch, chirps, side in ((4350.0, 27, -0.6), (4620.0, 31, 0.5), (3980.0, 22, 0.1)):
        t = field.seconds(0.14)
        pulses = np.clip(np.sin(2 * np.pi * 28.0 * t), 0, 1) ** 2
        for k in range(chirps):
            field.add(2.0 * pulses * np.sin(2 * np.pi * pitch * t), k * field.n // chirps, side)


def _cicadas(field: Field) -> None:
    buzz = field.noise(5200, 7600)
    rattle = 0.4 + field.turns(round(95 * TABLE_S), 2.0)
    field.out += buzz * rattle * field.swell(0.5, 0.5, 2)
    field.out += 0.12 * field.noise(200, 1200)


def _birds(field: Field) -> None:
    field.out += 0.12 * field.noise(300, 2500) * field.swell(0.5, 0.4, 2)
    for start, force, side in field.events(1.1):
        centre, step = field.chance.uniform(2300, 4600), field.chance.uniform(0.07, 0.16)
        for k in range(int(field.chance.integers(2, 6))):
            t = field.seconds(0.9 * step)
            bend = field.chance.uniform(-900, 900)
            whistle = np.sin(2 * np.pi * (centre * t + bend * t**2 / step / 2))
            shape = np.sin(np.pi * t / t[-1]) ** 2
            at = start + round(k * step * field.sample_rate)
            field.add(min(force, 2.0) * whistle * shape, at, side)


def _crowd(field: Field) -> None:
    for low, high, level in (
        (180, 420, 1.0),
        (420, 800, 0.8),
        (800, 1500, 0.45),
        (1500, 3000, 0.3),
    ):
        for _ in range(3):  # each a few people who pause where the others talk
            field.out += level * field.noise(low, high) * field.swell(3.5, 0.6, 2)


def _city(field: Field) -> None:
    field.out += 1.2 * field.noise(30, 160)
    field.out += 0.25 * field.noise(160, 900)
    for start, force, side in field.events(0.45):  # cars
        t = field.seconds(3.0)
        tyres = field.noise(250, 1400)[0, : len(t)] * np.sin(np.pi * t / t[-1]) ** 3
        field.add(0.9 * min(force + 0.3, 1.5) * tyres, start, side)


MAKERS: Final[Mapping[str, Maker]] = {
    "rain": _rain, "storm": _storm, "surf": _surf, "wind": _wind, "brook": _brook, "fire": _fire,
    "vinyl": _vinyl, "shellac": _shellac, "tape": _tape, "crickets": _crickets,
    "cicadas": _cicadas, "birds": _birds, "crowd": _crowd, "city": _city,
}  # fmt: skip


@lru_cache(maxsize=12)
def table(name: str, sample_rate: int) -> Samples:
    """One round of an ambience, shape (2, n), at `TABLE_LUFS`.

    Sources: rain and brook after van den Doel, "Physically based models for liquid sounds" (2005):
    drops are decaying sines, bubbles sines that rise; records turn at 33 1/3 and about 78 rpm.
    """
    field = Field(name, sample_rate)
    MAKERS[name](field)
    out = field.out
    out -= out.mean(axis=1, keepdims=True)
    loudness = master.loudness_of(master.frame_energies(out, sample_rate))
    out *= np.float32(10 ** ((TABLE_LUFS - loudness) / 20))
    out.flags.writeable = False
    return out
