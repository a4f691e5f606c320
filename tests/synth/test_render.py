"""Rendered music is stereo, loud as agreed, clean, seamless and always the same."""

import hashlib
import io
import os
import wave

import numpy as np
import pyloudnorm
import pytest
from scipy.signal import resample_poly

from music.errors import InputError
from synth.config import config_from_style
from synth.render import render
from synth.schema import MusicConfig
from tests.synth.chance import random_config

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"


def true_peak_db(samples):
    return 20 * np.log10(np.abs(resample_poly(samples.astype(float), 4, 1, axis=0)).max())


@pytest.mark.parametrize("style", ["8-bit", "arabian nights", "ambient", "metal"])
@pytest.mark.parametrize("sample_rate", [22_050, 44_100, 48_000])
def test_a_loop_is_loud_as_agreed_and_under_the_ceiling(style, sample_rate):
    audio = render(config_from_style(style, 3), bars=4, sample_rate=sample_rate)
    meter = pyloudnorm.Meter(sample_rate)
    assert meter.integrated_loudness(audio.samples.astype(float)) == pytest.approx(-16, abs=0.3)
    assert true_peak_db(audio.samples) <= -1.0
    assert audio.samples.shape == (len(audio.samples), 2)
    assert audio.samples.dtype == np.float32


def test_it_is_truly_stereo():
    left, right = render(MusicConfig(), bars=2).samples.T
    assert 0.2 < np.corrcoef(left, right)[0, 1] < 0.99


def test_the_same_config_gives_the_same_samples():
    config = config_from_style("dub", 7)
    first, second = (render(config, bars=4).samples.tobytes() for _ in range(2))
    assert hashlib.sha256(first).digest() == hashlib.sha256(second).digest()
    assert first != render(config.with_(seed=8), bars=4).samples.tobytes()


def test_a_loop_joins_its_own_beginning():
    """Played twice, the seam is no bigger a step than the music makes anyway."""
    mono = render(MusicConfig(space=0.9, texture="pad_warm"), bars=2).samples.mean(axis=1)
    steps = np.abs(np.diff(mono))
    assert abs(mono[0] - mono[-1]) <= 1.2 * np.percentile(steps, 99.9)


def test_the_tail_wraps_to_the_start():
    config = MusicConfig(kit="none", space=1.0, melody="piano", comp="none", texture="none")
    start = render(config, bars=2).samples[:400]
    assert np.abs(start).max() > 1e-4  # the room of the last bar is already there


def test_wav_bytes_are_a_wav_file():
    audio = render(MusicConfig(), bars=1)
    with wave.open(io.BytesIO(audio.wav())) as file:
        assert (file.getnchannels(), file.getframerate()) == (2, 44_100)
        assert file.getnframes() == len(audio.samples)
    assert audio._repr_html_().startswith("<audio controls")


@pytest.mark.proof
def test_no_config_is_silent_broken_or_too_loud():
    rng = np.random.default_rng(1)
    for _ in range(500 if PROOF else 40):
        config = random_config(rng)
        samples = render(config, bars=2, sample_rate=22_050).samples
        assert np.isfinite(samples).all(), config
        assert np.abs(samples).max() < 1.0, config
        assert np.abs(samples.mean(axis=0)).max() < 1e-3, config
        assert np.sqrt((samples**2).mean()) > 0.01, config


@pytest.mark.parametrize("bars", [0, -1, 10**9])
def test_impossible_lengths_are_refused(bars):
    with pytest.raises(InputError, match="between 1 and"):
        render(MusicConfig(), bars=bars)


def test_a_loop_of_more_than_an_hour_is_refused():
    with pytest.raises(InputError, match="lasts up to an hour"):
        render(MusicConfig(tempo_bpm=30), bars=4000)


@pytest.mark.parametrize("sample_rate", [1, 0, -44_100, 10**9])
def test_impossible_rates_are_refused(sample_rate):
    with pytest.raises(InputError, match="sample rate"):
        render(MusicConfig(), bars=1, sample_rate=sample_rate)


def test_a_config_of_nothing_still_sounds():
    silent = MusicConfig(melody="none", harmony="none", bass="none", texture="none", kit="none")
    assert np.abs(render(silent, bars=1).samples).max() > 0.01
