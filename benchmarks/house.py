"""The walk through the house, timed: from ``git clone`` to the first laugh and beyond."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pandas as pd
from playwright.sync_api import Browser

from benchmarks.table import Row, median_ms, run, times_ms

ROOT = Path(__file__).parent.parent
LAUGH = "[data-testid=stMarkdown] h2"  # the line on Home
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run")


def rows() -> Iterator[Row]:
    """Every row; without Chromium or real tables some are left out, and that is said."""
    if shutil.which("chromium"):
        yield from first_laugh()
    else:
        print("No chromium here: the rows of the first laugh are left out.")
    if data := os.environ.get("GHOSTNOTES_DATA"):
        yield from on_real_tables(Path(data))
    else:
        print("GHOSTNOTES_DATA is not set: the rows on real tables are left out.")
    yield from words()
    yield from sound()


def first_laugh() -> Iterator[Row]:
    """A clone, ``make run`` in it twice, and a browser that waits for the line."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        # The browser is open before, as a person's is.
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=list(FLAGS))
        clone = Path(folder) / "ghostnotes"
        start = time.perf_counter()
        subprocess.run(["git", "clone", "-q", str(ROOT), str(clone)], check=True)
        with dashboard(clone) as url:
            laugh(browser, url)
            yield Row("git clone to first laugh, warm cache", time.perf_counter() - start, "s", 90)
        start = time.perf_counter()
        subprocess.run(["make", "-s", "setup"], cwd=clone, check=True)
        yield Row("second set-up", time.perf_counter() - start, "s", 1)
        times = []
        for _ in range(3):
            start = time.perf_counter()
            with dashboard(clone) as url:
                laugh(browser, url)
                times.append(time.perf_counter() - start)
        yield Row("make run to first laugh, once set up", float(np.median(times)), "s", 5, 4)
        browser.close()


@contextmanager
def dashboard(checkout: Path) -> Iterator[str]:
    """``make run`` in a checkout, on a free port, with an empty home."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as home:
        environment = {
            **os.environ, "PORT": str(port), "GHOSTNOTES_HOME": home,
            "STREAMLIT_SERVER_HEADLESS": "true",
        }  # fmt: skip
        process = subprocess.Popen(
            ["make", "-s", "run"], cwd=checkout, env=environment, start_new_session=True,
            stdout=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            wait_for_port(port, process)
            yield f"http://127.0.0.1:{port}"
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def wait_for_port(port: int, process: subprocess.Popen[bytes]) -> None:
    """Until somebody listens there, or the process ended."""
    while process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise RuntimeError(f"make run ended with {process.returncode}")


def laugh(browser: Browser, url: str) -> None:
    """Open the first page as a new visitor and wait until its line can be read."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(url)
    page.wait_for_selector(LAUGH, timeout=60_000)
    context.close()


def on_real_tables(data: Path) -> Iterator[Row]:
    """Import of the biggest export, and recommendations over the tt catalogue."""
    from library.exportify import read
    from music.tracks import as_tracks
    from recommender.recommend import Recommender

    biggest = max(data.glob("exportify_library_*.csv.gz"), key=lambda p: p.stat().st_size)
    library, _ = read(biggest, "export")
    time_ms = median_ms(lambda: read(biggest, "export"))
    yield Row(f"import of {len(library):,} tracks from Exportify", time_ms, "ms")

    table = pd.read_csv(data / "tt_playlists_dev.csv.gz").drop_duplicates("track_id")
    names = {
        "track_name": "name", "track_artist": "artists", "track_album_name": "album",
        "track_popularity": "popularity", "loudness": "loudness_db", "tempo": "tempo_bpm",
    }  # fmt: skip
    table = table.rename(columns=names).assign(
        year=table["track_album_release_date"].str[:4], duration_s=table["duration_ms"] / 1000
    )
    tracks = as_tracks(table, "tt")
    recommender = Recommender(tracks)
    rng = np.random.default_rng(0)
    times = [
        times_ms(lambda s=seeds: recommender.recommend(s, n=100), 1, warm=0)[0]
        for seeds in (rng.choice(tracks.index, 10, replace=False).tolist() for _ in range(201))
    ][1:]
    what = f"recommend 100 of {len(tracks):,} from 10 seeds"
    yield Row(f"{what}, p50", float(np.percentile(times, 50)), "ms", 10)
    yield Row(f"{what}, p99", float(np.percentile(times, 99)), "ms", 50)


def words() -> Iterator[Row]:
    """Demo, facts, roast and band."""
    from library.demo import demo_library
    from llm.band import invent_band
    from llm.roast import roast
    from music.profile import taste_profile
    from studio.listener import Listener

    invent = demo_library.__wrapped__  # past the cache: what the first visitor waits for
    yield Row("demo library", median_ms(invent, 3), "ms", 500)
    who = Listener(demo_library(), "demo")
    yield Row("facts of the demo library", median_ms(lambda: taste_profile(who.library), 3), "ms")
    yield Row("roast, grammar", median_ms(lambda: roast(who.profile, seed=1)), "ms", 500, 5)
    vibe = who.facets[0].vibe
    yield Row("band, grammar", median_ms(lambda: invent_band(vibe, seed=1)), "ms", 500, 5)


def sound() -> Iterator[Row]:
    """An eight-bar preview with its WAV bytes, and a minute of music."""
    from music.vibe import Vibe
    from synth.config import config_from_vibe
    from synth.render import render

    vibe = Vibe.of({"energy": 0.6, "valence": 0.4}, ["lo-fi"])
    render(config_from_vibe(vibe, seed=0)).wav()
    seeds = iter(range(1, 100))
    time_ms = median_ms(lambda: render(config_from_vibe(vibe, seed=next(seeds))).wav())
    yield Row("8-bar preview with WAV, warm, never rendered before", time_ms, "ms", 300, 100)
    minute = median_ms(lambda: render(config_from_vibe(vibe, seed=next(seeds)), duration_s=60.0), 3)
    yield Row("60 s render", 60_000 / minute, "x real time", better="more")


if __name__ == "__main__":
    raise SystemExit(run(rows))
