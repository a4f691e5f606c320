"""The tracks nearest to a vibe, by sound and by words."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from music.features import NAMES, Scale
from music.tracks import as_tracks, vibe_of_tracks
from music.vibe import Vibe
from recommender.nearest import UNKNOWN, nearest


def test_the_vibe_of_a_scene_finds_the_scene(tracks, scenes):
    folk = tracks[scenes == "folk"].head(10)
    found = nearest(tracks, vibe_of_tracks(folk, "folk"), k=40)
    assert (scenes[found.index] == "folk").all()
    assert found["distance"].between(0, 1).all()


def test_of_two_equally_near_the_outspoken_one_comes_first():
    frame = pd.DataFrame({"track_id": ["bland", "bold"], "energy": [0.0, 0.0]})
    tracks = as_tracks(frame, "two")
    tracks["energy"] = Scale.reference().raw([[0.7] * 9, [0.9] * 9])[:, NAMES.index("energy")]
    found = nearest(tracks, Vibe.of({"energy": 0.8}))
    assert found["distance"].to_numpy() == pytest.approx(0.1, abs=0.01)
    assert found.index[0] == "bold"


def test_words_alone_find_their_genre(tracks, scenes):
    assert (scenes[nearest(tracks, Vibe.of(words=["techno"]), 30).index] == "techno").all()


def test_a_track_nothing_is_known_of_is_neither_near_nor_far():
    bare = as_tracks(pd.DataFrame({"track_id": ["a"]}), "bare")
    assert nearest(bare, Vibe.of({"energy": 1.0}))["distance"].iloc[0] == UNKNOWN


def test_no_distance_is_missing(tracks):
    found = nearest(tracks, Vibe(), k=len(tracks) + 5)
    assert len(found) == len(tracks)
    assert np.isfinite(found["distance"]).all()


def test_k_must_make_sense(tracks):
    with pytest.raises(InputError, match="k must be at least 1"):
        nearest(tracks, Vibe(), k=0)
