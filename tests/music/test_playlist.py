"""A specification is checked, survives JSON, and shows each of its rules as a chip."""

import json
from dataclasses import replace

import pytest

from benchmarks.playlist_labels import lines
from llm.playlist import playlist_from_text
from music.chips import chips, without
from music.errors import InputError
from music.playlist import PlaylistSpec
from music.vibe import Vibe

WISHES = [line.rpartition("|")[0].strip() for line in lines("prompts.txt")[::4]]


@pytest.mark.parametrize("wish", WISHES)
def test_a_specification_survives_json(wish):
    spec = playlist_from_text(wish, lines("artists.txt")).spec
    back = PlaylistSpec.from_dict(json.loads(json.dumps(spec.to_dict())))
    assert back.vibe.distance(spec.vibe) < 0.01 or not any(spec.vibe.weights)
    assert replace(back, vibe=Vibe()) == replace(spec, vibe=Vibe())


@pytest.mark.parametrize("wish", WISHES)
def test_each_rule_is_one_chip_and_goes_alone(wish):
    spec = playlist_from_text(wish, lines("artists.txt")).spec
    shown = chips(spec)
    assert len({chip.key for chip in shown}) == len(shown)
    for chip in shown:
        left = chips(without(spec, chip))
        assert chip not in left
        assert len(left) == len(shown) - 1


@pytest.mark.parametrize(
    "saved",
    [{"n_tracks": "many"}, {"years": [1990]}, {"vibe": 3}, {"years": [2000, 1990]}, {"levels": 5}],
)
def test_damaged_rules_are_refused_with_a_sentence(saved):
    with pytest.raises(InputError):
        PlaylistSpec.from_dict(saved)


def test_fields_of_another_version_are_left_out():
    assert PlaylistSpec.from_dict({"genres": ["jazz"], "colour": "red"}).genres == ("jazz",)
