"""On real playlists the shipped weights beat the honest floor, whatever is known of the tracks."""

import os

import pytest

from benchmarks.recommender_data import read
from recommender.evaluate import evaluate
from recommender.floor import same_artist
from recommender.recommend import Recommender

pytestmark = pytest.mark.data


@pytest.mark.parametrize(("name", "must"), [("tt", 0.25), ("pp", 0.38), ("ph", 0.27)])
def test_zero_shot_reaches_its_bar_and_beats_the_same_artist(name, must):
    if not os.environ.get("GHOSTNOTES_DATA"):
        pytest.skip("GHOSTNOTES_DATA is unset")
    data = read(name)
    recommender = Recommender(data.tracks)
    ours, floor = (
        evaluate(answer, data.asked, data.tracks.index, repetitions=1)
        for answer in (recommender.answer, same_artist(data.tracks))
    )
    assert ours.mean() >= must
    assert ours.gain(floor)[1] > 0
    assert ours.faulty == 0
