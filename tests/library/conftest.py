"""The databases that the store's tests run against: SQLite in memory and on disk, PostgreSQL."""

import os
import subprocess
import time

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
    server = _started(pgserver, folder / "data")
    yield server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    server.cleanup()


def _started(pgserver, folder):
    """The server in a folder; pgserver waits ten seconds, which a busy machine may exceed."""
    for _ in range(5):
        try:
            return pgserver.get_server(folder)
        except (subprocess.SubprocessError, AssertionError):
            pgserver.PostgresServer._instances.pop(folder, None)  # half-made; the next try finds it
            time.sleep(3)
    return pgserver.get_server(folder)


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
