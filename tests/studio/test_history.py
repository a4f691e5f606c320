"""A kept playlist comes back with its rules, is refreshed from them, and says what changed."""

import pytest

from library.demo import demo_library
from studio import history, services
from studio.curator import curator_of
from studio.settings import settings


@pytest.fixture(autouse=True)
def _fresh_store():
    settings.cache_clear()
    services.store.cache_clear()
    yield
    services.store.cache_clear()
    settings.cache_clear()


@pytest.fixture(scope="module")
def tracks():
    return demo_library().tracks


def test_a_list_comes_back_with_its_rules(tracks):
    curator = curator_of(tracks)
    wish = curator.conversation(["ten calm songs", "only five of them"])
    found = curator.find(wish.spec, seed=2)
    one = history.keep("me", wish, found, locked=found.ids[:1], seed=2)
    (back,) = history.kept("me")
    assert back == one
    assert back.said == ("ten calm songs", "only five of them")
    assert list(back.tracks) == found.ids
    assert back.wish().spec.n_tracks == 5
    assert history.kept("somebody else") == []


def test_keeping_twice_is_once_and_dropping_is_gone(tracks):
    curator = curator_of(tracks)
    wish = curator.wish("ten calm songs")
    found = curator.find(wish.spec)
    for _ in range(2):
        one = history.keep("me", wish, found)
    assert len(history.kept("me")) == 1
    history.drop("me", one)
    assert history.kept("me") == []


def test_a_refresh_finds_what_is_new_by_the_saved_rules(tracks):
    small = curator_of(tracks.iloc[::2])
    wish = small.wish("ten calm songs")
    one = history.keep("me", wish, small.find(wish.spec))
    same, nothing = history.refreshed(small, one)
    assert not nothing
    assert list(one.tracks) == same.ids
    grown, change = history.refreshed(curator_of(tracks), one)
    assert change.added
    assert set(change.added) <= set(grown.ids) - set(one.tracks)
    assert change.n_stay + len(change.gone) == len(one.tracks)


def test_a_locked_track_that_left_the_library_is_not_asked_for(tracks):
    curator = curator_of(tracks)
    wish = curator.wish("ten calm songs")
    found = curator.find(wish.spec)
    one = history.keep("me", wish, found, locked=found.ids[:2])
    smaller = curator_of(tracks.drop(index=found.ids[0]))
    again, change = history.refreshed(smaller, one)
    assert found.ids[0] in change.gone
    assert found.ids[1] in again.ids


def test_a_damaged_item_is_left_out():
    services.store().save_item("me", history.KIND, "old", {"said": ["x"]})
    assert history.kept("me") == []
