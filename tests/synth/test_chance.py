"""Dice fill in a config: always valid, the same for the same roll, locks respected."""

from synth.chance import SUITED, rolled
from synth.schema import ENUMS, MusicConfig


def test_locked_fields_stay():
    config = MusicConfig(scale="hijaz", tempo_bpm=77.0, seed=9)
    for seed in range(20):
        new = rolled(config, keep=("scale", "tempo_bpm", "seed"), seed=seed)
        assert (new.scale, new.tempo_bpm, new.seed) == ("hijaz", 77.0, 9)


def test_a_roll_is_repeatable_and_rolls_differ():
    assert rolled(MusicConfig(), seed=3) == rolled(MusicConfig(), seed=3)
    assert len({rolled(MusicConfig(), seed=s).to_json() for s in range(30)}) == 30


def test_voices_suit_their_layer():
    assert "tuba" not in SUITED["texture"]
    assert all(set(names) <= set(ENUMS[layer]) for layer, names in SUITED.items())
    assert all(len(names) >= 6 for names in SUITED.values())
