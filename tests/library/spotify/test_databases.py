"""The same on every database: a file, memory (a hosted demo) and PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from library.saving import plan_playlist
from library.store_schema import connect


@pytest.fixture(scope="module")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL of our own, from the `pgserver` wheel."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("run")))
        pgserver = pytest.importorskip("pgserver", reason="needs the pgserver wheel")
        pytest.importorskip("psycopg", reason="needs psycopg")
        server = pgserver.get_server(tmp_path_factory.mktemp("pg"))
        yield server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        server.cleanup()


@pytest.fixture(params=["file", "memory", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path) -> Iterator[Engine]:
    """An engine as the store makes it."""
    urls = {"file": f"sqlite:///{tmp_path / 'x.sqlite'}", "memory": "sqlite://"}
    url = urls.get(request.param) or request.getfixturevalue("postgresql")
    engine = connect(url)
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
