"""A library has three to six sides, each a vibe with a name of its own."""

import pytest

from library.demo import demo_library
from music.errors import InputError
from music.theory import branch_of
from music.tracks import no_tracks, split
from recommender.facets import facets
from tests.recommender.conftest import make_tracks


def test_no_facet_mixes_two_scenes(tracks, scenes):
    sides = facets(tracks)
    assert 3 <= len(sides) <= 6
    for side in sides:
        assert scenes[list(side.track_ids)].nunique() == 1
        assert scenes[side.track_ids[0]] in side.name


def test_every_track_is_on_one_side(tracks):
    sides = facets(tracks)
    assert sorted(t for side in sides for t in side.track_ids) == sorted(tracks.index)
    assert sum(side.share for side in sides) == pytest.approx(1)
    assert [s.share for s in sides] == sorted((s.share for s in sides), reverse=True)


def test_sides_of_a_wide_taste_hold_together_and_are_called_what_they_are():
    tracks = demo_library().tracks
    branch = main_branches(tracks)
    sides = facets(tracks)
    together = [branch[list(side.track_ids)].value_counts().iloc[0] for side in sides]
    assert sum(together) / len(tracks) > 0.55  # six sides for fifteen branches; 0.40 without kin
    for side in sides:
        named = [branch_of(genre) for genre in side.name.split(" + ")]
        share = branch[list(side.track_ids)].isin(named).mean()
        assert share > 0.4, side.name


def test_a_genre_few_tracks_have_names_no_side():
    tracks = make_tracks(200, genres=False)
    tracks.loc[tracks.index[::8], "genres"] = "polka"
    assert not any("polka" in side.name for side in facets(tracks))


def main_branches(tracks):
    """The branch of music most genres of a track grow on."""
    words = split(tracks["genres"]).explode().dropna()
    branch = words.map(branch_of).dropna()
    return branch.groupby(level=0).agg(lambda x: x.mode().iloc[0]).reindex(tracks.index)


@pytest.mark.parametrize(("features", "genres"), [(False, True), (True, False), (False, False)])
def test_names_are_different_whatever_is_known(features, genres):
    sides = facets(make_tracks(200, features=features, genres=genres))
    assert 3 <= len(sides) <= 6
    assert len({side.name for side in sides}) == len(sides)


def test_the_same_seed_gives_the_same_facets(tracks):
    assert facets(tracks, seed=5) == facets(tracks, seed=5)


@pytest.mark.parametrize("n", [1, 2, 5])
def test_a_handful_of_tracks_is_one_facet(n):
    assert len(facets(make_tracks(n))) == 1


def test_no_tracks_no_facets():
    with pytest.raises(InputError, match="no tracks"):
        facets(no_tracks())
