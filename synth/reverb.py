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
_INAUDIBLE_DB: Final = -66.0  # of a bin against the loudest one
Spectra = npt.NDArray[np.complex64]
HALVED_FROM: Final = 32_000
_MUD_HZ: Final = 180.0  # the tail carries no bass
_PAIRS: Final = 6
_STEP: Final = 16
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
        self._past = [np.zeros(PARTITION + 1, np.complex64)] * (parts - 1 + _BATCH)
        self._line = np.zeros((_BATCH + 1) * PARTITION, np.float32)
        self._wet = np.empty((_BATCH, 2, PARTITION + 1), np.complex64)
        self._scratch = [np.empty_like(spectra) for spectra in self._spectra]
        self._tails = np.empty((_BATCH, 2, 2 * PARTITION), np.float32)
        half = _BATCH * PARTITION
        self._halver = _Resampler(_halving(), 2 * _STEP, 1, 2 * half)
        self._doubler = _Resampler(_doubling(), _STEP, 2, half)
        self.tail = parts * PARTITION * (2 if self._halved else 1)

    def __call__(self, dry: Samples) -> Samples:
        """The wet stereo of the next block: (block,) in, (2, block) out.

        The samples are valid until the next call.
        """
        self.listen(dry)
        last = len(self._spectra) - 1
        for b in range(_BATCH):
            wet = np.multiply(self._past[last + b], self._spectra[0], out=self._wet[b])
            for i, spectra in enumerate(self._spectra[1:], 1):
                bins = spectra.shape[1]
                part = np.multiply(self._past[last + b - i][:bins], spectra, out=self._scratch[i])
                wet[:, :bins] += part
        np.fft.irfft(self._wet, axis=2, out=self._tails)  # type: ignore[arg-type]  # float32 is right
        wet_stereo = self._doubler.fresh.reshape(2, _BATCH, PARTITION)
        np.copyto(wet_stereo, self._tails[:, :, PARTITION:].transpose(1, 0, 2))
        return self._doubler() if self._halved else self._doubler.fresh

    def listen(self, dry: Samples) -> None:
        """Take in a block whose own tail is not wanted."""
        line = self._line
        line[:PARTITION] = line[-PARTITION:]
        if self._halved:
            self._halver.fresh[0] = dry
            dry = self._halver()[0]
        line[PARTITION:] = dry
        windows = np.lib.stride_tricks.sliding_window_view(line, 2 * PARTITION)[::PARTITION]
        self._past = [*self._past[_BATCH:], *scipy.fft.rfft(windows, axis=1)]  # oldest first


class _Resampler:
    """A filter that changes the rate of blocks of n samples: rows of `step` samples times a matrix.

    The caller writes a block into `fresh` and calls it; all memory is used again for every block,
    because first touching new memory costs more than the products.
    """

    def __init__(self, matrix: Samples, step: int, sides: int, n: int) -> None:
        width = len(matrix)
        self._matrix = matrix
        self._line = np.zeros((sides, width - step + n), np.float32)
        self.fresh = self._line[:, width - step :]
        windows = np.lib.stride_tricks.sliding_window_view(self._line, width, axis=1)
        self._windows = windows[:, ::step]
        self._rows = np.empty((sides, n // step, width), np.float32)
        self._out = np.empty((sides, n // step, matrix.shape[1]), np.float32)

    def __call__(self) -> Samples:
        """(sides, n * columns / step), valid until the next call."""
        np.copyto(self._rows, self._windows)  # BLAS takes no rows that overlap
        np.matmul(self._rows, self._matrix, out=self._out)
        kept = self._line.shape[1] - self.fresh.shape[1]
        self._line[:, :kept] = self._line[:, -kept:]
        return self._out.reshape(len(self._out), -1)


@lru_cache(maxsize=1)
def _halving() -> Samples:
    """Half-band low-pass that computes every other sample, shape (2 * _STEP + reach, _STEP)."""
    kernel = np.zeros(4 * _PAIRS - 1, np.float32)
    kernel[2 * _PAIRS - 1] = 0.5
    kernel[::2] = 0.5 * np.concatenate([_TAPS[::-1], _TAPS])
    matrix = np.zeros((2 * _STEP + len(kernel) - 1, _STEP), np.float32)
    for i in range(_STEP):
        matrix[2 * i : 2 * i + len(kernel), i] = kernel
    return matrix


@lru_cache(maxsize=1)
def _doubling() -> Samples:
    """Every sample, and after it the one between it and the next, (_STEP + reach, 2 * _STEP).

    A dark tail computed at half the rate needs no more; it comes half a millisecond late.
    """
    kernel = np.concatenate([_TAPS[::-1], _TAPS])
    matrix = np.zeros((_STEP + len(kernel) - 1, 2 * _STEP), np.float32)
    for i in range(_STEP):
        matrix[i + _PAIRS - 1, 2 * i] = 1.0
        matrix[i : i + len(kernel), 2 * i + 1] = kernel
    return matrix


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


@lru_cache(maxsize=8)
def _spectra(space: float, echo: float, beat_s: float, sample_rate: int) -> tuple[Spectra, ...]:
    """Spectra of a room's response cut into partitions, each of shape (2, bins).

    High notes die first, so late partitions have fewer bins: up to the last one that is heard.
    """
    response = _response(space, echo, beat_s, sample_rate)
    parts = -(-response.shape[1] // PARTITION)
    padded = np.zeros((2, parts * PARTITION), np.float32)
    padded[:, : response.shape[1]] = response
    blocks = padded.reshape(2, parts, PARTITION).transpose(1, 0, 2)
    whole = scipy.fft.rfft(blocks, 2 * PARTITION, axis=2)
    size = np.abs(whole).max(axis=1)
    heard = size > 10 ** (_INAUDIBLE_DB / 20) * size.max()
    bins = [PARTITION + 1, *(int(np.flatnonzero(h)[-1]) + 1 if h.any() else 1 for h in heard[1:])]
    return tuple(np.ascontiguousarray(w[:, :n]) for w, n in zip(whole, bins, strict=True))
