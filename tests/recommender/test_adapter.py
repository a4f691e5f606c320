"""The outside evaluation may hand over any catalogue; the adapter answers, and never faultily."""

import numpy as np
import pandas as pd
import pytest

from benchmarks.recommender_adapter import prepare, recommend


def catalogue(n=200):
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "track_id": [f"t{i}" for i in range(n)],
            "name": [f"song {i}" for i in range(n)],
            "artist": [f"artist {i // 4}" for i in range(n)],
            "release_date": ["2019-05-01", "2020", ""][:1] * n,
            "popularity": rng.integers(0, 100, n),
            "genres": [["dub"], []] * (n // 2),
            "energy": rng.random(n),
        }
    )


def playlists(n=12):
    rng = np.random.default_rng(1)
    return {f"p{j}": [f"t{i}" for i in rng.permutation(200)[:30]] for j in range(n)}


SHAPES = {
    "whole": lambda frame: frame,
    "ids only": lambda frame: frame[["track_id"]],
    "a row twice": lambda frame: pd.concat([frame, frame.head(3)]),
    "nothing known": lambda frame: frame.assign(popularity=np.nan, genres=None, artist=np.nan),
    "genres as text": lambda frame: frame.assign(genres="dub; techno"),
    "no features": lambda frame: frame.drop(columns="energy"),
}


def check(frame, lists):
    trained = prepare(frame, lists)
    for seeds in (["t0"], [f"t{i}" for i in range(10)]):
        for found in (trained.recommend(seeds, 50), recommend(frame, seeds, 50)):
            assert len(found) == len(set(found)) == 50
            assert set(found) <= set(frame["track_id"]) - set(seeds)


@pytest.mark.parametrize("shape", SHAPES)
def test_any_catalogue_is_answered_without_faults(shape):
    check(SHAPES[shape](catalogue()), playlists(3))


@pytest.mark.parametrize("lists", [playlists(1), {}, {"p": ["elsewhere"]}])
def test_too_few_playlists_leave_the_weights_as_shipped(lists):
    check(catalogue(), lists)


def test_seeds_nobody_knows_get_no_answer():
    assert prepare(catalogue(), {}).recommend(["elsewhere"], 10) == []
