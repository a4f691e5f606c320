"""The signal kernel: a sum of decaying partials, as one small matrix product.

A decaying sinusoid is a complex number to the power of time, z**n. With n = a * BLOCK + b that is
z**(a * BLOCK) * z**b, so a whole note of K partials is an (A, 2K) @ (2K, BLOCK) product: exact,
band-limited by leaving partials out, and about 1 ns per sample for 20 partials on one core.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import scipy.fft

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

BLOCK: Final = 256
HIGHEST: Final = 0.45  # of the sample rate; nothing above, so nothing aliases
SILENT_DB: Final = -66.0  # partials this far below the loudest are not worth computing


def partials(
    freqs_hz: npt.ArrayLike,
    amps: npt.ArrayLike,
    decays: npt.ArrayLike,
    n: int,
    sample_rate: int,
    phases: npt.ArrayLike = 0.0,
) -> Samples:
    """Sum of ``amp * exp(-decay * t) * sin(2 pi (freq * t + phase))``.

    Parameters
    ----------
    freqs_hz, amps, decays, phases
        Of shape (K,), all but the first may be scalars: hertz, linear, 1 / seconds, cycles.
        Partials above 0.45 of the sample rate, or too soft to hear, are left out.
    n
        Number of samples.

    Returns
    -------
    ndarray of float32, shape (n,)
    """
    freqs = np.asarray(freqs_hz, np.float64)
    sizes, rates, starts = (np.zeros(freqs.shape) + np.asarray(x) for x in (amps, decays, phases))
    loud = np.abs(sizes) > np.abs(sizes).max(initial=0.0) * 10 ** (SILENT_DB / 20)
    keep = loud & (freqs < HIGHEST * sample_rate) & (freqs > 0)
    if n <= 0 or not keep.any():
        return np.zeros(max(n, 0), np.float32)
    cycles, decay = freqs[keep] / sample_rate, rates[keep] / sample_rate  # per sample
    rows = -(-n // BLOCK)
    coarse = _turning(rows, BLOCK, cycles, decay)  # (2K, rows): cos, sin
    fine = _turning(BLOCK, 1, cycles, decay, starts[keep])  # (2K, BLOCK)
    k = len(cycles)
    fine.reshape(2, k, -1)[:] *= sizes[keep].astype(np.float32)[:, None]
    sine_first = np.concatenate([coarse[k:], coarse[:k]])  # sin(a + b) = sin a cos b + cos a sin b
    return np.asarray((sine_first.T @ fine).ravel()[:n])


def _turning(
    count: int, stride: int, cycles: Floats, decay: Floats, phases: Floats | float = 0.0
) -> Samples:
    """Cosines, then sines, of ``z**t`` at `count` times `stride` samples apart, (2K, count).

    Phases are whole numbers of 2**-32 turns, whose products wrap round by themselves: exact to
    2e-4 turns after half a minute, and much cheaper than floats.
    """
    steps = np.arange(count, dtype=np.uint32) * np.uint32(stride)
    turns = np.multiply.outer(_fixed(cycles), steps)
    turns += _fixed(np.zeros(len(cycles)) + phases)[:, None]
    angles = turns.view(np.int32).astype(np.float32)
    angles *= np.float32(2 * np.pi / 2**32)
    k = len(cycles)
    out = np.empty((2 * k, count), np.float32)
    np.cos(angles, out=out[:k])
    np.sin(angles, out=out[k:])
    if decay.any():
        sizes = np.multiply.outer(-decay.astype(np.float32), steps.astype(np.float32))
        np.exp(sizes, out=sizes)
        out.reshape(2, k, count)[:] *= sizes
    return out


def _fixed(turns: Floats) -> npt.NDArray[np.uint32]:
    """Turns as whole numbers of 2**-32, without the full ones."""
    return np.asarray(np.rint(turns * 2.0**32).astype(np.int64) & 0xFFFFFFFF, np.uint32)


def sweep(freqs_hz: Floats, sample_rate: int) -> Samples:
    """A sine whose frequency follows a curve of shape (n,), in hertz."""
    turns = np.cumsum(freqs_hz / sample_rate)
    turns -= np.floor(turns)
    return np.asarray(np.sin((2 * np.pi * turns).astype(np.float32)))


@lru_cache(maxsize=32)
def noise(n: int, low_hz: float, high_hz: float, sample_rate: int, seed: int = 0) -> Samples:
    """Noise between two frequencies (soft edges), unit RMS, always the same for the same seed."""
    size = 1 << max(8, (n - 1).bit_length())
    freqs = np.fft.rfftfreq(size, 1 / sample_rate)
    shape = 1 / (1 + (low_hz / np.maximum(freqs, 1.0)) ** 4) / (1 + (freqs / high_hz) ** 6)
    shape[freqs > HIGHEST * sample_rate] = 0.0
    shape[[0, -1]] = 0.0
    spectrum = _white(size, seed) * shape.astype(np.float32)
    out: Samples = scipy.fft.irfft(spectrum, size)[:n]
    out /= np.sqrt(np.dot(out, out) / n + np.float32(1e-20))
    out.flags.writeable = False
    return out


@lru_cache(maxsize=16)
def _white(size: int, seed: int) -> npt.NDArray[np.complex64]:
    """A spectrum of even power and random phase, shape (size // 2 + 1,)."""
    turns = np.random.default_rng(seed).random(size // 2 + 1, np.float32)
    angles = np.float32(2 * np.pi) * turns
    spectrum = np.empty(len(turns), np.complex64)
    spectrum.real, spectrum.imag = np.cos(angles), np.sin(angles)
    spectrum *= np.float32(size**0.5)
    return spectrum


def ramps(note: Samples, attack_s: float, release_s: float, sample_rate: int) -> Samples:
    """The note with a raised-cosine start and end, in place, so that both ends are silent."""
    n = len(note)
    if n == 0:
        return note
    up = max(1, min(round(attack_s * sample_rate), n // 2))
    down = max(1, min(round(release_s * sample_rate), n - up))
    note[:up] *= _ramp(up)
    note[n - down :] *= _ramp(down)[::-1]
    return note


@lru_cache(maxsize=512)
def _ramp(n: int) -> Samples:
    """0 to nearly 1 in n samples; begins at exactly 0."""
    return (0.5 - 0.5 * np.cos(np.pi * np.arange(n) / n)).astype(np.float32)


def warped(note: Samples, at: npt.NDArray[np.intp], share: Samples) -> Samples:
    """The note read between samples `at` and the next, a `share` of the way: vibrato and slides."""
    left, right = note.take(at, mode="clip"), note.take(at + 1, mode="clip")
    right -= left
    right *= share
    left += right
    return left
