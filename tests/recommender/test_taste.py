"""Seeds from a library: what is played counts, lately more, and some playlists are not taste."""

import pandas as pd
import pytest

from music.errors import InputError
from music.tracks import ENTRY_COLUMNS, PLAY_COLUMNS, Library, no_tracks, typed_rows
from recommender.taste import MOST, taste_of
from tests.recommender.conftest import make_tracks


def library(plays=(), entries=(), n=10):
    played = pd.DataFrame(plays, columns=["track_id", "at", "skipped"])
    played["at"] = pd.to_datetime(played["at"], utc=True)
    entered = pd.DataFrame(entries, columns=["playlist_id", "track_id"])
    entered["position"] = range(len(entered))
    entered["added_at"] = pd.Series(pd.NaT, entered.index, dtype="datetime64[us, UTC]")
    return Library(
        make_tracks(n), plays=typed_rows(played, PLAY_COLUMNS),
        entries=typed_rows(entered, ENTRY_COLUMNS),
    )  # fmt: skip


PLAYS = [("t00001", "2020-01-01", False)] * 5 + [("t00002", "2026-01-01", False)] * 2


def test_played_more_counts_more():
    weights = taste_of(library(PLAYS)).weights
    assert weights["t00001"] == 1.0
    assert 0 < weights["t00002"] < 1


def test_lately_is_another_taste():
    weights = taste_of(library(PLAYS), lately=True).weights
    assert weights["t00002"] > weights.get("t00001", 0)


def test_skipped_songs_are_not_liked():
    weights = taste_of(library([*PLAYS, ("t00003", "2026-01-01", True)])).weights
    assert "t00003" not in weights


def test_without_plays_everything_counts_alike():
    weights = taste_of(library()).weights
    assert len(weights) == 10
    assert set(weights.values()) == {1.0}


def test_a_playlist_can_be_left_out_of_the_taste():
    entries = [("sleep", "t00001"), ("sleep", "t00002"), ("mine", "t00002")]
    weights = taste_of(library(PLAYS, entries), without=["sleep"]).weights
    assert "t00001" not in weights
    assert "t00002" in weights


def test_a_whole_library_is_cut_to_what_counts_most():
    assert len(taste_of(library(n=500)).weights) == MOST


def test_nothing_left_is_told():
    with pytest.raises(InputError, match="no tracks left"):
        taste_of(Library(no_tracks()))
