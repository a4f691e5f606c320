"""Regions of the map have names that are true, each once, written where their tracks are."""

import numpy as np
import pytest

from library.demo import demo_library
from music.theory import branch_of
from music.tracks import no_tracks, split
from recommender.map import map_points
from recommender.regions import MOST_NAMED, regions
from tests.recommender.conftest import make_tracks


@pytest.fixture(scope="module")
def drawn():
    tracks = demo_library().tracks
    laid = map_points(tracks, method="pca")
    return tracks, laid.frame, regions(tracks, laid.frame)


def test_names_come_once_and_are_few(drawn):
    _, _, found = drawn
    assert 6 <= len(found) <= MOST_NAMED
    assert len({region.name for region in found}) == len(found)


def test_a_genre_in_a_name_is_the_genre_of_the_place(drawn):
    tracks, _, found = drawn
    words = split(tracks["genres"]).explode().dropna()
    on_branch = words.map(branch_of)
    for region in found:
        here = on_branch[on_branch.index.isin(region.track_ids)]
        named = {branch_of(genre) for genre in region.name.split(" + ")} - {None}
        if named:
            told = here.isin(named).groupby(level=0).any()
            assert told.sum() > 0.4 * len(region.track_ids), region.name


def test_a_name_stands_at_a_track_among_its_tracks(drawn):
    _, points, found = drawn
    for region in found:
        own = points.loc[list(region.track_ids), ["x", "y"]].to_numpy()
        away = np.linalg.norm(own - [region.x, region.y], axis=1)
        assert away.min() < 1e-9
        assert np.median(away) < np.ptp(points[["x", "y"]].to_numpy(), axis=0).max() / 4


def test_without_genres_regions_are_named_by_sound():
    tracks = make_tracks(300, genres=False)
    laid = map_points(tracks, method="pca")
    assert {word for region in regions(tracks, laid.frame) for word in region.name.split(", ")}


@pytest.mark.parametrize("n", [0, 1, 2])
def test_a_handful_of_tracks_has_no_regions(n):
    tracks = make_tracks(n) if n else no_tracks()
    points = map_points(make_tracks(3), method="pca").frame
    assert regions(tracks, points) == []
