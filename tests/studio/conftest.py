"""Each test has its own home, so the services that hold it are made anew."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from studio import services
from studio.settings import settings


@pytest.fixture(autouse=True)
def _fresh_services() -> Iterator[None]:
    settings.cache_clear()
    services.store.cache_clear()
    services.jobs.cache_clear()
    yield
    services.store.cache_clear()
    services.jobs.cache_clear()
    settings.cache_clear()
