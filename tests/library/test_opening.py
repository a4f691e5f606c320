"""What is handed in is opened safely: nothing unpacked to disk, bombs and nesting refused."""

import io
import zipfile

import pytest

from library import opening
from library.opening import files_in
from music.errors import InputError
from tests.library.files import gzipped, zipped


def test_names_inside_archives_are_never_paths(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    data = zipped({"../../evil.csv": b"a", "/etc/passwd": b"b", "C:\\x\\y.csv": b"c"})
    assert [file.name for file in files_in(data)] == ["evil.csv", "passwd", "y.csv"]
    assert [file.read() for file in files_in(data)] == [b"a", b"b", b"c"]
    assert list(tmp_path.iterdir()) == []


def test_a_zip_in_a_zip_is_fine_and_more_is_not():
    inner = zipped({"a.csv": b"x"})
    assert [f.name for f in files_in(zipped({"b.zip": inner}))] == ["a.csv"]
    deep = zipped({"c.zip": zipped({"b.zip": inner})})
    with pytest.raises(InputError, match="archive inside archives"):
        files_in(deep)


def test_what_a_mac_adds_is_left_out():
    data = zipped({"a.csv": b"x", "__MACOSX/._a.csv": b"y", ".DS_Store": b"z"})
    assert [f.name for f in files_in(data)] == ["a.csv"]


def test_a_zip_bomb_is_refused_before_it_unpacks():
    bomb = zipped({"zeros.csv": bytes(50_000_000)})
    assert len(bomb) < 100_000
    with pytest.raises(InputError, match="suspiciously large"):
        files_in(bomb)


def test_a_declared_size_of_gigabytes_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", b"x")
        archive.filelist[0].file_size = 3 << 30
    with pytest.raises(InputError, match="would unpack to 3,072 MB"):
        files_in(out.getvalue())


def test_a_gzip_bomb_stops_at_the_limit(monkeypatch):
    monkeypatch.setattr(opening, "MAX_FILE", 1_000_000)
    file = files_in(gzipped(bytes(5_000_000)), "x.gz")[0]
    with pytest.raises(InputError, match="unpacks to more than"):
        file.read(limit=10_000_000)


def test_too_many_files_are_refused(monkeypatch):
    monkeypatch.setattr(opening, "MAX_FILES", 3)
    with pytest.raises(InputError, match="holds 4 files"):
        files_in(zipped({f"{n}.csv": b"x" for n in range(4)}))


def test_a_folder_is_read_without_links_and_hidden_files(tmp_path):
    (tmp_path / "a.csv").write_bytes(b"x")
    (tmp_path / ".hidden").write_bytes(b"y")
    (tmp_path / "link.csv").symlink_to("/etc/hostname")
    assert [f.name for f in files_in(tmp_path)] == ["a.csv"]


@pytest.mark.parametrize("cut", [5, 25, 60])
def test_a_damaged_archive_is_one_sentence(cut):
    data = zipped({"a.csv": b"x" * 500, "b.csv": b"y" * 500})
    with pytest.raises(InputError, match="cannot be read"):
        [f.read() for f in files_in(data[:-cut], "all.zip")]


def test_an_encrypted_member_is_one_sentence():
    data = bytearray(zipped({"a.csv": b"x" * 50}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.index(signature) + offset
        data[at] |= 1
    with pytest.raises(InputError, match="cannot be read"):
        files_in(bytes(data))[0].read()
