"""Quality on playlists: perfect answers score 1, useless ones 0, gains come with an interval."""

import numpy as np
import pytest

from music.errors import InputError
from recommender.evaluate import evaluate, questions

IDS = [f"t{i}" for i in range(600)]
PLAYLISTS = {f"p{j}": IDS[j * 30 : j * 30 + 30] for j in range(12)}
OF = {t: name for name, ids in PLAYLISTS.items() for t in ids}


def knows_all(seeds, n):
    return [t for t in PLAYLISTS[OF[seeds[0]]] if t not in seeds][:n]


def knows_nothing(seeds, n):
    return IDS[400 : 400 + n]


def test_a_perfect_answer_scores_one_and_a_useless_one_nothing():
    perfect = evaluate(knows_all, PLAYLISTS, IDS, ks=(1, 10))
    for figure in ("ndcg100", "recall100", "r_precision"):
        assert perfect.mean(figure, 10) == pytest.approx(1)
    assert perfect.mean("clicks", 1) == 0
    assert evaluate(knows_nothing, PLAYLISTS, IDS).mean() == 0


def test_gains_are_paired_and_come_with_an_interval():
    good, bad = (evaluate(a, PLAYLISTS, IDS) for a in (knows_all, knows_nothing))
    assert good.gain(bad) == pytest.approx((1.0, 1.0, 1.0))
    assert good.gain(good) == (0.0, 0.0, 0.0)


def test_faulty_answers_are_counted_and_do_not_help():
    def cheats(seeds, n):
        return [*seeds, *knows_all(seeds, n), *knows_all(seeds, n), "elsewhere"]

    found = evaluate(cheats, PLAYLISTS, IDS, repetitions=1)
    assert found.faulty == 12
    assert found.mean("recall500") == pytest.approx(1)


def test_questions_do_not_depend_on_what_else_is_asked():
    few = {(n, k): s for n, k, s, _ in questions({"p1": PLAYLISTS["p1"]}, (5,), 1)}
    all_of_them = {(n, k): s for n, k, s, _ in questions(PLAYLISTS, (5, 10), 1)}
    assert few["p1", 5] == all_of_them["p1", 5]


def test_seeds_are_not_hidden():
    for _, k, seeds, hidden in questions(PLAYLISTS, (1, 10), 2):
        assert len(seeds) == k
        assert not set(seeds) & hidden
        assert len(hidden) == 30 - k


def test_the_table_has_a_row_a_number_of_seeds():
    table = evaluate(knows_all, PLAYLISTS, IDS, ks=(1, 5)).table()
    assert table.index.tolist() == [1, 5]
    assert table["playlists"].tolist() == [12, 12]
    assert np.isfinite(table.to_numpy()).all()


def test_playlists_that_are_all_too_short_are_told():
    with pytest.raises(InputError, match="no playlist has 20 tracks"):
        evaluate(knows_all, {"short": IDS[:5]}, IDS)
