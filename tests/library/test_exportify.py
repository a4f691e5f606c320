"""Both Exportify forks, in every layout and with every dirt, become a library that adds up."""

import io
import os
from pathlib import Path

import numpy as np
import pytest

from library import exportify
from music.errors import InputError
from music.features import FEATURE_COLUMNS
from music.tracks import COLUMNS, split
from tests.library.files import (
    CLASSIC,
    HOSTILE,
    LAYOUTS,
    NEW,
    OLD,
    csv_bytes,
    gzipped,
    row,
    track_id,
    zipped,
)


def read(rows, header=NEW, **kwargs):
    library, report = exportify.read(csv_bytes(rows, header, **kwargs), "mine.csv")
    assert report.adds_up
    return library, report


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("mark", [True, False])
def test_every_layout_is_read(layout, mark):
    header = LAYOUTS[layout]
    library, report = read([row(n, header) for n in range(20)], header, mark=mark)
    assert report.n_kept == 20
    assert list(library.tracks.columns) == list(COLUMNS)
    first = library.tracks.loc[track_id(0)]
    assert (first["name"], first["artists"], first["year"]) == ("Song 0", "Band 0", 2007)
    assert first["duration_s"] == 200
    has_features = "Tempo" in header
    assert library.tracks[list(FEATURE_COLUMNS)].notna().to_numpy().all() == has_features
    assert library.entries["added_at"].notna().all()


def test_path_bytes_and_open_file_give_the_same(tmp_path):
    data = csv_bytes([row(1), row(2)])
    path = tmp_path / "Road_trip.csv"
    path.write_bytes(data)
    upload = io.BytesIO(gzipped(data))
    upload.name = "Road_trip.csv.gz"
    for given in (path, str(path), upload):
        library, report = exportify.read(given)
        assert report.n_kept == 2
        assert library.playlists["name"].tolist() == ["Road trip"]


def test_a_zip_holds_one_playlist_a_file_and_the_saved_tracks():
    data = zipped(
        {
            "spotify_playlists/Road_trip.csv": csv_bytes([row(1), row(2)], mark=False),
            "spotify_playlists/Liked_Songs.csv": csv_bytes([row(2), row(3)], mark=False),
            "spotify_playlists/readme.txt": b"hello",
        }
    )
    library, report = exportify.read(data, "mine.zip")
    assert (report.n_read, report.n_kept, report.n_merged) == (4, 3, 1)
    assert library.playlists["name"].tolist() == ["Road trip", "Liked songs"]
    assert library.playlist("liked").index.tolist() == [track_id(2), track_id(3)]
    assert report.notes == ("readme.txt is not from Exportify; it was left out.",)


def test_a_track_that_comes_again_is_merged_and_keeps_its_place():
    library, report = read([row(1, Genres=""), row(2), row(1, Genres="dub")])
    assert (report.n_kept, report.n_merged) == (2, 1)
    assert library.entries["track_id"].tolist() == [track_id(1), track_id(2), track_id(1)]
    assert library.tracks.loc[track_id(1), "genres"] == "dub"


def test_new_files_join_artists_by_semicolon_and_commas_stay():
    library, _ = read([row(1, **{"Artist Name(s)": "Tea, Biscuits;The Damp"})])
    assert split(library.tracks["artists"]).iloc[0] == ["Tea, Biscuits", "The Damp"]


@pytest.mark.parametrize(
    ("names", "uris", "expected"),
    [
        ("The Damp, Mr. T", "a1, a2", ["The Damp", "Mr. T"]),
        ("Tea, Biscuits", "a3", ["Tea, Biscuits"]),
        ("Tea, Biscuits, The Damp", "a3, a1", ["Tea, Biscuits", "The Damp"]),
        ("The Damp, Tea, Biscuits", "a1, a3", ["The Damp", "Tea, Biscuits"]),
        ("Nobody\\, Ever, The Damp", "a4, a1", ["Nobody, Ever", "The Damp"]),
    ],
)
def test_classic_files_are_parted_by_how_many_artists_there_are(names, uris, expected):
    rows = [
        row(1, CLASSIC, **{"Artist Name(s)": "Tea, Biscuits", "Artist URI(s)": "a3"}),
        row(2, CLASSIC, **{"Artist Name(s)": "The Damp", "Artist URI(s)": "a1"}),
        row(3, CLASSIC, **{"Artist Name(s)": names, "Artist URI(s)": uris}),
    ]
    library, _ = read(rows, CLASSIC)
    assert split(library.tracks["artists"]).loc[track_id(3)] == expected


def test_an_older_file_says_how_many_artists_by_their_ids():
    rows = [row(1, OLD, **{"Artist Name(s)": "The Damp, Mr. T", "Artist IDs": "a1,a2"})]
    library, _ = read(rows, OLD)
    assert split(library.tracks["artists"]).iloc[0] == ["The Damp", "Mr. T"]


@pytest.mark.parametrize(
    ("written", "year"),
    [
        ("2024-04-04", 2024),
        ("2024-04", 2024),
        ("2024", 2024),
        ("6/25/2013", 2013),
        ("6/25/71", 1971),
        ("0000", np.nan),
        ("", np.nan),
        ("undefined", np.nan),
    ],
)
def test_dates_as_tools_and_spreadsheets_write_them(written, year):
    library, _ = read([row(1, **{"Release Date": written})])
    np.testing.assert_equal(library.tracks["year"].iloc[0], float(year))


@pytest.mark.parametrize("written", ["2024-07-29T17:58:15Z", "7/29/2024 17:58", "2024-07-29"])
def test_when_a_track_was_added(written):
    library, _ = read([row(1, **{"Added At": written}), row(2)])
    assert str(library.entries["added_at"].iloc[0]).startswith("2024-07-29")


def test_flags_in_any_case():
    library, _ = read([row(1, Explicit="TRUE"), row(2, Explicit="false"), row(3, Explicit="")])
    assert library.tracks["explicit"].tolist()[:2] == [True, False]
    assert library.tracks["explicit"].isna().iloc[2]


def test_a_failed_look_up_written_as_zeros_is_missing():
    zeros = dict.fromkeys(NEW[12:], "0")
    library, _ = read([row(1, **zeros), row(2)])
    assert library.tracks.loc[track_id(1), list(FEATURE_COLUMNS)].isna().all()
    assert np.isnan(library.tracks.loc[track_id(1), "time_signature"])
    assert library.tracks.loc[track_id(2), "instrumentalness"] == 0  # a real zero


def test_short_rows_and_undefined_are_missing_features_not_missing_tracks():
    undefined = dict.fromkeys(NEW[12:], "undefined")
    library, report = read([row(1)[:12], row(2, **undefined), row(3)])
    assert report.n_kept == 3
    assert library.tracks.iloc[:2][list(FEATURE_COLUMNS)].isna().all(axis=None)


def test_local_files_get_an_id_of_their_own_and_nameless_rows_are_rejected():
    local = {"Track URI": "spotify:local:Band:Album:Song:215"}
    library, report = read(
        [
            row(1, **local),
            row(2, **{"Track URI": "", "Track Name": "", "Artist Name(s)": ""}),
            row(3, **{"Track URI": "spotify:episode:0000000000000000000001"}),
        ]
    )
    assert library.tracks.index[0].startswith("local:")
    assert [r.row for r in report.rejections] == [3, 4]
    assert set(report.reasons) == {"no id, and no name + artist", "a podcast episode, not a track"}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(name):
    library, _ = read([row(1, **{"Track Name": name, "Artist Name(s)": name.replace(";", "")})])
    assert library.tracks["name"].iloc[0] == name


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "mine.csv is empty"),
        (b"\n\n", "mine.csv is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0\0", "mine.csv is no text file"),
        (b"caf\xe9,\xff\n", "not in UTF-8"),
        (b"title,artist\na,b\n", "mine.csv has no column 'Track URI'"),
        (b"PK\x03\x04 and then nothing", "mine.csv cannot be read"),
        (b"\x1f\x8b\x08\0 and then nothing", "mine.csv cannot be read"),
        (gzipped(csv_bytes([row(n) for n in range(500)]))[:-2000], "mine.csv cannot be read"),
        (zipped({"a.csv": csv_bytes([row(1)])})[:-30], "mine.csv cannot be read"),
        (zipped({}), "mine.csv is empty"),
        (b"x" * 50_000_000, "a line without end"),
        (b"\n".join([b"Track URI,Track Name,Artist Name(s)"] + [b"x"] * 9_000), "no tracks"),
        (csv_bytes([row(1)])[:-40] + b'"' + b"x" * 200_000, "no readable table"),
    ],
)
def test_what_is_not_exportify_is_one_sentence(data, sentence):
    with pytest.raises(InputError, match=sentence) as error:
        exportify.read(data, "mine.csv")
    assert "\n" not in str(error.value)


def test_a_file_that_was_cut_off_says_so():
    whole = csv_bytes([row(n) for n in range(30)])
    _, report = exportify.read(whole[:-90], "mine.csv")
    assert report.adds_up
    assert "may have been cut off" in report.notes[0]


def test_there_is_no_such_file():
    with pytest.raises(InputError, match=r"There is no file nowhere\.csv"):
        exportify.read("nowhere.csv")


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "n_tracks"),
    [("exportify_classic_library_5", 746), ("exportify_library_1", 1194),
     ("exportify_library_2", 2701)],
)  # fmt: skip
def test_real_exports_are_read_completely(name, n_tracks):
    folder = os.environ.get("GHOSTNOTES_DATA")
    if not folder:
        pytest.skip("GHOSTNOTES_DATA names no folder")
    library, report = exportify.read(Path(folder) / f"{name}.csv.gz")
    assert report.adds_up
    assert (report.n_read, len(library.tracks)) == (n_tracks, n_tracks)
    assert library.tracks["year"].notna().mean() > 0.998  # two release dates are 0000
    assert library.entries["added_at"].notna().all()
    assert not split(library.tracks["artists"]).map(len).eq(0).any()
