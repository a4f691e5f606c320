"""The databases that the store's tests run against: SQLite in memory and on disk, PostgreSQL."""

import os

import pytest


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory):
    """A real PostgreSQL of our own, or the one that `GHOSTNOTES_TEST_POSTGRES` names."""
    if url := os.environ.get("GHOSTNOTES_TEST_POSTGRES"):
        yield url
        return
    pytest.importorskip("psycopg", reason="needs the driver psycopg")
    folder = tmp_path_factory.mktemp("postgres")
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    pgserver = pytest.importorskip("pgserver", reason="needs the pgserver wheel")
    server = pgserver.get_server(folder / "data")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


@pytest.fixture(params=["memory", "file", "postgres"])
def store_url(request, tmp_path):
    """The address of a database, of each kind there is; others may have rows in it."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/ghostnotes.sqlite"


@pytest.fixture(params=["file", "postgres"])
def kept_url(request, tmp_path):
    """The address of a database that outlives its store."""
    if request.param == "postgres":
        return request.getfixturevalue("postgres_url")
    return f"sqlite:///{tmp_path}/ghostnotes.sqlite"
