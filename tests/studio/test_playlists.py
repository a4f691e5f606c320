"""Titles are read in the background, selections become wishes, catalogues stand beside."""

import pytest

from llm import semantic
from music.errors import InputError
from music.playlist import PlaylistSpec
from music.tracks import no_tracks
from music.vibe import Vibe
from studio import imports, playlists, reach, services
from studio.listener import Listener
from tests.library.files import csv_bytes, row, track_id
from tests.library.test_candidates import HEADER, line

needs_encoder = pytest.mark.skipif(not semantic.available(), reason="needs the extra semantic")


@pytest.fixture
def who(tmp_path):
    own = csv_bytes([row(n) for n in range(30)])
    table = tmp_path / "dataset.csv"
    table.write_bytes(csv_bytes([line(n) for n in range(20, 300)], HEADER))
    return Listener(imports.import_files(services.ME, [own, table]).library, "me")


@needs_encoder
def test_titles_are_read_once_by_a_job(who):
    job = playlists.reading(who)
    assert job.result(60) is True
    assert who.curator.meaning is not None
    assert playlists.reading(who) is job
    assert playlists.vectors().n_encoded > 0


def test_invented_names_are_not_read():
    assert playlists.reading(services.demo()) is None


def test_a_selection_is_a_wish_for_exactly_these(who):
    some = who.library.tracks.head(7)
    wish = playlists.wish_of_tracks(some, "a corner of the map")
    found = who.curator.find(wish.spec, locked=list(some.index))
    assert set(found.ids) == set(some.index)
    with pytest.raises(InputError):
        playlists.wish_of_tracks(no_tracks(), "nothing")


def test_a_catalogue_brings_tracks_one_does_not_own(who):
    spec = PlaylistSpec(Vibe.of({"energy": 1.0}), n_tracks=20, known=False, per_artist=None)
    assert who.curator.find(spec).ids == []
    beside = playlists.from_catalogue(who, reach.find("dataset"), spec).result(60)
    found = who.curator.find(spec, beside=beside)
    assert len(found.ids) == 20
    assert set(found.ids) <= {track_id(n) for n in range(30, 300)}
