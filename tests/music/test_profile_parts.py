"""A playlist and a track have profiles of their own, and these are true of the whole library."""

from __future__ import annotations

import pytest

from library.demo import demo_library
from music.errors import NotFoundError
from music.facts.single import TRACK_KINDS
from music.profile import playlist_profile, taste_profile, track_profile

LIBRARY = demo_library()
PLAYLISTS = dict(zip(LIBRARY.playlists["name"], LIBRARY.playlists["playlist_id"], strict=True))


@pytest.mark.parametrize("name", ["i'm fine", "deep focus", "2007 forever", "new playlist (5)"])
def test_a_playlist_is_told_by_its_own_tracks(name):
    profile = playlist_profile(LIBRARY, PLAYLISTS[name])
    inside = set(LIBRARY.playlist(PLAYLISTS[name]).index)
    assert profile.name == name
    assert profile.n_tracks == len(inside)
    assert profile.facts
    for fact in profile.facts:
        assert fact.values.get("playlist") == name or set(fact.rows) <= inside


def test_what_is_said_of_a_playlist_names_it_or_holds_for_the_library():
    whole = taste_profile(LIBRARY).facts
    for fact in playlist_profile(LIBRARY, PLAYLISTS["2007 forever"]).facts:
        assert fact in whole or fact.sentence.startswith("In “2007 forever”: ")


def test_a_track_always_has_something():
    for track_id in LIBRARY.tracks.index[::97]:
        profile = track_profile(LIBRARY, track_id)
        assert profile.facts
        for fact in profile.facts:
            assert fact.kind in TRACK_KINDS
            assert fact.rows == (track_id,)
            assert fact.values["track"] in fact.sentence


def test_the_song_of_two_hundred_and_twelve_plays_says_so():
    track_id = LIBRARY.tracks.index[LIBRARY.tracks["name"] == "I Saw Your Car"][0]
    (fact,) = track_profile(LIBRARY, track_id).of_kind("track_plays")
    assert fact.values["n"] == "212"
    assert fact.unusual == 1.0


def test_every_kind_of_track_fact_is_found_somewhere():
    found = {
        fact.kind
        for track_id in LIBRARY.tracks.index[::9]
        for fact in track_profile(LIBRARY, track_id).facts
    }
    assert set(TRACK_KINDS) - found <= {"track_famous", "track_alone"}  # not in this library


def test_what_is_not_there_is_named():
    with pytest.raises(NotFoundError, match="no playlist 'x'"):
        playlist_profile(LIBRARY, "x")
    with pytest.raises(NotFoundError, match="no track 'x'"):
        track_profile(LIBRARY, "x")
