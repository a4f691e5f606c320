"""An ambience lies softly under the music, never clicks, and every one is a sound of its own."""

import numpy as np
import pytest

from music.theory import AMBIENCES, STYLES
from synth import master
from synth.ambience import MAKERS, TABLE_LUFS, TABLE_S, table
from synth.compose import compose, compose_piece
from synth.config import config_from_style
from synth.files import stems
from synth.ground import FADE_S
from synth.mix import Mix
from synth.render import render
from synth.schema import ENUMS, MusicConfig
from synth.tween import journey, tween

RATE = 22_050
QUIET = MusicConfig(ambience="rain")


def alone(score):
    """The ambience of a score without its music, shape (2, n)."""
    mix = Mix(score, RATE, frozenset({"ambience"}))
    if score.tail_s == 0:
        return mix.loop()
    return np.concatenate(list(mix.blocks()), axis=1)[:, : mix.frames]


def loudness(stereo):
    return master.loudness_of(master.frame_energies(np.ascontiguousarray(stereo), RATE))


def colour(stereo):
    """Energy in 24 bands of equal width in pitch, as shares of the whole."""
    power = np.abs(np.fft.rfft(stereo.mean(axis=0))) ** 2
    freqs = np.fft.rfftfreq(stereo.shape[1], 1 / RATE)
    bands = np.histogram(freqs, np.geomspace(25, RATE / 2, 25), weights=power)[0]
    return bands / bands.sum()


def test_the_table_the_schema_and_the_makers_name_the_same_ambiences():
    assert set(AMBIENCES) == set(MAKERS)
    assert ENUMS["ambience"] == ("none", *AMBIENCES)


@pytest.mark.parametrize("name", MAKERS)
def test_an_ambience_is_a_circle_of_one_loudness(name):
    sounds = table(name, RATE)
    assert sounds.shape[1] == pytest.approx(TABLE_S * RATE, rel=0.01)
    assert loudness(sounds) == pytest.approx(TABLE_LUFS, abs=0.1)
    assert np.abs(sounds.mean(axis=1)).max() < 1e-4
    step = np.abs(np.diff(sounds, axis=1))
    assert np.abs(sounds[:, 0] - sounds[:, -1]).max() < np.percentile(step, 99.9)


@pytest.mark.parametrize("name", MAKERS)
def test_an_ambience_sounds_the_same_at_every_rate(name):
    low, high = colour(table(name, RATE)), table(name, 44_100)
    power = np.abs(np.fft.rfft(high.mean(axis=0))) ** 2
    freqs = np.fft.rfftfreq(high.shape[1], 1 / 44_100)
    bands = np.histogram(freqs, np.geomspace(25, RATE / 2, 25), weights=power)[0]
    assert np.abs(low - bands / bands.sum()).sum() < 0.35


def test_no_two_ambiences_have_the_same_colour_and_movement():
    def portrait(name):
        sounds = table(name, RATE)
        frames = np.abs(np.diff(sounds.mean(axis=0)))[: 500 * 550].reshape(500, 550).mean(axis=1)
        return np.array([*colour(sounds), frames.std() / frames.mean()])

    seen = np.array([portrait(name) for name in MAKERS])
    apart = np.abs(seen[:, None] - seen[None]).sum(axis=2) + 9 * np.eye(len(seen))
    assert apart.min() > 0.3


def test_without_one_the_music_is_what_it_was():
    plain = Mix(compose(MusicConfig()), RATE).loop()
    with_rain = Mix(compose(QUIET), RATE)
    bare = Mix(compose(QUIET), RATE, frozenset({"melody", "harmony", "bass", "texture", "drums"}))
    assert np.array_equal(plain, bare.loop())
    added = with_rain.loop() - plain
    assert np.allclose(added, alone(compose(QUIET)), atol=1e-5)


@pytest.mark.parametrize("style", [s for s, row in STYLES.items() if row.ambience != "none"])
def test_in_every_style_it_stays_under_the_music(style):
    score = compose(config_from_style(style, 3), 4)
    music = Mix(score, RATE, frozenset(score.sounding) - {"ambience"}).loop()
    assert -32 < loudness(alone(score)) - loudness(music) < -10


@pytest.mark.parametrize("bars", [1, 2, 7])
@pytest.mark.parametrize("name", ["surf", "vinyl", "crickets"])
def test_a_loop_runs_through_its_seam(name, bars):
    sound = alone(compose(MusicConfig(ambience=name, tempo_bpm=97.3), bars))
    steps = np.abs(np.diff(sound, axis=1))
    assert np.abs(sound[:, 0] - sound[:, -1]).max() < 1.2 * np.percentile(steps, 99.9)
    tenth = RATE // 10
    seam = np.concatenate([sound[:, -tenth:], sound[:, :tenth]], axis=1)
    assert np.sqrt((seam**2).mean()) < 3 * np.sqrt((sound**2).mean())


def test_a_piece_begins_and_ends_in_silence():
    sound = alone(compose_piece(QUIET, 20.0))
    level = np.sqrt((sound**2).mean())
    first, last = sound[:, : RATE // 50], sound[:, -RATE // 50 :]
    assert max(np.sqrt((first**2).mean()), np.sqrt((last**2).mean())) < 0.25 * level


def test_a_journey_fades_from_one_ambience_to_the_next():
    rain, surf = QUIET, MusicConfig(ambience="surf")
    score = tween(rain, surf, 12)
    assert [name for _, name in score.ambiences] == ["rain", "surf"]
    turn_s = score.ambiences[1][0]
    sound = alone(score)
    early = sound[:, round(FADE_S * RATE) : round(turn_s * RATE)]
    late = sound[:, round((turn_s + FADE_S) * RATE) : round((score.duration_s - FADE_S) * RATE)]
    assert np.abs(colour(early) - colour(table("rain", RATE))).sum() < 0.4
    assert np.abs(colour(late) - colour(table("surf", RATE))).sum() < 0.6


def test_a_journey_of_an_exact_length_moves_its_changes_along():
    configs = (QUIET, MusicConfig(ambience="surf"), MusicConfig())
    score = journey(configs, 24, duration_s=40.0)
    assert [name for _, name in score.ambiences] == ["rain", "surf", "none"]
    assert 0 < score.ambiences[1][0] < score.ambiences[2][0] < 38.0


def test_a_stem_of_its_own_belongs_to_the_mix():
    parts = stems(compose(QUIET, 2), RATE)
    assert list(parts)[-1] == "ambience"
    assert "ambience" not in stems(compose(MusicConfig(), 2), RATE)


def test_the_same_config_gives_the_same_samples():
    first = render(QUIET, bars=2, sample_rate=RATE).samples
    table.cache_clear()
    assert np.array_equal(first, render(QUIET, bars=2, sample_rate=RATE).samples)
