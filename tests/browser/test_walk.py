"""The whole walk in a real browser: drop a file, map it, get reasons, be roasted, hear the band."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from pages.parts.frame import PAGES
from tests import hostile
from tests.browser.conftest import Dashboard, screenshot, settled

pytestmark = pytest.mark.browser

PATHS = {title: "/" + Path(path).stem for path, title, _ in PAGES} | {"Home": "/"}
EXPORTS = (
    "exportify_library_1.csv.gz",
    "exportify_library_2.csv.gz",
    "exportify_classic_library_5.csv.gz",
)


def no_error(page: Page) -> None:
    """No bug on the page: neither an exception box nor an error sentence."""
    assert page.get_by_test_id("stException").count() == 0, page.get_by_test_id(
        "stException"
    ).all_inner_texts()


def visit_all(page: Page, dashboard: Dashboard, name: str) -> None:
    for title, path in PATHS.items():
        dashboard.open(page, path)
        no_error(page)
        expect(page.get_by_role("heading").first).to_be_visible()
        screenshot(page, f"{name}-{title.lower().replace(' ', '-')}")


@pytest.mark.parametrize("path", PATHS.values())
def test_every_page_is_a_deep_link_on_a_fresh_server(path, page, dashboard):
    dashboard.open(page, path)
    no_error(page)
    expect(page.get_by_test_id("stSidebarNavLink")).to_have_count(len(PAGES))


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_looks_right(scheme, chromium, dashboard):
    context = chromium.new_context(color_scheme=scheme, viewport={"width": 1280, "height": 1700})
    page = context.new_page()
    visit_all(page, dashboard, scheme)
    context.close()


def test_every_page_fits_a_telephone(chromium, dashboard):
    context = chromium.new_context(viewport={"width": 390, "height": 1400})
    page = context.new_page()
    for title, path in PATHS.items():
        dashboard.open(page, path)
        no_error(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{title} scrolls sideways by {wide} px"
        screenshot(page, f"narrow-{title.lower().replace(' ', '-')}")
    context.close()


def upload(page: Page, dashboard: Dashboard, file: Path) -> None:
    dashboard.open(page, "/library")
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_role("button", name="Import", exact=True).click()
    expect(page.get_by_text("rows read =").first).to_be_visible(timeout=60_000)
    settled(page)


@pytest.mark.data
@pytest.mark.parametrize("export", EXPORTS)
def test_the_whole_walk_on_a_real_export(export, page, dashboard, data_folder):
    upload(page, dashboard, data_folder / export)
    visit_all(page, dashboard, export.split(".")[0])


def test_from_the_first_line_to_a_playing_band(page, dashboard, tmp_path):
    upload(page, dashboard, hostile.exportify(tmp_path / "mine.csv"))
    dashboard.open(page, "/")
    page.get_by_role("button", name="Play").first.click()
    player = page.locator(".player").first
    expect(player).to_have_attribute("data-playing", "true", timeout=20_000)
    page.get_by_role("button", name="Meet the band").click()
    page.wait_for_url("**/band?vibe=**")
    settled(page)
    page.get_by_role("button", name="Hear").first.click()
    page.wait_for_url("**/hear_it?vibe=**")
    settled(page)
    page.get_by_role("tab", name="Take it home").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="WAV").click()
    assert Path(download.value.path()).read_bytes()[:4] == b"RIFF"
    no_error(page)


def test_hostile_names_run_and_load_nothing(page, dashboard, tmp_path):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a name ran a script: {dialog.message}"))
    upload(page, dashboard, hostile.exportify(tmp_path / "hostile.csv"))
    visit_all(page, dashboard, "hostile")
    assert [url for url in asked if not url.startswith((dashboard.url, "data:", "blob:"))] == []


def test_back_to_the_demo_and_delete_my_data(page, dashboard, tmp_path):
    upload(page, dashboard, hostile.exportify(tmp_path / "mine.csv"))
    page.get_by_test_id("stSidebar").get_by_role("button", name="Back to the demo").click()
    settled(page)
    expect(page.get_by_test_id("stSidebar").get_by_text("who is invented")).to_be_visible()
    dashboard.open(page, "/library")
    page.get_by_text("Your data").click()
    page.get_by_role("button", name="Delete my data").click()
    page.get_by_role("button", name="Delete everything").click()
    settled(page)
    dashboard.open(page, "/library")
    expect(page.get_by_test_id("stSidebar").get_by_text("who is invented")).to_be_visible()


def test_a_library_survives_a_restart(chromium, tmp_path):
    from tests.browser.conftest import start

    file = hostile.exportify(tmp_path / "mine.csv")
    for visit in ("first", "second"):
        process, url = start(tmp_path / "home")
        context = chromium.new_context()
        page, dashboard = context.new_page(), Dashboard(url, tmp_path)
        if visit == "first":
            upload(page, dashboard, file)
        dashboard.open(page, "/library")
        expect(page.get_by_test_id("stSidebar").get_by_text("24 tracks")).to_be_visible()
        context.close()
        process.terminate()
        process.wait(10)
    assert os.listdir(tmp_path / "home")
