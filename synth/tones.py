"""Two ways to make a tone: struck (it only dies away) and sustained (it is held while you blow).

Every pitched voice is a row of parameters for one of them, so adding a voice is adding a row.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar

import numpy as np
import numpy.typing as npt

from synth.partials import Floats, Samples, noise, partials, ramps, warped
from synth.voice import Voice

MAX_PARTIALS: Final = 48
RMS: Final = 0.2  # every voice is brought to this level, so that voices can be swapped
PEAK: Final = 0.95
TILT: Final = 1.2  # brightness 0 and 1 bend the spectrum by half of this, as a power of k
WARM_HZ: Final = 3000.0
CALM_BELOW_HZ: Final = 180.0
ASIDE: Final = 0.3  # level of each detuned copy against the tone itself
_KEPT: Final = 1 << 17  # samples up to which curves are kept for the next note
_SCOOP_S: Final = 0.03
_C = TypeVar("_C")
Formants = tuple[tuple[float, float, float], ...]  # centre in hertz, width in hertz, gain


@dataclass(frozen=True)
class Struck(Voice):
    """A tone that is set off once and dies away: plucked, struck, tapped.

    Parameters
    ----------
    rolloff
        Partial k starts at ``k ** -rolloff``; `ratios` and `amps` replace harmonics by their own.
    ring_s
        Time to fall by 60 dB at 440 Hz; lower notes ring longer.
    damp
        How much faster each further partial dies.
    pluck
        Where the string is plucked, as a share of its length; partials with a node there vanish.
    stiff
        Inharmonicity: partial k lies at ``k * sqrt(1 + stiff * k**2)``.
    twin_cents
        Distance of a second, softer string; 0 for none.
    buzz
        Share of high harmonics that bloom after the pluck (the flat bridge of a sitar).
    thump
        Level of the noise of the pick or hammer, between `thump_hz`.
    """

    rolloff: float = 1.0
    ring_s: float = 2.0
    damp: float = 0.3
    pluck: float = 0.0
    odd_only: bool = False
    stiff: float = 0.0
    ratios: tuple[float, ...] = ()
    amps: tuple[float, ...] = ()
    formants: Formants = ()
    twin_cents: float = 0.0
    buzz: float = 0.0
    thump: float = 0.0
    thump_hz: tuple[float, float] = (200.0, 3000.0)
    attack_s: float = 0.002
    release_s: float = 0.6
    tremolo: float = 0.0
    tremolo_hz: float = 5.0

    def _note(self, freq_hz: float, n: int, sample_rate: int, brightness: float) -> Samples:
        ratios, amps = self._partials(freq_hz, brightness)
        ring_s = 1.7 * self.ring_s * (440.0 / freq_hz) ** 0.4
        rate = 6.9 / ring_s * (1 + self.damp * (ratios - 1))
        note = partials(freq_hz * ratios, amps, rate, n, sample_rate)
        if self.buzz:
            note += _buzz(self.buzz * float(np.abs(amps).sum()), freq_hz, rate[0], n, sample_rate)
        if self.thump:
            hit = _thump(self.thump, self.thump_hz, sample_rate)[:n]
            note[: len(hit)] += hit
        if self.tremolo:
            note *= _curve(_trembling, n, sample_rate, self.tremolo, self.tremolo_hz)[:n]
        return levelled(ramps(note, self.attack_s, self.release_s, sample_rate), sample_rate)

    def _partials(self, freq_hz: float, brightness: float) -> tuple[Floats, Floats]:
        k = np.arange(1.0, MAX_PARTIALS + 1)
        if self.ratios:
            ratios, amps = np.array(self.ratios), np.array(self.amps)
        else:
            ratios = k * np.sqrt((1 + self.stiff * k**2) / (1 + self.stiff))
            amps = k**-self.rolloff
            if self.odd_only:
                amps[1::2] = 0.0
            if self.pluck:
                amps *= np.abs(np.sin(np.pi * k * self.pluck))
        amps = amps * tilt(ratios, brightness) * formed(freq_hz * ratios, self.formants)
        amps *= warm(freq_hz * ratios, brightness) * calmed(freq_hz, ratios)
        if self.twin_cents:
            ratios = np.concatenate([ratios, ratios * 2 ** (self.twin_cents / 1200)])
            amps = np.concatenate([amps, 0.7 * amps])
        return ratios, amps


@dataclass(frozen=True)
class Sustained(Voice):
    """A tone held at will: bowed, blown, sung, electronic.

    Parameters
    ----------
    shape
        Spectrum: "saw", "square", "triangle", "sine", "pulse" (of width `width`), "drawbars".
    detune_cents
        Copies of the tone, each off by so many cents: chorus and ensembles.
    swell_s
        How long the high partials take to speak, as in brass; 0 for all at once.
    vibrato_cents, vibrato_hz
        Depth and rate; it sets in after the attack.
    scoop_cents
        How far below the note it starts before it slides up.
    breath
        Level of wind noise.
    settle
        Level after the attack, as a share; 1 stays.
    """

    shape: str = "saw"
    rolloff: float = 1.0
    width: float = 0.25
    formants: Formants = ()
    detune_cents: tuple[float, ...] = (0.0,)
    attack_s: float = 0.03
    release_s: float = 0.3
    swell_s: float = 0.0
    vibrato_cents: float = 0.0
    vibrato_hz: float = 5.5
    scoop_cents: float = 0.0
    breath: float = 0.0
    settle: float = 1.0
    settle_s: float = 0.15
    tremolo: float = 0.0
    tremolo_hz: float = 5.0
    seed: int = 1

    def _note(self, freq_hz: float, n: int, sample_rate: int, brightness: float) -> Samples:
        ratios, amps = self._partials(freq_hz, brightness)
        turns = np.random.default_rng(self.seed).random(len(ratios))
        note = partials(freq_hz * ratios, amps, 0.0, n, sample_rate, turns)
        if self.swell_s:
            high = ratios > 3.5
            bright = partials(freq_hz * ratios[high], amps[high], 0.0, n, sample_rate, turns[high])
            t = np.arange(n, dtype=np.float32) / np.float32(self.swell_s * sample_rate)
            note -= bright * np.exp(-t)
        if self.breath:
            note += _breath(self.breath * (0.4 + 1.2 * brightness), freq_hz, n, sample_rate)
        note = self._moved(note, sample_rate)
        return levelled(ramps(note, self.attack_s, self.release_s, sample_rate), sample_rate)

    def _partials(self, freq_hz: float, brightness: float) -> tuple[Floats, Floats]:
        k = np.arange(1.0, MAX_PARTIALS + 1)
        amps = spectrum(self.shape, k, self.width) * k ** (1.0 - self.rolloff)
        amps *= tilt(k, brightness) * formed(freq_hz * k, self.formants)
        amps *= warm(freq_hz * k, brightness) * calmed(freq_hz, k)
        cents = np.array(self.detune_cents)
        copies = 2 ** (cents / 1200)
        sizes = np.full(len(cents), ASIDE)  # equal copies would cancel each other now and then
        sizes[int(np.abs(cents).argmin())] = 1.0
        return np.outer(copies, k).ravel(), np.outer(sizes, amps).ravel()

    def _moved(self, note: Samples, sample_rate: int) -> Samples:
        """Vibrato, scoop, tremolo and the settling of the level."""
        n = len(note)
        if self.settle < 1:
            note *= _curve(_settling, n, sample_rate, self.settle, self.settle_s)[:n]
        if self.tremolo:
            note *= _curve(_trembling, n, sample_rate, self.tremolo, self.tremolo_hz)[:n]
        vibrato = self.vibrato_cents if n > 0.25 * sample_rate else 0.0
        scoop = self.scoop_cents if n > 0.35 * sample_rate else 0.0  # no time to slide in a run
        if not vibrato and not scoop:
            return note
        at, share = _curve(_bent, n, sample_rate, vibrato, self.vibrato_hz, scoop)
        return warped(note, at[:n], share[:n])


def _curve(make: Callable[..., _C], n: int, sample_rate: int, *settings: float) -> _C:
    """A curve of at least n samples: few lengths are kept and cut, very long ones are not kept."""
    kept = 1 << max(10, (n - 1).bit_length())
    if kept > _KEPT:
        return make(n, sample_rate, *settings)
    curve: _C = _kept(make, kept, sample_rate, *settings)
    return curve


@lru_cache(maxsize=48)
def _kept(make: Callable[..., _C], n: int, sample_rate: int, *settings: float) -> _C:
    return make(n, sample_rate, *settings)


def _seconds(n: int, sample_rate: int) -> Samples:
    return np.arange(n, dtype=np.float32) / np.float32(sample_rate)


def _settling(n: int, sample_rate: int, level: float, time_s: float) -> Samples:
    """From 1 down to a level."""
    fall = np.exp(_seconds(n, sample_rate) / np.float32(-time_s))
    return np.asarray(level + (1 - level) * fall, np.float32)


def _trembling(n: int, sample_rate: int, depth: float, rate_hz: float) -> Samples:
    """A gain that goes up and down."""
    turns = np.float32(2 * np.pi * rate_hz) * _seconds(n, sample_rate)
    return np.asarray(1 + depth * np.sin(turns), np.float32)


def _bent(
    n: int, sample_rate: int, vibrato_cents: float, vibrato_hz: float, scoop_cents: float
) -> tuple[npt.NDArray[np.intp], Samples]:
    """Where a note is read for a vibrato that sets in late and a slide up to its pitch."""
    t = _seconds(n, sample_rate)
    # frequency off by `depth` at the crest means a time shift of depth / (2 pi rate)
    depth = (2 ** (vibrato_cents / 1200) - 1) / (2 * np.pi * vibrato_hz) * sample_rate
    onset = np.clip((t - 0.15) / 0.3, 0, 1)
    shift = depth * onset * np.sin(np.float32(2 * np.pi * vibrato_hz) * t)
    slow = (1 - 2 ** (-scoop_cents / 1200)) * _SCOOP_S * sample_rate
    shift = shift + slow * np.exp(-t / np.float32(_SCOOP_S))
    at = np.maximum(np.arange(n) + shift.astype(np.float64), 0.0)
    left = at.astype(np.intp)
    return left, (at - left).astype(np.float32)


def spectrum(shape: str, k: Floats, width: float) -> Floats:
    """Amplitudes of harmonics k of a classic wave form."""
    odd = np.asarray(k % 2 == 1, np.float64)
    if shape == "saw":
        return 1 / k
    if shape == "square":
        return np.asarray(odd / k)
    if shape == "triangle":
        return np.asarray(odd / k**2)
    if shape == "pulse":
        return np.abs(np.sin(np.pi * k * width)) / k
    if shape == "drawbars":  # an organ's first drawbars: 8', 4', 2 2/3', 2', 1'
        bars = {1.0: 1.0, 2.0: 0.8, 3.0: 0.6, 4.0: 0.35, 6.0: 0.12, 8.0: 0.15}
        return np.array([bars.get(float(x), 0.0) for x in k])
    return np.asarray(k == 1, np.float64)  # sine


def tilt(ratios: Floats, brightness: float) -> Floats:
    """How brightness in [0, 1] bends a spectrum; 0.5 leaves it."""
    return np.asarray(np.maximum(ratios, 0.1) ** (TILT * (brightness - 0.5)))


def formed(freqs_hz: Floats, formants: Formants) -> Floats:
    """The gain of resonances (a body, a mouth) at these frequencies; 1 without any."""
    if not formants:
        return np.ones(len(freqs_hz))
    gain = np.full(len(freqs_hz), 0.12)
    for centre, width, level in formants:
        gain += level / (1 + ((freqs_hz - centre) / width) ** 2)
    return gain


def warm(freqs_hz: Floats, brightness: float) -> Floats:
    """A soft roll-off of what lies so high that neighbouring harmonics grate on each other."""
    cutoff = WARM_HZ * 4.0 ** (brightness - 0.5)
    return np.asarray(1 / (1 + (freqs_hz / cutoff) ** 2))


def calmed(freq_hz: float, ratios: Floats) -> Floats:
    """Low notes keep fewer harmonics: so close together, they only growl."""
    octaves = max(0.0, float(np.log2(CALM_BELOW_HZ / freq_hz)))
    return np.asarray(np.maximum(ratios, 1.0) ** (-0.8 * octaves))


def levelled(note: Samples, sample_rate: int) -> Samples:
    """The note brought to one level, never above `PEAK`."""
    peak = max(float(note.max(initial=0.0)), -float(note.min(initial=0.0)))
    if peak < 1e-9:
        return note
    loud = note[: max(1, round(0.3 * sample_rate))]
    rms = float(np.sqrt(np.dot(loud, loud) / len(loud)))
    note *= np.float32(min(PEAK / peak, RMS / max(rms, 1e-9)))
    return note


def _buzz(level: float, freq_hz: float, rate: float, n: int, sample_rate: int) -> Samples:
    """High harmonics that bloom: two decays subtracted."""
    k = np.arange(5.0, MAX_PARTIALS + 1)
    amps = level * 0.09 * np.exp(-(((k - 12) / 9) ** 2))
    slow = partials(freq_hz * k, amps, rate * 1.3, n, sample_rate)
    return slow - partials(freq_hz * k, amps, rate * 1.3 + 22.0, n, sample_rate)


@lru_cache(maxsize=64)
def _thump(level: float, band: tuple[float, float], sample_rate: int) -> Samples:
    """The noise of the pick or hammer: a twentieth of a second."""
    n = round(0.05 * sample_rate)
    fade = np.exp(_seconds(n, sample_rate) / np.float32(-0.012))
    return np.asarray(level * noise(n, *band, sample_rate) * fade, np.float32)


def _breath(level: float, freq_hz: float, n: int, sample_rate: int) -> Samples:
    hiss = noise(1 << 17, 600.0, 5000.0, sample_rate, 7)
    start = int(freq_hz * 7) % 4096
    cut = hiss[start : start + n]
    return level * (cut if len(cut) == n else np.resize(hiss, n))
