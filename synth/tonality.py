"""Key and mode from what sounds: which tonic and which third explain the pitch classes best."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from music.theory import SCALES
from synth.descriptors import BINS, Tones, chroma
from synth.partials import Floats, Samples

# How much the tones at the start, the end and in the bass speak for home, and how usual scales are;
# drawn by chance search over 345 loops, 40 of them played by FluidSynth, seeds apart from tests.
_START: Final = 0.12
_END: Final = 0.16
_BASS_START: Final = 0.12
_FIFTH: Final = 0.32
_USUAL: Final = {"major": 0.045, "minor": 0.045, "harmonic minor": -0.06, "melodic minor": -0.06}
_MODAL: Final = -0.025  # the church modes, blues and pentatonics
_FAR: Final = -0.085  # scales of other traditions: heard only where nothing nearer fits


class Key(NamedTuple):
    """A tonic (0 = C), "major" or "minor", how clear that is in [0, 1], and the nearest scale.

    ``degrees`` (12,) is how much sounds on each semitone above the tonic, summing to 1.
    """

    tonic: int
    mode: str
    clarity: float
    scale: str
    degrees: tuple[float, ...]


def key_of(mono: Samples, tones: Tones) -> Key:
    """The key of a sound at `synth.descriptors.RATE`, whose tones are known.

    Every scale of `music.theory` on every tonic is a template in which tonic, fifth and third weigh
    most. Music begins and ends at home more often than not, so tones there count for the tonic.
    """
    edge = max(len(mono) // 16, 16_384)
    whole = tones.whole
    if whole.sum() <= 0:
        return Key(0, "major", 0.0, "major", (1 / 12,) * 12)
    start, bass, *_ = chroma(mono[:edge])
    end = chroma(mono[-edge:]).whole
    home = _START * _keys(start) + _END * _keys(end) + _BASS_START * _keys(bass)
    home = home + _FIFTH * np.roll(home, -7)
    names, modes, templates = _templates()
    usual = np.repeat([_usual(name) for name in names], 12)
    scores = templates @ _standard(_smoothed(whole)) + np.tile(home, len(names)) + usual
    best = int(np.argmax(scores))
    tonic, mode = best % 12, modes[best // 12]
    rivals = [
        float(scores[i]) for i in range(len(scores)) if i % 12 != tonic or modes[i // 12] != mode
    ]
    clarity = float(np.clip((scores[best] - max(rivals)) / 0.2, 0.0, 1.0))
    degrees = np.roll(_smoothed(whole)[:: BINS // 12], -tonic)
    share = tuple((degrees / max(degrees.sum(), 1e-12)).tolist())
    return Key(tonic, mode, clarity, names[best // 12], share)


def _keys(bins: Floats) -> Floats:
    """Chroma at the twelve keys, standardised; (12,)."""
    if bins.sum() <= 0:
        return np.zeros(12)
    return _standard(_smoothed(bins)[:: BINS // 12])


def _smoothed(bins: Floats) -> Floats:
    """Spread by about 20 cents, so that tunings a little off still match."""
    kernel = np.exp(-0.5 * (np.arange(-4, 5) / 1.6) ** 2)
    kernel /= kernel.sum()
    return np.asarray(sum(k * np.roll(bins, d) for d, k in zip(range(-4, 5), kernel, strict=True)))


def _standard(values: Floats) -> Floats:
    centred = values - values.mean()
    return np.asarray(centred / max(float(np.sqrt((centred**2).sum())), 1e-12))


@lru_cache(maxsize=1)
def _templates() -> tuple[tuple[str, ...], tuple[str, ...], Floats]:
    names, modes, rows = [], [], []
    for scale in SCALES.values():
        names.append(scale.name)
        modes.append(scale.tonality)
        for tonic in range(12):
            bins = np.zeros(BINS)
            for cents in scale.cents:
                at = round((cents + tonic * 100) / 1200 * BINS) % BINS
                bins[at] += _weight(cents)
            rows.append(_standard(_smoothed(bins)))
    return tuple(names), tuple(modes), np.array(rows)


def _usual(name: str) -> float:
    near = SCALES[name].family in ("western", "pentatonic")
    return _USUAL.get(name, _MODAL if near else _FAR)


def _weight(cents: float) -> float:
    """Tonic, fifth and third are heard most."""
    if cents < 30:
        return 1.0
    if abs(cents - 702) < 40:
        return 0.7
    return 0.83 if 280 <= cents <= 410 else 0.36
