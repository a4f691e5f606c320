"""Opening what people hand in: a path, a folder, bytes, an upload, a zip or gzip of them.

Nothing is ever unpacked to disk and no name inside an archive is used as a path. Sizes are checked
as bytes arrive, so a bomb is refused before it fills the memory.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final, cast

from music.errors import InputError

Opener = Callable[[], AbstractContextManager[BinaryIO]]

MEGABYTE: Final = 1 << 20
MAX_FILE: Final = (
    1024 * MEGABYTE
)  # one file, unpacked; the biggest catalogue people hold has 350 MB
MAX_TOTAL: Final = 2048 * MEGABYTE  # all files of an archive together, unpacked
MAX_RATIO: Final = 200  # text packs 3 to 30 times; a thousand times is a bomb
MAX_FILES: Final = 10_000
MAX_NESTING: Final = 2  # a zip in a zip happens; deeper does not
HEAD: Final = 64 * 1024

_UNREADABLE = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # zipfile: an encrypted member
    NotImplementedError,  # zipfile: a compression it does not know
    ValueError,  # zipfile: a damaged directory entry
)


@dataclass(frozen=True)
class File:
    """One file, wherever it lies; it can be opened any number of times.

    Parameters
    ----------
    name
        For people and for playlist names: the last part of its path.
    opener
        Opens it for reading, unpacked, and closes all it opened on the way.
    """

    name: str
    opener: Opener

    @contextmanager
    def open(self) -> Iterator[BinaryIO]:
        """The unpacked bytes, refused past `MAX_FILE`; every failure to read is an `InputError`."""
        with ExitStack() as stack:
            with _readable(self.name):
                raw = stack.enter_context(self.opener())
            yield cast(BinaryIO, io.BufferedReader(_Limited(raw, self.name), HEAD))

    def head(self, n: int = HEAD) -> bytes:
        """The first bytes."""
        with self.open() as stream:
            return stream.read(n)

    def read(self, limit: int = MAX_FILE) -> bytes:
        """All bytes.

        Raises
        ------
        InputError
            If there are more than ``limit``.
        """
        with self.open() as stream:
            data = stream.read(limit + 1)
        if len(data) > limit:
            raise InputError(f"{self.name} holds more than {limit // MEGABYTE:,} MB.")
        return data

    @property
    def stem(self) -> str:
        """The name without its extensions: ``Road_trip`` of ``Road_trip.csv.gz``."""
        name = self.name
        for suffix in (".gz", ".csv", ".tsv", ".txt", ".json", ".zip"):
            if name.casefold().endswith(suffix):
                name = name[: -len(suffix)]
        return name or self.name


Upload = str | Path | bytes | BinaryIO | File


def files_in(upload: Upload, name: str = "") -> list[File]:
    """Every file in what was handed in, archives looked into.

    Parameters
    ----------
    upload
        A path, a folder, bytes, an open binary file (``.name`` is used where it has one), or a
        `File` that came out of here before.
    name
        What to call it in messages; its own name if not given.

    Raises
    ------
    InputError
        If there is no such file, an archive is damaged, or it would unpack to more than is safe.
    """
    if isinstance(upload, File):
        return [upload]
    if isinstance(upload, bytes):
        return _unpacked(_of_bytes(upload, name or "the file"))
    if isinstance(upload, str | Path):
        return _of_path(Path(upload), name)
    called = name or _last_part(str(getattr(upload, "name", "") or "the file"))
    with _readable(called):
        upload.seek(0)
        data = upload.read(MAX_FILE + 1)
    return _unpacked(_of_bytes(data, called))


def _of_path(path: Path, name: str) -> list[File]:
    if path.is_dir():
        inside = (p for p in sorted(path.rglob("*")) if p.is_file() and not p.is_symlink())
        shown = [p for p in inside if not p.name.startswith(".")]
        if len(shown) > MAX_FILES:
            raise InputError(f"{path.name} holds {len(shown):,} files; {MAX_FILES:,} is the limit.")
        return [file for p in shown for file in _unpacked(File(p.name, _path_opener(p)))]
    if not path.is_file():
        raise InputError(f"There is no file {path}.")
    return _unpacked(File(name or path.name, _path_opener(path)))


def _unpacked(file: File, depth: int = 0) -> list[File]:
    """The file itself, or what is in it if it is an archive."""
    start = file.head(4)
    if start[:2] == b"\x1f\x8b":
        inner = file.name[:-3] if file.name.casefold().endswith(".gz") else file.name
        return _unpacked(File(inner, _gzip_opener(file.opener)), depth + 1)
    if start != b"PK\x03\x04" and start != b"PK\x05\x06":
        return [file]
    if depth >= MAX_NESTING:
        raise InputError(f"{file.name} is an archive inside archives; unpack it first.")
    with _readable(file.name), file.opener() as raw, zipfile.ZipFile(raw) as archive:
        members = [m for m in archive.infolist() if _is_content(m)]
        _refuse_bombs(members, file.name)
    return [
        inner
        for m in members
        for inner in _unpacked(
            File(_last_part(m.filename), _member_opener(file.opener, m)), depth + 1
        )
    ]


def _is_content(member: zipfile.ZipInfo) -> bool:
    """Leave out folders and what a Mac adds beside each file."""
    return not (
        member.is_dir()
        or "__MACOSX/" in member.filename
        or _last_part(member.filename).startswith(".")
    )


def _refuse_bombs(members: list[zipfile.ZipInfo], name: str) -> None:
    if len(members) > MAX_FILES:
        raise InputError(f"{name} holds {len(members):,} files; {MAX_FILES:,} is the limit.")
    size = sum(m.file_size for m in members)
    if size > MAX_TOTAL or any(m.file_size > MAX_FILE for m in members):
        raise InputError(f"{name} would unpack to {size // MEGABYTE:,} MB; that is refused.")
    for m in members:
        if m.file_size > MEGABYTE and m.file_size > MAX_RATIO * max(m.compress_size, 1):
            raise InputError(f"{name} unpacks suspiciously large ({m.filename!r}); it is refused.")


class _Limited(io.RawIOBase):
    """Passes bytes on and refuses to go past `MAX_FILE`."""

    def __init__(self, raw: BinaryIO, name: str) -> None:
        super().__init__()
        self._raw, self._name, self._seen = raw, name, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        with _readable(self._name):
            data = self._raw.read(len(buffer))
        self._seen += len(data)
        if self._seen > MAX_FILE:
            raise InputError(f"{self._name} unpacks to more than {MAX_FILE // MEGABYTE:,} MB.")
        buffer[: len(data)] = data
        return len(data)


@contextmanager
def _readable(name: str) -> Iterator[None]:
    """Whatever goes wrong while unpacking is one sentence."""
    try:
        yield
    except UnicodeError:
        raise  # says more than we could; the reader of the text turns it into a sentence
    except _UNREADABLE as error:
        reason = str(error).strip().rstrip(".") or type(error).__name__
        raise InputError(f"{name} cannot be read: {reason}.") from error


def _of_bytes(data: bytes, name: str) -> File:
    return File(name, lambda: io.BytesIO(data))


def _path_opener(path: Path) -> Opener:
    return lambda: path.open("rb")


def _gzip_opener(outer: Opener) -> Opener:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with outer() as raw, gzip.GzipFile(fileobj=raw, mode="rb") as inner:
            yield cast(BinaryIO, inner)

    return opened


def _member_opener(outer: Opener, member: zipfile.ZipInfo) -> Opener:
    @contextmanager
    def opened() -> Iterator[BinaryIO]:
        with outer() as raw, zipfile.ZipFile(raw) as archive, archive.open(member) as inner:
            yield cast(BinaryIO, inner)

    return opened


def _last_part(name: str) -> str:
    """The last part of a path written on any system; never used to open anything."""
    last = PurePosixPath(name.replace("\\", "/")).name
    return " ".join("".join(c for c in last if c.isprintable()).split()) or "the file"
