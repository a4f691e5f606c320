"""A wish becomes few search texts, each asked once a day; rows stay marked as the API's."""

from __future__ import annotations

import pytest

from benchmarks.playlist_labels import lines
from library.spotify_rows import ORIGIN
from library.spotify_search import FRESH_S, MAX_CALLS, queries
from llm.playlist import playlist_from_text
from music.errors import ForbiddenError
from music.playlist import PlaylistSpec

WISHES = [line.rpartition("|")[0].strip() for line in lines("prompts.txt")[::5]]
WISH = PlaylistSpec(genres=("jazz", "soul"), years=(1960, 1979), n_tracks=20)


@pytest.mark.parametrize("wish", WISHES)
def test_a_wish_is_at_most_thirty_texts_without_repeats(wish):
    spec = playlist_from_text(wish, lines("artists.txt")).spec
    asked = queries(spec, 2026)
    assert len(asked) <= MAX_CALLS
    assert len(set(asked)) == len(asked)
    assert all(query.text.strip() for query in asked)


def test_names_cannot_give_orders():
    (query,) = queries(PlaylistSpec(artists_only=('X" year:1 genre:"y',)), 2026)
    assert query.text == 'artist:"X year 1 genre y"'


def test_what_must_be_the_listeners_own_is_not_searched():
    assert queries(PlaylistSpec(genres=("jazz",), known=True), 2026) == []


def test_only_artists_means_only_them():
    asked = queries(PlaylistSpec(artists_only=("ABBA",), genres=("pop",), moods=("sad",)), 2026)
    assert [query.text for query in asked] == ['artist:"ABBA"']


def test_the_offer_is_marked_and_within_the_budget(house):
    house.service.me(house.visitor)
    house.service.set_consent(house.visitor, True)
    house.simulator.requests.clear()
    offer = house.service.offers(house.visitor, WISH)
    calls = house.simulator.calls("/search")
    assert 0 < len(calls) == offer.n_calls <= MAX_CALLS
    assert all(int(call.query["limit"]) <= 10 for call in calls)
    assert len(offer.tracks)
    assert set(offer.tracks["origin"]) == {ORIGIN}
    assert set(offer.tracks["genres"].dropna()) <= {"jazz", "soul"}
    assert offer.tracks.index.is_unique


def test_the_same_wish_costs_nothing_twice_and_is_asked_again_after_a_day(house):
    house.service.me(house.visitor)
    house.service.set_consent(house.visitor, True)
    first = house.service.offers(house.visitor, WISH)
    again = house.service.offers(house.visitor, WISH)
    assert (again.n_calls, again.n_remembered) == (0, first.n_calls)
    assert list(again.tracks.index) == list(first.tracks.index)
    house.clock.advance(seconds=FRESH_S + 1)
    assert house.service.offers(house.visitor, WISH).n_calls == first.n_calls


def test_without_consent_nothing_is_asked(house):
    house.service.me(house.visitor)
    house.simulator.requests.clear()
    with pytest.raises(ForbiddenError):
        house.service.offers(house.visitor, WISH)
    assert house.simulator.calls("/search") == []


def test_a_pause_keeps_what_was_found(house):
    house.service.me(house.visitor)
    house.service.set_consent(house.visitor, True)
    house.simulator.inject(24, "/search", nth=3, times=50)
    offer = house.service.offers(house.visitor, WISH)
    assert offer.error is not None
    assert "stopped" in str(offer)


def test_disconnecting_forgets_what_was_searched(house):
    house.service.me(house.visitor)
    house.service.set_consent(house.visitor, True)
    house.service.offers(house.visitor, WISH)
    shelf = house.shelf
    house.service.disconnect(house.visitor)
    assert sum(shelf.n_rows().values()) == 0
