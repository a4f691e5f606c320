"""Killed at any moment of an import, a store opens with the old library or the new one, whole."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import text

from library.archive import restore
from library.store import Store
from music.tracks import Library
from tests.library.victim import PART, SIZES

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
N_KILLS = 200 if PROOF else 12
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def victim():
    """A process that has imported everything and forks for each death."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.library.victim"], stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        yield process
        process.stdin.close()


def kill_after(victim, what, url, folder, n_steps, delay_s):
    """Let it work for so many steps and a little longer, then kill it."""
    victim.stdin.write(f"{what}\t{url}\t{folder}\n")
    victim.stdin.flush()
    child, steps = 0, 0
    while not child or steps < n_steps:
        line = victim.stdout.readline()
        child = int(line.split()[1]) if line.startswith("pid") else child
        steps += not line.startswith("pid")
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    while not (line := victim.stdout.readline()).startswith("end"):
        pass
    assert int(line.split()[1]) == -signal.SIGKILL


def seen(store):
    """Which library is stored; it must be one of the two, whole, in every part."""
    library = store.load_library("me")
    which = store.get_state("me", "which")
    if library is None:
        assert which is None
        return None
    n = SIZES[which]
    assert (len(library.tracks), len(library.plays), len(library.entries)) == (n, n, n)
    assert library.tracks["album"].eq(which).all()
    assert library.plays["track_id"].isin(library.tracks.index).all()
    assert store.get_state("me", "n") == 2 * n  # each file keeps one row a track or play
    return which


@pytest.mark.proof
def test_the_old_library_or_the_new_one(victim, tmp_path):
    rng = random.Random(0)  # noqa: S311 - dice, not secrets
    url, found = f"sqlite:///{tmp_path}/ghostnotes.sqlite", Counter()
    n_items = 0
    for _ in range(N_KILLS):
        kill_after(victim, "store", url, tmp_path, rng.randrange(7), rng.uniform(0, 0.08))
        store = Store(url)
        with store.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        found[seen(store)] += 1
        items = store.items("me")
        assert len(items) >= n_items  # what was kept is never lost
        assert all(item.body["n_kept"] == 2 * SIZES[item.title] for item in items)
        n_items = len(items)
        if (tmp_path / "backup.zip").exists():
            copy = Store("sqlite://")
            restore(copy, tmp_path / "backup.zip")
            assert seen(copy) in SIZES
            copy.close()
        store.close()
    assert found["A"]
    assert found["B"]


@pytest.mark.proof
def test_an_import_on_the_page_is_merged_whole_or_not_at_all(victim, tmp_path):
    rng = random.Random(1)  # noqa: S311 - dice, not secrets
    url, found = f"sqlite:///{tmp_path}/ghostnotes.sqlite", Counter()
    for _ in range(N_KILLS):
        kill_after(victim, "page", url, tmp_path, rng.randrange(7), rng.uniform(0, 0.15))
        store = Store(url)
        with store.engine.connect() as connection:
            assert connection.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        library = store.load_library("me") or Library()
        n = len(library.tracks)
        assert (len(library.plays), n % PART) == (n, 0)
        assert len(library.entries) == min(n, PART)  # the one playlist is its newest self
        assert library.plays["track_id"].isin(library.tracks.index).all()
        found[n // PART] += 1
        store.close()
    assert len(found) > 2
