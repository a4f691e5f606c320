"""A config becomes sound: composed, mixed block by block, brought to one loudness."""

from __future__ import annotations

from typing import Final

import numpy as np

from music.errors import InputError
from music.threads import one_thread
from synth.audio import Audio
from synth.compose import compose, compose_piece
from synth.master import mastered
from synth.mix import Mix
from synth.partials import Samples
from synth.schema import MusicConfig
from synth.score import Score

__all__ = ["SAMPLE_RATE", "Audio", "render", "render_score"]

SAMPLE_RATE: Final = 44_100
SAMPLE_RATES: Final = (22_050, 48_000)
MAX_SECONDS: Final = 3600.0


def render(
    config: MusicConfig,
    *,
    bars: int = 8,
    duration_s: float | None = None,
    sample_rate: int = SAMPLE_RATE,
) -> Audio:
    """A loop that joins its own beginning without a seam, or a piece with a real ending.

    Parameters
    ----------
    config
        What to play; the same config gives the same samples, bit by bit, on one machine.
    bars
        Length of the loop.
    duration_s
        Instead of a loop: a piece of exactly so many seconds.
    sample_rate
        Samples per second, 22,050 to 48,000.

    Returns
    -------
    Audio
        -16 LUFS, true peak under -1 dB.

    Raises
    ------
    InputError
        If the music would be longer than an hour or too short, or the rate is out of range.
    """
    score = compose(config, bars) if duration_s is None else compose_piece(config, duration_s)
    return render_score(score, sample_rate=sample_rate)


def render_score(
    score: Score, *, sample_rate: int = SAMPLE_RATE, layers: frozenset[str] | None = None
) -> Audio:
    """A score as sound; a score without tail is a loop, and what rings on goes to its start.

    `layers` keeps only some (a stem, mastered on its own).
    """
    check_rate(sample_rate)
    check_length(score.duration_s)
    mix = Mix(score, sample_rate, layers)
    circular = score.tail_s == 0
    with one_thread():
        stereo = mix.loop() if circular else cut(mix)
        mastered(stereo, sample_rate, circular)
    return Audio(stereo.T, sample_rate)


def cut(mix: Mix) -> Samples:
    """The whole piece, shape (2, n), faded to silence within its last moments; unmastered."""
    n = mix.frames
    whole = np.zeros((2, n), np.float32)
    first = 0
    for block in mix.blocks():
        if first >= n:
            break
        whole[:, first : first + block.shape[1]] = block[:, : n - first]
        first += block.shape[1]
    fade = min(n, round(min(0.6, mix.score.tail_s) * mix.sample_rate))
    if fade:
        whole[:, -fade:] *= np.cos(np.linspace(0, np.pi / 2, fade)).astype(np.float32) ** 2
    return whole


def check_rate(sample_rate: int) -> None:
    """Raise `InputError` if the rate is not supported."""
    low, high = SAMPLE_RATES
    if not low <= sample_rate <= high:
        raise InputError(f"the sample rate must lie in {low:,} to {high:,}, got {sample_rate!r}.")


def check_length(duration_s: float) -> None:
    """Raise `InputError` if the piece would be too long."""
    if not 0 < duration_s <= MAX_SECONDS:
        raise InputError(f"a piece lasts up to an hour; this one would last {duration_s:,.0f} s.")
