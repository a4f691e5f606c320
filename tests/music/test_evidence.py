"""Facts rest on what is known, and on the clock of the place where the listener lives."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from library.demo import demo_library
from music.evidence import Evidence
from music.profile import taste_profile
from music.tracks import (
    ENTRY_COLUMNS,
    PLAY_COLUMNS,
    Library,
    as_tracks,
    mostly_estimated,
    typed_rows,
    without_estimates,
)

MOMENTS = ["2026-01-31T23:30:00Z", "2026-06-30T23:30:00Z"]  # winter and summer


def listener(zone: str) -> Library:
    tracks = as_tracks(pd.DataFrame({"track_id": ["a"], "name": ["A"], "artists": ["X"]}), "test")
    plays = pd.DataFrame({"track_id": "a", "at": pd.to_datetime(MOMENTS), "played_s": 200.0})
    entries = pd.DataFrame(
        {"playlist_id": "liked", "position": 0, "track_id": "a", "added_at": plays["at"][:1]}
    )
    return Library(
        tracks, plays=typed_rows(plays, PLAY_COLUMNS),
        entries=typed_rows(entries, ENTRY_COLUMNS), zone=zone,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "hours", "months"),
    [
        ("UTC", [23, 23], [1, 6]),
        ("Europe/Berlin", [0, 1], [2, 7]),  # an hour ahead, two in summer
        ("America/Los_Angeles", [15, 16], [1, 6]),
        ("Asia/Kolkata", [5, 5], [2, 7]),  # half hours count
    ],
)
def test_a_play_is_read_on_the_listeners_clock(zone, hours, months):
    heard = Evidence(listener(zone)).heard
    assert heard.hour.tolist() == hours
    assert heard.month.tolist() == months


def test_the_day_a_song_was_saved_is_the_listeners_too():
    entries = Evidence(listener("Pacific/Auckland")).library.entries
    assert entries["added_at"].tolist() == [pd.Timestamp("2026-02-01 12:30")]


def test_frames_stay_in_utc():
    library = listener("Europe/Berlin")
    Evidence(library).heard  # noqa: B018  # it is the looking that must change nothing
    assert str(library.plays["at"].dt.tz) == "UTC"


def test_a_midnight_that_a_zone_skips_is_a_day_like_any_other():
    library = replace(demo_library(), zone="America/Sao_Paulo")  # clocks went from 0 to 1 there
    plays = library.plays.assign(at=pd.Timestamp("2017-10-15T03:00:00Z"))
    assert taste_profile(replace(library, plays=plays)).facts


def test_night_owls_live_somewhere():
    (here,) = taste_profile(demo_library()).of_kind("night")
    there = taste_profile(replace(demo_library(), zone="Asia/Tokyo")).of_kind("night")
    assert here.number not in {fact.number for fact in there}


def test_no_fact_rests_on_an_estimate():
    library = demo_library()
    guessed = library.tracks.assign(provenance="e" * 9)
    known = taste_profile(library)
    assert known.of_kind("saddest_playlist")
    assert known.of_kind("fast_calm")
    told = {fact.kind for fact in taste_profile(replace(library, tracks=guessed)).facts}
    assert told.isdisjoint({"saddest_playlist", "fast_calm", "sad", "loud", "slow", "whiplash"})


def test_a_track_is_estimated_if_most_of_it_is():
    tracks = as_tracks(
        pd.DataFrame(
            {
                "track_id": list("abc"),
                **dict.fromkeys(("energy", "valence", "danceability"), 0.5),
                "provenance": ["ee-----o-", "oo-----e-", "-" * 9],
            }
        ),
        "test",
    )
    assert mostly_estimated(tracks).tolist() == [True, False, False]
    known = without_estimates(tracks)
    assert known["provenance"].tolist()[:2] == ["-------o-", "oo-------"]
    assert known["valence"].isna().tolist() == [False, True, False]
    assert without_estimates(known) is known
