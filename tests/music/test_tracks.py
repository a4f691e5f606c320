"""A track table has every column, unknown is missing, and versions of one song share a key."""

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError
from music.tracks import (
    COLUMNS,
    JOIN,
    Library,
    as_tracks,
    canonical_song,
    canonical_title,
    no_tracks,
    primary_artist,
    split,
)


def two() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "track_id": ["a", "b"],
            "name": ["Löve (Live)", "love - Remastered 2009"],
            "artists": [f"The Damp{JOIN}Other", "the damp"],
            "energy": [0.5, 7.0],
            "tempo_bpm": [0, 120],
        }
    )


def test_every_column_is_there_and_unknown_is_missing():
    tracks = as_tracks(two(), "test")
    assert list(tracks.columns) == list(COLUMNS)
    assert tracks["album"].isna().all()
    assert tracks["origin"].eq("test").all()
    assert np.isnan(tracks.loc["b", "energy"])
    assert list(no_tracks().dtypes) == list(tracks.dtypes)


def test_provenance_says_where_each_value_comes_from():
    tracks = as_tracks(two(), "test")
    assert tracks.loc["a", "provenance"] == "-o-------"
    assert tracks.loc["b", "provenance"] == "--------o"


def test_it_is_idempotent():
    tracks = as_tracks(two(), "test")
    pd.testing.assert_frame_equal(as_tracks(tracks, "again"), tracks)


def test_ids_must_be_there_and_once():
    with pytest.raises(InputError, match="twice"):
        as_tracks(pd.DataFrame({"track_id": ["a", "a"]}), "test")
    with pytest.raises(InputError, match="no column 'track_id'"):
        as_tracks(pd.DataFrame({"name": ["a"]}), "test")


def test_versions_of_one_song_share_a_key():
    keys = canonical_song(as_tracks(two(), "test"))
    assert keys.iloc[0] == keys.iloc[1]


@pytest.mark.parametrize(
    "title", ["Live Forever", "Demolition", "With or Without You", "Album of the Year"]
)
def test_a_title_that_only_sounds_like_a_version_stays(title):
    assert canonical_title(title) == title.casefold()


def test_cells_split_into_lists():
    assert split(pd.Series([f"a{JOIN}b", None], dtype="str")).tolist() == [["a", "b"], []]


def test_a_playlist_keeps_its_order_and_repeats():
    entries = pd.DataFrame({"playlist_id": "p", "position": [2, 0, 1], "track_id": ["b", "b", "a"]})
    library = Library(tracks=as_tracks(two(), "test"), entries=entries)
    assert list(library.playlist("p").index) == ["b", "a", "b"]
    assert len(library.only(["a"]).entries) == 1


def test_the_first_artist_is_text_even_where_nobody_knows_one():
    assert primary_artist(as_tracks(two(), "test")).tolist() == ["The Damp", "the damp"]
    bare = as_tracks(pd.DataFrame({"track_id": ["a"]}), "bare")
    assert primary_artist(bare).str.casefold().isna().all()
