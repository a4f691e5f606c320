"""How fast and how big the recommender is, beside the recipe that is copied everywhere."""

from __future__ import annotations

import subprocess
import sys
import time
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pandas as pd

from benchmarks.recommender_data import invented, invented_playlists, read, usual_recipe
from benchmarks.table import Row, times_ms
from recommender.catalogue import Catalogue
from recommender.learn import examples, fit_weights
from recommender.recommend import Recommender
from recommender.trees import fit_trees

N_ASKED = 100  # tracks a question asks for
N_SEEDS = 10
N_QUESTIONS = 200


def speed() -> Iterator[Row]:
    """All tiers on 26,000 songs, bigger catalogues, memory and import; one process, one thread."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        yield from _tiers(26_000)
        yield from _beside_the_recipe()
        yield from _bigger(114_000)
    yield Row("import of the room", _import_s(), "s", 1.5)


def million() -> Iterator[Row]:
    """1.2 million songs: 5,000 are retrieved exactly and looked at one by one."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        tracks = invented(1_200_000)
        start = time.perf_counter()
        recommender = Recommender(tracks)
        yield Row("1.2M songs: catalogue made ready", time.perf_counter() - start, "s")
        yield from _questions("1.2M songs, zero-shot", recommender, 100, None, n=40)


def _tiers(n: int) -> Iterator[Row]:
    tracks = invented(n)
    playlists = invented_playlists(tracks, 330)
    yield from _questions(f"{n:,} songs, zero-shot", Recommender(tracks), 10, 50)
    start = time.perf_counter()
    catalogue = Catalogue(tracks).beside(playlists)
    found = list(examples(catalogue, seed=0))
    weights = fit_weights(catalogue, found)
    linear_s = time.perf_counter() - start
    trees = fit_trees(catalogue, found, weights)
    both_s = time.perf_counter() - start
    said = f"{len(playlists)} playlists, {linear_s:.0f} s without the trees"
    yield Row(f"{n:,} songs: fit, both learned tiers", both_s, "s", 120, peer=said)
    yield from _questions(f"{n:,} songs, tier 1", Recommender(catalogue, weights), 10, 50)
    yield from _questions(f"{n:,} songs, tier 2", Recommender(catalogue, weights, trees), 50, 150)


def _beside_the_recipe() -> Iterator[Row]:
    """The same real catalogue, the same questions: ours, the recipe as copied, its sparse form."""
    data = read("pp")
    every = pd.concat([data.tracks, read("tt").tracks])
    tracks = every[~every.index.duplicated()].head(26_000)
    seeds = [ids[:N_SEEDS] for ids in data.known.values() if len(ids) >= N_SEEDS]
    ours = float(np.median(_took(Recommender(tracks), seeds[:40])))
    dense, light = (usual_recipe(tracks, dense=d) for d in (True, False))
    slow = float(np.median([times_ms(lambda s=s: dense(s, N_ASKED), 1, 0)[0] for s in seeds[:7]]))
    quick = float(np.median([times_ms(lambda s=s: light(s, N_ASKED), 1)[0] for s in seeds[:40]]))
    where = f"{len(tracks):,} real songs, ours {ours:.1f} ms"
    yield Row("times the usual recipe, dense", slow / ours, "x", 100, None,
              f"{where}, dense {slow:,.0f} ms", "more")  # fmt: skip
    yield Row("times the usual recipe, sparse", quick / ours, "x", None, None,
              f"{where}, sparse {quick:.1f} ms", "more")  # fmt: skip


def _bigger(n: int) -> Iterator[Row]:
    tracks = invented(n)
    tracemalloc.start()
    catalogue = Catalogue(tracks)
    Recommender(catalogue).recommend(tracks.index[:N_SEEDS], N_ASKED)
    made = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    table = tracks.memory_usage(deep=True).sum() / 1e6
    said = f"{table:.0f} MB of it the track table"
    yield Row(f"memory of a catalogue of {n:,}", made + table, "MB", 200, peer=said)
    yield from _questions(f"{n:,} songs, zero-shot", Recommender(catalogue), 25, None)
    known = Catalogue(tracks).beside(invented_playlists(tracks, 330))
    weights = fit_weights(known, list(examples(known, seed=0)))
    yield from _questions(f"{n:,} songs, tier 1", Recommender(known, weights), 25, None)


def _questions(
    name: str, recommender: Recommender, p50: float, p99: float | None, n: int = N_QUESTIONS
) -> Iterator[Row]:
    """Median and 99th percentile over questions that were never asked before."""
    ids = recommender.catalogue.ids
    rng = np.random.default_rng(0)
    seeds = [ids[rng.integers(0, len(ids), N_SEEDS)].tolist() for _ in range(n)]
    took = _took(recommender, seeds)
    start = time.process_time()
    for some in seeds[:20]:
        recommender.recommend(some, N_ASKED)
    busy = (time.process_time() - start) / len(seeds[:20]) * 1e3
    yield Row(f"{name}, p50", float(np.median(took)), "ms", p50, peer=f"{busy:.1f} ms of one core")
    yield Row(f"{name}, p99", float(np.percentile(took, 99)), "ms", p99)


def _took(recommender: Recommender, seeds: list[list[str]]) -> list[float]:
    recommender.recommend(seeds[0], N_ASKED)
    return [times_ms(lambda s=s: recommender.recommend(s, N_ASKED).ids, 1, 0)[0] for s in seeds]


def _import_s() -> float:
    code = (
        "import time; start = time.perf_counter(); import recommender.recommend; "
        "print(time.perf_counter() - start)"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(5)
    ]
    return float(np.median([float(one.stdout) for one in said]))
