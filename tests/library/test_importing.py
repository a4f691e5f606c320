"""Anything dropped in is recognised by its content, or refused in one sentence."""

import io

import pytest

from library.importing import READERS, read_any
from library.sample import Sample
from music.errors import InputError
from tests.library.files import csv_bytes, gzipped, row, track_id, zipped

ONE = csv_bytes([row(1), row(2)])
TWO = csv_bytes([row(2), row(3)])


def test_files_come_in_any_order_and_wrapping(tmp_path):
    (tmp_path / "folder" / "deeper").mkdir(parents=True)
    (tmp_path / "folder" / "deeper" / "one.csv").write_bytes(ONE)
    (tmp_path / "two.bin").write_bytes(gzipped(TWO))
    upload = io.BytesIO(zipped({"x/y/one.csv": ONE}))
    upload.name = "C:\\Users\\me\\all.zip"
    for given in (
        [tmp_path / "folder", tmp_path / "two.bin"],
        [tmp_path / "two.bin", upload],
        tmp_path,
    ):
        library, report = read_any(given)
        assert report.adds_up
        assert (report.n_read, report.n_kept, report.n_merged) == (4, 3, 1)
        assert set(library.tracks.index) == {track_id(1), track_id(2), track_id(3)}


def test_one_file_is_enough():
    assert read_any(ONE)[1].n_kept == 2
    assert read_any(io.BytesIO(ONE))[1].n_kept == 2


def test_strangers_are_left_out_and_named():
    library, report = read_any(zipped({"a.csv": ONE, "photo.jpg": b"\xff\xd8\0\0", "n.txt": b""}))
    assert len(library) == 2
    assert any("photo.jpg was left out" in note for note in report.notes)
    assert any("n.txt was left out: n.txt is empty" in note for note in report.notes)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (b"\0\1\2", "is no text file"),
        (b"%PDF-1.4 hello", "is none of the files we know"),
        (b'{"a": 1}', "JSON with a"),
        (b"<html><body>Sign in</body></html>", "is none of the files we know"),
        (zipped({"a.jpg": b"\0", "b.jpg": b"\0"}), "None of the 2 files can be imported"),
    ],
)
def test_what_cannot_be_imported_is_one_sentence(data, sentence):
    with pytest.raises(InputError, match=sentence):
        read_any(data)


def test_nothing_at_all():
    with pytest.raises(InputError, match="no file to import"):
        read_any([])


def test_progress_is_told_and_may_cancel():
    told = []
    read_any([ONE, TWO], lambda share, text: told.append((share, text)))
    shares = [share for share, _ in told]
    assert shares == sorted(shares)
    assert shares[-1] == 1.0

    class EnoughError(Exception):
        pass

    def stop(share, text):
        raise EnoughError

    with pytest.raises(EnoughError):
        read_any(ONE, stop)


def test_every_reader_refuses_what_is_not_its_own():
    nothing = Sample("x", header=("a", "b"))
    assert not [reader.name for reader in READERS if reader.recognises(nothing)]
    assert len({reader.name for reader in READERS}) == len(READERS)
