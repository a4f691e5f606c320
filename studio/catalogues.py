"""The catalogues a listener holds: indexed once, kept beside the store, asked by everybody here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Final

from library.catalogue import index_catalogue
from library.catalogue_columns import kind_of
from library.catalogue_index import CatalogueIndex
from library.cells import short_hash
from library.opening import File
from library.report import ImportReport
from library.sample import Sample
from music.errors import InputError, StoreError
from studio.settings import settings

FOLDER: Final = "catalogues"

Progress = Callable[[float, str], None]


def folder() -> Path:
    """Where their indexes lie."""
    return settings().home / FOLDER


def held() -> list[CatalogueIndex]:
    """Every catalogue, the biggest first; a damaged one is left out and can be added again."""
    if settings().hosted or not folder().is_dir():
        return []
    found = []
    for path in sorted(folder().glob("*.parquet")):
        try:
            found.append(_open(path, path.stat().st_mtime_ns))
        except StoreError:
            continue
    return sorted(found, key=lambda index: (-index.n_rows, index.name))


def add(file: File, progress: Progress | None = None) -> ImportReport:
    """Index a catalogue file; the same file again replaces its index.

    Raises
    ------
    InputError
        If it is no catalogue, or this is a hosted server, which keeps nothing.
    """
    if settings().hosted:
        raise InputError(f"{file.name} is a catalogue; this server keeps none. Run your own copy.")
    kind = kind_of(Sample.of(file).header)
    return index_catalogue(
        file, folder() / f"{short_hash(f'{kind}/{file.name}')}.parquet", progress
    )


def remove(index: CatalogueIndex) -> None:
    """Forget a catalogue; what it gave to tracks stays with them."""
    index.path.unlink(missing_ok=True)


def remove_all() -> int:
    """Forget every catalogue, damaged ones too; how many there were."""
    paths = [] if settings().hosted else list(folder().glob("*"))
    for path in paths:
        path.unlink(missing_ok=True)
    return len(paths)


@lru_cache(maxsize=8)
def _open(path: Path, changed_ns: int) -> CatalogueIndex:
    """An index is opened again only when its file changed."""
    return CatalogueIndex(path)
