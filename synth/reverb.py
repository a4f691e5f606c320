"""A real room: an impulse response made of noise, and its convolution block by block.

Uniformly partitioned overlap-save: each block is transformed once, multiplied with every partition
of the response and transformed back, so memory and delay do not grow with the length of the music.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.fft

from synth.partials import Samples, noise

PARTITION: Final = 1 << 13
_BATCH: Final = 4  # partitions of a block
DARK_HZ: Final = 9000.0  # a room swallows what lies above
HALVED_FROM: Final = 32_000
_MUD_HZ: Final = 180.0  # the tail carries no bass
_PAIRS: Final = 6
_TAPS: Final = (np.sinc(np.arange(_PAIRS) + 0.5) * np.kaiser(2 * _PAIRS, 4.0)[_PAIRS:]).astype(
    np.float32
)


class Room:
    """Mono in, stereo tail out, `block` samples at a time; keeps what still has to sound.

    A room is dark, so from 32 kHz up it is computed at half the sample rate. A block holds
    `_BATCH` partitions, because transforms made together are twice as fast as one by one.
    """

    def __init__(self, space: float, echo: float, beat_s: float, sample_rate: int) -> None:
        self._halved = sample_rate >= HALVED_FROM
        rate = sample_rate // 2 if self._halved else sample_rate
        self.block = _BATCH * PARTITION * (2 if self._halved else 1)
        beat_s = round(beat_s, 4) if echo else 0.0
        self._spectra = _spectra(round(space, 2), round(echo, 2), beat_s, rate)
        parts = len(self._spectra)
        self._past = np.zeros((parts - 1 + _BATCH, PARTITION + 1), np.complex64)
        self._line = np.zeros((_BATCH + 1) * PARTITION, np.float32)
        self._wet = np.empty((_BATCH, 2, PARTITION + 1), np.complex64)
        self._scratch = np.empty((2, PARTITION + 1), np.complex64)
        self._halver, self._doubler = _Halver(), _Doubler()
        self.tail = parts * PARTITION * (2 if self._halved else 1)

    def __call__(self, dry: Samples) -> Samples:
        """The wet stereo of the next block: (block,) in, (2, block) out."""
        if not self._halved:
            return self._convolved(dry)
        return self._doubler(self._convolved(self._halver(dry)))

    def _convolved(self, dry: Samples) -> Samples:
        size, line = PARTITION, self._line
        line[:size] = line[-size:]
        line[size:] = dry
        windows = np.lib.stride_tricks.sliding_window_view(line, 2 * size)[::size]
        self._past[:-_BATCH] = self._past[_BATCH:]  # oldest first
        self._past[-_BATCH:] = scipy.fft.rfft(windows, axis=1)
        last = len(self._spectra) - 1
        for b in range(_BATCH):
            wet = np.multiply(self._past[last + b], self._spectra[0], out=self._wet[b])
            for i in range(1, last + 1):
                wet += np.multiply(self._past[last + b - i], self._spectra[i], out=self._scratch)
        tails = scipy.fft.irfft(self._wet, 2 * size, axis=2, overwrite_x=True)[:, :, size:]
        out: Samples = tails.transpose(1, 0, 2).reshape(2, -1)
        return out


class _Halver:
    """Half the sample rate, by a half-band windowed sinc that computes only what is kept."""

    def __init__(self) -> None:
        self._evens = np.zeros(_PAIRS, np.float32)
        self._odds = np.zeros(2 * _PAIRS, np.float32)

    def __call__(self, full: Samples) -> Samples:
        n = len(full) // 2
        evens = np.concatenate([self._evens, full[0::2]])
        odds = np.concatenate([self._odds, full[1::2]])
        self._evens, self._odds = evens[n:], odds[n:]
        out, pair = evens[:n].copy(), np.empty(n, np.float32)
        for i, tap in enumerate(_TAPS):
            left, right = _PAIRS - 1 - i, _PAIRS + i
            np.add(odds[left : left + n], odds[right : right + n], out=pair)
            pair *= tap
            out += pair
        out *= np.float32(0.5)
        return out


class _Doubler:
    """Twice the sample rate: a dark tail is computed at half of it and interpolated.

    Every other sample is the input, those between come from a windowed sinc; the last few samples
    of a block wait for the next, so the tail comes `_PAIRS` half-rate samples late (0.3 ms).
    """

    def __init__(self) -> None:
        self._before = np.zeros((2, 2 * _PAIRS - 1), np.float32)

    def __call__(self, half: Samples) -> Samples:
        n = half.shape[1]
        line = np.concatenate([self._before, half], axis=1)
        self._before = line[:, n:]
        out = np.empty((2, 2 * n), np.float32)
        out[:, 0::2] = line[:, _PAIRS - 1 : _PAIRS - 1 + n]
        between, pair = np.zeros(n, np.float32), np.empty(n, np.float32)
        for side in (0, 1):  # one side at a time stays in the cache
            between[:] = 0.0
            for i, tap in enumerate(_TAPS):
                left, right = _PAIRS - 1 - i, _PAIRS + i
                np.add(line[side, left : left + n], line[side, right : right + n], out=pair)
                pair *= tap
                between += pair
            out[side, 1::2] = between
        return out


def wet_gain(space: float) -> float:
    """How loud the tail is against the dry sound."""
    return float(0.05 + 0.75 * space**1.3)


def seconds(space: float) -> float:
    """Reverberation time (60 dB) of a space level in [0, 1]: a cupboard to a cathedral."""
    return float(0.3 + 3.4 * space**1.6)


def _response(space: float, echo: float, beat_s: float, sample_rate: int) -> Samples:
    """Stereo impulse response, shape (2, n), unit energy before the echoes are added."""
    rt60 = seconds(space)
    n = round((rt60 * 0.9 + 0.05) * sample_rate)
    t = np.arange(n, dtype=np.float32) / np.float32(sample_rate)
    rate = np.float32(6.9 / rt60)
    size = 1 << 17  # one length for every room, so the noise is made once
    rows = []
    for side in (0, 1):
        low = noise(size, _MUD_HZ, 2500.0, sample_rate, 11 + side)[:n] * np.exp(-rate * t)
        high = noise(size, 2500.0, DARK_HZ, sample_rate, 21 + side)[:n] * np.exp(-2.2 * rate * t)
        row = low + 0.45 * high
        row[: round(0.012 * sample_rate)] *= 0.2
        for i, ms in enumerate((7, 13, 19, 29, 41)):  # early reflections, not the same left, right
            at = round((ms + 2.3 * side * (i + 1)) * 1e-3 * sample_rate)
            row[at] += 3.0 * 0.75**i
        rows.append(row / np.sqrt((row**2).sum()))
    response = np.array(rows, np.float32)
    response[:, -256:] *= np.linspace(1, 0, 256, dtype=np.float32)
    return _echoed(response, echo, beat_s, sample_rate) if echo else response


def _echoed(response: Samples, echo: float, beat_s: float, sample_rate: int) -> Samples:
    """Repeats every dotted eighth, left and right in turn, each softer and with its own room."""
    gap_s = 0.75 * beat_s
    while gap_s > 0.7:
        gap_s /= 2
    gap = round(gap_s * sample_rate)
    repeats = [i for i in range(1, 7) if 0.6**i > 0.02]
    out = np.zeros((2, response.shape[1] + gap * len(repeats)), np.float32)
    out[:, : response.shape[1]] = response
    for i in repeats:
        level = np.float32(1.6 * echo * 0.6**i)
        out[:, i * gap : i * gap + response.shape[1]] += 0.5 * level * response
        out[i % 2, i * gap] += level
        out[1 - i % 2, i * gap + 37] += 0.35 * level
    return out


@lru_cache(maxsize=16)
def _spectra(
    space: float, echo: float, beat_s: float, sample_rate: int
) -> npt.NDArray[np.complex64]:
    """Spectra of a room's response cut into partitions, shape (parts, 2, PARTITION + 1)."""
    response = _response(space, echo, beat_s, sample_rate)
    parts = -(-response.shape[1] // PARTITION)
    padded = np.zeros((2, parts * PARTITION), np.float32)
    padded[:, : response.shape[1]] = response
    blocks = padded.reshape(2, parts, PARTITION).transpose(1, 0, 2)
    return np.ascontiguousarray(scipy.fft.rfft(blocks, 2 * PARTITION, axis=2))
