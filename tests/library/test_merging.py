"""Two libraries become one: each recording once, nothing lost, and twice is once."""

import pandas as pd
import pytest

from library import exportify
from library.demo import demo_library
from library.importing import read_any
from library.merging import merge, united, united_plays
from music.tracks import PLAY_COLUMNS, Library, as_tracks, typed_rows
from tests.library.files import csv_bytes, row, track_id
from tests.library.formats import FORMATS

FRAMES = ("tracks", "playlists", "entries", "plays")


def tracks(*rows):
    return as_tracks(pd.DataFrame(rows), "test")


def song(track_id, **given):
    return {"track_id": track_id, "name": "Love", "artists": "The Damp", **given}


def read(rows, name="mine.csv"):
    return exportify.read(csv_bytes(rows), name)[0]


def same(a, b):
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name))


def test_twice_is_once():
    library = demo_library(0)
    same(merge(library, library), library)
    ours = read([row(1), row(2), row(1)])
    same(merge(ours, ours), ours)


@pytest.mark.parametrize("name", FORMATS)
def test_importing_a_file_of_any_kind_twice_is_importing_it_once(name):
    once = read_any(FORMATS[name])[0]
    same(merge(once, read_any(FORMATS[name])[0]), once)


def test_the_order_of_imports_changes_no_track_and_no_play():
    files = [FORMATS[name] for name in ("exportify new", "your library", "account history")]
    forth, back = Library(), Library()
    for data in files:
        forth = merge(forth, read_any(data)[0])
    for data in reversed(files):
        back = merge(back, read_any(data)[0])
    assert set(forth.tracks.index) == set(back.tracks.index)
    pd.testing.assert_frame_equal(forth.plays, back.plays)


def test_gaps_are_filled_and_the_older_value_stays():
    old = read([row(1, Genres="", **{"Album Name": "First"})])
    new = read([row(1, Genres="dub", **{"Album Name": "Second"})])
    both = merge(old, new).tracks.loc[track_id(1)]
    assert (both["genres"], both["album"]) == ("dub", "First")


def test_the_same_isrc_is_the_same_recording():
    old = read([row(1, **{"Track Name": "A"})])
    old = Library(tracks=old.tracks.assign(isrc="XX1"), entries=old.entries)
    new = tracks(song("b" * 22, isrc="xx1"))
    assert len(merge(old, Library(tracks=new))) == 1


def test_a_made_up_id_gives_way_to_a_real_one():
    made_up = Library(tracks=tracks(song("local:1")))
    real = Library(tracks=tracks(song("c" * 22, duration_s=200)))
    for a, b in ((made_up, real), (real, made_up)):
        assert merge(a, b).tracks.index.tolist() == ["c" * 22]


def test_a_near_spelling_is_merged_and_told():
    long = {"name": "The Weather in Hull"}
    old = Library(tracks=tracks(song("c" * 22, **long)))
    near = Library(tracks=tracks(song("local:1", name="The Weathr in Hull")))
    both, notes = united(old, near)
    assert both.tracks.index.tolist() == ["c" * 22]
    assert notes == ("The Damp - The Weathr in Hull was taken for The Damp - The Weather in Hull",)
    for other in ("The Weather in Hull 2", "The Weather in Hull - Live", "The Leather in Hull"):
        apart = Library(tracks=tracks(song("d" * 22, name=other)))
        assert len(merge(old, apart)) == 2
    same_distance = Library(tracks=tracks(song("a" * 22, name="The Weathes in Hull"),
                                          song("b" * 22, name="The Weathet in Hull")))  # fmt: skip
    unclear = Library(tracks=tracks(song("local:1", name="The Weathem in Hull")))
    assert len(merge(same_distance, unclear)) == 3


def test_two_real_ids_with_one_title_stay_two_tracks():
    a, b = tracks(song("c" * 22)), tracks(song("d" * 22))
    assert len(merge(Library(tracks=a), Library(tracks=b))) == 2


@pytest.mark.parametrize(
    "other", [{"name": "Love - Live"}, {"duration_s": 260.0}, {"artists": "The Dump"}]
)
def test_another_recording_is_never_merged(other):
    a = tracks(song("c" * 22, duration_s=200.0))
    b = tracks({**song("local:1", duration_s=200.0), **other})
    assert len(merge(Library(tracks=a), Library(tracks=b))) == 2


def test_the_better_source_of_a_feature_wins():
    estimate = as_tracks(pd.DataFrame([song("c" * 22, energy=0.1, valence=0.2)]), "x", "e")
    own = as_tracks(pd.DataFrame([song("c" * 22, energy=0.9)]), "x", "o")
    both = merge(Library(tracks=estimate), Library(tracks=own)).tracks.iloc[0]
    assert (both["energy"], both["valence"]) == (0.9, 0.2)
    assert both["provenance"] == "-o-----e-"


def test_a_playlist_that_comes_again_is_its_newer_self():
    old, new = read([row(1), row(2), row(3)]), read([row(3), row(1)])
    both = merge(old, new)
    playlist = both.playlists["playlist_id"].iloc[0]
    assert both.playlist(playlist).index.tolist() == [track_id(3), track_id(1)]
    assert len(both) == 3


def test_saved_tracks_are_united():
    old = read([row(1), row(2)], "Liked_Songs.csv")
    new = read([row(2), row(3)], "Liked_Songs.csv")
    assert merge(old, new).playlist("liked").index.tolist() == [track_id(n) for n in (1, 2, 3)]


def plays(*rows):
    frame = pd.DataFrame(rows, columns=["track_id", "at", "played_s"])
    frame["at"] = pd.to_datetime(frame["at"], utc=True)
    return typed_rows(frame, PLAY_COLUMNS)


def test_one_play_told_by_the_minute_and_by_the_second_is_one():
    exact = plays(("a", "2024-01-15 14:30:41", 210.0), ("a", "2024-01-15 15:00:10", 3.0))
    rough = plays(("a", "2024-01-15 14:30", 210.0), ("b", "2024-01-15 14:30", 210.0))
    assert len(united_plays(exact, rough)) == 3
    assert len(united_plays(rough, exact)) == 3


def test_plays_and_entries_follow_a_track_to_its_new_id():
    old = Library(tracks=tracks(song("local:1")), plays=plays(("local:1", "2024-01-01", 60.0)))
    both = merge(old, Library(tracks=tracks(song("c" * 22))))
    assert both.plays["track_id"].tolist() == ["c" * 22]
