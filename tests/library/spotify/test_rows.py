"""One row of the Web API becomes one row of ours, whatever dirt is in it."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from library.spotify_rows import api_row, api_track
from music.tracks import as_tracks
from tests.spotify_simulator.shapes import Shapes
from tests.spotify_simulator.world import Song, World

TRACK = Shapes(World(), "dev2026", "http://127.0.0.1").track(Song(5))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_a_track_in_our_columns():
    track = api_track(TRACK)
    assert track == {
        "track_id": Song(5).id,
        "name": Song(5).title,
        "artists": Song(5).artist,
        "album": f"{Song(5).artist} {Song(5).year}",
        "isrc": "XXGHO0000005",
        "year": float(Song(5).year),
        "duration_s": pytest.approx(124.985),
        "popularity": None,
        "explicit": False,
    }


@pytest.mark.parametrize(
    ("date", "year"),
    [
        ("1981", 1981),
        ("1981-12", 1981),
        ("1981-12-09", 1981),
        ("0000", None),
        (None, None),
        ("", None),
    ],
)
def test_release_dates_of_any_precision(date, year):
    track = api_track({**TRACK, "album": {"release_date": date}})
    assert track["year"] == year


def test_several_artists_and_a_name_that_looks_like_several():
    track = api_track({**TRACK, "artists": [{"name": "A; B"}, {"name": ""}, {"name": "C"}, None]})
    assert track["artists"] == "A, B; C"


def test_a_duration_of_zero_is_unknown_and_a_popularity_of_zero_is_not():
    track = api_track({**TRACK, "duration_ms": 0, "popularity": 0})
    assert (track["duration_s"], track["popularity"]) == (None, 0.0)


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"item": TRACK}, "track"),
        ({"track": TRACK}, "track"),
        ({"item": TRACK, "track": True, "episode": False}, "track"),
        ({"item": None}, "gone"),
        ({"item": None, "track": None}, "gone"),
        ({"track": True}, "gone"),
        ({}, "gone"),
        (None, "gone"),
        ({"item": {"id": None, "uri": None}}, "gone"),
        ({"item": {"id": "e", "type": "episode", "uri": "spotify:episode:e"}}, "episode"),
        ({"item": {"id": None, "uri": "spotify:local:a:b:c:1"}, "is_local": True}, "local"),
    ],
)
def test_every_kind_of_row(row, kind):
    assert api_row(row).kind == kind


@settings(deadline=None)
@given(json_values, st.sampled_from([*TRACK, "album.name", "album.release_date", "artists.0"]))
def test_no_value_anywhere_breaks_it(value, key):
    dirty = {**TRACK, key: value}
    if key.startswith("album."):
        dirty = {**TRACK, "album": {**TRACK["album"], key.removeprefix("album."): value}}
    elif key == "artists.0":
        dirty = {**TRACK, "artists": [value]}
    row = api_row({"item": dirty, "added_at": value})
    assert row.kind in ("track", "local", "episode", "gone")
    if row.track:
        frame = as_tracks(pd.DataFrame([row.track]), "spotify-api")
        assert len(frame) == 1


@settings(deadline=None)
@given(json_values)
def test_no_row_at_all_breaks_it(value):
    assert api_row(value).kind in ("track", "local", "episode", "gone")
