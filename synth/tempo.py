"""Tempo from onsets: autocorrelation, a comb over several beats, and which multiple people tap."""

from __future__ import annotations

from typing import Final

import numpy as np

from synth.descriptors import FRAMES_S, Frames
from synth.partials import Floats

LOW_BPM: Final = 40.0
HIGH_BPM: Final = 220.0
_USUAL_BPM: Final = 125.0  # where people tap most readily; about an octave to either side is rare
_OCTAVES: Final = 0.7


def tempo_of(found: Frames) -> tuple[float, float]:
    """Beats a minute, and how clear the beat is in [0, 1]; (0, 0) where nothing begins.

    Every tempo is scored by how well onsets repeat after one, two, three and four beats and how
    little they do between, times how usual it is; the winner is refined on its longest repeat.
    """
    line = found.onsets - np.convolve(found.onsets, np.ones(65) / 65, mode="same")
    line = np.maximum(line, 0.0)
    if len(line) < 3 * FRAMES_S or line.std() < 1e-6:
        return 0.0, 0.0
    repeat = autocorrelation(line)
    candidates = np.geomspace(LOW_BPM, HIGH_BPM, 700)
    scores = np.array([_score(repeat, bpm) for bpm in candidates])
    usual = np.exp(-0.5 * (np.log2(candidates / _USUAL_BPM) / _OCTAVES) ** 2)
    best = candidates[int(np.argmax(scores * usual))]
    return _refined(repeat, best), float(np.clip(scores.max(), 0.0, 1.0))


def autocorrelation(line: Floats) -> Floats:
    """Normalised autocorrelation, unbiased by the shorter overlap of long lags."""
    line = line - line.mean()
    n = len(line)
    power = np.abs(np.fft.rfft(line, 2 * n)) ** 2
    repeat = np.fft.irfft(power)[:n]
    repeat /= np.maximum(np.arange(n, 0, -1), n // 4)
    return np.asarray(repeat / max(float(repeat[0]), 1e-12))


def _score(repeat: Floats, bpm: float) -> float:
    lag = 60.0 / bpm * FRAMES_S
    total, weights = 0.0, 0.0
    for beats, weight in ((1, 1.0), (2, 1.0), (3, 0.5), (4, 1.0), (8, 0.7)):
        if beats * lag < len(repeat) * 0.8:
            total += weight * _at(repeat, beats * lag)
            weights += weight
    return total / max(weights, 1e-9)


def _at(repeat: Floats, lag: float) -> float:
    """The autocorrelation near a lag: the best of its closest frames."""
    near = round(lag)
    return float(repeat[max(1, near - 1) : near + 2].max(initial=0.0))


def _refined(repeat: Floats, bpm: float) -> float:
    """The tempo from the longest repeat that still stands out, by a parabola through its top."""
    for beats in (1, 2, 4, 8, 16):
        lag = beats * 60.0 / bpm * FRAMES_S
        reach = max(2, int(0.02 * lag))
        first = int(lag) - reach
        if lag + reach + 2 > len(repeat) * 0.8:
            break
        part = repeat[first : first + 2 * reach + 2]
        top = int(np.argmax(part))
        if part[top] < 0.15 or not 0 < top < len(part) - 1:
            continue
        a, b, c = part[top - 1 : top + 2]
        shift = 0.5 * (a - c) / (a - 2 * b + c - 1e-12)
        bpm = beats * 60.0 * FRAMES_S / (first + top + float(np.clip(shift, -0.5, 0.5)))
    return bpm
