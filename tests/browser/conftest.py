"""A real server and a real Chromium for the journeys."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

ROOT = Path(__file__).parent.parent.parent
CHROMIUM_FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update",
    "--autoplay-policy=no-user-gesture-required",
)  # fmt: skip

expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong


@dataclass(frozen=True)
class Dashboard:
    """A running dashboard."""

    url: str
    home: Path

    def open(self, page: Page, path: str = "/") -> None:
        """Go to a page and wait until it is drawn."""
        page.goto(self.url + path)
        settled(page)


def settled(page: Page) -> None:
    """Wait until Streamlit has connected and no script runs."""
    app = "[data-testid=stApp][data-test-connection-state=CONNECTED]"
    page.wait_for_selector(f"{app}[data-test-script-state=notRunning]", timeout=60_000)
    page.wait_for_timeout(250)  # the last elements still travel when the script has ended
    page.wait_for_selector(f"{app}[data-test-script-state=notRunning]", timeout=60_000)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(
    home: Path, log: Path | None = None, **environment: str
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the dashboard the way `make run` does and wait until it answers.

    ``log`` takes all it says, where a test wants to read that.
    """
    port = free_port()
    said = None if log is None else log.open("wb")
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        stdout=said,
        stderr=said,
        env={
            **os.environ, "PORT": str(port), "GHOSTNOTES_HOME": str(home),
            "STREAMLIT_SERVER_HEADLESS": "true", **environment,
        },
    )  # fmt: skip
    if said is not None:
        said.close()
    url = f"http://127.0.0.1:{port}"
    for _ in range(600):
        try:
            urlopen(f"{url}/_stcore/health", timeout=1).close()  # noqa: S310  # our own loopback
            return process, url
        except (URLError, OSError):
            if process.poll() is not None:
                break
            time.sleep(0.1)
    process.kill()
    pytest.fail(f"the dashboard did not start (exit code {process.poll()})")


@pytest.fixture(scope="module")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Dashboard]:
    """A fresh dashboard with an empty home."""
    home = tmp_path_factory.mktemp("home")
    process, url = start(home)
    yield Dashboard(url, home)
    process.terminate()
    process.wait(10)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, headless."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=list(CHROMIUM_FLAGS)
        )
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A visitor with an empty profile; a script error on the page fails the test."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    yield page
    context.close()
    assert errors == []


def screenshot(page: Page, name: str) -> None:
    """Keep a picture in the folder GHOSTNOTES_SCREENSHOTS, if somebody wants to look."""
    if folder := os.environ.get("GHOSTNOTES_SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
