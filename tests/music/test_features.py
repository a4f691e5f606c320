"""The scale makes raw features comparable; failed look-ups are missing, not zero."""

import numpy as np
import pytest

from music.errors import InputError
from music.features import FEATURES, N_LEVELS, N, Scale, clean_raw, describe, index_of

SCALE = Scale.reference()


def test_the_reference_table_lies_within_the_legal_ranges():
    low, high = np.array([(f.low, f.high) for f in FEATURES]).T
    assert (SCALE.table >= low).all()
    assert (SCALE.table <= high).all()


def test_percentiles_of_percentile_values_come_back():
    at = np.linspace(0.05, 0.95, 19)[:, None] * np.ones(N)
    back = SCALE.percentiles(SCALE.raw(at))
    distinct = [j for j in range(N) if len(np.unique(SCALE.table[:, j])) > 0.97 * N_LEVELS]
    np.testing.assert_allclose(back[:, distinct], at[:, distinct], atol=0.02)


def test_more_is_never_a_lower_percentile():
    values = np.linspace(0, 1, 200)[:, None] * np.array([f.high - f.low for f in FEATURES])
    values = values + np.array([f.low for f in FEATURES])
    assert (np.diff(SCALE.percentiles(values), axis=0) >= -1e-12).all()


def test_missing_stays_missing():
    row = np.full((1, N), np.nan)
    assert np.isnan(SCALE.percentiles(row)).all()
    assert np.isnan(SCALE.raw(row)).all()


def test_a_failed_look_up_written_as_zeros_is_missing():
    row = [0, 0.196, -6.241, 0, 0.335, 0.974, 0.0481, 0, 0]
    clean = clean_raw([row])[0]
    assert np.isnan(
        clean[[index_of(n) for n in ("danceability", "speechiness", "valence", "tempo")]]
    ).all()
    assert clean[index_of("energy")] == 0.196


def test_an_honest_zero_stays():
    row = [0.5, 0.2, -6.2, 0.05, 0.3, 0.0, 0.1, 0.4, 120]
    assert clean_raw([row])[0, index_of("instrumentalness")] == 0


def test_a_wrong_shape_is_named():
    with pytest.raises(InputError, match=r"must have shape \(\.\.\., 9\), got \(2, 3\)"):
        SCALE.percentiles(np.zeros((2, 3)))


def test_words_say_what_stands_out_and_is_true():
    raw = {"energy": 0.95, "tempo": 178, "instrumentalness": 0.02, "valence": 0.08}
    row = np.array([raw.get(f.name, np.nan) for f in FEATURES])
    weights = (~np.isnan(row)).astype(float)
    words = describe(np.nan_to_num(SCALE.percentiles(row), nan=0.5), weights)
    assert set(words) == {"energetic", "fast", "sad"}


def test_the_middle_of_everything_has_no_words():
    assert describe([0.5] * N, [1.0] * N) == []
