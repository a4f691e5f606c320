"""The map: neighbours stay neighbours, old points stay put, the same seed draws the same map."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from music.tracks import as_tracks, no_tracks
from recommender.map import map_points
from tests.recommender.conftest import make_tracks


@pytest.fixture(scope="module")
def laid_out():
    return map_points(make_tracks(400), seed=1)


def test_scenes_are_apart(laid_out):
    tracks = make_tracks(400)
    scene = tracks["artists"].str.split().str[0].to_numpy()
    xy = laid_out.frame[["x", "y"]].to_numpy()
    gaps = np.linalg.norm(xy[:, None] - xy[None], axis=2) + np.eye(len(xy)) * 9
    nearest = np.argsort(gaps, axis=1)[:, :5]
    assert (scene[nearest] == scene[:, None]).mean() > 0.95


def test_the_same_seed_draws_the_same_map(laid_out):
    pd.testing.assert_frame_equal(map_points(make_tracks(400), seed=1).frame, laid_out.frame)


def test_old_points_stay_put_when_tracks_are_added(laid_out):
    more = laid_out.add(make_tracks(404))
    assert len(more.frame) == 404
    pd.testing.assert_frame_equal(more.frame.iloc[:400], laid_out.frame)
    assert np.isfinite(more.frame.to_numpy()).all()


def test_a_new_track_lands_beside_its_like(laid_out):
    tracks = make_tracks(400)
    twin = tracks.iloc[[7]].rename(index={"t00007": "twin"})
    xy = laid_out.add(twin).frame[["x", "y"]]
    assert np.linalg.norm(xy.loc["twin"] - xy.loc["t00007"]) < 0.05


def test_adding_what_is_there_changes_nothing(laid_out):
    assert laid_out.add(make_tracks(100)) is laid_out


@pytest.mark.parametrize("n", [1, 2, 5, 40])
@pytest.mark.parametrize("method", ["pca", "t-sne"])
def test_small_libraries_have_a_map(n, method):
    frame = map_points(make_tracks(n), method=method).frame
    assert len(frame) == n
    assert np.isfinite(frame.to_numpy()).all()


def test_tracks_of_which_nothing_is_known_have_a_place():
    bare = as_tracks(pd.DataFrame({"track_id": [str(i) for i in range(40)]}), "bare")
    frame = map_points(bare).frame
    assert np.isfinite(frame.to_numpy()).all()
    assert (frame["known"] == 0).all()


def test_estimates_count_as_little_known():
    tracks = make_tracks(30)
    tracks["provenance"] = "eeeeeeooo"
    assert map_points(tracks, method="pca").frame["known"].to_numpy() == pytest.approx(3 / 9)


def test_no_tracks_no_map():
    with pytest.raises(InputError, match="no tracks"):
        map_points(no_tracks())


def test_no_track_is_put_into_the_sea_between_islands():
    tracks = make_tracks(400)
    laid = map_points(tracks, seed=1)
    own = laid.frame[["x", "y"]].to_numpy()
    between = make_tracks(60, seed=9).rename(index=lambda t: f"new {t}")
    placed = laid.add(between).frame.loc[between.index, ["x", "y"]].to_numpy()
    shore = np.linalg.norm(placed[:, None] - own[None], axis=2).min(axis=1)
    assert shore.max() < 0.1
