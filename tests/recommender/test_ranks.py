"""Numbers to a bell curve by ranks: an estimator; ties in their middle, unknown stays unknown."""

import numpy as np

from recommender.ranks import BellRanks
from tests.recommender.conftest import estimator_checks


@estimator_checks(BellRanks())
def test_bell_ranks_is_an_estimator(estimator, check):
    check(estimator)


def test_ranks_make_any_column_a_bell():
    x = np.random.default_rng(0).exponential(size=(5_000, 1))
    z = BellRanks().fit_transform(x)
    assert abs(z.mean()) < 0.02
    assert abs(z.std() - 1) < 0.02


def test_values_half_the_rows_share_stand_in_the_middle_of_their_ranks():
    x = np.concatenate([np.zeros(500), np.linspace(0.1, 1, 500)])[:, None]
    z = BellRanks().fit_transform(x)
    assert -1 < z[0, 0] < -0.5


def test_unknown_stays_unknown_and_an_unknown_column_is_no_error():
    x = np.array([[1.0, np.nan], [np.nan, np.nan], [3.0, np.nan]])
    z = BellRanks().fit_transform(x)
    assert np.isnan(z).tolist() == [[False, True], [True, True], [False, True]]


def test_back_to_raw():
    x = np.random.default_rng(0).normal(120, 20, (2_000, 1))
    ranks = BellRanks().fit(x)
    inside = np.abs(ranks.transform(x)) < 2
    np.testing.assert_allclose(
        ranks.inverse_transform(ranks.transform(x))[inside], x[inside], atol=1
    )
