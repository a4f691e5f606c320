"""The curator answers every door alike, and what was asked before costs nothing."""

import numpy as np
import pandas as pd
import pytest

from library.demo import demo_library
from music.errors import InputError
from music.features import Floats
from studio.curator import Curator, curator_of
from studio.listener import Listener


@pytest.fixture(scope="module")
def tracks() -> pd.DataFrame:
    return demo_library().tracks


@pytest.fixture
def curator(tracks) -> Curator:
    return curator_of(tracks, owned=tracks.index)


def test_the_same_sentence_is_parsed_and_searched_once(curator):
    for _ in range(3):
        wish = curator.wish("ten calm jazz songs")
        found = curator.find(wish.spec)
    assert len(found.ids) == 10
    assert (curator.calls.parses, curator.calls.finds) == (1, 1)


def test_a_follow_up_costs_one_parse_and_coming_back_costs_none(curator):
    first = curator.wish("ten calm jazz songs")
    second = curator.refine(first, "less jazz")
    assert curator.refine(first, "less jazz") is second
    assert curator.conversation(["ten calm jazz songs", "less jazz"]) is second
    assert curator.calls.parses == 2


def test_another_lock_seed_or_swap_is_another_list(curator):
    spec = curator.wish("ten calm songs").spec
    plain = curator.find(spec)
    swapped = curator.find(spec, without=plain.ids[:1])
    locked = curator.find(spec, locked=plain.ids[:1], seed=3)
    assert plain.ids[0] not in swapped.ids
    assert plain.ids[0] in locked.ids
    assert curator.calls.finds == 3


def test_bad_text_is_refused_each_time(curator):
    for _ in range(2):
        with pytest.raises(InputError):
            curator.wish("  ")


def test_tracks_from_elsewhere_stand_beside_the_library(curator, tracks):
    new = tracks.head(3).set_axis(pd.Index(["x1", "x2", "x3"], name="track_id"))
    new = new.assign(artists="Zorble Quintet", name=["One", "Two", "Three"])
    spec = curator.wish("songs by Zorble Quintet").spec
    assert curator.find(spec).ids == []
    assert set(curator.find(spec, beside=new).ids) == {"x1", "x2", "x3"}


def test_a_locked_track_that_is_out_of_reach_is_told(curator, tracks):
    found = curator.find(curator.wish("ten calm songs").spec, locked=["gone", tracks.index[0]])
    assert tracks.index[0] in found.ids
    assert any("1 locked tracks" in note for note in found.notes)


def test_what_knows_titles_changes_the_ranking_and_forgets_old_lists(curator, tracks):
    class OneTitle:
        def score(self, sentences) -> Floats:
            return np.where(np.arange(len(tracks)) == 7, 100.0, 0.0)

    spec = curator.wish("ten calm songs").spec
    before = curator.find(spec)
    assert curator.meaning is None
    curator.learn(OneTitle())
    after = curator.find(spec)
    assert after.ranked()[0] == str(tracks.index[7])
    assert before.ranked()[0] != after.ranked()[0]


def test_a_listener_has_one_curator():
    who = Listener(demo_library(), key="demo")
    assert who.curator is who.curator
    assert who.curator.owned == frozenset(who.library.tracks.index)
