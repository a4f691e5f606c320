"""Two people, two real browsers, one server: each sees their own library and nobody else's."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, sync_playwright

from tests.spotify_simulator import FakeClock, Simulator

pytestmark = pytest.mark.browser


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(clock=FakeClock()) as simulator:
        simulator.accounts.who = None  # people choose who they are
        yield simulator


@pytest.fixture
def address(simulator: Simulator) -> Iterator[str]:
    """The dashboard, when it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, str(Path(__file__).with_name("two_people_app.py"))],
        env={
            **os.environ,
            "SIMULATOR": simulator.url,
            "PORT": str(port),
            "STREAMLIT_SERVER_ADDRESS": "127.0.0.1",
            "STREAMLIT_BROWSER_GATHER_USAGE_STATS": "false",
        },
        stdout=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{address}/api/health", process)
        yield address
    finally:
        process.terminate()
        process.wait(10)


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        try:
            requests.get(address, timeout=1)
        except requests.exceptions.RequestException:
            assert process.poll() is None, "the dashboard did not start"
            time.sleep(0.1)
        else:
            return
    pytest.fail("the dashboard does not answer")


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        yield browser
        browser.close()


def test_each_sees_their_own(address: str, chromium: Browser):
    people = {"Ada": 120, "Ben": 30}
    pages = {}
    for name, n_tracks in people.items():
        context = chromium.new_context()
        page = pages[name] = context.new_page()
        page.goto(address)
        page.get_by_text("This is: nobody").wait_for(timeout=60_000)
        page.goto(f"{address}/spotify/sign-in")
        page.get_by_text(f"Agree as {name}").click()
        page.get_by_text(f"Tracks: {n_tracks}").wait_for(timeout=60_000)
        assert page.url == f"{address}/", "the code has left the address bar"
        (cookie,) = [c for c in context.cookies() if c["name"].startswith("ghostnotes")]
        assert cookie["httpOnly"]
        assert "ghostnotes" not in page.evaluate("document.cookie")
    for name in people:
        pages[name].reload()
        pages[name].get_by_text(f"This is: {name}").wait_for(timeout=60_000)
