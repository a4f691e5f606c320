"""From one piece to another: how far the level moves from second to second, at worst."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from benchmarks.table import Row
from synth.config import config_from_style
from synth.master import frame_energies, frame_of
from synth.render import render_score
from synth.tween import tween

RATE = 22_050
PAIRS = (
    ("house", "techno"), ("lo-fi", "jazz"), ("waltz", "tango"), ("arabian nights", "8-bit"),
    ("ambient", "epic battle"), ("reggaeton", "gospel"),
)  # fmt: skip


def tween_level() -> Iterator[Row]:
    """Short-term loudness (3 s, EBU R 128) at each second of six tweens of sixteen bars."""
    steps = []
    for i, (a, b) in enumerate(PAIRS):
        score = tween(config_from_style(a, i), config_from_style(b, i + 50), 16)
        samples = render_score(score, sample_rate=RATE).samples
        within = samples[: round((score.duration_s - score.tail_s) * RATE)]
        steps.append(float(np.abs(np.diff(short_term_db(within))).max()))
    yield Row("tween: level change between seconds, worst of six", max(steps), "dB", 3, None,
              "latentscore 10 dB (facts/sound.md)")  # fmt: skip


def short_term_db(samples: np.ndarray) -> np.ndarray:
    """Loudness of three seconds at each second, in LU."""
    energies = frame_energies(np.ascontiguousarray(samples.T), RATE)
    per_s = RATE / frame_of(RATE)
    window = round(3 * per_s)
    sums = np.convolve(energies, np.full(window, 1 / window), mode="valid")
    at = (np.arange(0, len(sums) / per_s) * per_s).astype(int)
    return 10 * np.log10(sums[at[at < len(sums)]] + 1e-12)
