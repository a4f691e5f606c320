"""Release dates: near ones speak for a track, far ones against it, unknown ones not at all."""

import numpy as np
import pytest

from recommender.catalogue import Catalogue
from recommender.released import ReleaseDates
from recommender.seeds import SeedRows
from tests.recommender.conftest import make_tracks


@pytest.fixture
def dated():
    tracks = make_tracks(60)
    tracks["released"] = 2000 + np.arange(60) / 10.0
    return tracks


def heard(tracks, rows):
    witness = ReleaseDates(tracks)
    return witness.hear(SeedRows(np.array(rows), np.ones(len(rows))))[witness.groups.code]


def test_the_nearer_the_date_the_more_it_says(dated):
    told = heard(dated, [30])
    for column in told.T:
        assert (np.diff(column[:31]) >= 0).all()
        assert (np.diff(column[30:]) <= 0).all()


def test_weeks_fade_faster_than_months(dated):
    near, around = heard(dated, [30]).T
    assert near[30] - near[33] > around[30] - around[33]


def test_an_unknown_date_stands_at_the_mean(dated):
    dated.loc[dated.index[:5], "released"] = np.nan
    told = heard(dated, [30])
    np.testing.assert_allclose(told[:5], told[5:].mean(axis=0)[None].repeat(5, 0), rtol=1e-5)


def test_without_any_date_nothing_is_said(dated):
    dated["released"] = np.nan
    assert not heard(dated, [30]).any()
    dated.loc[dated.index[1], "released"] = 2001.0
    assert not heard(dated, [30]).any()


def test_the_reason_counts_weeks(dated):
    witness = ReleaseDates(dated)
    seeds = SeedRows(np.array([30]), np.ones(1))
    assert witness.because("year", seeds, 31) == "released within 5 weeks of one of your seeds"
    assert witness.because("year", seeds, 50) is None


def test_it_is_asked_where_weights_are_learned(dated):
    features = [f for w in Catalogue(dated).beside({}).witnesses for f in w.features]
    assert {"released_near", "released_around"} <= set(features)
