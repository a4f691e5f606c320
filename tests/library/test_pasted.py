"""What is pasted becomes a playlist: known tracks with all we know, others by name."""

import numpy as np
import pytest

from library.demo import demo_library
from library.pasted import read
from music.errors import InputError
from music.tracks import Library
from tests.library.files import HOSTILE, track_id

KNOWN = demo_library(0)


def names(text, known=KNOWN):
    library, report = read(text, known)
    assert report.adds_up
    return library.tracks["name"].tolist()


@pytest.mark.parametrize(
    "line",
    [
        "Parallel Parking - I Saw Your Car",
        "parallel parking – I SAW YOUR CAR",
        "I Saw Your Car by Parallel Parking",
        "I Saw Your Car - Parallel Parking",
        "12. Parallel Parking — I Saw Your Car",
        "• Parallel Parking\tI Saw Your Car",
        '"I Saw Your Car" by Parallel Parking',
        "Paralel Parking - I saw yor car",
    ],
)
def test_a_line_is_matched_however_it_is_written(line):
    library, _ = read(line, KNOWN)
    assert library.tracks["name"].tolist() == ["I Saw Your Car"]
    assert library.tracks["valence"].notna().all()


def test_a_different_spelling_is_told():
    _, report = read("Paralel Parking - I saw yor car", KNOWN)
    assert "was read as Parallel Parking - I Saw Your Car" in report.notes[0]
    assert read("Parallel Parking - I Saw Your Car", KNOWN)[1].notes == ()


def test_another_version_is_another_track():
    assert names("Municipal Swimming Pool - Deep End - Acoustic") == ["Deep End - Acoustic"]
    assert names("Municipal Swimming Pool - Deep End - Banjo Remix") == ["Deep End - Banjo Remix"]


def test_an_unknown_line_becomes_a_track_with_what_is_known_of_it():
    library, report = read("Nobody At All - A Song Nobody Wrote", KNOWN)
    row = library.tracks.iloc[0]
    assert (row["artists"], row["name"]) == ("Nobody At All", "A Song Nobody Wrote")
    assert np.isnan(row["valence"])
    assert report.n_kept == 1
    assert not library.invented


def test_links_and_uris_are_ids():
    text = (
        f"https://open.spotify.com/track/{track_id(5)}?si=abc\nspotify:track:{track_id(6)}\n"
        f"https://open.spotify.com/intl-de/track/{track_id(7)}\n"
    )
    library, _ = read(text, Library())
    assert library.tracks.index.tolist() == [track_id(5), track_id(6), track_id(7)]
    assert library.tracks["name"].isna().all()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("https://open.spotify.com/playlist/37i9dQZF1DX4olOMiqFeqU", "a link to one playlist"),
        ("https://open.spotify.com/user/me", "no link to a track"),
        ("just some words", "no artist"),
        ("x" * 600, "too long"),
    ],
)
def test_what_is_no_track_is_rejected_with_its_reason(line, reason):
    library, report = read(line, KNOWN)
    assert len(library) == 0
    assert reason in report.rejections[0].reason


def test_a_title_alone_is_enough_if_only_one_song_has_it():
    assert names("Haul It, Gerald") == ["Haul It, Gerald"]


def test_lines_keep_their_order_and_repeats_are_merged():
    text = "Some Band - One\n\nSome Band - Two\nSome Band - One\n"
    library, report = read(text, Library())
    assert (report.n_read, report.n_kept, report.n_merged) == (3, 2, 1)
    playlist = library.playlists["playlist_id"].iloc[0]
    assert library.playlist(playlist)["name"].tolist() == ["One", "Two", "One"]


def test_a_list_of_invented_tracks_stays_marked_as_invented():
    assert read("Haul It, Gerald", KNOWN)[0].invented


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_lines_are_data(name):
    _, report = read(f"Band - {name}", Library())
    assert report.adds_up


def test_nothing_and_too_much_are_refused():
    with pytest.raises(InputError, match="Nothing was pasted"):
        read(" \n\n", KNOWN)
    with pytest.raises(InputError, match="10,000 is the limit"):
        read("a - b\n" * 10_001, KNOWN)
    with pytest.raises(InputError, match="1,000,000 is the limit"):
        read("x" * 1_000_001, KNOWN)
