"""Estimates come from averages, do what they promise on real tracks, and learn nothing private."""

import os
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.base import clone

from library import exportify
from library.demo import demo_library
from library.estimate import ESTIMATED, PRIOR_COLUMNS, AverageEstimator, check_priors
from library.estimate_train import averages_of_tracks, main, r2_of, train
from music.errors import InputError
from music.features import NAMES, N, index_of
from music.tracks import as_tracks, no_tracks, percentiles, raw_features
from tests.library.files import csv_bytes
from tests.library.formats import CATALOGUES, catalogue_csv

DEMO = demo_library(0).tracks


def hidden(tracks):
    blank = tracks.assign(**dict.fromkeys(["provenance"], None))
    return as_tracks(blank.drop(columns=list(raw_columns())), "x")


def raw_columns():
    from music.features import FEATURE_COLUMNS

    return FEATURE_COLUMNS


def test_it_is_an_estimator_like_any_other():
    assert clone(AverageEstimator(pull_artist=3)).get_params()["pull_artist"] == 3


def test_held_out_tracks_are_guessed_better_than_by_the_middle():
    rng = np.random.default_rng(0)
    test = rng.random(len(DEMO)) < 0.3
    estimator = AverageEstimator().fit(DEMO[~test])
    guess = estimator.predict(hidden(DEMO[test]))
    r2 = r2_of(percentiles(DEMO[test]), guess)
    assert set(r2) == set(ESTIMATED)
    assert min(r2.values()) > 0.15
    assert r2["energy"] > 0.5


def test_its_uncertainty_is_honest():
    """About two thirds of held-out values lie within one standard deviation."""
    rng = np.random.default_rng(1)
    test = rng.random(len(DEMO)) < 0.3
    estimator = AverageEstimator().fit(DEMO[~test])
    raw, spread = estimator.estimate(hidden(DEMO[test]))
    guess = estimator.predict(hidden(DEMO[test]))
    inside = np.abs(percentiles(DEMO[test]) - guess) <= spread
    share = inside[~np.isnan(guess)].mean()
    assert 0.6 < share < 0.85
    assert raw.shape == spread.shape == (int(test.sum()), N)


def test_the_narrow_is_pulled_towards_the_wide():
    rows = [{"track_id": f"g{n}", "artists": f"A{n}", "genres": "dub", "energy": 0.2,
             "tempo_bpm": 90} for n in range(30)]  # fmt: skip
    rows.append({"track_id": "odd", "artists": "Loud", "genres": "dub", "energy": 0.95,
                 "tempo_bpm": 90})  # fmt: skip
    estimator = AverageEstimator().fit(as_tracks(pd.DataFrame(rows), "x"))
    new = as_tracks(pd.DataFrame([{"track_id": "n", "artists": "Loud", "genres": "dub"}]), "x")
    known = as_tracks(pd.DataFrame(rows[:1] + rows[-1:]), "x")
    quiet, loud = percentiles(known)[:, index_of("energy")]
    assert quiet < estimator.predict(new)[0, index_of("energy")] < loud


def test_nothing_known_is_no_estimate():
    estimator = AverageEstimator().fit(no_tracks())
    unknown = as_tracks(pd.DataFrame({"track_id": ["a"], "name": ["?"]}), "x")
    assert np.isnan(estimator.predict(unknown)).all()
    assert estimator.predict(no_tracks()).shape == (0, N)


def test_a_genre_alone_is_enough_by_its_family():
    tracks = as_tracks(
        pd.DataFrame({"track_id": ["a", "b"], "genres": ["old black metal", "quiet ambient"]}),
        "x",
    )
    metal, ambient = AverageEstimator().fit(no_tracks()).predict(tracks)[:, index_of("energy")]
    assert metal > ambient + 0.3


def test_priors_of_the_user_help_and_are_checked():
    priors = averages_of_tracks(DEMO)
    assert tuple(priors.columns) == PRIOR_COLUMNS
    estimator = AverageEstimator(priors=check_priors(priors)).fit(no_tracks())
    assert r2_of(percentiles(DEMO), estimator.predict(hidden(DEMO)))["energy"] > 0.5
    with pytest.raises(InputError, match="no column 'energy'"):
        check_priors(priors.drop(columns="energy"))
    with pytest.raises(InputError, match="must be percentiles"):
        check_priors(priors.assign(energy=7.0))


def test_the_script_makes_a_table_from_what_lies_in_a_folder(tmp_path, capsys):
    header = ["artists", "count", *NAMES]
    averages = csv_bytes([["The Damp", "9", *["0.5"] * 6, "-9", "0.5", "99"]], header)
    (tmp_path / "by_artist.csv").write_bytes(averages)
    (tmp_path / "catalogue.csv").write_bytes(catalogue_csv(CATALOGUES["dataset"]))
    (tmp_path / "letter.txt").write_text("hello")
    priors, report = train(tmp_path)
    assert set(priors["kind"]) == {"artist", "genre"}
    assert {"the damp", "band 0"} <= set(priors["name"])
    assert report
    out = tmp_path / "averages.parquet"
    assert main([str(tmp_path), "--out", str(out)]) == 0
    assert "averages written" in capsys.readouterr().out
    assert len(check_priors(pd.read_parquet(out))) == len(priors)


def test_the_script_says_when_there_is_nothing(tmp_path, capsys):
    assert main([str(tmp_path)]) == 1
    assert "no catalogue" in capsys.readouterr().err


@pytest.mark.data
def test_real_libraries_are_estimated_well_enough_to_help():
    folder = os.environ.get("GHOSTNOTES_DATA")
    if not folder:
        pytest.skip("GHOSTNOTES_DATA names no folder")
    tracks = exportify.read(Path(folder) / "exportify_library_2.csv.gz")[0].tracks
    test = np.random.default_rng(0).random(len(tracks)) < 0.3
    guess = AverageEstimator().fit(tracks[~test]).predict(hidden(tracks[test]))
    r2 = r2_of(percentiles(tracks[test]), guess)
    assert r2["energy"] > 0.25
    assert r2["acousticness"] > 0.2
    assert np.nanmean(list(r2.values())) > 0.25
    assert raw_features(tracks).shape[1] == N
