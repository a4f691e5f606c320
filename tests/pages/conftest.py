"""Pages under AppTest: each opened the way a visitor opens it, through app.py."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from sqlalchemy import delete
from streamlit.testing.v1 import AppTest

from library.auth import READ_SCOPES, WRITE_SCOPES
from library.spotify_tables import PAUSES, writing
from pages.parts import state
from studio import services
from studio.settings import settings
from tests.spotify_simulator import Simulator
from tests.spotify_simulator.accounts import CLIENT_ID

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _fresh_services() -> Iterator[None]:
    """Each test has its own home, so the services that hold it are made anew."""
    made = (settings, services.store, services.vault, services.jobs, services.errands)
    for service in made:
        service.cache_clear()
    yield
    for service in made:
        service.cache_clear()


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Open a page as a new visitor, with a link's query parameters if there are any.

    ``visitor`` is the secret in the cookie of somebody who has signed in with Spotify.
    """

    def open_page(path: str = "pages/home.py", visitor: str | None = None, **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        app.session_state[state.VISITOR] = visitor
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if path != "pages/home.py":
            app.switch_page(path)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        return app

    return open_page


def text_of(app: AppTest) -> str:
    """Everything a page says in Markdown, titles, captions and toggles."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption]
    return "\n".join([*(str(p.value) for p in parts), *(t.label for t in app.toggle)])


@dataclass
class Town:
    """Ghostnotes as the pages know it, and a pretend Spotify beside it."""

    simulator: Simulator

    def sign_in(self, who: str, scopes: tuple[str, ...] = (*READ_SCOPES, *WRITE_SCOPES)) -> str:
        """A whole sign-in; returns what the cookie would hold."""
        self.simulator.accounts.who = who
        sign_in = services.spotify().sign_in
        begun = sign_in.begin("http://127.0.0.1:8501/callback", scopes)
        sent = requests.get(begun.url, allow_redirects=False, timeout=5)
        back = {k: v[0] for k, v in parse_qs(urlsplit(sent.headers["Location"]).query).items()}
        visitor = sign_in.finish(begun.cookie, back["state"], back["code"])
        services.spotify().me(visitor)
        self.simulator.requests.clear()
        return visitor

    def end_pause(self) -> None:
        """The moment Spotify asked to wait for has come."""
        with writing(services.store().engine) as db:
            db.execute(delete(PAUSES))

    def let_half_a_year_pass(self, visitor: str) -> None:
        """The user's consent is from long ago, and Spotify has ended the sign-in."""
        tokens = services.vault().get(visitor)
        past = time.time() - 190 * 86_400
        services.vault().put(visitor, replace(tokens, consented_at=past, expires_at=past))
        self.simulator.accounts.revoke()


@pytest.fixture
def town(monkeypatch: pytest.MonkeyPatch) -> Iterator[Town]:
    """The settings point at a simulator, as a user's would who clicks through against it."""
    with Simulator(clock=time.time) as simulator:
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_ACCOUNTS_URL", simulator.url)
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_API_URL", f"{simulator.url}/v1/")
        settings.cache_clear()
        yield Town(simulator)


def press(app: AppTest, label: str) -> None:
    """Press a button and wait until the errand it started has ended."""
    next(b for b in app.button if b.label == label).click().run()
    for job in list(services.errands()._jobs.values()):
        job.future.exception(timeout=30)
    app.run()
    assert not app.exception
