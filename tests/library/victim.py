"""A process to kill: imports, saves and backs up without end, in a fork for each death."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from library.archive import backup
from library.importing import read_any
from library.store import Store
from studio import services
from studio.imports import import_files
from tests.library.files import csv_bytes, row
from tests.library.formats import as_json, stream

SIZES = {"A": 120, "B": 200}  # tracks of the two libraries that replace each other
PART = 40  # tracks of each file that a page merges into what there is


def files(which: str) -> list[bytes]:
    """An export of a library: tracks, and a play of each."""
    n = SIZES[which]
    rows = [row(k, **{"Album Name": which}) for k in range(n)]
    return [csv_bytes(rows), as_json([stream(k) for k in range(n)])]


def work(url: str, folder: Path) -> None:
    """Import the two libraries in turn for ever, and say when a step is done."""
    store = Store(url)
    while True:
        for which in SIZES:
            library, report = read_any(files(which))
            _say("imported")
            store.save_library("me", library, state={"which": which, "n": report.n_kept})
            _say("saved")
            store.save_item("me", "import", which, report.to_dict())
            backup(store, folder / "backup.zip")
            _say("backed up")


def work_as_a_page(url: str, folder: Path) -> None:
    """Import one file after the other as the page does, each merged into what is there."""
    os.environ |= {"GHOSTNOTES_HOME": str(folder), "GHOSTNOTES_DATABASE_URL": url}
    while True:
        for start in range(0, 6 * PART, PART):
            numbers = range(start, start + PART)
            export = csv_bytes([row(k) for k in numbers])
            import_files("me", [export, as_json([stream(k) for k in numbers])])
            _say("imported")
        services.store().delete_library("me")
        _say("deleted")


WORK = {"store": work, "page": work_as_a_page}


def main() -> None:
    """Fork for each line (work, URL and folder, parted by tabs); say its pid, steps and end."""
    for line in sys.stdin:
        what, url, folder = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            WORK[what](url, Path(folder))
        _say(f"pid {child}")
        _, status = os.waitpid(child, 0)
        _say(f"end {os.waitstatus_to_exitcode(status)}")


def _say(text: str) -> None:
    os.write(1, f"{text}\n".encode())  # one write a line, so that two processes do not mix


if __name__ == "__main__":
    main()
