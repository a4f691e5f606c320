"""What is saved is there again, whole, for its owner and nobody else."""

import os
import threading
import time
import uuid

import pandas as pd
import pytest
from sqlalchemy import text

from library import exportify
from library.demo import demo_library
from library.store import Store, default_url
from library.store_frames import FRAMES
from library.store_schema import MIGRATIONS, TABLES, connect, migrate, version_of
from music.errors import InputError, NotFoundError, StoreError
from music.tracks import Library
from tests.library.files import HOSTILE, csv_bytes, row, track_id


def small(*numbers, **given):
    return exportify.read(csv_bytes([row(n, **given) for n in numbers]), "mine.csv")[0]


def same(a, b):
    assert (a.name, a.invented) == (b.name, b.invented)
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(a, name), getattr(b, name))


@pytest.fixture
def store(store_url):
    store = Store(store_url)
    yield store
    store.close()


@pytest.fixture
def me():
    return f"me-{uuid.uuid4().hex}"


@pytest.mark.parametrize("library", [demo_library(0), small(1, 2, 3), Library()], ids=len)
def test_a_library_comes_back_as_it_was(store, me, library):
    assert store.load_library(me) is None
    store.save_library(me, library)
    same(store.load_library(me), library)


def test_it_survives_a_restart(kept_url, me):
    first = Store(kept_url)
    first.save_library(me, small(1))
    first.save_item(me, "band", "The Damp", {"name": "The Damp"})
    first.close()
    second = Store(kept_url)
    assert second.load_library(me).tracks.index.tolist() == [track_id(1)]
    assert [item.title for item in second.items(me)] == ["The Damp"]
    second.forget(me)
    second.close()


def test_nobody_sees_another(store, me):
    other = f"{me}-other"
    store.save_library(me, small(1))
    item = store.save_item(me, "roast", "mine", {"lines": []})
    store.set_feedback(me, "track", "a", "like")
    store.set_state(me, "sync", {"page": 3})
    assert store.load_library(other) is None
    assert store.items(other) == []
    assert store.feedback(other) == []
    assert store.get_state(other, "sync") is None
    with pytest.raises(NotFoundError):
        store.item(other, item)
    with pytest.raises(NotFoundError):
        store.save_item(other, "roast", "theirs", {}, item_id=item)
    store.delete_item(other, item)
    assert store.item(me, item).title == "mine"


def test_items_are_kept_changed_and_deleted(store, me):
    body = {"name": "Törn", "songs": ["a", "b"], "seed": 7, "nested": {"x": None}}
    item = store.save_item(me, "band", "Törn", body, version=2)
    kept = store.item(me, item)
    assert (kept.body, kept.version, kept.kind) == (body, 2, "band")
    assert kept.created_at.tzinfo is not None
    store.save_item(me, "band", "Torn", {**body, "seed": 8}, item_id=item)
    assert store.item(me, item).body["seed"] == 8
    assert [i.item_id for i in store.items(me, "band")] == [item]
    assert store.items(me, "roast") == []
    store.delete_item(me, item)
    assert store.items(me) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_data(store, me, name):
    library = small(1, **{"Track Name": name})
    store.save_library(me, library)
    store.save_item(me, "band", name, {name: name})
    assert store.load_library(me).tracks["name"].iloc[0] == name
    assert store.items(me)[0].body == {name: name}


@pytest.mark.parametrize("body", [{1, 2}, float("nan"), object()])
def test_what_is_no_plain_value_is_refused(store, me, body):
    with pytest.raises(InputError, match="no plain value"):
        store.save_item(me, "band", "x", body)


def test_feedback_is_one_verdict_a_thing(store, me):
    store.set_feedback(me, "track", "a", "like")
    store.set_feedback(me, "track", "a", "block")
    store.set_feedback(me, "artist", "The Damp", "dislike")
    assert {(f.kind, f.thing, f.verdict) for f in store.feedback(me)} == {
        ("track", "a", "block"),
        ("artist", "The Damp", "dislike"),
    }
    store.set_feedback(me, "track", "a", None)
    assert [f.kind for f in store.feedback(me)] == ["artist"]


def test_states_change_together_with_the_library(store, me):
    store.save_library(me, small(1), state={"sync": {"page": 4}})
    assert store.get_state(me, "sync") == {"page": 4}
    with pytest.raises(InputError):
        store.save_library(me, small(1, 2), state={"sync": object()})
    assert len(store.load_library(me)) == 1  # neither changed
    store.set_state(me, "sync", None)
    assert store.get_state(me, "sync", "gone") == "gone"


def test_a_change_that_fails_changes_nothing(store, me):
    store.save_library(me, small(1))

    def fail(library):
        raise InputError("no")

    with pytest.raises(InputError, match="no"):
        store.update_library(me, fail)
    assert len(store.load_library(me)) == 1


def test_changes_at_the_same_time_are_all_kept(store, me):
    def add(n):
        def change(library):
            tracks = small(n).tracks if library is None else None
            if library is None:
                return Library(tracks=tracks)
            time.sleep(0)
            return Library(tracks=pd.concat([library.tracks, small(n).tracks]))

        store.update_library(me, change)

    threads = [threading.Thread(target=add, args=(n,)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(store.load_library(me).tracks.index) == {track_id(n) for n in range(8)}
    assert store.revision(me) == 8


def test_delete_library_leaves_what_was_made(store, me):
    store.save_library(me, small(1))
    store.save_item(me, "band", "x", {})
    store.delete_library(me)
    assert store.load_library(me) is None
    assert len(store.items(me)) == 1


def test_forget_leaves_nothing(store, me):
    store.save_library(me, small(1))
    store.save_item(me, "band", "x", {})
    store.set_feedback(me, "track", "a", "like")
    store.set_state(me, "sync", 1)
    gone = store.forget(me)
    assert all(gone[table.name] for table in TABLES)
    assert me not in store.owners()


def test_forget_leaves_no_bytes_in_the_file(tmp_path):
    path = tmp_path / "x.sqlite"
    store = Store(f"sqlite:///{path}")
    store.save_item("me", "band", "SECRETNAME", {})
    store.forget("me")
    store.close()
    assert b"SECRETNAME" not in path.read_bytes()


def test_loading_is_quick(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/x.sqlite")
    store.save_library("me", demo_library(0))
    times = []
    for _ in range(5):
        start = time.process_time()
        store.load_library("me")
        times.append(time.process_time() - start)
    store.close()
    assert min(times) < 0.15


def test_a_library_kept_before_there_were_aliases_opens(store, me):
    store.save_library(me, small(1))
    with store.engine.begin() as connection:
        query = text("DELETE FROM frames WHERE owner = :me AND frame = 'aliases'")
        assert connection.execute(query, {"me": me}).rowcount == 1
    same(store.load_library(me), small(1))


def test_damaged_frames_say_so(store, me):
    store.save_library(me, small(1))
    with store.engine.begin() as connection:
        query = text("UPDATE frames SET data = :junk WHERE owner = :me")
        connection.execute(query, {"junk": b"junk", "me": me})
    with pytest.raises(StoreError, match="are damaged; restore a backup"):
        store.load_library(me)


def test_a_file_that_is_no_database_says_so(tmp_path):
    path = tmp_path / "x.sqlite"
    path.write_bytes(b"this is a letter, not a database" * 100)
    with pytest.raises(StoreError, match="cannot be opened"):
        Store(f"sqlite:///{path}")


def test_an_address_that_is_none_says_so():
    with pytest.raises(StoreError, match="address"):
        Store("not an address")


def test_a_newer_database_is_left_alone(tmp_path):
    url = f"sqlite:///{tmp_path}/x.sqlite"
    engine = connect(url)
    with engine.begin() as connection:
        connection.execute(text(f"PRAGMA user_version = {len(MIGRATIONS) + 1}"))
    engine.dispose()
    with pytest.raises(StoreError, match="newer Ghostnotes"):
        Store(url)


def test_a_backup_is_made_before_the_schema_changes(tmp_path):
    url = f"sqlite:///{tmp_path}/x.sqlite"
    store = Store(url)
    store.save_item("me", "band", "kept", {})

    def add_table(connection):
        connection.execute(text("CREATE TABLE more (x INTEGER)"))

    migrate(store.engine, (*MIGRATIONS, add_table))
    with store.engine.connect() as connection:
        assert version_of(connection) == len(MIGRATIONS) + 1
    store.close()
    backup = Store(f"sqlite:///{tmp_path}/x.sqlite.schema-{len(MIGRATIONS)}.backup")
    assert [item.title for item in backup.items("me")] == ["kept"]
    backup.close()


def test_a_migration_that_fails_changes_nothing(tmp_path):
    store = Store(f"sqlite:///{tmp_path}/x.sqlite")

    def half(connection):
        connection.execute(text("CREATE TABLE more (x INTEGER)"))
        connection.execute(text("this is not SQL"))

    with pytest.raises(StoreError):
        migrate(store.engine, (*MIGRATIONS, half))
    with store.engine.connect() as connection:
        assert version_of(connection) == len(MIGRATIONS)
        assert connection.execute(text("SELECT count(*) FROM sqlite_master WHERE name = 'more'")
                                  ).scalar() == 0  # fmt: skip
    store.close()


def test_where_it_is(monkeypatch, tmp_path):
    monkeypatch.delenv("GHOSTNOTES_DATABASE_URL", raising=False)
    monkeypatch.setenv("GHOSTNOTES_HOME", str(tmp_path))
    assert default_url() == f"sqlite:///{tmp_path / 'ghostnotes.sqlite'}"
    monkeypatch.setenv("GHOSTNOTES_DATABASE_URL", "postgresql+psycopg://somewhere/else")
    assert default_url() == "postgresql+psycopg://somewhere/else"
    assert os.environ["GHOSTNOTES_HOME"] == str(tmp_path)
