"""What can be measured in any sound: spectra, onsets, chroma. Numpy only, one pass over frames.

Everything here is free of absolute level, so a quiet file and a loud one say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import scipy.fft
from scipy.signal import resample_poly

from synth.partials import Floats, Samples

RATE: Final = 22_050
_SIZE: Final = 2048
HOP: Final = 256
FRAMES_S: Final = RATE / HOP
_LONG: Final = 16_384  # for pitch: 1.3 Hz apart
BINS: Final = 120  # chroma bins in an octave: 10 cents each
_BASS_HZ: Final = 230.0
_CEPSTRA: Final = 12
_BANDS: Final = ((40.0, 160.0), (160.0, 600.0), (600.0, 2400.0), (2400.0, 9000.0))


@dataclass(frozen=True)
class Frames:
    """The short-time picture of a sound.

    ``onsets`` (n_frames,) is how much begins, ``bands`` (n_frames, 4) the same per band, ``energy``
    (n_frames,) the power, ``spectrum`` (1025,) the mean power spectrum, ``freqs_hz`` its bins;
    ``cepstra`` (25,) its shape on a log scale from coarse to fine, and how much that moves.
    """

    onsets: Floats
    bands: Floats
    energy: Floats
    spectrum: Floats
    freqs_hz: Floats
    flatness: float
    centroid_hz: float
    centroid_spread: float
    cepstra: Floats


def mono_at_rate(samples: Samples, sample_rate: int) -> Samples:
    """One channel at `RATE`, unit RMS; silence stays silence."""
    mono = samples.mean(axis=1) if samples.ndim == 2 else samples
    if sample_rate != RATE:
        common = int(np.gcd(sample_rate, RATE))
        mono = resample_poly(mono, RATE // common, sample_rate // common)
    mono = np.asarray(mono, np.float32)
    rms = float(np.sqrt((mono**2).mean())) if len(mono) else 0.0
    return mono / rms if rms > 1e-7 else mono


def frames(mono: Samples) -> Frames:
    """Cut into frames, transform, and keep what tempo and colour need."""
    padded = np.pad(mono, (_SIZE // 2, _SIZE))
    views = np.lib.stride_tricks.sliding_window_view(padded, _SIZE)[::HOP]
    window = np.hanning(_SIZE).astype(np.float32)
    freqs: Floats = np.asarray(np.fft.rfftfreq(_SIZE, 1 / RATE), np.float64)
    edges = [int(f / RATE * _SIZE) for f in np.geomspace(40, 9000, 41)]
    bands, total, means, flat, centres = [], np.zeros(len(freqs)), [], [], []
    for first in range(0, len(views), 512):
        power = np.abs(scipy.fft.rfft(views[first : first + 512] * window, axis=1)) ** 2
        total += power.sum(axis=0)
        sums = np.add.reduceat(power[:, : edges[-1]], np.maximum.accumulate(edges[:-1]), axis=1)
        bands.append(10 * np.log10(sums + 1e-3))
        energy = power.sum(axis=1) + 1e-9
        means.append(energy)
        centres.append((power @ freqs) / energy)
        flat.append(
            np.exp(np.log(power[:, 10:800] + 1e-6).mean(1)) / (power[:, 10:800].mean(1) + 1e-6)
        )
    log = np.concatenate(bands)
    energy = np.concatenate(means)
    rise = np.maximum(np.diff(log, axis=0, prepend=log[:1]), 0)
    rise = np.minimum(rise, 20.0)
    middle = np.sqrt(np.array(edges[:-1]) * np.array(edges[1:])) / _SIZE * RATE
    groups = [rise[:, (middle >= a) & (middle < b)].mean(axis=1) for a, b in _BANDS]
    heard = energy > energy.mean() * 1e-3
    centre = np.concatenate(centres)[heard] if heard.any() else np.ones(1)
    return Frames(
        onsets=rise.mean(axis=1),
        bands=np.array(groups).T,
        energy=energy,
        spectrum=total / max(len(views), 1),
        freqs_hz=freqs,
        flatness=float(np.concatenate(flat)[heard].mean()) if heard.any() else 0.0,
        centroid_hz=float(np.exp(np.log(centre + 1).mean())),
        centroid_spread=float(np.log(centre + 1).std()),
        cepstra=_cepstra(log[heard] if heard.any() else log),
    )


def _cepstra(log: Floats) -> Floats:
    """The shape of the spectrum from coarse to fine, and how much it moves: mean and spread."""
    waves = scipy.fft.dct(np.maximum(log, log.max() - 80.0), axis=1, norm="ortho")
    return np.concatenate([waves[:, 1 : _CEPSTRA + 1].mean(0), waves[:, : _CEPSTRA + 1].std(0)])


class Tones(NamedTuple):
    """Pitch classes of all tones and of the bass, shape (120,) each, C first, summing to 1.

    ``height`` and ``spread`` are where tones above the bass lie, in octaves above 230 Hz.
    """

    whole: Floats
    bass: Floats
    height: float
    spread: float


def chroma(mono: Samples) -> Tones:
    """The tones of a sound.

    Peaks of long spectra, each at its own frequency to a cent or so; power compressed, so that
    a loud tone does not hide the others.
    """
    window = np.hanning(_LONG).astype(np.float32)
    whole, bass, high = np.zeros(BINS), np.zeros(BINS), np.zeros(3)
    step = _LONG // 2
    for start in range(0, max(1, len(mono) - _LONG // 2), step):
        piece = mono[start : start + _LONG]
        if len(piece) < 2048:
            break
        size = np.abs(scipy.fft.rfft(np.pad(piece, (0, _LONG - len(piece))) * window))
        freqs, amps = _peaks(size)
        spots = (12 * np.log2(freqs / 440.0) + 9) % 12 / 12 * BINS
        low = freqs < _BASS_HZ
        octaves, weights = np.log2(freqs[~low] / _BASS_HZ), np.sqrt(amps[~low])
        high += weights.sum(), (weights * octaves).sum(), (weights * octaves**2).sum()
        _add(whole, spots, np.sqrt(amps) * (freqs < 2200))
        _add(bass, spots[low], np.sqrt(amps[low]))
    height, square = high[1:] / max(high[0], 1e-12)
    return Tones(
        whole / max(whole.sum(), 1e-12), bass / max(bass.sum(), 1e-12),
        float(height), float(np.sqrt(max(square - height**2, 0.0))),
    )  # fmt: skip


def _peaks(size: Floats) -> tuple[Floats, Floats]:
    """Frequencies (by parabola) and sizes of the 40 strongest spectral peaks, 45 to 4,500 Hz."""
    low, high = int(45 / RATE * _LONG), int(4500 / RATE * _LONG)
    k = np.arange(low, high)
    tops = k[(size[k] > size[k - 1]) & (size[k] >= size[k + 1])]
    tops = tops[np.argsort(size[tops])[-40:]]
    if not len(tops):
        return np.ones(0), np.ones(0)
    tops = tops[size[tops] > size[tops].max() * 0.01]
    a, b, c = (np.log(size[tops + d] + 1e-9) for d in (-1, 0, 1))
    shift = 0.5 * (a - c) / (a - 2 * b + c - 1e-12)
    return (tops + np.clip(shift, -0.5, 0.5)) * RATE / _LONG, size[tops]


def _add(bins: Floats, spots: Floats, weights: Floats) -> None:
    """Spread each weight over a few bins around its spot (about +-20 cents)."""
    for d in range(-3, 4):
        at = np.floor(spots + 0.5).astype(int) + d
        np.add.at(bins, at % BINS, weights * np.exp(-0.5 * ((at - spots) / 1.4) ** 2))
