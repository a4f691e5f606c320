"""An import is one step: everything arrives, adds up and is kept, or nothing changed."""

from __future__ import annotations

import itertools
import json
from concurrent.futures import CancelledError

import pytest

from library.opening import files_in
from library.report import ImportReport
from music.errors import InputError
from music.features import FEATURE_COLUMNS
from music.tracks import Library
from studio import catalogues, imports, leaving, lookups, services
from studio.jobs import Progress
from studio.settings import settings
from tests.library.files import CLASSIC, csv_bytes, row, track_id, zipped
from tests.library.formats import (
    CATALOGUES,
    FORMATS,
    as_json,
    catalogue_csv,
    minute_stream,
    playlists,
    stream,
    your_library,
)
from tests.library.reccobeats_server import serving

ME = services.ME


def named(name: str, data: bytes):
    (file,) = files_in(data, name)
    return file


EXPORTS = [
    named("Liked_Songs.csv", csv_bytes([row(n) for n in range(3)])),
    named("YourLibrary.json", your_library()),
    named("Playlist1.json", playlists("Road trip")),
    named("Streaming_History_Audio_0.json", as_json([stream(n) for n in range(5)])),
    named("StreamingHistory_music_0.json", as_json([minute_stream(n) for n in range(5)])),
    named("tracks_features.csv", catalogue_csv(CATALOGUES["tracks_features"])),
]


def adds_up(done: imports.Imported) -> bool:
    reports: list[ImportReport] = [*([done.report] if done.report else []), *done.catalogues]
    return bool(reports) and all(report.adds_up for report in reports)


@pytest.mark.parametrize("order", list(itertools.permutations(EXPORTS))[::97])
def test_several_files_in_any_order_are_one_library(order):
    done = imports.import_files(ME, list(order))
    assert adds_up(done)
    assert sorted(done.library.tracks.index) == [track_id(n) for n in range(5)]
    assert len(done.library.plays) == 5  # told twice, to the minute and to the second
    assert set(done.library.playlists["name"]) == {"Liked songs", "Road trip"}
    assert [report.n_kept for report in done.catalogues] == [3]
    stored = services.store().load_library(ME)
    assert stored.tracks.equals(done.library.tracks)


@pytest.mark.parametrize("kind", ["zip", "folder"])
def test_a_zip_and_a_folder_are_as_good_as_their_files(kind, tmp_path):
    parts = {f"My Data/{file.name}": file.read() for file in EXPORTS}
    if kind == "zip":
        upload = zipped(parts)
    else:
        upload = tmp_path
        for name, data in parts.items():
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_bytes(data)
    done = imports.import_files(ME, [upload])
    assert adds_up(done)
    assert len(done.library) == 5


def test_twice_is_once():
    once = imports.import_files(ME, EXPORTS).library
    again = imports.import_files(ME, EXPORTS)
    for frame in ("tracks", "playlists", "entries", "plays"):
        assert getattr(again.library, frame).equals(getattr(once, frame)), frame
    assert len(catalogues.held()) == 1


def test_cancelling_at_any_word_changes_nothing():
    imports.import_files(ME, EXPORTS[:1])
    before, words = services.store().load_library(ME), []

    class Counting(Progress):
        def __call__(self, share: float, text: str = "") -> None:
            words.append(share)
            super().__call__(share, text)

    class Stopping(Progress):
        def __init__(self, left: int) -> None:
            super().__init__()
            self.left = left

        def __call__(self, share: float, text: str = "") -> None:
            self.left -= 1
            if self.left < 0:
                self._cancelled.set()
            super().__call__(share, text)

    more = EXPORTS[1:5]
    for left in range(3):
        with pytest.raises(CancelledError):
            imports.import_files(ME, more, progress=Stopping(left))
        assert services.store().load_library(ME).tracks.equals(before.tracks)
        assert services.store().revision(ME) == 1
    imports.import_files(ME, more, progress=Counting())
    assert words == sorted(words)
    assert 0 <= words[0] <= words[-1] <= 1
    assert services.store().revision(ME) == 2


@pytest.mark.parametrize("name", CATALOGUES)
def test_a_catalogue_gives_features_to_tracks_that_have_none(name):
    mine = named("liked.csv", csv_bytes([row(n, CLASSIC) for n in range(4)], CLASSIC))
    imports.import_files(ME, [mine])
    done = imports.import_files(ME, [named(f"{name}.csv", catalogue_csv(CATALOGUES[name]))])
    assert done.report is None
    assert adds_up(done)
    assert len(done.library) == 4  # a catalogue is nobody's library
    assert done.library.tracks["provenance"].tolist() == ["k" * 9] * 3 + ["-" * 9]
    (index,) = catalogues.held()
    assert (index.name, index.n_rows) == (f"{name}.csv", 3)
    catalogues.remove(index)
    assert catalogues.held() == []


def test_a_catalogue_that_came_first_serves_what_comes_later():
    done = imports.import_files(ME, [EXPORTS[-1]])
    assert done.library is None
    mine = named("liked.csv", csv_bytes([row(n, CLASSIC) for n in range(3)], CLASSIC))
    assert imports.import_files(ME, [mine]).library.tracks["provenance"].eq("k" * 9).all()


def test_a_catalogue_may_be_a_library_if_somebody_says_so():
    done = imports.import_files(ME, [EXPORTS[-1]], tables_too=True)
    assert len(done.library) == 3
    assert catalogues.held() == []


def test_own_values_stay_whatever_a_catalogue_says():
    imports.import_files(ME, [EXPORTS[0]])
    before = services.store().load_library(ME).tracks[list(FEATURE_COLUMNS)]
    after = imports.import_files(ME, [EXPORTS[-1]]).library.tracks
    assert after[list(FEATURE_COLUMNS)].equals(before)
    assert after["provenance"].eq("o" * 9).all()


@pytest.mark.parametrize("name", [n for n in FORMATS if not n.startswith("catalogue")])
def test_every_format_comes_in_through_this_door(name):
    done = imports.import_files(ME, [FORMATS[name]])
    assert adds_up(done)
    assert len(done.library) > 0


def test_what_is_no_music_is_one_sentence_and_changes_nothing():
    imports.import_files(ME, EXPORTS[:1])
    for bad in (b"", b"\x89PNG\r\n\x1a\n" + bytes(100), b"a,b\n1,2\n", b"{}", zipped({})):
        with pytest.raises(InputError):
            imports.import_files(ME, [bad])
    with pytest.raises(InputError, match="no file"):
        imports.import_files(ME, [])
    assert services.store().revision(ME) == 1


def test_a_stranger_among_good_files_is_named():
    done = imports.import_files(ME, [EXPORTS[0], named("Payments.json", b'{"card": "x"}')])
    assert adds_up(done)
    assert any("Payments.json was left out" in note for note in done.report.notes)


def test_pasted_lines_join_what_there_is():
    imports.import_files(ME, EXPORTS[:1])
    done = imports.import_pasted(ME, "The Damp - Basement\nBand 1 - Song 1\nnonsense")
    assert adds_up(done)
    assert len(done.library) == 4


def test_reccobeats_is_asked_for_what_is_missing_and_only_that(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("GHOSTNOTES_RECCOBEATS_URL", server.url)
        settings.cache_clear()
        own = csv_bytes([row(0)])
        bare = csv_bytes([row(n, CLASSIC) for n in range(1, 60)], CLASSIC)
        library = imports.import_files(ME, [own, named("liked.csv", bare)]).library
        request = lookups.reccobeats_request(library)
        assert (request.host, request.n_ids, request.n_calls) == ("127.0.0.1", 59, 2)
        assert server.calls == []
        done = imports.fill_again(ME, None, Progress(), request.n_ids)
        assert sorted(itertools.chain(*server.calls)) == [track_id(n) for n in range(1, 60)]
        assert done.library.tracks["provenance"].tolist() == ["o" * 9] + ["r" * 9] * 59
        # what arrived is remembered: a new import finds it without the network
        services.store().save_library(ME, Library())
        server.calls.clear()
        again = imports.import_files(ME, [named("liked.csv", bare)]).library
        assert again.tracks["provenance"].eq("c" * 9).all()
        assert server.calls == []


def test_half_an_answer_is_kept_and_said(monkeypatch):
    with serving() as server:
        monkeypatch.setenv("GHOSTNOTES_RECCOBEATS_URL", server.url)
        settings.cache_clear()
        bare = csv_bytes([row(n, CLASSIC) for n in range(60)], CLASSIC)
        imports.import_files(ME, [named("liked.csv", bare)])
        good = json.dumps({"content": []}).encode()
        server.faults = [(200, {}, good), (429, {"Retry-After": "4000"}, b"")]
        done = imports.fill_again(ME, None, Progress(), 60)
        assert done.notes == ("127.0.0.1 asks for a pause of 4,000 s; 40 of 60 ids asked.",)


def test_estimates_come_and_go_with_their_switch():
    known = [row(n, Genres="dub", **{"Artist Name(s)": "The Damp"}) for n in range(20)]
    bare = [row(n, CLASSIC, **{"Artist Name(s)": "The Damp"}) for n in range(20, 25)]
    files = [csv_bytes(known), named("liked.csv", csv_bytes(bare, CLASSIC))]
    before = imports.import_files(ME, files).library
    assert lookups.can_be_estimated(before) == 5
    assert before.tracks["provenance"].eq("-" * 9).sum() == 5
    after = imports.set_estimates(ME, before, wanted=True)
    assert after.tracks["provenance"].eq("eeeeee-e-").sum() == 5
    guessed = after.tracks[after.tracks["provenance"].str.startswith("e")]
    assert guessed[["tempo_bpm", "liveness", "key", "mode"]].isna().all(axis=None)
    spread = lookups.uncertainty(after).loc[guessed.index, "energy"]
    assert spread.between(0.01, 0.5).all()
    # an import keeps the switch, and a catalogue puts facts in the place of estimates
    again = imports.import_files(ME, [files[0]]).library
    assert again.tracks["provenance"].eq("eeeeee-e-").sum() == 5
    assert imports.set_estimates(ME, again, wanted=False).tracks.equals(before.tracks)


def test_forget_leaves_nothing_behind():
    imports.import_files(ME, EXPORTS)
    gone = leaving.forget(ME)
    assert gone["libraries"] == 1
    assert gone["catalogues"] == 1
    assert services.store().owners() == []
    left = [path for path in settings().home.rglob("*") if path.is_file()]
    assert {path.suffix for path in left} <= {".sqlite", ".sqlite-wal", ".sqlite-shm", ".lock"}
    assert not any(b"Song 1" in path.read_bytes() for path in left)


def test_a_server_for_strangers_keeps_nothing(monkeypatch):
    monkeypatch.setenv("GHOSTNOTES_HOSTED", "1")
    settings.cache_clear()
    done = imports.import_files("visitor", EXPORTS[:1])
    more = imports.import_files("visitor", EXPORTS[1:2], done.library)
    assert len(more.library) == 4
    assert services.store().load_library("visitor") is None
    with pytest.raises(InputError, match="keeps none"):
        imports.import_files("visitor", EXPORTS[-1:], more.library)
    assert not settings().home.exists() or not list(settings().home.glob("catalogues/*"))
