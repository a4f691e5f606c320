"""The API on a real port, a pretend Spotify beside it, and browsers that keep their cookies."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import requests
import uvicorn

from api.app import create_api
from library.auth import SpotifyApp
from library.spotify_service import SpotifyService
from library.store_schema import connect
from library.vault import MemoryVault
from tests.spotify_simulator import FakeClock, Simulator
from tests.spotify_simulator.accounts import CLIENT_ID


class Browser(requests.Session):
    """A browser of one person: cookies, redirects followed on request only."""

    def go(self, address: str, follow: bool = False, **query: str) -> requests.Response:
        """Open an address."""
        return self.get(address, params=query, allow_redirects=follow, timeout=10)


@dataclass
class Town:
    """A running API and its Spotify."""

    url: str
    service: SpotifyService
    simulator: Simulator
    clock: FakeClock

    def sign_in(
        self, browser: Browser, who: str, path: str = "/spotify/sign-in"
    ) -> requests.Response:
        """Click through a sign-in, step by step; returns the answer of the callback."""
        self.simulator.accounts.who = who
        to_spotify = browser.go(self.url + path)
        assert to_spotify.status_code == 302, to_spotify.text
        back = browser.go(to_spotify.headers["Location"])
        assert back.status_code == 302, back.text
        return browser.go(back.headers["Location"])


@pytest.fixture
def town(tmp_path) -> Iterator[Town]:
    """The API, served by uvicorn on a free port of 127.0.0.1."""
    clock = FakeClock()
    with Simulator(clock=clock) as simulator:
        engine = connect(f"sqlite:///{tmp_path / 'ghostnotes.sqlite'}")
        service = SpotifyService(
            SpotifyApp(CLIENT_ID, f"{simulator.url}/v1/", simulator.url),
            engine,
            MemoryVault(),
            clock=clock,
            sleep=clock.sleep,
        )
        api = create_api(lambda: service)
        config = uvicorn.Config(api, "127.0.0.1", 0, log_config=None, ws="none", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        while not server.started:
            thread.join(0.005)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield Town(f"http://127.0.0.1:{port}", service, simulator, clock)
        server.should_exit = True
        thread.join()
        engine.dispose()
