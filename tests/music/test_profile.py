"""A profile holds checkable facts, most unusual first, each with the rows behind it."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from library.demo import demo_library
from music.profile import FACT_KINDS, taste_profile
from music.tracks import Library, as_tracks

EBBA = taste_profile(demo_library())

VICES = {
    "one_song": {"n": "212"},
    "night": {"genre": "sea shanties"},
    "neglected_effort": {"playlist": "gym (real this time)", "n": "4"},
    "unnamed_playlists": {"n": "6", "playlist": "new playlist (7)"},
    "one_artist": {"percent": "41"},
    "skips": {"percent": "33", "seconds": "12"},
    "stuck_years": {"from": "2006", "to": "2009"},
    "out_of_season": {"month": "July"},
    "saddest_playlist": {"playlist": "i'm fine"},
    "versions": {"n": "9"},
    "fast_calm": {"playlist": "deep focus", "bpm": "174"},
    "phase": {"genre": "bagpipe techno", "days": "9"},
}


@pytest.mark.parametrize("kind", VICES)
def test_every_vice_of_the_invented_listener_is_found(kind):
    (fact,) = EBBA.of_kind(kind)
    assert VICES[kind].items() <= fact.values.items()
    assert fact.unusual > 0.8


def test_the_twelve_vices_come_first():
    assert {fact.kind for fact in EBBA.facts[:16]} >= set(VICES)


def test_facts_are_ordered_by_how_unusual_they_are():
    unusual = [fact.unusual for fact in EBBA.facts]
    assert unusual == sorted(unusual, reverse=True)
    assert all(0 <= u <= 1 for u in unusual)


@pytest.mark.parametrize("fact", EBBA.facts, ids=lambda fact: fact.kind)
def test_a_fact_shows_its_rows_and_quotes_only_its_values(fact):
    assert fact.kind in FACT_KINDS
    assert fact.rows
    assert set(fact.rows) <= set(demo_library().tracks.index)
    told = fact.sentence
    for value in sorted(fact.values.values(), key=len, reverse=True):
        told = told.replace(value, "")
    bounds_in_the_definition = {"150", "90", "100"}
    assert set(re.findall(r"\d+", told)) <= bounds_in_the_definition


def one(**columns: object) -> Library:
    return Library(as_tracks(pd.DataFrame({"track_id": ["a"], **columns}), "test"))


@pytest.mark.parametrize(
    "library",
    [Library(), one(), one(name=["x"]), one(name=["x"], artists=["y"], genres=["z"], year=[1999])],
    ids=["nothing", "an id", "a name", "one whole track"],
)
def test_hardly_anything_gives_hardly_any_facts_and_no_error(library):
    assert len(taste_profile(library).facts) <= 1


def test_titles_alone_are_enough_for_facts():
    names = pd.DataFrame(
        {
            "track_id": [str(i) for i in range(60)],
            "name": [f"song {i} - Live in Hull" for i in range(60)],
            "artists": ["The Damp"] * 60,
        }
    )
    kinds = {fact.kind for fact in taste_profile(Library(as_tracks(names, "test"))).facts}
    assert {"live_versions", "owned_artist"} <= kinds
