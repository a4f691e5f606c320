"""The databases that the store's tests run against."""

import pytest


@pytest.fixture(params=["memory", "file"])
def store_url(request, tmp_path):
    """The address of an empty database, of each kind there is."""
    return "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path}/ghostnotes.sqlite"


@pytest.fixture
def kept_url(tmp_path):
    """The address of an empty database that outlives its store."""
    return f"sqlite:///{tmp_path}/ghostnotes.sqlite"
