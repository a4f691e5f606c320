"""Key and mode from what sounds: which tonic and which third explain the pitch classes best."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from music.theory import SCALES
from synth.descriptors import BINS, Tones, chroma
from synth.partials import Floats, Samples

# How much the tones at the start, the end and in the bass speak for home, and how much more usual
# plain major and minor are; drawn by chance search over 140 rendered loops, seeds apart from tests.
_START: Final = 0.23
_END: Final = 0.23
_BASS_START: Final = 0.09
_FIFTH: Final = 0.15
_PLAIN: Final = 0.07


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
    plain = np.repeat([_PLAIN * (n in ("major", "minor")) for n in names], 12)
    scores = templates @ _standard(_smoothed(whole)) + np.tile(home, len(names)) + plain
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


def _weight(cents: float) -> float:
    """Tonic, fifth and third are heard most."""
    if cents < 30:
        return 1.0
    if abs(cents - 702) < 40:
        return 0.8
    if 280 <= cents <= 410:
        return 0.65
    return 0.45
