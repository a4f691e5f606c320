"""The same on every database: a file, memory (a hosted demo) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from library.saving import plan_playlist
from library.store_schema import connect


@pytest.fixture
def engine(store_url: str) -> Iterator[Engine]:
    """An engine as the store makes it, on each kind of database."""
    engine = connect(store_url)
    yield engine
    engine.dispose()


def test_sync_pause_save_and_disconnect(make_house, engine):
    house = make_house(engine=engine)
    house.simulator.inject(19, "/v1/me/tracks", nth=2)
    assert not house.service.sync(house.visitor).finished
    assert len(house.service.library(house.visitor)) == 50
    house.clock.advance(days=1)
    assert house.service.sync(house.visitor).finished
    assert house.service.sync(house.visitor).n_calls == 3
    library = house.service.library(house.visitor)
    assert (len(library), len(library.entries), len(library.plays)) == (120, 510, 50)
    tracks = [house.simulator.world.song(i).id for i in range(130)]
    house.simulator.inject(53, "/items", method="POST", nth=2)
    saved = house.service.save(house.visitor, plan_playlist("Mine", tracks))
    assert (saved.n_tracks, saved.n_different) == (130, 0)
    house.service.undo_save(house.visitor, saved.save_id)
    gone = house.service.disconnect(house.visitor)
    assert gone.n_rows > 600
    assert gone.n_left == 0
