"""Loudness and peaks: every piece leaves at -16 LUFS with its true peak under -1 dB.

Loudness as in ITU-R BS.1770-4 (K weighting, blocks of 400 ms, two gates), computed from the spectra
of frames of a quarter block instead of by running filters: the same sums at a tenth of the time.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.fft
from scipy.ndimage import minimum_filter1d

from synth.partials import Floats, Samples

TARGET_LUFS: Final = -16.0
CEILING: Final = 10 ** (-1.15 / 20)  # true peak, a little under -1 dB for the last rounding
MAX_GAIN: Final = 100.0
FRAME: Final = 64  # samples that share one gain of the limiter
_REACH: Final = 12  # frames the limiter looks ahead and lets go: 17 ms at 44.1 kHz
_TAPS: Final = 24
_BATCH: Final = 32  # loudness frames transformed at a time: they stay in the cache
_SPAN: Final = 256  # limiter frames that are multiplied at a time


def mastered(stereo: Samples, sample_rate: int, circular: bool = False) -> Samples:
    """The mix at the target loudness, under the ceiling, without offset.

    Parameters
    ----------
    stereo
        Shape (2, n), any level; changed in place.
    circular
        Whether the end runs into the start (a loop), for the limiter.
    """
    levels = Levels(sample_rate)
    levels.add(stereo)
    peaks = levels.peaks()
    loud = levels.loud_frames()
    peaks[loud] = np.maximum(peaks[loud], true_peaks(stereo, loud))
    apply_gains(stereo, levels.gains(peaks, circular), levels.mean)
    return stereo


class Levels:
    """What the master has to know of a piece, gathered part by part.

    Every part but the last is a whole number of loudness frames (`frame_of`) long.
    """

    def __init__(self, sample_rate: int) -> None:
        self._rate = sample_rate
        self._sums = np.zeros(2)
        self._n = 0
        self._energies: list[Floats] = []
        self._peaks: list[Floats] = []

    def add(self, stereo: Samples) -> None:
        """Take in the next part, shape (2, n)."""
        self._sums += stereo.sum(axis=1, dtype=np.float64)
        self._n += stereo.shape[1]
        self._energies.append(frame_energies(stereo, self._rate))
        self._peaks.append(sample_peaks(stereo))

    @property
    def mean(self) -> Samples:
        """The offset of each side, shape (2,)."""
        return (self._sums / max(self._n, 1)).astype(np.float32)

    @property
    def energies(self) -> Floats:
        """K-weighted mean square of each loudness frame."""
        return np.concatenate(self._energies)

    def peaks(self) -> Floats:
        """Sample peak of each limiter frame without the offset, shape (n_frames,)."""
        return np.concatenate(self._peaks) + float(np.abs(self.mean).max())

    def loud_frames(self) -> npt.NDArray[np.int64]:
        """The limiter frames that may come near the ceiling, so their true peak matters."""
        loudness = loudness_of(self.energies)
        if not np.isfinite(loudness):
            return np.zeros(0, np.int64)
        return np.flatnonzero(self.peaks() > CEILING / (_first_gain(loudness) * 1.6))

    def gains(self, peaks: Floats, circular: bool) -> Gains:
        """What brings the piece to the target under the ceiling; silence is left alone."""
        return gains_for(self.energies, peaks, frame_of(self._rate) // FRAME, circular)


class Gains(NamedTuple):
    """A gain for the whole, and how far each limiter frame is taken below it, in (0, 1]."""

    whole: float
    frames: Floats


def gains_for(energies: Floats, peaks: Floats, per: int, circular: bool) -> Gains:
    """The gains that bring a piece to the target under the ceiling.

    Limiting takes a little loudness away, so the gain asks for a little more until it fits; `per`
    limiter frames make a loudness frame.
    """
    loudness = loudness_of(energies)
    if not np.isfinite(loudness):
        return Gains(1.0, np.ones(len(peaks)))
    gain = _first_gain(loudness)
    limits = limiter_gains(peaks * gain, circular)
    for _ in range(4):
        after = loudness_of(energies * _frame_means(limits**2, len(energies), per))
        missing = TARGET_LUFS - (after + 20 * np.log10(gain))
        if abs(missing) < 0.05:
            break
        gain = min(gain * 10 ** (missing / 20), MAX_GAIN)
        limits = limiter_gains(peaks * gain, circular)
    return Gains(gain, limits)


def _first_gain(loudness: float) -> float:
    return float(min(10 ** ((TARGET_LUFS - loudness) / 20), MAX_GAIN))


@lru_cache(maxsize=16)
def frame_of(sample_rate: int) -> int:
    """Samples of a loudness frame: 100 ms or a few more, a length that transforms fast."""
    return FRAME * int(scipy.fft.next_fast_len(-(-sample_rate // (10 * FRAME)), real=True))


@lru_cache(maxsize=8)
def _k_weights(n: int, sample_rate: int) -> Samples:
    """Power response of the K filter at the bins of an n-point transform, scaled to mean square.

    Each bin stands twice, for its real and its imaginary part.

    The two filters are the analogue prototypes behind BS.1770's coefficients: a high shelf of
    4 dB at 1682 Hz and a high-pass at 38 Hz.
    """
    s = 2j * np.pi * np.maximum(np.fft.rfftfreq(n, 1 / sample_rate), 1e-6)
    w, q = 2 * np.pi * 1681.97, 0.7072
    high, band = 10 ** (3.99984 / 20), (10 ** (3.99984 / 20)) ** 0.4996667
    shelf = (high * s**2 + band * w / q * s + w**2) / (s**2 + w / q * s + w**2)
    w, q = 2 * np.pi * 38.1355, 0.5003
    cut = s**2 / (s**2 + w / q * s + w**2)
    power = np.abs(shelf * cut) ** 2 * 2 / n**2
    power[0] = 0.0
    return np.repeat(power, 2).astype(np.float32)


def frame_energies(stereo: Samples, sample_rate: int) -> Floats:
    """K-weighted mean square of each `frame_of` samples, both sides summed; shape (n_frames,)."""
    n = frame_of(sample_rate)
    whole = stereo.shape[1] // n * n
    energies = _energies(stereo[:, :whole].reshape(2, -1, n), sample_rate)
    share = (stereo.shape[1] - whole) / n
    if share > 0.5 or (whole == 0 and share > 0):
        rest = np.zeros((2, 1, n), np.float32)
        rest[:, 0, : stereo.shape[1] - whole] = stereo[:, whole:]
        energies = np.append(energies, _energies(rest, sample_rate) / max(share, 1e-3))
    return energies


def _energies(frames: Samples, sample_rate: int) -> Floats:
    weights = _k_weights(frames.shape[2], sample_rate)
    out = np.zeros(frames.shape[1])
    for side in frames:
        for first in range(0, len(side), _BATCH):
            parts = scipy.fft.rfft(side[first : first + _BATCH], axis=1).view(np.float32)
            parts *= parts
            out[first : first + _BATCH] += parts @ weights
    return out


def loudness_of(energies: Floats) -> float:
    """Integrated loudness in LUFS from the energies of frames; -inf for silence."""
    if len(energies) >= 4:
        sums = np.convolve(energies, np.full(4, 0.25), mode="valid")
    else:
        sums = np.array([energies.mean()]) if len(energies) else np.zeros(1)
    loud = -0.691 + 10 * np.log10(np.maximum(sums, 1e-12))
    kept = sums[loud > -70.0]
    if not len(kept):
        return float("-inf")
    gate = -0.691 + 10 * np.log10(kept.mean()) - 10.0
    kept = sums[(loud > -70.0) & (loud > gate)]
    return float(-0.691 + 10 * np.log10(kept.mean()))


def sample_peaks(stereo: Samples) -> Floats:
    """The largest sample of each frame of `FRAME` samples, on either side; shape (n_frames,)."""
    n = stereo.shape[1]
    whole = n // FRAME
    peaks = np.zeros(-(-n // FRAME), np.float32)
    size = np.empty((2, 256 * FRAME), np.float32)  # small batches stay in the cache
    for first in range(0, whole, 256):
        last = min(whole, first + 256)
        part = size[:, : (last - first) * FRAME]
        np.abs(stereo[:, first * FRAME : last * FRAME], out=part)
        tops = np.maximum(part[0], part[1]).reshape(-1, FRAME)
        while tops.shape[1] > 1:  # halves against halves: much faster than max along a short axis
            half = tops.shape[1] // 2
            tops = np.maximum(tops[:, :half], tops[:, half:])
        peaks[first:last] = tops[:, 0]
    if whole < len(peaks):
        peaks[-1] = np.abs(stereo[:, whole * FRAME :]).max()
    return peaks.astype(np.float64)


def true_peaks(stereo: Samples, frames: npt.NDArray[np.int64]) -> Floats:
    """The true peak (four times oversampled) of some limiter frames; shape (len(frames),)."""
    chunks = np.array_split(frames, max(1, len(frames) // 2000))
    return np.concatenate([_oversampled_peaks(stereo, c) for c in chunks]).astype(np.float64)


@lru_cache(maxsize=1)
def _fir() -> Samples:
    """Windowed-sinc interpolation to a quarter, a half and three quarters; shape (_TAPS, 3)."""
    at = np.arange(_TAPS) - (_TAPS / 2 - 1)
    columns = [np.sinc(at - f) * np.kaiser(_TAPS, 7.0) for f in (0.25, 0.5, 0.75)]
    taps = np.array(columns).T
    return np.asarray(taps / taps.sum(axis=0), np.float32)


def _oversampled_peaks(stereo: Samples, frames: npt.NDArray[np.int64]) -> Samples:
    if not len(frames):
        return np.zeros(0, np.float32)
    n, before = stereo.shape[1], _TAPS // 2 - 1
    at = frames[:, None] * FRAME + np.arange(-before, FRAME + _TAPS - before - 1)[None, :]
    windows = np.take(stereo, at, axis=1, mode="wrap" if n > 2 * FRAME else "clip")
    views = np.lib.stride_tricks.sliding_window_view(windows, _TAPS, axis=2)
    between = np.abs(views @ _fir())  # (2, n_frames, FRAME, 3)
    out: Samples = between.max(axis=(0, 2, 3))
    return out


def limiter_gains(peaks: Floats, circular: bool) -> Floats:
    """The gain of each frame, in (0, 1]: low enough at every peak, smooth between them."""
    need = np.minimum(1.0, CEILING / np.maximum(peaks, 1e-12))
    if need.min() >= 1.0:
        return np.ones(len(peaks))
    mode = "wrap" if circular else "nearest"
    lowest = minimum_filter1d(need, 2 * _REACH + 3, mode=mode)
    window = np.hanning(2 * _REACH + 3)[1:-1]
    pad = np.pad(lowest, _REACH, mode="wrap" if circular else "edge")
    return np.convolve(pad, window / window.sum(), mode="valid")


def apply_gains(stereo: Samples, gains: Gains, mean: Samples, first_frame: int = 0) -> None:
    """Take the offset away and multiply by the gain of each frame, in place.

    Between the middles of frames the gain goes in straight lines. ``first_frame`` is the limiter
    frame of the whole at which this part begins.
    """
    n, whole = stereo.shape[1], np.float32(gains.whole)
    count = -(-n // FRAME)
    limits = gains.frames[first_frame : first_frame + count] * gains.whole
    before = gains.frames[max(first_frame - 1, 0)] * gains.whole
    after = gains.frames[min(first_frame + count, len(gains.frames) - 1)] * gains.whole
    line = np.concatenate([[before], limits, [after]]).astype(np.float32)
    middles = 0.5 * (line[1:] + line[:-1])  # the gain where two frames meet
    rise = (np.arange(FRAME // 2, dtype=np.float32) + 0.5) / (FRAME // 2)
    for first in range(0, count, _SPAN):
        last = min(first + _SPAN, count)
        part = stereo[:, first * FRAME : last * FRAME]
        part -= mean[:, None]
        here = line[first : last + 2]
        if here.min() >= whole:
            part *= whole
            continue
        starts, ends = middles[first:last, None], middles[first + 1 : last + 1, None]
        tops = line[first + 1 : last + 1, None]
        up, down = starts + (tops - starts) * rise, tops + (ends - tops) * rise
        part *= np.concatenate([up, down], axis=1).ravel()[: part.shape[1]]


def _frame_means(values: Floats, count: int, per: int) -> Floats:
    """Means of the limiter's frames over the frames of the loudness."""
    edges = np.minimum(np.arange(count + 1) * per, len(values))
    sums = np.concatenate([[0.0], np.cumsum(values)])
    return np.asarray((sums[edges[1:]] - sums[edges[:-1]]) / np.maximum(np.diff(edges), 1))
