"""A sentence all the way to Spotify: prompt, a rule by hand, a follow-up, dry run, create, undo."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page, expect

from pages.parts import wish_box
from tests.browser.conftest import ROOT, Dashboard, screenshot, settled, start
from tests.browser.test_spotify import addresses, sign_in
from tests.browser.test_walk import no_error
from tests.hostile import HEADER
from tests.spotify_simulator import Simulator, World
from tests.spotify_simulator.accounts import CLIENT_ID

pytestmark = pytest.mark.browser
expect.set_options(timeout=30_000)  # a rerun on a busy machine
N_SONGS = 240


def export_of(world: World, path: Path) -> Path:
    """An Exportify file of songs that the pretend Spotify has too."""
    rng = np.random.default_rng(0)
    lines = [HEADER]
    for i in range(N_SONGS):
        song = world.song(i)
        shares = ",".join(f"{x:.3f}" for x in rng.random(2))
        more = ",".join(f"{x:.3f}" for x in rng.random(5))
        lines.append(
            f'{song.uri},"{song.title}","{song.title}","{song.artist}",{song.year}-01-01,'
            f'{150_000 + 500 * i},{i % 100},false,,2024-01-01T10:00:00Z,"{song.genre}",label,'
            f"{shares},5,-6.1,1,{more},{80 + i % 90},4"
        )
    path.write_text("\ufeff" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def simulator() -> Iterator[Simulator]:
    with Simulator(clock=time.time) as simulator:
        simulator.accounts.who = None
        yield simulator


@pytest.fixture
def connected(simulator: Simulator, tmp_path: Path) -> Iterator[Dashboard]:
    """A dashboard that knows its client id and holds a library Spotify knows."""
    home = tmp_path / "home"
    file = export_of(simulator.world, tmp_path / "mine.csv")
    subprocess.run(
        [sys.executable, "cli.py", "import", str(file)],
        cwd=ROOT, env={**os.environ, "GHOSTNOTES_HOME": str(home)}, check=True, timeout=120,
    )  # fmt: skip
    process, url = start(home, GHOSTNOTES_SPOTIFY_CLIENT_ID=CLIENT_ID, **addresses(simulator))
    yield Dashboard(url, home)
    process.terminate()
    process.wait(10)


def ask(page: Page, sentence: str) -> None:
    page.get_by_label("What do you want to hear?").fill(sentence)
    page.get_by_role("button", name="Find it").click()
    settled(page)


def follow_up(page: Page, sentence: str) -> None:
    page.get_by_label("And?").fill(sentence)
    page.get_by_role("button", name="Change it").click()
    settled(page)


def open_save(page: Page) -> None:
    page.get_by_text("Save to Spotify").click()
    settled(page)


def test_from_a_sentence_to_spotify_and_back(
    page: Page, connected: Dashboard, simulator: Simulator
):
    world = simulator.world

    # A sentence, with what it was understood to mean as chips.
    connected.open(page, "/playlist")
    expect(page.get_by_text("Reading what titles")).to_have_count(0, timeout=90_000)
    ask(page, "12 calm jazz songs, nothing after 2000, at most two per artist")
    expect(page.get_by_text("12 tracks,")).to_be_visible()
    expect(page.get_by_role("button", name="up to 2000")).to_be_visible()
    screenshot(page, "playlist-found")

    # A rule dropped by hand, taken back, and a follow-up.
    page.get_by_role("button", name="up to 2000").click()
    settled(page)
    expect(page.get_by_role("button", name="up to 2000")).to_have_count(0, timeout=30_000)
    page.get_by_role("button", name="Undo").click()
    settled(page)
    expect(page.get_by_role("button", name="up to 2000")).to_be_visible()
    follow_up(page, "make it 8 songs and add some soul")
    expect(page.get_by_text("8 tracks,")).to_be_visible()
    expect(page.get_by_role("button", name="soul", exact=True)).to_be_visible()

    # Dry run; the right to make playlists is asked for only now.
    open_save(page)
    page.get_by_role("link", name="Connect Spotify first").click()
    settled(page)
    sign_in(page, "Ada")
    connected.open(page, "/playlist")
    ask(page, "8 calm jazz songs, nothing after 2000, at most two per artist")
    open_save(page)
    sign_in(page, "Ada", "Allow playlists to be made")
    connected.open(page, "/playlist")
    ask(page, "8 calm jazz songs, nothing after 2000, at most two per artist")
    open_save(page)
    n_before = len(world.playlists)
    expect(page.get_by_text("Dry run: 8 tracks go into a new playlist")).to_be_visible()
    screenshot(page, "playlist-dry-run")
    assert len(world.playlists) == n_before, "a dry run makes nothing"

    # Create, read back, undo.
    page.get_by_role("button", name="Create on Spotify").click()
    expect(page.get_by_text("tracks read back")).to_be_visible(timeout=30_000)
    screenshot(page, "playlist-created")
    (made,) = [p for ident, p in world.playlists.items() if len(p.rows) == 8]
    assert all(1960 <= world.songs[row.uri[14:]].year <= 2000 for row in made.rows)
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("button", name="Create on Spotify")).to_be_visible(timeout=30_000)
    user = next(u for u in world.users.values() if u.id == made.owner)
    assert made.id not in user.playlist_ids
    no_error(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_state_of_the_page_looks_right(scheme: str, chromium: Browser, dashboard: Dashboard):
    for width in (1280, 390):
        context = chromium.new_context(
            color_scheme=scheme, viewport={"width": width, "height": 900}
        )
        page = context.new_page()
        dashboard.open(page, "/playlist")
        screenshot(page, f"playlist-{scheme}-{width}-empty")
        page.get_by_role("button", name=wish_box.EXAMPLES[2]).click()
        settled(page)
        expect(page.get_by_text(" tracks, ").first).to_be_visible()
        page.get_by_text("Every rule").click()
        page.wait_for_timeout(400)
        no_error(page)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"the page scrolls sideways by {wide} px"
        screenshot(page, f"playlist-{scheme}-{width}-found")
        ask(page, "only songs by The Totally Unknown Llamas")
        screenshot(page, f"playlist-{scheme}-{width}-none")
        context.close()
