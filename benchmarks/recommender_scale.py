"""Beyond one machine's comfort: 1.2 million songs in memory, and as vectors in PostgreSQL."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from benchmarks.recommender_speed import million
from benchmarks.table import Row, median_ms, run
from recommender.index import Index, NumpyIndex, Vectors, Where

N = 1_200_000
WIDTH = 16
N_SCENES = 300
K = 100
N_QUERIES = 20
NARROW: Where = {"year": (1991, 1991)}
WIDE: Where = {"year": (1990, None)}


def proof() -> Iterator[Row]:
    """Everything at 1.2 million rows."""
    yield from million()
    yield from pgvector()


def pgvector(n: int = N) -> Iterator[Row]:
    """Load, search and filter in a real PostgreSQL with pgvector, beside exact numpy."""
    from recommender.postgres import PostgresIndex

    ids, vectors, numbers = _points(n)
    here = NumpyIndex()
    here.add(ids, vectors, numbers)
    asked = vectors[np.random.default_rng(1).integers(0, n, N_QUERIES)] + np.float32(0.05)
    with tempfile.TemporaryDirectory() as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)  # pgserver looks when it is imported
        import pgserver

        server = pgserver.get_server(Path(folder) / "data")
        index = PostgresIndex(server.get_uri(), WIDTH, ["year"])
        start = time.perf_counter()
        index.add(ids, vectors, numbers)
        took = time.perf_counter() - start
        size = f"{index.size_bytes() / 1e6:,.0f} MB on disk"
        yield Row(f"pgvector, {n:,} x {WIDTH}: load", took, "s", peer=size)
        yield from _asked("exact", index, here, asked[:5])
        start = time.perf_counter()
        index.make_approximate(links=8, width=64)
        took = time.perf_counter() - start
        size = f"{index.size_bytes() / 1e6:,.0f} MB on disk"
        yield Row("pgvector: HNSW graph built", took, "s", peer=size)
        index.look_at(1_000)
        yield from _asked("HNSW", index, here, asked)
        index.close()
        server.cleanup()


def _asked(how: str, index: Any, here: NumpyIndex, asked: Vectors) -> Iterator[Row]:
    """Recall against numpy, and times, without and with filters."""
    for name, where in (("", None), (", half the years", WIDE), (", one year", NARROW)):
        found = _recall(index, here, asked, where)
        ours = median_ms(lambda where=where: index.search(asked[0], K, where), 5)
        peer = median_ms(lambda where=where: here.search(asked[0], K, where), 5)
        yield Row(f"pgvector, {how}{name}: recall@100", found, "", 0.99, better="more")
        yield Row(f"pgvector, {how}{name}: question", ours, "ms", peer=f"numpy {peer:.0f} ms")


def _recall(index: Index, here: Index, asked: Vectors, where: Where | None) -> float:
    hits = [
        len({i for i, _ in index.search(q, K, where)} & {i for i, _ in here.search(q, K, where)})
        for q in asked
    ]
    return float(np.mean(hits)) / K


def _points(n: int) -> tuple[list[str], Vectors, pd.DataFrame]:
    """N points in clusters of uneven size, as songs lie in a taste space."""
    rng = np.random.default_rng(0)
    centres = rng.normal(size=(N_SCENES, WIDTH))
    scene = (N_SCENES * rng.random(n) ** 2).astype(int)
    vectors = (centres[scene] + 0.4 * rng.normal(size=(n, WIDTH))).astype(np.float32)
    numbers = pd.DataFrame({"year": rng.integers(1960, 2024, n).astype(float)})
    return [f"t{i}" for i in range(n)], vectors, numbers


if __name__ == "__main__":
    raise SystemExit(run(proof))
