"""What a sync costs, measured against the pretend Spotify: for benchmarks."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from library.vault import MemoryVault
from tests.spotify_simulator.clock import FakeClock
from tests.spotify_simulator.house import House, open_engine
from tests.spotify_simulator.server import Simulator
from tests.spotify_simulator.world import World


@dataclass(frozen=True)
class SyncFigures:
    """Calls and seconds of a first and a second sync; waiting for Spotify's limits is left out."""

    n_tracks: int
    n_playlists: int
    calls_cold: int
    seconds_cold: float
    calls_warm: int
    seconds_warm: float
    paced_seconds_cold: float


def sync_figures(folder: Path) -> SyncFigures:
    """Sync 5,000 saved tracks and 100 playlists of 80 rows, twice; ``folder`` is for a database."""
    clock = FakeClock()
    with Simulator(World.large(), clock=clock) as simulator:
        engine = open_engine(folder / "figures.sqlite")
        house = House(simulator, clock, engine, MemoryVault())
        house.visitor = house.sign_in()
        cold, seconds_cold = _timed(house)
        paced = sum(clock.slept)
        warm, seconds_warm = _timed(house)
        library = house.service.library(house.visitor)
        engine.dispose()
    n_playlists = cold.n_read - 1  # the saved tracks are a list too
    return SyncFigures(
        len(library), n_playlists, cold.n_calls, seconds_cold, warm.n_calls, seconds_warm, paced
    )


def _timed(house: House):
    began = time.perf_counter()
    report = house.service.sync(house.visitor)
    if not report.finished:
        raise report.error
    return report, time.perf_counter() - began
