"""What it takes to bring one's music in: importing, keeping, looking features up, syncing."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from benchmarks.table import Row, median_ms, run
from library.demo import demo_library
from library.demo.material import scenes
from library.importing import read_any
from library.store import Store

N_PLAYS = 250_000
N_CATALOGUE = 1_200_000
N_FILES = 16  # a ten-year history comes in about as many

# Run in a process of its own, so that the peak of memory is the import's alone.
_PEAK = """
def peak_mb():
    # ru_maxrss of a new process begins at its parent's size; VmHWM is its own.
    lines = open("/proc/self/status").read().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM"))
"""
_IMPORT = (
    _PEAK
    + """
import sys, time
from library.importing import read_any
start = time.perf_counter()
library, report = read_any([sys.argv[1]])
seconds = time.perf_counter() - start
assert report.adds_up
print(seconds, peak_mb(), len(library.plays))
"""
)
_INDEX = (
    _PEAK
    + """
import sys, time
from pathlib import Path
from library.catalogue import index_catalogue
from library.opening import files_in
start = time.perf_counter()
report = index_catalogue(files_in(sys.argv[1])[0], Path(sys.argv[2]))
seconds = time.perf_counter() - start
assert report.adds_up
print(seconds, peak_mb(), report.n_kept)
"""
)


def rows() -> Iterator[Row]:
    """Every row; without real tables some are left out, and that is said."""
    yield from demo()
    if data := os.environ.get("GHOSTNOTES_DATA"):
        yield from real_files(Path(data))
        yield from estimates(Path(data))
    else:
        print("GHOSTNOTES_DATA is not set: the rows on real tables are left out.")
    with tempfile.TemporaryDirectory() as folder:
        yield from store(Path(folder))
        yield from plays(Path(folder))
        yield from catalogue(Path(folder))
        yield from sync(Path(folder))


def demo() -> Iterator[Row]:
    """The invented library, from nothing."""
    yield Row("invent the demo library", median_ms(lambda: demo_library.__wrapped__(0)), "ms", 400)


def real_files(data: Path) -> Iterator[Row]:
    """The biggest export that the shared tables hold."""
    path = data / "exportify_library_2.csv.gz"
    library, report = read_any(path)
    name = f"import Exportify, {report.n_read:,} rows"
    yield Row(name, median_ms(lambda: read_any(path)), "ms", 1_000, 300)
    yield Row("rows not accounted for", float(not report.adds_up), "rows", 0)
    yield Row("tracks read of it", float(len(library)), "tracks", 2_701, better="more")


def estimates(data: Path) -> Iterator[Row]:
    """How well features of held-out tracks are estimated, in percentiles."""
    from library.estimate import AverageEstimator
    from library.estimate_train import r2_of
    from music.tracks import percentiles

    tracks = read_any(data / "exportify_library_2.csv.gz")[0].tracks
    test = np.random.default_rng(0).random(len(tracks)) < 0.3
    guess = AverageEstimator().fit(tracks[~test]).predict(tracks[test])
    r2 = r2_of(percentiles(tracks[test]), guess)
    for name, value in r2.items():
        yield Row(f"estimate {name}, R2 on held-out tracks", value, "", better="more")


def store(folder: Path) -> Iterator[Row]:
    """Keeping a library of 2,000 tracks and 17,200 plays."""
    kept = Store(f"sqlite:///{folder}/ghostnotes.sqlite")
    library = demo_library()
    yield Row("save a library", median_ms(lambda: kept.save_library("me", library)), "ms", 300)
    yield Row("load a library", median_ms(lambda: kept.load_library("me")), "ms", 150)
    kept.close()


def plays(folder: Path, n: int = N_PLAYS) -> Iterator[Row]:
    """Ten years of an extended streaming history."""
    source = folder / "history"
    source.mkdir()
    history(source, n)
    seconds, peak_mb, found = _alone(_IMPORT, str(source))
    yield Row(f"import {found:,.0f} plays", seconds, "s", 20)
    yield Row("plays a second", found / seconds, "plays/s", 12_500, better="more")
    yield Row("peak memory of it", peak_mb, "MB", 1_000)


def catalogue(folder: Path, n: int = N_CATALOGUE) -> Iterator[Row]:
    """A catalogue file as big as the biggest people hold, and a question to it."""
    from library.catalogue_index import CatalogueIndex

    source, target = folder / "tracks_features.csv", folder / "catalogue.parquet"
    catalogue_file(source, n)
    seconds, peak_mb, found = _alone(_INDEX, str(source), str(target))
    yield Row(f"index a catalogue of {found:,.0f} tracks", seconds, "s", aim=120)
    yield Row("peak memory of it", peak_mb, "MB", 600)
    index, tracks = CatalogueIndex(target), demo_library().tracks
    yield Row("ask it for 2,000 tracks by name", median_ms(lambda: index.look_up(tracks), 3), "ms")


def sync(folder: Path) -> Iterator[Row]:
    """A first and a second sync with the pretend Spotify."""
    from tests.spotify_simulator.figures import sync_figures

    figures = sync_figures(folder)
    name = f"sync {figures.n_tracks:,} tracks, {figures.n_playlists} playlists"
    yield Row(f"{name}: calls, first time", figures.calls_cold, "calls", 320)
    yield Row(f"{name}: calls, nothing new", figures.calls_warm, "calls", 10)
    yield Row(f"{name}: first time, unpaced", figures.seconds_cold, "s")


def history(folder: Path, n: int) -> None:
    """Write so many plays of 20,000 songs as an extended streaming history in several files."""
    rng, begin = random.Random(0), datetime(2014, 1, 1, tzinfo=UTC)  # noqa: S311
    for part in range(N_FILES):
        some = range(part * n // N_FILES, (part + 1) * n // N_FILES)
        objects = [_play(k, rng.randrange(20_000), begin, rng) for k in some]
        text = json.dumps(objects, indent=2)
        (folder / f"Streaming_History_Audio_{part}.json").write_text(text, encoding="utf-8")


def catalogue_file(path: Path, n: int) -> None:
    """Write a CSV with the header of ``tracks_features.csv`` and so many invented tracks."""
    rng = random.Random(0)  # noqa: S311
    titles = [title for scene in scenes() for title, _ in scene.songs if "," not in title]
    bands = [band.replace('"', "").replace("'", "") for scene in scenes() for band in scene.bands]
    features = "0.5,0.6,5,-7.0,1,0.05,0.1,0.0,0.1"
    with path.open("w", encoding="utf-8") as file:
        file.write(
            "id,name,album,album_id,artists,artist_ids,track_number,disc_number,explicit,"
            "danceability,energy,key,loudness,mode,speechiness,acousticness,instrumentalness,"
            "liveness,valence,tempo,duration_ms,time_signature,year,release_date\n"
        )
        for k in range(n):
            title = f"{rng.choice(titles)} {k % 977}".replace('"', "")
            artists = f"\"['{rng.choice(bands)} {k % 89}']\""
            file.write(
                f'{k:022d},"{title}",Album {k % 5000},{k:022d},{artists},"[]",{k % 12},1,False,'
                f"{features},0.{k % 1000:03d},{90 + k % 80},{180_000 + k % 9999},4.0,2004,"
                "2004-05-06\n"
            )


def _play(k: int, song: int, begin: datetime, rng: random.Random) -> dict[str, object]:
    return {
        "ts": (begin + timedelta(seconds=1_250 * k)).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "username": "somebody", "platform": "a phone", "ms_played": rng.randrange(300_000),
        "conn_country": "IS", "ip_addr_decrypted": "192.0.2.1", "user_agent_decrypted": "unknown",
        "city": "Somewhere", "region": "01",
        "master_metadata_track_name": f"Song number {song}",
        "master_metadata_album_artist_name": f"Band number {song % 1_500}",
        "master_metadata_album_album_name": f"Album number {song % 4_000}",
        "spotify_track_uri": f"spotify:track:{song:022d}", "episode_name": None,
        "episode_show_name": None, "spotify_episode_uri": None, "reason_start": "trackdone",
        "reason_end": "trackdone", "shuffle": False, "skipped": None, "offline": False,
        "offline_timestamp": 0, "incognito_mode": False,
    }  # fmt: skip


def _alone(code: str, *arguments: str) -> tuple[float, float, float]:
    """Run a piece of code in a process of its own; what it prints as three numbers."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, check=True
    )
    seconds, peak_mb, n = (float(word) for word in done.stdout.split())
    return seconds, peak_mb, n


if __name__ == "__main__":
    raise SystemExit(run(rows))
