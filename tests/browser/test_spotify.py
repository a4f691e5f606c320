"""With a pretend Spotify beside the real dashboard: in, back and forth, and out again."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import delete

from library.spotify_tables import PAUSES, writing
from library.store_schema import connect
from studio.settings import VISITOR_COOKIE
from tests.browser.conftest import Dashboard, screenshot, settled, start
from tests.spotify_simulator import Simulator
from tests.spotify_simulator.accounts import CLIENT_ID

pytestmark = pytest.mark.browser


@pytest.fixture(autouse=True)
def _patience() -> Iterator[None]:
    """A page waits here for two servers, on a machine that may be busy."""
    expect.set_options(timeout=30_000)
    yield
    expect.set_options(timeout=5_000)  # Playwright's own


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(clock=time.time) as simulator:
        simulator.accounts.who = None  # people choose who they are
        yield simulator


def addresses(simulator: Simulator) -> dict[str, str]:
    """Where Ghostnotes finds its Spotify."""
    return {
        "GHOSTNOTES_SPOTIFY_ACCOUNTS_URL": simulator.url,
        "GHOSTNOTES_SPOTIFY_API_URL": f"{simulator.url}/v1/",
    }


def log_of(home: Path) -> Path:
    """Where a dashboard's words go."""
    return home.with_name("said.txt")


@pytest.fixture
def connected(simulator: Simulator, tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard that knows its client id."""
    home = tmp_path / "home"
    process, url = start(
        home, log_of(home), GHOSTNOTES_SPOTIFY_CLIENT_ID=CLIENT_ID,
        STREAMLIT_LOGGER_LEVEL="debug", **addresses(simulator),
    )  # fmt: skip
    yield Dashboard(url, home)
    process.terminate()
    process.wait(10)


def sign_in(page: Page, name: str, label: str = "Sign in with Spotify") -> None:
    """Through Spotify's page and back."""
    page.get_by_role("link", name=label).click()
    page.get_by_text(f"Agree as {name}").click()
    page.wait_for_url("**/connect")
    settled(page)
    expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()


def metric(page: Page, name: str) -> str:
    """The figure under a name."""
    box = page.get_by_test_id("stMetric").filter(has_text=name)
    return box.get_by_test_id("stMetricValue").inner_text()


def end_pause(dashboard: Dashboard) -> None:
    """The moment Spotify asked to wait for has come."""
    engine = connect(f"sqlite:///{dashboard.home / 'ghostnotes.sqlite'}")
    with writing(engine) as db:
        db.execute(delete(PAUSES))
    engine.dispose()


def test_a_journey(page: Page, connected: Dashboard, simulator: Simulator):
    world = simulator.world

    # In: the code leaves the address bar, the secret stays out of reach of scripts.
    connected.open(page, "/connect")
    screenshot(page, "spotify-signed-out")
    sign_in(page, "Ada")
    assert page.url == f"{connected.url}/connect"
    assert "ghostnotes" not in page.evaluate("document.cookie")

    # A first sync meets a short 429, which it waits out, and a spent quota, which it does not.
    simulator.inject(16, "/v1/me/playlists")
    simulator.inject(19, "/v1/me/tracks", nth=2)
    page.get_by_role("button", name="Bring my library here").click()
    expect(page.get_by_text(re.compile(r"asked for a pause until \d\d:\d\d")).first).to_be_visible()
    settled(page)
    assert metric(page, "Tracks") == "50"
    expect(page.get_by_role("button", name="Go on")).to_be_disabled()
    screenshot(page, "spotify-paused")
    n_requests = len(simulator.requests)
    page.reload()
    settled(page)
    assert len(simulator.requests) == n_requests, "no call before the pause ends"

    # Resumed, it reads on where it ended.
    end_pause(connected)
    page.reload()
    settled(page)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("Complete as of")).to_be_visible(timeout=60_000)
    settled(page)
    offsets = [r.query.get("offset") for r in simulator.requests if r.path == "/v1/me/tracks"]
    assert offsets.count("0") == 1
    assert re.fullmatch(r"\d+ of 500", metric(page, "Calls in 24 hours"))
    screenshot(page, "spotify-synced")

    # Shown with attribution and links; nothing else knows it yet.
    connected.open(page, "/library")
    expect(page.get_by_text("Data from Spotify").first).to_be_visible()
    screenshot(page, "spotify-library")
    connected.open(page, "/recommend")
    expect(page.get_by_test_id("stSidebar").get_by_text("who is invented")).to_be_visible()

    # Switched on, it is recommended from.
    connected.open(page, "/connect")
    page.get_by_text("Let Ghostnotes analyse").click()
    settled(page)
    connected.open(page, "/recommend")
    expect(page.get_by_test_id("stSidebar").get_by_text("your Spotify library")).to_be_visible()

    # A recommended list becomes a playlist; the right to make one is asked for only now.
    page.get_by_text("Save to Spotify").click()
    expect(page.get_by_text("Dry run:")).to_be_visible()
    sign_in(page, "Ada", "Allow playlists to be made")
    connected.open(page, "/recommend")
    page.get_by_text("Save to Spotify").click()
    name = page.get_by_label("Name of the playlist")
    name.fill("From the ghost")
    name.press("Enter")
    settled(page)
    page.get_by_role("button", name="Create on Spotify").click()
    expect(page.get_by_text("tracks read back")).to_be_visible()
    screenshot(page, "spotify-saved")
    (made,) = [p for p in world.playlists.values() if p.name == "From the ghost"]
    assert len(made.rows) == len({row.uri for row in made.rows}) == 25

    # Half a year later Spotify has ended the sign-in. Nothing is lost.
    simulator.accounts.revoke()
    simulator.accounts.expire_access()
    connected.open(page, "/connect")
    page.get_by_role("button", name="Bring it up to date").click()
    expect(page.get_by_text("Nothing is lost").first).to_be_visible()
    settled(page)
    screenshot(page, "spotify-ended")
    tracks = metric(page, "Tracks")
    sign_in(page, "Ada", "Sign in again")
    assert metric(page, "Tracks") == tracks
    page.get_by_role("button", name="Bring it up to date").click()
    expect(page.get_by_text("lists read").first).to_be_visible()

    # Out: all of it, counted again.
    page.get_by_role("button", name="Disconnect").click()
    page.get_by_role("button", name="Delete it all").click()
    expect(page.get_by_text("0 left")).to_be_visible()
    screenshot(page, "spotify-disconnected")
    connected.open(page, "/library")
    expect(page.get_by_test_id("stSidebar").get_by_text("who is invented")).to_be_visible()
    assert made.id in world.playlists, "what is at Spotify stays there"

    # Nothing secret was said aloud on the way, not even at the most talkative level.
    said = log_of(connected.home).read_text()
    assert "SECRET" not in said
    secrets = [c["value"] for c in page.context.cookies() if c["httpOnly"]]
    assert secrets
    assert not [secret for secret in secrets if secret in said]


def test_the_wizard_tests_a_client_id_and_keeps_it(
    chromium: Browser, simulator: Simulator, tmp_path: Path
):
    for visit in ("first", "second"):
        process, url = start(tmp_path, **addresses(simulator))
        context = chromium.new_context()
        page, dashboard = context.new_page(), Dashboard(url, tmp_path)
        dashboard.open(page, "/connect")
        if visit == "first":
            expect(page.get_by_text("Premium").first).to_be_visible()
            expect(page.get_by_text(f"{url}/callback").first).to_be_visible()
            screenshot(page, "spotify-wizard")
            field = page.get_by_label("Client id")
            for wrong, said in (("abc", "32 characters"), ("f" * 32, "knows no app")):
                field.fill(wrong)
                page.get_by_role("button", name="Test and keep").click()
                expect(page.get_by_text(said).first).to_be_visible()
            field.fill(CLIENT_ID)
            page.get_by_role("button", name="Test and keep").click()
        expect(page.get_by_role("link", name="Sign in with Spotify")).to_be_visible()
        context.close()
        process.terminate()
        process.wait(10)


def test_two_people_on_a_server_for_strangers(
    chromium: Browser, simulator: Simulator, tmp_path: Path
):
    process, url = start(
        tmp_path, GHOSTNOTES_SPOTIFY_CLIENT_ID=CLIENT_ID, GHOSTNOTES_HOSTED="1",
        **addresses(simulator),
    )  # fmt: skip
    people = {"Ada": 120, "Ben": 30}
    contexts = {name: chromium.new_context() for name in people}
    pages = {name: context.new_page() for name, context in contexts.items()}
    dashboard = Dashboard(url, tmp_path)
    for name, page in pages.items():
        dashboard.open(page, "/connect")
        sign_in(page, name)
        page.get_by_role("button", name="Bring my library here").click()
        expect(page.get_by_text("Complete as of")).to_be_visible(timeout=60_000)
    for name, page in pages.items():
        dashboard.open(page, "/connect")
        expect(page.get_by_text(f"Signed in as {name}")).to_be_visible()
        other = next(n for n in people if n != name)
        assert other not in page.content()
        dashboard.open(page, "/library")
        assert metric(page, "Tracks") == str(people[name])
    for name, context in contexts.items():
        (secret,) = [c for c in context.cookies() if c["name"] == VISITOR_COOKIE]
        assert secret["httpOnly"]
        assert secret["sameSite"] == "Lax"
        assert secret["value"] not in pages[name].content()
    stranger = chromium.new_context().new_page()
    dashboard.open(stranger, "/connect")
    expect(stranger.get_by_text("You are signed out")).to_be_visible()
    assert list(tmp_path.rglob("*")) == [], "nothing of anybody is written down"
    for context in contexts.values():
        context.close()
    process.terminate()
    process.wait(10)
