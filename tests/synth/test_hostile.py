"""Whatever is asked of the synth, it answers with bounded sound or a clear sentence."""

import io

import numpy as np
import pytest

from music.errors import InputError
from synth.compose import compose
from synth.config import config_from_style
from synth.files import encoded
from synth.render import render
from synth.schema import MusicConfig
from synth.stream import write_wav
from synth.tween import blended, tween


@pytest.mark.parametrize("duration_s", [0.0, -1.0, 36_000.0, float("nan"), float("inf")])
def test_impossible_lengths_are_refused_everywhere(duration_s):
    for ask in (
        lambda: render(MusicConfig(), duration_s=duration_s),
        lambda: write_wav(MusicConfig(), duration_s, io.BytesIO()),
    ):
        with pytest.raises(InputError, match="a piece lasts between"):
            ask()


@pytest.mark.parametrize("sample_rate", [1, 0, -44_100, 22_049, 48_001, 192_000])
def test_impossible_rates_are_refused_everywhere(sample_rate):
    for ask in (
        lambda: render(MusicConfig(), bars=1, sample_rate=sample_rate),
        lambda: write_wav(MusicConfig(), 1.0, io.BytesIO(), sample_rate),
    ):
        with pytest.raises(InputError, match="sample rate"):
            ask()


@pytest.mark.parametrize("sample_rate", [22_050, 32_000, 44_100, 48_000])
@pytest.mark.parametrize("duration_s", [0.5, 1.0, 12.0])
def test_every_rate_gives_the_exact_number_of_samples(sample_rate, duration_s):
    audio = render(config_from_style("pop", 1), duration_s=duration_s, sample_rate=sample_rate)
    assert audio.samples.shape == (round(duration_s * sample_rate), 2)
    assert np.abs(audio.samples).max() < 1.0


def test_a_song_of_three_minutes_is_sample_exact_in_its_file():
    out = io.BytesIO()
    write_wav(config_from_style("waltz", 1), 180.0, out, 22_050)
    assert len(out.getvalue()) == 44 + 4 * 180 * 22_050
    samples = np.frombuffer(out.getvalue()[44:], "<i2").reshape(-1, 2) / 32768
    assert np.abs(samples[-2205:]).max() < 0.02  # it has ended
    assert np.sqrt((samples[-8 * 22_050 : -4 * 22_050] ** 2).mean()) > 0.005  # and not long ago


@pytest.mark.parametrize(
    "values", [
        {"tempo_bpm": 1e308, "motif": [99] * 1000, "seed": -1},
        {"tempo_bpm": -5, "density": 1e9, "human": -1e9, "root": 10**9},
        {"scale": "MAJOR ", "melody": None, "unknown": object()},
    ],
)  # fmt: skip
def test_wild_values_become_a_config_that_plays(values):
    audio = render(MusicConfig.from_dict(values), bars=1, sample_rate=22_050)
    assert np.isfinite(audio.samples).all()
    assert np.abs(audio.samples).max() > 0.01


@pytest.mark.parametrize(
    "values", [
        {"tempo_bpm": "fast"}, {"scale": 7}, {"motif": "abc"}, {"root": float("nan")}, {"seed": []},
        {"brightness": True}, {"scale": "x" * 10_000}, [], "text", None, 3, {"no": "field"},
    ],
)  # fmt: skip
def test_wrong_types_are_refused_with_a_sentence(values):
    with pytest.raises(InputError, match=r".{10,}"):
        MusicConfig.from_dict(values)


def test_the_longest_notes_of_the_slowest_piece_stay_bounded():
    slow = MusicConfig(tempo_bpm=30.0, legato=1.0, space=1.0, echo=1.0, metre="12/8", seed=3)
    audio = render(slow, bars=2, sample_rate=22_050)
    assert np.isfinite(audio.samples).all()
    assert len(encoded(audio, "ogg")) < 2**22


def test_tweens_and_blends_of_anything_stay_music():
    wild = MusicConfig(tempo_bpm=240.0, scale="pelog", kit="none", melody="gamelan", seed=1)
    still = MusicConfig(tempo_bpm=30.0, melody="none", harmony="none", bass="none", seed=2)
    score = tween(wild, still, 4)
    assert score.notes
    assert compose(blended([wild, still], [1.0, 1.0]), 2).notes
    for bars in (0, -1, 10**6):
        with pytest.raises(InputError, match="a tween has between"):
            tween(wild, still, bars)
