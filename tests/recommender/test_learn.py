"""What playlists teach: who stands beside whom, what each feature weighs, a second opinion."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from recommender.catalogue import Catalogue
from recommender.evaluate import evaluate
from recommender.learn import examples, feature_names, fit_weights, learn, sign_of
from recommender.ranker import ListLogit
from recommender.recommend import Recommender
from recommender.score import default_weights
from recommender.seeds import SeedRows
from recommender.together import Together
from recommender.trees import TreeRanker, fit_trees
from recommender.witness import Groups
from tests.recommender.conftest import estimator_checks, make_tracks


def make_playlists(tracks, n=24, seed=0):
    """Playlists of one hidden taste each, which no feature of the tracks tells."""
    rng = np.random.default_rng(seed)
    taste = np.arange(len(tracks)) % 7
    ids = tracks.index.to_numpy()
    return {f"p{j}": rng.choice(ids[taste == j % 7], 30, replace=False).tolist() for j in range(n)}


@pytest.fixture(scope="module")
def learned():
    tracks = make_tracks(420)
    catalogue = Catalogue(tracks).beside(make_playlists(tracks))
    found = list(examples(catalogue, seed=0))
    return catalogue, found, fit_weights(catalogue, found)


@estimator_checks(ListLogit(), TreeRanker(max_iter=5))
def test_rankers_are_estimators(estimator, check):
    check(estimator)


def test_the_ranker_finds_what_sets_the_chosen_apart():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(4_000, 3))
    lists = np.repeat(np.arange(40), 100)
    chance = np.exp(2.0 * X[:, 0] - 1.0 * X[:, 1]).reshape(40, 100)
    chosen = [rng.choice(100, p=row / row.sum()) for row in chance]
    y = (np.arange(100)[None] == np.array(chosen)[:, None]).ravel().astype(float)
    coef = ListLogit(alpha=1e-6).fit(X, y, lists=lists).coef_
    np.testing.assert_allclose(coef, [2.0, -1.0, 0.0], atol=0.5)


def test_signs_bind_the_weights():
    rng = np.random.default_rng(0)
    X = rng.normal(size=(300, 2))
    y = (X[:, 0] - X[:, 1] > 1.5).astype(float)
    coef = ListLogit(signs=[-1, 1]).fit(X, y).coef_
    assert coef[0] <= 0 <= coef[1]


def test_rows_that_stand_for_many_count_as_many():
    X = np.array([[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [0.5, 0.5]])
    y = np.array([1.0, 0, 0, 0])
    many = ListLogit(alpha=0.01).fit(X, y, stands_for=np.array([1, 1, 50.0, 1])).coef_
    one = ListLogit(alpha=0.01).fit(X, y).coef_
    assert many[1] < one[1]


def test_a_playlist_that_is_left_out_tells_nothing():
    songs = Groups(np.arange(6), np.array(list("abcdef"), dtype=object))
    both = Together([np.array([0, 1, 2]), np.array([3, 4])], songs, songs, list("abcdef"))
    seeds = SeedRows(np.array([0]), np.ones(1))
    assert both.hear(seeds)[1, 0] > 0
    without = both.hear_without(seeds, 0)
    np.testing.assert_allclose(
        without, Together([np.array([3, 4])], songs, songs, list("abcdef")).hear(seeds)
    )


def test_what_was_learned_beats_what_was_shipped(learned):
    catalogue, _, weights = learned
    new = make_playlists(catalogue.tracks, n=14, seed=99)
    before, after = (
        evaluate(lambda seeds, n, r=r: r.recommend(seeds, n).ids, new, catalogue.ids)
        for r in (Recommender(catalogue.tracks), Recommender(catalogue, weights))
    )
    assert after.gain(before)[1] > 0
    assert after.faulty == 0


def test_a_recommender_learns_in_one_call(learned):
    catalogue, _, _ = learned
    playlists = make_playlists(catalogue.tracks)
    one = Recommender(catalogue.tracks).learned(playlists)
    assert one.weights == learn(one.catalogue)
    assert all(side["filed"] == 0 for side in (one.weights.few, one.weights.many))
    assert one.answer(["t00000"], 30) == one.recommend(["t00000"], 30).ids


def test_only_a_closed_collection_counts_what_is_filed(learned):
    catalogue, _, _ = learned
    closed = learn(catalogue, closed=True)
    assert min(closed.few["filed"], closed.many["filed"]) < 0


def test_few_lists_move_the_weights_less(learned):
    catalogue, found, weights = learned
    shipped = default_weights()
    names = list(shipped.few)
    few = fit_weights(catalogue, found[:10])

    def moved(w):
        return np.linalg.norm(w.array(names, 25) - shipped.array(names, 25))

    assert moved(few) < 0.5 * moved(weights)


def test_the_penalty_draws_to_the_prior():
    rng = np.random.default_rng(0)
    X, y = rng.normal(size=(200, 2)), rng.integers(0, 2, 200)
    coef = ListLogit(alpha=1e3).fit(X, y, prior=[1.0, -2.0]).coef_
    np.testing.assert_allclose(coef, [1.0, -2.0], atol=0.01)


def test_what_a_witness_says_of_a_playlist_left_out_is_as_if_it_never_was():
    tracks = make_tracks(60)
    lists = make_playlists(make_tracks(60), n=0) | {
        "a": tracks.index[:20].tolist(), "b": tracks.index[10:40].tolist(),
        "c": tracks.index[5:25].tolist(),
    }  # fmt: skip
    seeds = SeedRows(np.array([11, 15]), np.ones(2))
    whole = Catalogue(tracks).beside(lists)
    without = Catalogue(tracks).beside({k: v for k, v in lists.items() if k != "b"})
    for one, other in zip(whole.witnesses, without.witnesses, strict=True):
        if hasattr(one, "hear_without"):
            np.testing.assert_allclose(one.hear_without(seeds, 1), other.hear(seeds), atol=1e-6)


def test_evidence_from_playlists_never_counts_against_a_song(learned):
    _, _, weights = learned
    for side in (weights.few, weights.many):
        assert all(w >= 0 for f, w in side.items() if sign_of(f) > 0)
        assert side["filed"] <= 0


def test_the_reason_names_the_seed_and_counts_playlists(learned):
    catalogue, _, weights = learned
    seeds = list(make_playlists(catalogue.tracks)["p0"][:5])
    said = [r for one in Recommender(catalogue, weights).recommend(seeds) for r in one.because]
    assert any("appears beside" in reason and "of your playlists" in reason for reason in said)


def test_trees_move_tracks_and_say_so(learned):
    catalogue, found, weights = learned
    trees = fit_trees(catalogue, found, weights)
    answer = Recommender(catalogue, weights, trees).recommend(["t00000", "t00007"], n=30)
    for one in answer:
        assert sum(one.parts.values()) == pytest.approx(one.score, abs=1e-9)
    assert any(abs(one.parts["trees"]) > 0.01 for one in answer)
    again = Recommender(catalogue, weights, trees).recommend(["t00000", "t00007"], n=30)
    assert again.ids == answer.ids


def test_learning_is_the_same_each_time(learned):
    catalogue, _, weights = learned
    assert learn(catalogue, seed=0, closed=True) == weights
    assert sorted(weights.few) == sorted(feature_names(catalogue))


def test_too_few_playlists_are_told():
    catalogue = Catalogue(make_tracks(100)).beside({"short": ["t00000", "t00001"]})
    with pytest.raises(InputError, match="at least 11 tracks"):
        learn(catalogue)


def test_playlists_may_hold_tracks_the_catalogue_does_not():
    tracks = make_tracks(50)
    catalogue = Catalogue(tracks).beside({"mine": ["t00000", "elsewhere"], "empty": []})
    assert len(Recommender(catalogue).recommend(["t00000"])) == 20
    assert isinstance(tracks, pd.DataFrame)
