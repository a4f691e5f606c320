"""Thumbs are remembered, taken back, and move the next roast towards what is liked."""

from __future__ import annotations

import pytest

from library.demo import demo_library
from llm.roast import roast, vote_on
from music.profile import taste_profile
from studio import services, thumbs
from studio.settings import settings

EBBA = taste_profile(demo_library())


@pytest.fixture(autouse=True)
def _own_store():
    settings.cache_clear()
    services.store.cache_clear()
    yield
    services.store.cache_clear()
    settings.cache_clear()


def test_a_thumb_is_remembered_changed_and_taken_back():
    written = roast(EBBA, seed=1)
    line = vote_on(written.jokes[0], written, True)
    assert thumbs.liked("me", line) is None
    thumbs.vote("me", line)
    assert thumbs.liked("me", line) is True
    thumbs.vote("me", vote_on(written.jokes[0], written, False))
    assert [v.liked for v in thumbs.votes("me")] == [False]
    assert thumbs.votes("somebody else") == []
    thumbs.forget_vote("me", line)
    assert thumbs.votes("me") == []


def test_a_vote_holds_the_joke_and_no_name():
    for seed in range(20):
        written = roast(EBBA, seed)
        for joke in written.jokes:
            draft = vote_on(joke, written, True).text
            for value in joke.fact.values.values():
                assert f" {value} " not in f" {draft} "


def test_the_next_roast_follows_the_thumbs():
    """A listener who likes nothing but questions reads more of them."""
    assert thumbs.preference("me") is None
    for seed in range(40):
        written = roast(EBBA, seed)
        for joke in written.jokes:
            thumbs.vote("me", vote_on(joke, written, "?" in joke.text))
    learned = thumbs.preference("me")

    def questions(preference):
        written = [roast(EBBA, seed, preference=preference) for seed in range(100, 140)]
        return sum("?" in joke.text for one in written for joke in one.jokes)

    assert questions(learned) > 1.5 * questions(None)
    assert roast(EBBA, 7, preference=learned) == roast(EBBA, 7, preference=learned)
