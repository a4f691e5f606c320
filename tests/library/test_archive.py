"""A backup is everything, restores everywhere, and a damaged one changes nothing."""

import json
import uuid
import zipfile

import pandas as pd
import pytest

from library import exportify
from library.archive import MANIFEST, backup, export, restore
from library.demo import demo_library
from library.importing import read_any
from library.store import Store
from library.store_frames import FRAMES
from music.errors import InputError, NotFoundError, StoreError
from tests.library.files import csv_bytes, row, zipped


@pytest.fixture
def store(store_url):
    store = Store(store_url)
    yield store
    store.close()


@pytest.fixture
def me():
    return f"me-{uuid.uuid4().hex}"


def fill(store, me):
    store.save_library(me, demo_library(0))
    store.save_item(me, "band", "Törn", {"songs": ["=cmd"], "n": 1.5}, version=3)
    store.set_feedback(me, "track", "ghost:0001", "block")
    store.set_state(me, "sync", {"page": 4})


def everything(store, me):
    library = store.load_library(me)
    frames = {name: getattr(library, name) for name in FRAMES}
    return frames, store.items(me), store.feedback(me), store.get_state(me, "sync")


def test_a_backup_restores_into_every_kind_of_database(store, me, tmp_path):
    fill(store, me)
    path = backup(store, tmp_path)
    assert path.suffix == ".zip"
    other = Store("sqlite://")
    restored = restore(other, path)
    assert restored["libraries"] >= 1
    (frames, *rest), (frames_b, *rest_b) = everything(store, me), everything(other, me)
    for name in FRAMES:
        pd.testing.assert_frame_equal(frames[name], frames_b[name])
    assert rest == rest_b
    assert restore(store, backup(other, tmp_path / "back.zip")) == restored
    assert everything(store, me)[1:] == tuple(rest)
    other.close()
    store.forget(me)


def test_twice_the_same_backup_holds_the_same_bytes(tmp_path):
    store, other = Store("sqlite://"), Store("sqlite://")
    fill(store, "me")
    first = backup(store, tmp_path / "a.zip")
    restore(other, first)
    second = backup(other, tmp_path / "b.zip")
    with zipfile.ZipFile(first) as a, zipfile.ZipFile(second) as b:
        for name in set(a.namelist()) - {MANIFEST}:
            assert a.read(name) == b.read(name)
    store.close()
    other.close()


def test_restoring_replaces_what_was_there(tmp_path):
    store = Store("sqlite://")
    path = backup(store, tmp_path / "empty.zip")
    fill(store, "me")
    restore(store, path)
    assert store.owners() == []
    store.close()


def manifest(**given):
    return json.dumps({"form": 1, "schema": 1, "made_at": "2026-01-01", **given}).encode()


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "no manifest"),
        (b"hello", "no manifest"),
        (zipped({"a.csv": b"x"}), "no manifest"),
        (zipped({MANIFEST: b"{"}), "its manifest cannot be read"),
        (zipped({MANIFEST: b"[]"}), "its manifest cannot be read"),
        (zipped({MANIFEST: manifest(schema=99)}), "newer Ghostnotes"),
        (zipped({MANIFEST: manifest(form=2)}), "newer Ghostnotes"),
        (zipped({MANIFEST: manifest()}), "it has no libraries"),
        (zipped({MANIFEST: manifest(), "libraries.parquet": b"junk"}), "cannot be read"),
    ],
)
def test_what_is_no_backup_changes_nothing(data, sentence):
    store = Store("sqlite://")
    fill(store, "me")
    with pytest.raises(InputError, match=sentence):
        restore(store, data)
    assert store.load_library("me") is not None
    store.close()


def test_a_backup_cut_off_anywhere_changes_nothing(tmp_path):
    store = Store("sqlite://")
    fill(store, "me")
    data = backup(store, tmp_path / "a.zip").read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        with pytest.raises(InputError):
            restore(store, data[: int(share * len(data))])
    assert len(store.items("me")) == 1
    store.close()


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_an_export_is_everything_of_one_owner(form, tmp_path):
    store = Store("sqlite://")
    fill(store, "me")
    store.save_item("other", "band", "theirs", {})
    paths = export(store, "me", tmp_path / "out", form)
    assert sorted(p.name for p in paths) == sorted(
        [f"{name}.{form}" for name in (*FRAMES, "feedback")] + ["kept.json"]
    )
    kept = json.loads((tmp_path / "out" / "kept.json").read_text())
    assert [item["title"] for item in kept] == ["Törn"]
    read = pd.read_csv if form == "csv" else pd.read_parquet
    assert len(read(tmp_path / "out" / f"plays.{form}")) == len(demo_library(0).plays)
    assert not list((tmp_path / "out").glob("*.part"))
    store.close()


def test_a_spreadsheet_runs_nothing_of_an_export(tmp_path):
    store = Store("sqlite://")
    library = exportify.read(csv_bytes([row(1, **{"Track Name": "=HYPERLINK(1)"})]), "m.csv")[0]
    store.save_library("me", library)
    export(store, "me", tmp_path, "csv")
    export(store, "me", tmp_path, "parquet")
    assert "'=HYPERLINK(1)" in (tmp_path / "tracks.csv").read_text(encoding="utf-8-sig")
    assert pd.read_parquet(tmp_path / "tracks.parquet")["name"].iloc[0] == "=HYPERLINK(1)"
    store.close()


def test_what_was_exported_can_be_imported(tmp_path):
    store = Store("sqlite://")
    store.save_library("me", demo_library(0))
    export(store, "me", tmp_path, "csv")
    library, report = read_any(tmp_path / "tracks.csv")
    assert report.adds_up
    assert library.tracks["name"].tolist() == demo_library(0).tracks["name"].tolist()
    store.close()


def test_nothing_to_export_and_nowhere_to_write(tmp_path):
    store = Store("sqlite://")
    with pytest.raises(NotFoundError, match="nothing to export"):
        export(store, "me", tmp_path)
    (tmp_path / "file").write_text("x")
    fill(store, "me")
    with pytest.raises(StoreError, match="cannot be made"):
        export(store, "me", tmp_path / "file" / "deeper")
    with pytest.raises(StoreError, match="cannot be written"):
        backup(store, tmp_path / "nowhere" / "x.zip")
    store.close()
