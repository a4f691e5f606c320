"""A Ghostnotes connected to the pretend Spotify: for tests, benchmarks and journeys."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import Engine

from library.auth import READ_SCOPES, WRITE_SCOPES, SpotifyApp
from library.spotify_service import SpotifyService
from library.spotify_shelf import Shelf
from library.store_schema import connect
from library.vault import Vault
from tests.spotify_simulator.accounts import CLIENT_ID
from tests.spotify_simulator.clock import FakeClock
from tests.spotify_simulator.server import Simulator

CALLBACK: Final = "http://127.0.0.1:8501/callback"


def open_engine(path: Path) -> Engine:
    """An SQLite database as the store opens it."""
    return connect(f"sqlite:///{path}")


@dataclass
class House:
    """Ghostnotes and its Spotify."""

    simulator: Simulator
    clock: FakeClock
    engine: Engine
    vault: Vault
    timeout_s: tuple[float, float] = (2.0, 5.0)
    visitor: str = ""

    def __post_init__(self) -> None:
        self.service = self.restarted()

    def restarted(self) -> SpotifyService:
        """A service that knows only what is on disk and in the vault."""
        url = self.simulator.url
        app = SpotifyApp(CLIENT_ID, f"{url}/v1/", url)
        return SpotifyService(
            app,
            self.engine,
            self.vault,
            clock=self.clock,
            sleep=self.clock.sleep,
            timeout_s=self.timeout_s,
        )

    def answer(self, scopes=(*READ_SCOPES, *WRITE_SCOPES)) -> tuple[str, dict[str, str]]:
        """Go to Spotify and come back: the cookie, and what stands in the address."""
        begun = self.service.sign_in.begin(CALLBACK, scopes)
        sent = requests.get(begun.url, allow_redirects=False, timeout=5)
        assert sent.status_code == 302, sent.text
        query = parse_qs(urlsplit(sent.headers["Location"]).query)
        return begun.cookie, {name: values[0] for name, values in query.items()}

    def sign_in(self, who: str = "ada", scopes=(*READ_SCOPES, *WRITE_SCOPES)) -> str:
        """A whole sign-in; returns the visitor."""
        self.simulator.accounts.who = who
        cookie, back = self.answer(scopes)
        return self.service.sign_in.finish(
            cookie, back.get("state", ""), back.get("code", ""), back.get("error", "")
        )

    @property
    def shelf(self) -> Shelf:
        """The rows of Ada."""
        return Shelf(self.engine, self.simulator.world.users["ada"].account_id)
