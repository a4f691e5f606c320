"""A music config is total, frozen, and repaired or refused, never half right."""

import json

import numpy as np
import pytest

from music.errors import InputError
from synth.figures import BASS_LINES, COMPS
from synth.melody import MANNERS
from synth.schema import ENUMS, LEVELS, MusicConfig
from tests.synth.chance import random_config


def test_every_figure_of_the_schema_exists():
    assert set(ENUMS["comp"]) == set(COMPS)
    assert set(ENUMS["bass_line"]) == set(BASS_LINES)
    assert set(ENUMS["habit"]) == set(MANNERS)


def test_json_gives_the_same_config_back():
    rng = np.random.default_rng(0)
    for _ in range(50):
        config = random_config(rng)
        assert MusicConfig.from_json(config.to_json()) == config


def test_what_is_missing_is_default():
    assert MusicConfig.from_dict({}) == MusicConfig()


def test_names_are_matched_to_the_closest():
    config = MusicConfig.from_dict({"scale": "Hijaz ", "rhythm": "son clav", "kit": None})
    assert (config.scale, config.rhythm, config.kit) == ("hijaz", "son clave", "none")


def test_numbers_are_clipped_and_keys_turn_round():
    config = MusicConfig.from_dict({"tempo_bpm": 1e6, "space": -3, "root": 14, "energy": 2})
    assert (config.tempo_bpm, config.space, config.root, config.energy) == (240.0, 0.0, 2, 1.0)


def test_a_motif_keeps_its_rests():
    config = MusicConfig.from_dict({"motif": [0, None, 99, 2.4]})
    assert config.motif == (0, None, 21, 2)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, 2], "a music config is a dict"),
        ("scale", "a music config is a dict"),
        ({"colour": "red"}, "no field of a music config"),
        ({"scale": 7}, "scale must be a name"),
        ({"scale": "qqqqqq"}, "scale 'qqqqqq' is not known"),
        ({"tempo_bpm": "fast"}, "tempo_bpm must be a number"),
        ({"tempo_bpm": float("nan")}, "tempo_bpm must be a number"),
        ({"energy": True}, "energy must be a number"),
        ({"energy": {"a": 1}}, "energy must be a number"),
        ({"motif": "c d e"}, "motif must be a list"),
        ({"motif": ["c"]}, "a motif degree must be a number"),
    ],
)
def test_wrong_types_are_refused_with_a_sentence(values, message):
    with pytest.raises(InputError, match=message):
        MusicConfig.from_dict(values)


@pytest.mark.parametrize("text", ["", "{", "[]", "nan", "x" * 30_000, "[" * 10_000])
def test_what_is_no_json_is_refused(text):
    with pytest.raises(InputError, match="music config"):
        MusicConfig.from_json(text)


def test_infinity_is_clipped():
    assert MusicConfig.from_dict(json.loads('{"tempo_bpm": Infinity}')).tempo_bpm == 240.0


def test_a_config_built_by_hand_is_checked():
    with pytest.raises(InputError, match="space must lie in"):
        MusicConfig(space=1.5)
    with pytest.raises(InputError, match="scale 'loud' is not known"):
        MusicConfig(scale="loud")
    assert all(0 <= getattr(MusicConfig(), name) <= 1 for name in LEVELS)
