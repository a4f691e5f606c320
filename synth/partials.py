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

Samples = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]

BLOCK: Final = 256
HIGHEST: Final = 0.45  # of the sample rate; nothing above, so nothing aliases
SILENT_DB: Final = -72.0  # partials this far below the loudest are not worth computing


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
        Each of shape (K,) or a scalar: hertz, linear, 1 / seconds, cycles. Partials above 0.45 of
        the sample rate, or too soft to hear, are left out.
    n
        Number of samples.

    Returns
    -------
    ndarray of float32, shape (n,)
    """
    freqs, amps, decays, phases = np.broadcast_arrays(
        *(np.asarray(x, np.float64) for x in (freqs_hz, amps, decays, phases))
    )
    loud = np.abs(amps) > np.abs(amps).max(initial=0.0) * 10 ** (SILENT_DB / 20)
    keep = loud & (freqs < HIGHEST * sample_rate) & (freqs > 0)
    if n <= 0 or not keep.any():
        return np.zeros(max(n, 0), np.float32)
    cycles, decay = freqs[keep] / sample_rate, decays[keep] / sample_rate  # per sample
    rows = -(-n // BLOCK)
    coarse = _powers(np.arange(float(rows)) * BLOCK, cycles, decay, np.zeros(len(cycles)), 1.0)
    fine = _powers(np.arange(float(BLOCK)), cycles, decay, phases[keep], amps[keep])
    left = np.concatenate([coarse[1], coarse[0]], axis=1)  # (rows, 2K): sin, cos
    right = np.concatenate([fine[0], fine[1]], axis=1).T  # (2K, BLOCK): cos, sin
    return np.ascontiguousarray((left @ right).ravel()[:n])


def _powers(
    times: Floats, cycles: Floats, decay: Floats, phases: Floats, amps: Floats | float
) -> tuple[Samples, Samples]:
    """Real and imaginary part of ``amp * z**t``, each (n_times, K)."""
    turns = np.outer(times, cycles) + phases
    turns -= np.floor(turns)  # reduced in float64, so that float32 keeps long notes in tune
    angle = (2 * np.pi * turns).astype(np.float32)
    size = (np.exp(-np.outer(times, decay)) * amps).astype(np.float32)
    return np.asarray(np.cos(angle) * size), np.asarray(np.sin(angle) * size)


def sweep(freqs_hz: Floats, sample_rate: int) -> Samples:
    """A sine whose frequency follows a curve of shape (n,), in hertz."""
    turns = np.cumsum(freqs_hz / sample_rate)
    turns -= np.floor(turns)
    return np.asarray(np.sin((2 * np.pi * turns).astype(np.float32)))


@lru_cache(maxsize=64)
def noise(n: int, low_hz: float, high_hz: float, sample_rate: int, seed: int = 0) -> Samples:
    """Noise between two frequencies (soft edges), unit RMS, always the same for the same seed."""
    size = 1 << max(8, (n - 1).bit_length())
    rng = np.random.default_rng(seed)
    freqs = np.fft.rfftfreq(size, 1 / sample_rate)
    shape = 1 / (1 + (low_hz / np.maximum(freqs, 1.0)) ** 4) / (1 + (freqs / high_hz) ** 6)
    shape[freqs > HIGHEST * sample_rate] = 0.0
    turns = rng.random(len(freqs))
    spectrum = shape * np.exp(2j * np.pi * turns)
    spectrum[[0, -1]] = 0.0
    signal = np.fft.irfft(spectrum, size)[:n]
    out = np.asarray(signal / np.sqrt((signal**2).mean() + 1e-20), np.float32)
    out.flags.writeable = False
    return out


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


def warped(note: Samples, shift: Samples) -> Samples:
    """The note read at shifted times (in samples): vibrato and slides, by linear interpolation."""
    at = np.arange(len(note), dtype=np.float64) + shift
    np.clip(at, 0, len(note) - 1.001, out=at)
    left = at.astype(np.int64)
    share = (at - left).astype(np.float32)
    return note[left] * (1 - share) + note[np.minimum(left + 1, len(note) - 1)] * share
