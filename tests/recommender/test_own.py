"""How good is this for you: measured on one's own lists, and said only where it means something."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from music.tracks import Library
from recommender.own import measure, own_lists, playlists_of
from recommender.recommend import Recommender
from tests.recommender.conftest import make_tracks

TRACKS = make_tracks(450)


def library(lists, added_at=None):
    rows = [(p, i, t) for p, ids in lists.items() for i, t in enumerate(ids)]
    entries = pd.DataFrame(rows, columns=["playlist_id", "position", "track_id"])
    entries["added_at"] = pd.NaT if added_at is None else added_at
    names = pd.DataFrame({"playlist_id": list(lists), "name": list(lists)})
    return Library(TRACKS, names, entries)


def scenes(n, size=30):
    """Playlists of one scene each."""
    rng = np.random.default_rng(0)
    scene = np.arange(len(TRACKS)) // 5 % 3
    ids = TRACKS.index.to_numpy()
    return {f"p{j}": rng.choice(ids[scene == j % 3], size, False).tolist() for j in range(n)}


def by_month(n_months):
    months = pd.date_range("2020-01-01", periods=n_months, freq="MS", tz="UTC")
    return library({"liked": TRACKS.index.tolist()}, months[np.arange(len(TRACKS)) % n_months])


@pytest.fixture(scope="module")
def found():
    return measure(library(scenes(9, 22)), Recommender(TRACKS))


def test_playlists_are_measured_beside_chance_and_the_same_artists(found):
    assert (found.kind, found.n_lists) == ("playlists", 9)
    assert found.ours.mean() > 2 * found.chance > 0
    assert [row["what"] for row in found.table()][-1] == "chance"
    assert "9 playlists" in found.sentence()


def test_what_was_learned_is_measured_on_playlists_it_did_not_see(found):
    assert found.learned is not None
    assert found.learned.per_playlist.index.equals(found.ours.per_playlist.index)
    assert "Learning from your playlists" in found.sentence()


def test_without_playlists_months_of_additions_are_measured():
    kind, lists = own_lists(by_month(9))
    assert kind == "months"
    assert sorted(lists) == [f"2020-0{m}" for m in range(1, 10)]
    found = measure(by_month(9), Recommender(TRACKS))
    assert found.learned is None
    assert "9 months in which you added 20 tracks or more" in found.sentence()


def test_a_playlist_that_is_the_whole_library_is_not_measured():
    lists = scenes(6) | {"everything": TRACKS.index.tolist()}
    assert "everything" not in own_lists(library(lists))[1]
    assert "everything" not in playlists_of(library(lists))


def test_two_playlists_of_one_name_are_two():
    mine = library(scenes(6))
    mine.playlists["name"] = "Mix"
    assert len(own_lists(mine)[1]) == 6


@pytest.mark.parametrize("mine", [library(scenes(4)), by_month(3), library({})])
def test_too_little_is_said_not_measured(mine):
    with pytest.raises(InputError, match="at least 5 playlists of 20 tracks"):
        measure(mine, Recommender(TRACKS))


def test_progress_is_told():
    told = []
    measure(by_month(6), Recommender(TRACKS), lambda share, text: told.append(share))
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 0.99
