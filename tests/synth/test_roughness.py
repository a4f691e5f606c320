"""Random music is rich but does not grate: roughness of the pitched layers after Sethares (1993).

On this scale a saw's major triad at C4 has 1.07, a minor seventh chord 1.33, a cluster 2.76.
"""

import os

import numpy as np
import pytest

from synth.chance import rolled
from synth.compose import compose
from synth.render import render_score
from synth.schema import MusicConfig
from synth.score import LAYERS

RATE = 22_050
PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
PITCHED = frozenset(LAYERS) - {"drums"}


def roughness(mono, size=16_384):
    """Mean over twelve moments of the dissonance of the twenty strongest partials, unit energy."""
    found = []
    for start in np.linspace(0, len(mono) - size - 1, 12).astype(int):
        part = mono[start : start + size]
        if np.sqrt((part**2).mean()) < 1e-4:
            continue
        sizes = np.abs(np.fft.rfft(part * np.hanning(size)))
        tops = np.flatnonzero((sizes[1:-1] > sizes[2:]) & (sizes[1:-1] >= sizes[:-2])) + 1
        tops = tops[(tops * RATE / size > 40) & (tops * RATE / size < 8000)]
        tops = tops[np.argsort(sizes[tops])[-20:]]
        freqs = tops * RATE / size
        amps = sizes[tops] / np.sqrt((sizes[tops] ** 2).sum())
        low = np.minimum.outer(freqs, freqs)
        gap = 0.24 / (0.0207 * low + 18.96) * np.abs(np.subtract.outer(freqs, freqs))
        pairs = np.minimum.outer(amps, amps) * 5 * (np.exp(-3.51 * gap) - np.exp(-5.75 * gap))
        found.append(np.triu(pairs, 1).sum())
    return float(np.mean(found))


@pytest.mark.proof
def test_random_music_does_not_grate():
    found = []
    for seed in range(200 if PROOF else 20):
        config = rolled(MusicConfig(), seed=31_000 + seed)
        bars = max(1, round(15.0 / compose(config, 1).duration_s))
        score = compose(config, bars)
        stem = render_score(score, sample_rate=RATE, layers=PITCHED).samples
        found.append(roughness(stem.astype(float).mean(axis=1)))
    assert np.percentile(found, 95) <= (1.33 if PROOF else 1.6)
    assert np.median(found) <= 1.0
    assert max(found) < 2.0
