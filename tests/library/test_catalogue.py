"""Catalogue files are recognised by header, indexed in chunks, and answer for a library."""

import os
import tracemalloc
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from library import catalogue
from library.catalogue import index_catalogue
from library.catalogue_columns import kind_of
from library.catalogue_index import CatalogueIndex
from library.importing import read_any
from library.opening import files_in
from music.errors import InputError, StoreError
from music.features import FEATURE_COLUMNS
from music.tracks import as_tracks, split
from tests.library.files import csv_bytes, track_id
from tests.library.formats import CATALOGUES, catalogue_csv

HEADER = CATALOGUES["tracks_features"]


def indexed(data, tmp_path, **kwargs):
    path = tmp_path / "catalogue.parquet"
    report = index_catalogue(files_in(data, "catalogue.csv")[0], path, **kwargs)
    assert report.adds_up
    return CatalogueIndex(path), report


def wanted(*rows):
    return as_tracks(pd.DataFrame(rows), "test")


@pytest.mark.parametrize("name", CATALOGUES)
def test_each_header_is_known(name, tmp_path):
    data = catalogue_csv(CATALOGUES[name])
    library, report = read_any(data)
    assert report.adds_up
    assert library.tracks["name"].tolist() == ["Song 0", "Song 1", "Song 2"]
    assert library.tracks["provenance"].eq("k" * 9).all()
    assert library.tracks["year"].eq(2007).any() or name == "dataset"
    assert name in kind_of(CATALOGUES[name].split(","))
    index, _ = indexed(data, tmp_path)
    assert index.n_rows == 3


def test_the_genre_of_a_playlist_is_not_the_genre_of_its_tracks():
    library, _ = read_any(catalogue_csv(CATALOGUES["spotify_songs"]))
    assert library.tracks["genres"].isna().all()
    assert library.playlists["name"].tolist() == ["Road trip"]


def test_artists_may_be_a_python_list_and_nothing_in_it_is_run():
    library, _ = read_any(catalogue_csv(HEADER, artists="['The Damp', \"O'Hara\"]"))
    assert split(library.tracks["artists"]).iloc[0] == ["The Damp", "O'Hara"]
    evil = "[__import__('os').system('touch pwned')]"
    library, _ = read_any(catalogue_csv(HEADER, artists=evil))
    assert library.tracks["artists"].iloc[0] == evil
    assert not Path("pwned").exists()


def test_one_track_in_several_genres_has_them_all():
    rows = [["", track_id(1), "Band", "Album", "Song", "1", "1", "True", *["0.5"] * 11, "4", genre]
            for genre in ("dub", "rock")]  # fmt: skip
    library, report = read_any(csv_bytes(rows, CATALOGUES["dataset"].split(",")))
    assert (report.n_kept, report.n_merged) == (1, 1)
    assert library.tracks["genres"].tolist() == ["dub; rock"]


def test_it_answers_by_id_then_isrc_then_name_then_nearly(tmp_path):
    header = [*HEADER.split(","), "isrc"]
    rows = []
    for n in range(4):
        values = {
            "id": track_id(n), "name": f"A Long Song Title {'abcd'[n]}", "artists": "['The Damp']",
            "isrc": f"XX{n}", "tempo": str(100 + n), "loudness": "-7", "key": "1", "mode": "1",
        }  # fmt: skip
        rows.append([values.get(title, "0.5") for title in header])
    index, _ = indexed(csv_bytes(rows, header), tmp_path)
    found = index.look_up(
        wanted(
            {"track_id": track_id(0)},
            {"track_id": "x" * 22, "isrc": "xx1"},
            {"track_id": "local:1", "name": "a long song title C!", "artists": "the damp; Guest"},
            {"track_id": "local:2", "name": "A Lonng Song Titel d", "artists": "The Damp"},
            {"track_id": "local:3", "name": "Another One", "artists": "The Damp"},
            {"track_id": "local:4", "name": "A Long Song Title a - Live", "artists": "The Damp"},
        )
    )
    assert found["match"].to_dict() == {
        track_id(0): "id", "x" * 22: "isrc", "local:1": "name", "local:2": "near",
    }  # fmt: skip
    assert found["tempo_bpm"].tolist() == [100, 101, 102, 103]
    assert found["source_id"].tolist() == [track_id(n) for n in range(4)]


def test_a_catalogue_that_knows_nothing_of_it_says_nothing(tmp_path):
    index, _ = indexed(catalogue_csv(HEADER), tmp_path)
    found = index.look_up(wanted({"track_id": "local:9", "name": "Nope", "artists": "Nobody"}))
    assert len(found) == 0


def test_rows_without_id_are_rejected_and_features_cleaned(tmp_path):
    _, report = indexed(
        catalogue_csv(HEADER) + b",no id,x,x,x,x,1,1,True" + b",0.5" * 15 + b"\n", tmp_path
    )
    assert report.reasons == {"no track id, or no title": 1}
    assert "tracks_features.csv" in report.notes[0]


def test_a_cancelled_index_leaves_nothing(tmp_path):
    class EnoughError(Exception):
        pass

    def stop(share, text):
        raise EnoughError

    with pytest.raises(EnoughError):
        indexed(catalogue_csv(HEADER), tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_catalogue_is_refused(tmp_path):
    with pytest.raises(InputError, match="is no catalogue"):
        indexed(b"a,b\n1,2\n", tmp_path)
    with pytest.raises(StoreError, match="cannot be read; add it again"):
        CatalogueIndex(tmp_path / "nothing.parquet")
    assert list(tmp_path.iterdir()) == []


def test_a_big_catalogue_is_no_library(monkeypatch):
    monkeypatch.setattr(catalogue, "MOST_AS_LIBRARY", 2)
    with pytest.raises(InputError, match="that is a catalogue"):
        read_any(catalogue_csv(HEADER))


def test_memory_is_bounded_by_the_chunk_not_by_the_file(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogue, "CHUNK", 400)
    head, first = catalogue_csv(HEADER).decode().split("\n")[:2]

    def peak_mb(n_chunks):
        rows = [first.replace(track_id(0), track_id(k)) for k in range(400 * n_chunks)]
        path = tmp_path / "big.csv"
        path.write_text("\n".join([head, *rows]))
        tracemalloc.start()
        index_catalogue(files_in(path)[0], tmp_path / "c.parquet")
        peak = tracemalloc.get_traced_memory()[1] / 1e6
        tracemalloc.stop()
        return peak

    peak_mb(1)  # what is imported on the way is not the file's
    assert peak_mb(6) < 1.3 * peak_mb(2)


@pytest.mark.data
def test_a_real_table_answers_for_itself(tmp_path):
    folder = os.environ.get("GHOSTNOTES_DATA")
    if not folder:
        pytest.skip("GHOSTNOTES_DATA names no folder")
    index, report = indexed(Path(folder) / "tt_playlists_dev.csv.gz", tmp_path)
    assert report.n_read == index.n_rows + report.n_rejected == 22_822
    library, _ = read_any(Path(folder) / "tt_playlists_dev.csv.gz")
    some = library.tracks.sample(500, random_state=0)
    assert index.look_up(some)["match"].eq("id").all()
    renamed = some.set_axis([f"local:{n}" for n in range(len(some))])
    named = index.look_up(renamed)
    assert len(named) > 0.99 * len(some)
    energy = named["energy"].to_numpy() - renamed.loc[named.index, "energy"].to_numpy()
    assert np.mean(np.abs(energy) < 0.01) > 0.9
    assert set(FEATURE_COLUMNS) <= set(named.columns)
