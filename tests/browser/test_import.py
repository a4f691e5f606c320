"""An import in a real browser: it runs while one looks elsewhere, and can be stopped."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from benchmarks.library import history
from tests.browser.conftest import Dashboard, screenshot, settled
from tests.library.files import csv_bytes, row
from tests.library.formats import as_json, stream, your_library

pytestmark = pytest.mark.browser


def press(page: Page, label: str) -> None:
    page.get_by_role("button", name=label, exact=True).click()


@pytest.fixture(scope="module")
def many_plays(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history that takes some seconds to read."""
    folder = tmp_path_factory.mktemp("my_spotify_data")
    history(folder, 600_000)
    return folder


def test_other_pages_work_meanwhile_and_stopping_changes_nothing(page, dashboard, many_plays):
    dashboard.open(page, "/library")
    page.get_by_role("textbox", name="Or a file or folder").fill(str(many_plays))
    press(page, "Import")
    expect(page.get_by_text("Reading your music.")).to_be_visible()
    page.get_by_role("link", name="Band").first.click()
    expect(page.get_by_role("heading", name="Band").first).to_be_visible()
    expect(page.get_by_text("of the work on your library")).to_be_visible()
    page.get_by_role("link", name="Library", exact=True).first.click()
    screenshot(page, "import-running")
    press(page, "Cancel")
    expect(page.get_by_text("Stopped; nothing was changed.")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("who is invented, as is every band")).to_be_visible()


def test_several_files_arrive_and_plays_are_told_on_the_visitors_clock(
    chromium, dashboard: Dashboard, tmp_path
):
    files = {
        "Liked_Songs.csv": csv_bytes([row(n) for n in range(8)]),
        "YourLibrary.json": your_library(),
        "Streaming_History_Audio_0.json": as_json([stream(0, ts="2024-07-01T23:30:00Z")]),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    context = chromium.new_context(timezone_id="Asia/Tokyo", viewport={"width": 390, "height": 900})
    page = context.new_page()
    dashboard.open(page, "/library")
    page.locator("input[type=file]").first.set_input_files([tmp_path / name for name in files])
    for name in files:
        expect(page.get_by_text(name[:6]).first).to_be_visible()  # the rest may not fit
    press(page, "Import")
    expect(page.get_by_text("rows read =")).to_be_visible(timeout=30_000)
    expect(page.get_by_text("16 rows read = 9 kept + 4 merged + 3 rejected.")).to_be_visible()
    settled(page)
    expect(page.get_by_text("Features for 8 of 8 tracks: 8 own.")).to_be_visible()
    page.get_by_text("Plays", exact=True).last.click()
    expect(
        page.get_by_text("from 2 July 2024 to 2 July 2024; times are those of Asia/Tokyo")
    ).to_be_visible()
    screenshot(page, "import-telephone")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()
