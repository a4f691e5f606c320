"""A song path walks from one track to another, each step a little further on."""

import numpy as np
import pytest

from library.demo import demo_library
from music.errors import InputError, NotFoundError
from recommender.path import APART, song_path
from tests.recommender.conftest import make_tracks


@pytest.mark.parametrize(("start", "end"), [("t00000", "t00005"), ("t00010", "t00001")])
@pytest.mark.parametrize("n", [2, 5, 12])
def test_every_step_goes_on(tracks, start, end, n):
    path = song_path(tracks, start, end, n)
    assert path.index[0] == start
    assert path.index[-1] == end
    assert len(path) <= n
    assert (np.diff(path["way"]) > 0).all()
    assert path["way"].iloc[[0, -1]].tolist() == pytest.approx([0, 1])


def test_steps_are_even_where_there_are_tracks_enough():
    tracks = demo_library().tracks
    for start, end in tracks.index[:40].to_numpy().reshape(-1, 2):
        steps = np.diff(song_path(tracks, start, end, 8)["way"])
        assert (steps >= 0).all()
        assert steps.max() < 3 / 7, (start, end)


def test_no_artist_comes_again_within_five():
    path = song_path(make_tracks(600), "t00000", "t00005", 25)
    names = path["artists"].tolist()
    assert len(names) > 10
    for i, name in enumerate(names):
        assert name not in names[max(0, i - APART) : i]


def test_ends_that_are_not_here_or_the_same_are_told(tracks):
    with pytest.raises(NotFoundError, match="nobody"):
        song_path(tracks, "t00000", "nobody")
    with pytest.raises(InputError, match="sound alike"):
        song_path(tracks, "t00000", "t00000")
    with pytest.raises(InputError, match="at least 2 tracks"):
        song_path(tracks, "t00000", "t00005", 1)
