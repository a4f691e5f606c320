"""Five hundred random configs: loud as agreed, clean, seamless, and nothing of them stays behind.

Without GHOSTNOTES_PROOF=1 a tenth of them.
"""

import gc
import os
from pathlib import Path

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from synth.chance import rolled
from synth.mix import CACHE
from synth.render import render
from synth.schema import MusicConfig

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
RATE = 22_050


@pytest.mark.proof
def test_random_music_is_loud_as_agreed_clean_and_seamless():
    for seed in range(500 if PROOF else 30):
        config = rolled(MusicConfig(), seed=7_000_000 + seed)
        samples = render(config, bars=3, sample_rate=RATE).samples.astype(float)
        assert np.isfinite(samples).all(), config
        loudness = pyloudnorm.Meter(RATE).integrated_loudness(samples)
        assert loudness == pytest.approx(-16, abs=0.5), config
        peak = np.abs(resample_poly(samples, 4, 1, axis=0)).max()
        assert 20 * np.log10(peak) <= -1.0, config
        assert np.abs(samples.mean(axis=0)).max() < 1e-3, config
        mono = samples.mean(axis=1)
        step = np.percentile(np.abs(np.diff(mono)), 99.9)
        assert abs(mono[0] - mono[-1]) <= 1.2 * step, config


@pytest.mark.proof
def test_nothing_leaks_over_many_renders():
    """After a hundred renders all caches are as full as they get; more renders add nothing."""

    def resident_mb():
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    n = 500 if PROOF else 60
    for seed in range(n):
        render(rolled(MusicConfig(), seed=seed), bars=1, sample_rate=RATE)
        if seed == n // 5:
            before = resident_mb()
    assert CACHE.size <= 96 * 2**20
    assert resident_mb() - before < 130  # the cache of notes may still fill
