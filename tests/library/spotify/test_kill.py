"""Killed at any moment, a sync leaves old lists or new ones, and a save leaves no double track."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import text

from library.spotify_shelf import Shelf
from library.store_schema import copy_database
from library.vault import FileVault
from tests.spotify_simulator import Answer, Request, Row, Simulator, World
from tests.spotify_simulator.house import House, open_engine

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
N_KILLS = 200 if PROOF else 14
pytestmark = pytest.mark.proof
ROOT = Path(__file__).parents[3]


@dataclass
class Victim:
    """The process that forks; `kill_at` says at which request its child dies, and when in it."""

    process: subprocess.Popen[str]

    def run(self, simulator: Simulator, job: dict[str, object], nth: int, moment: float) -> int:
        """Do a job and kill it at its n-th request; returns how it ended (0 = it got through).

        ``moment`` in [0, 1): below 0.3 before the request has any effect, below 0.6 when it had
        and the answer is not sent, else up to 8 ms after the answer.
        """
        known = threading.Event()
        child: list[int] = []

        def kill() -> None:
            known.wait(10)
            try:
                os.kill(child[0], signal.SIGKILL)
            except ProcessLookupError:
                return

        def act(request: Request, proceed: Callable[[], Answer]) -> Answer:
            if moment < 0.3:
                kill()
                return Answer(transport="reset")
            answer = proceed()
            if moment < 0.6:
                kill()
                return answer
            threading.Timer((moment - 0.6) / 0.4 * 0.008, kill).start()
            return answer

        simulator.inject(act, "/v1/", nth=nth)
        self._write(json.dumps(job))
        child.append(int(self._read()))
        known.set()
        ended = int(self._read())
        simulator.heal()
        return ended

    def _write(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _read(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline()


@pytest.fixture(scope="module")
def victim() -> Iterator[Victim]:
    """A process that has imported everything."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.library.spotify.victim"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    ) as process:
        yield Victim(process)
        assert process.stdin is not None
        process.stdin.close()


def job_for(house: House, tmp_path: Path, what: str, **more: object) -> dict[str, object]:
    """What the victim has to know."""
    vault = tmp_path / "tokens.json"
    tokens = house.vault.get(house.visitor)
    assert tokens is not None
    FileVault(vault).put(house.visitor, tokens)
    return {
        "what": what,
        "url": house.simulator.url,
        "now": house.clock(),
        "vault": str(vault),
        "visitor": house.visitor,
        **more,
    }


def lists_of(shelf: Shelf) -> dict[str, list[str]]:
    """The tracks of every list, in order."""
    library = shelf.library()
    return {
        str(ident): list(library.playlist(str(ident)).index)
        for ident in library.playlists["playlist_id"]
    }


def change(world: World) -> None:
    """Much happens between two syncs."""
    ada = world.users["ada"]
    del ada.saved[60]
    ada.saved.insert(0, Row(world.song(900).uri, "2026-11-20T10:00:00Z"))
    for ident in ada.playlist_ids[:2]:
        world.insert(world.playlists[str(ident)], [world.song(901).uri], 3)


def whole(path: Path) -> bool:
    """Whether the database is in order."""
    engine = open_engine(path)
    with engine.connect() as db:
        said = db.execute(text("PRAGMA integrity_check")).scalar()
    engine.dispose()
    return said == "ok"


@pytest.mark.parametrize("first", [True, False])
def test_a_killed_sync_leaves_old_or_new_and_the_next_one_ends_it(house, tmp_path, victim, first):
    chance = random.Random(int(first))  # noqa: S311
    template = tmp_path / "template.sqlite"
    house.service.me(house.visitor)
    if not first:
        assert house.service.sync(house.visitor).finished
    old = lists_of(house.shelf)
    copy_database(tmp_path / "ghostnotes.sqlite", template)
    change(house.simulator.world)
    assert house.service.sync(house.visitor).finished
    new = lists_of(house.shelf)
    deaths = 0
    for n in range(N_KILLS // 2):
        database = tmp_path / f"{n}.sqlite"
        shutil.copy(template, database)
        job = job_for(house, tmp_path, "sync", database=str(database))
        nth = chance.randrange(1, 20 if first else 12)
        ended = victim.run(house.simulator, job, nth, chance.random())
        deaths += ended == -signal.SIGKILL
        assert whole(database)
        engine = open_engine(database)
        shelf = Shelf(engine, house.simulator.world.users["ada"].account_id)
        for ident, tracks in lists_of(shelf).items():
            old_list = old.get(ident)
            if old_list is None:  # never whole: what has arrived, in whole pages
                prefix = tracks == new[ident][: len(tracks)]
                assert prefix, (n, ident)
                assert len(tracks) % 50 == 0 or tracks == new[ident], (n, ident)
            else:
                assert tracks in (old_list, new[ident]), (n, ident)
        other = House(house.simulator, house.clock, engine, house.vault, visitor=house.visitor)
        assert other.service.sync(house.visitor).finished
        assert lists_of(shelf) == new
        engine.dispose()
        house.clock.advance(hours=1)
        house.visitor = house.sign_in()
        house.service.me(house.visitor)
    assert deaths >= N_KILLS // 2 * 0.6, "most of them were really killed"


def test_a_killed_save_leaves_no_double_and_the_next_one_ends_it(house, tmp_path, victim):
    chance = random.Random(2)  # noqa: S311
    world = house.simulator.world
    tracks = [world.song(i).id for i in range(230)]
    database = tmp_path / "ghostnotes.sqlite"
    house.service.me(house.visitor)
    deaths = 0
    for n in range(N_KILLS):
        made = world.n_created
        job = job_for(house, tmp_path, "save", database=str(database), tracks=tracks)
        ended = victim.run(house.simulator, job, chance.randrange(1, 10), chance.random())
        deaths += ended == -signal.SIGKILL
        assert whole(database)
        assert world.n_created - made <= 1
        (save, *_) = house.service.saves(house.visitor)
        saved = house.restarted().resume_save(house.visitor, save.save_id)
        assert [row.uri[14:] for row in world.playlists[saved.playlist_id].rows] == tracks, n
        assert world.n_created - made == 1
        house.clock.advance(hours=2)  # a day's budget of calls is for about 25 saves
        house.visitor = house.sign_in()
        house.service.me(house.visitor)
    assert deaths >= N_KILLS * 0.8
