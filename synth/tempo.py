"""Tempo from onsets: which period repeats best, and which multiple of it people would tap.

A period is found by autocorrelation and a comb over several beats. Music that repeats every half
second also repeats every second; which of the related tempi is *felt* is decided by a small
conditional logit on how drums and notes lie around each (its weights: `synth/fit_analysis.py`).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from synth.descriptors import FRAMES_S, Frames
from synth.learned import table
from synth.partials import Floats

LOW_BPM: Final = 40.0
HIGH_BPM: Final = 220.0
_USUAL_BPM: Final = 125.0  # where people tap most readily; about an octave to either side is rare
_OCTAVES: Final = 0.7
RELATED: Final = (1 / 3, 1 / 2, 2 / 3, 3 / 4, 1.0, 4 / 3, 3 / 2, 2.0, 3.0)
_AROUND: Final = (0.25, 1 / 3, 0.5, 1.0, 2.0, 3.0, 4.0)  # beats after which repeats are looked at


def tempo_of(found: Frames) -> tuple[float, float]:
    """Beats a minute, and how clear the beat is in [0, 1]; (0, 0) where nothing begins."""
    repeat = repeats(found)
    if repeat is None:
        return 0.0, 0.0
    candidates, clarity = related(repeat)
    values = np.array([evidence(found, repeat, bpm) for bpm in candidates])
    best = candidates[int(np.argmax(values @ table("tempo")["weights"]))]
    return refined(repeat, best), clarity


def repeats(found: Frames) -> Floats | None:
    """The autocorrelation of everything that begins, or None where nothing does."""
    line = found.onsets - np.convolve(found.onsets, np.ones(65) / 65, mode="same")
    line = np.maximum(line, 0.0)
    if len(line) < 3 * FRAMES_S or line.std() < 1e-6:
        return None
    return autocorrelation(line)


def related(repeat: Floats) -> tuple[list[float], float]:
    """The tempo that repeats best and its relatives within bounds, and how clear it is.

    Every tempo is scored by how well onsets repeat after one, two, three, four and eight beats,
    times how usual it is.
    """
    grid = np.geomspace(LOW_BPM, HIGH_BPM, 700)
    scores = np.array([_score(repeat, bpm) for bpm in grid])
    usual = np.exp(-0.5 * (np.log2(grid / _USUAL_BPM) / _OCTAVES) ** 2)
    best = float(grid[int(np.argmax(scores * usual))])
    found = [best * r for r in RELATED if LOW_BPM <= best * r <= HIGH_BPM]
    return found, float(np.clip(scores.max(), 0.0, 1.0))


def evidence(found: Frames, repeat: Floats, bpm: float) -> Floats:
    """What speaks for a tempo being the felt one: numbers the learned weights add up.

    The same repeat means another thing in a fast tempo than in a slow one, and in busy music than
    in sparse, so each counts by itself, by the tempo, by how busy it is, and squared.
    """
    lag = 60.0 / bpm * FRAMES_S
    around = [_at(repeat, beats * lag) for beats in _AROUND]
    bands = [autocorrelation(band) for band in found.bands.T]
    low, high = bands[0], bands[3]
    octave = np.log2(bpm / _USUAL_BPM)
    busy = np.log2(max(onset_rate(found) * 60.0 / bpm, 0.1))
    plain = np.array([
        _score(repeat, bpm), *around,
        *(_at(low, beats * lag) for beats in (0.5, 1.0, 2.0)),
        *(_at(bands[2], beats * lag) for beats in (0.5, 1.0, 2.0)),
        *(_at(high, beats * lag) for beats in (0.25, 0.5, 1.0, 2.0)),
    ])  # fmt: skip
    level = np.array([octave, octave**2, octave**3, busy, busy**2, busy**3, octave * busy])
    return np.concatenate([level, plain, octave * plain, busy * plain, plain**2])


def onset_rate(found: Frames) -> float:
    """How much begins in a second."""
    peaks = found.onsets > found.onsets.mean() + found.onsets.std()
    begun = np.flatnonzero(peaks[1:] & ~peaks[:-1])
    return float(len(begun) * FRAMES_S / max(len(found.onsets), 1))


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


def refined(repeat: Floats, bpm: float) -> float:
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
