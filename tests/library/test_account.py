"""Account data gives saved tracks and playlists; what is no track is rejected with its kind."""

import pytest

from library.importing import read_any
from music.errors import InputError
from tests.library.files import csv_bytes, row, track_id, zipped
from tests.library.formats import as_json, playlists, saved, your_library


def test_saved_tracks_are_the_liked_playlist():
    library, report = read_any(your_library(4))
    assert report.adds_up
    assert library.playlist("liked").index.tolist() == [track_id(n) for n in range(4)]
    assert report.reasons == {
        "a saved album, not a track": 1,
        "a podcast, not a track": 1,
        "a followed artist, not a track": 1,
    }


def test_playlists_keep_names_order_and_dates():
    library, report = read_any(playlists("Road trip", "Gym"))
    assert report.adds_up
    assert library.playlists["name"].tolist() == ["Road trip", "Gym"]
    assert (report.n_kept, report.n_merged, report.n_rejected) == (3, 3, 4)
    assert library.entries["added_at"].dt.date.astype("str").eq("2026-01-01").all()


def test_keys_may_be_missing_and_new_ones_may_come():
    library, report = read_any(as_json({"tracks": [saved(1)], "artists": [], "newThing": [1]}))
    assert (len(library), report.n_rejected) == (1, 0)


def test_local_tracks_have_an_id_of_their_own():
    item = {"track": None, "localTrack": {"trackName": "Tape", "artistName": "Me", "uri": None}}
    library, _ = read_any(as_json({"playlists": [{"name": "p", "items": [item]}]}))
    assert library.tracks.index[0].startswith("local:")


def test_a_whole_export_in_one_zip_is_one_library():
    data = zipped(
        {
            "Spotify Account Data/YourLibrary.json": your_library(4),
            "Spotify Account Data/Playlist1.json": playlists("Road trip"),
            "Spotify Account Data/Userdata.json": as_json({"username": "x", "email": "y"}),
            "exportify/Road_trip.csv": csv_bytes([row(n) for n in range(5)], mark=False),
        }
    )
    library, report = read_any(data)
    assert report.adds_up
    assert len(library) == 5
    assert library.playlists["name"].tolist() == ["Road trip", "Liked songs"]
    assert len(library.entries[library.entries["playlist_id"] != "liked"]) == 5
    assert any("Userdata.json was left out" in note for note in report.notes)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ({"tracks": 7, "albums": []}, "no list under 'tracks'"),
        ({"playlists": "x"}, "no list under 'playlists'"),
        ([{"tracks": [], "albums": []}], "holds no object"),
    ],
)
def test_something_else_where_lists_should_be(document, sentence):
    with pytest.raises(InputError, match=sentence):
        read_any(as_json(document))


def test_odd_entries_are_rejected_one_by_one():
    odd = {"tracks": [saved(1), None, "x", {}], "albums": [None]}
    library, report = read_any(as_json(odd))
    assert report.adds_up
    assert (len(library), report.n_rejected) == (1, 4)
