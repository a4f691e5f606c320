"""Sound is heard as what it is: test tones, click tracks, chords, and our own music."""

import io
import os

import numpy as np
import pytest
import soundfile

from benchmarks import sound_foreign as foreign
from music.errors import InputError
from music.theory import SCALES
from synth.analysis import ESTIMATED, analyse, analyse_file
from synth.config import config_from_vibe
from synth.fit_analysis import random_vibe
from synth.render import render
from synth.tones import Struck

RATE = 22_050
PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"


def clicks(bpm, seconds=20.0):
    """Short noise bursts, every fourth louder; not made by the engine."""
    rng = np.random.default_rng(0)
    out = np.zeros(round(seconds * RATE), np.float32)
    for i in range(int(seconds * bpm / 60)):
        at = round(i * 60 / bpm * RATE)
        burst = rng.normal(size=400) * np.exp(-np.arange(400) / 60)
        out[at : at + 400] += burst[: len(out) - at] * (1.0 if i % 4 == 0 else 0.6)
    return out / np.abs(out).max()


def chords(tonic, mode, seconds_each=1.0):
    """I IV V I in a key, struck by a plain test voice."""
    play = Struck(rolloff=1.3, ring_s=3.0)
    third = 4 if mode == "major" else 3
    parts = []
    for root, quality in ((0, third), (5, third), (7, 4), (0, third)) * 2:
        notes = [48 + tonic + root, 60 + tonic + root, 60 + tonic + root + quality,
                 67 + tonic + root]  # fmt: skip
        parts.append(sum(play(440 * 2 ** ((n - 69) / 12), seconds_each, RATE) for n in notes))
    return np.concatenate(parts) / 4


@pytest.mark.parametrize("bpm", [82.0, 100.0, 120.0, 128.0, 140.0, 152.0])
def test_the_tempo_of_a_click_track(bpm):
    _, facts = analyse(clicks(bpm), RATE)
    assert facts.tempo_bpm == pytest.approx(bpm, rel=0.01)


def test_the_key_of_plain_chords():
    right = 0
    for tonic in range(12):
        for mode in ("major", "minor"):
            _, facts = analyse(chords(tonic, mode), RATE)
            right += (facts.tonic, facts.mode) == (tonic, mode)
    assert right >= 20  # of 24


def test_loudness_does_not_change_the_vibe():
    loud = render(config_from_vibe(random_vibe(1), 1), bars=4, sample_rate=RATE).samples
    (a, _), (b, facts) = analyse(loud, RATE), analyse(0.1 * loud, RATE)
    np.testing.assert_allclose(a.features, b.features, atol=0.03)
    assert facts.loudness_lufs == pytest.approx(-36, abs=0.5)


def test_what_was_not_measured_has_no_weight():
    vibe, _ = analyse(clicks(120.0), RATE, "file: clicks.wav")
    assert vibe.get("liveness") is None
    assert vibe.get("speechiness") is None
    assert vibe.origin == "file: clicks.wav"


@pytest.mark.proof
def test_a_vibe_is_heard_back():
    """Bars of the reduced run are wider, because thirty pieces say less than three hundred."""
    from scipy.stats import spearmanr

    n = 300 if PROOF else 40
    asked, heard, tempo, mode = [], [], 0, 0
    for seed in range(n):
        vibe = random_vibe(seed)
        config = config_from_vibe(vibe, seed)
        found, facts = analyse(render(config, bars=8, sample_rate=RATE).samples, RATE)
        tempo += abs(facts.tempo_bpm / config.tempo_bpm - 1) < 0.01
        mode += facts.mode == SCALES[config.scale].tonality
        asked.append([vibe.get(name) for name in ESTIMATED])
        heard.append([found.get(name) for name in ESTIMATED])
    assert tempo >= 0.85 * n
    assert mode >= (0.95 if PROOF else 0.9) * n
    for name, a, b in zip(ESTIMATED, np.array(asked).T, np.array(heard).T, strict=True):
        assert spearmanr(a, b)[0] > (0.8 if PROOF else 0.65), name


@pytest.mark.skipif(not foreign.available(), reason="needs Debian's fluidsynth, fluid-soundfont-gm")
def test_tempo_and_key_of_loops_the_engine_did_not_make():
    """Drums with chords and drums alone, played by FluidSynth; PROOF hears forty instead of ten."""
    n = 40 if PROOF else 10
    tempo, key = 0, 0
    for seed in range(n):
        loop = foreign.loop(seed)
        _, facts = analyse(loop.samples, loop.sample_rate)
        tempo += abs(facts.tempo_bpm / loop.tempo_bpm - 1) < 0.02
        key += (facts.tonic, facts.mode) == (loop.tonic, loop.mode)
    assert tempo >= 0.8 * n
    assert key >= (0.8 if PROOF else 0.6) * n


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_a_file_of_the_user_becomes_a_vibe(kind):
    out = io.BytesIO()
    soundfile.write(out, clicks(120.0, 8.0), RATE, format=kind)
    vibe, facts = analyse_file(out.getvalue(), "file: mine")
    assert facts.tempo_bpm == pytest.approx(120, rel=0.02)
    assert vibe.origin == "file: mine"


def test_bad_sounds_are_refused_with_a_sentence():
    with pytest.raises(InputError, match="silent"):
        analyse(np.zeros(5 * RATE, np.float32), RATE)
    with pytest.raises(InputError, match="lasts 1 s to"):
        analyse(np.zeros(10, np.float32), RATE)
    for junk in (b"", b"x" * 5000, b"RIFF\x00\x00"):
        with pytest.raises(InputError, match="not a sound file"):
            analyse_file(junk, "noise.mp3")


def test_noise_and_steady_tones_do_not_break_it():
    rng = np.random.default_rng(0)
    tone = np.sin(2 * np.pi * 440 * np.arange(5 * RATE) / RATE).astype(np.float32)
    for sound in (rng.normal(size=5 * RATE).astype(np.float32), tone):
        vibe, facts = analyse(sound, RATE)
        assert np.isfinite(vibe.features).all()
        assert np.isfinite(facts.loudness_lufs)
