"""The mix is the notes on their seats in one room; a loop is the same, wrapped round."""

import numpy as np
import pytest
from scipy.signal import fftconvolve, resample_poly

from synth.compose import compose
from synth.config import config_from_style
from synth.mix import CACHE, Mix
from synth.reverb import Room, _response
from synth.schema import MusicConfig


def through(room, dry):
    blocks = [room(dry[i : i + room.block]).copy() for i in range(0, len(dry), room.block)]
    return np.concatenate(blocks, axis=1)


def test_the_room_is_the_convolution_with_its_response():
    room = Room(0.6, 0.5, 0.5, 22_050)
    rng = np.random.default_rng(0)
    dry = rng.standard_normal(4 * room.block).astype(np.float32)
    response = _response(0.6, 0.5, 0.5, 22_050)
    whole = np.stack([fftconvolve(dry, side)[: len(dry)] for side in response])
    wet = through(room, dry)
    assert ((wet - whole) ** 2).mean() < 1e-5 * (whole**2).mean()


def test_the_room_at_half_the_rate_sounds_like_the_room():
    rng = np.random.default_rng(0)
    slow, fast = Room(0.4, 0.0, 0.5, 22_050), Room(0.4, 0.0, 0.5, 44_100)
    dull = rng.standard_normal(slow.block)  # nothing above 5 kHz, as good as
    dry = resample_poly(dull, 3, 1).astype(np.float32)
    fine = resample_poly(dry, 2, 1).astype(np.float32)
    late = 23  # samples, by the two filters
    halved = through(fast, fine)[:, late::2]
    whole = through(slow, dry)[:, : halved.shape[1]]
    assert ((halved - whole) ** 2).mean() < 0.01 * (whole**2).mean()


@pytest.mark.parametrize("style", ["ambient", "techno", "tango"])
@pytest.mark.parametrize("bars", [1, 3])
def test_a_loop_is_the_piece_with_its_end_laid_over_its_start(style, bars):
    score = compose(config_from_style(style, 4).with_(space=0.8, ambience="none"), bars)
    mix = Mix(score, 22_050)
    n = mix.frames
    folded, first = np.zeros((2, n)), 0
    for block in mix.blocks():
        at = (first + np.arange(block.shape[1])) % n
        for side in (0, 1):
            folded[side] += np.bincount(at, block[side].astype(float), n)
        first += block.shape[1]
    loop = mix.loop()
    assert ((loop - folded) ** 2).mean() < 1e-6 * (folded**2).mean()


def test_the_cache_of_notes_keeps_its_bounds_and_changes_nothing():
    score = compose(MusicConfig(), 2)
    first = Mix(score, 22_050).loop()
    assert CACHE.size <= 96 * 2**20
    CACHE.clear()
    assert CACHE.size == 0
    np.testing.assert_array_equal(Mix(score, 22_050).loop(), first)
