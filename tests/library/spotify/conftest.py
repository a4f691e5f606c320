"""Houses for the tests: real HTTP, a real database, a clock of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from sqlalchemy import Engine

from library.vault import MemoryVault
from tests.spotify_simulator import FakeClock, Simulator, Tier, World
from tests.spotify_simulator.house import House, open_engine

MakeHouse = Callable[..., House]


@pytest.fixture
def make_house(tmp_path: Path) -> Iterator[MakeHouse]:
    """A function that builds houses and takes them down afterwards."""
    with ExitStack() as stack:

        def make(
            world: World | None = None,
            tier: Tier = "dev2026",
            timeout_s: tuple[float, float] = (2.0, 5.0),
            engine: Engine | None = None,
        ) -> House:
            clock = FakeClock()
            simulator = Simulator(world or World.small(), tier, clock)
            stack.enter_context(simulator)
            engine = engine or open_engine(tmp_path / "ghostnotes.sqlite")
            stack.callback(engine.dispose)
            house = House(simulator, clock, engine, MemoryVault(), timeout_s)
            house.visitor = house.sign_in()
            return house

        yield make


@pytest.fixture
def house(make_house: MakeHouse) -> House:
    """The usual house: Ada is signed in, her app is from 2026."""
    return make_house()
