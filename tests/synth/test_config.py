"""A vibe becomes music: words choose the style, features move what the style leaves open."""

import numpy as np
import pytest

from music.features import N
from music.theory import SCALES, STYLES
from music.vibe import Vibe
from synth.config import config_from_style, config_from_vibe, vibe_from_config


@pytest.mark.parametrize("style", STYLES)
def test_a_style_word_gives_its_scale_rhythm_and_voices(style):
    row = STYLES[style]
    for seed in range(5):
        config = config_from_style(style, seed)
        assert config.scale in row.scales
        assert config.rhythm in row.rhythms
        assert (config.melody, config.kit) == (row.melody, row.kit)
        assert row.tempo_bpm[0] <= config.tempo_bpm <= row.tempo_bpm[1]


def test_mood_does_not_change_the_place():
    sad, happy = (
        config_from_vibe(Vibe.of({"valence": v, "energy": 0.2}, ["egyptian summer"]), 1)
        for v in (0.0, 1.0)
    )
    assert sad.rhythm == happy.rhythm
    assert {sad.scale, happy.scale} <= set(STYLES["egyptian summer"].scales)


def test_two_concepts_blend():
    config = config_from_vibe(Vibe.of(words={"funeral": 1.0, "clown": 0.8}), 0)
    assert config.scale in STYLES["funeral"].scales
    assert config.melody == STYLES["circus"].melody


def test_an_instrument_word_gets_its_voice():
    config = config_from_vibe(Vibe.of(words=["lo-fi", "sitar", "tabla"]), 0)
    assert (config.melody, config.kit) == ("sitar", "tabla")
    assert config.scale in STYLES["lo-fi"].scales


def test_a_said_tempo_is_kept():
    vibe = Vibe.of({"tempo": 0.9})
    assert config_from_vibe(vibe, 4).tempo_bpm == pytest.approx(vibe.raw()["tempo"], abs=0.01)


def test_energy_moves_force_and_density():
    calm, wild = (config_from_vibe(Vibe.of({"energy": e}, ["techno"]), 1) for e in (0.1, 0.9))
    assert calm.energy < wild.energy
    assert calm.density < wild.density
    assert calm.brightness < wild.brightness


def test_a_happy_vibe_is_major_and_a_sad_one_minor():
    rng = np.random.default_rng(0)
    right = 0
    for seed in range(60):
        valence = float(rng.choice([0.1, 0.9]))
        config = config_from_vibe(Vibe.of({"valence": valence, "energy": rng.random()}), seed)
        right += (SCALES[config.scale].tonality == "major") == (valence > 0.5)
    assert right >= 55


def test_nothing_said_still_gives_music():
    assert config_from_vibe(Vibe(), 3) == config_from_vibe(Vibe(), 3)
    assert config_from_vibe(Vibe.of(words=["qwertz"]), 3).melody


def test_any_vibe_gives_a_config():
    rng = np.random.default_rng(0)
    for seed in range(100):
        vibe = Vibe(tuple(rng.random(N)), tuple(rng.random(N)), (("dub", 0.5),))
        assert config_from_vibe(vibe, seed).seed == seed


@pytest.mark.parametrize("style", STYLES)
def test_the_way_back_leads_to_the_same_style(style):
    config = config_from_style(style, 2)
    vibe = vibe_from_config(config)
    assert vibe.words[0][0] == style
    again = config_from_vibe(vibe, 2)
    assert again.tempo_bpm == pytest.approx(config.tempo_bpm, rel=0.01)
    assert again.energy == pytest.approx(config.energy, abs=0.01)
