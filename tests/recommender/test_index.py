"""One protocol, several indexes: the nearest come first, filters hold, unknown does not pass.

The same promises are kept by the index in memory and by PostgreSQL with pgvector; the latter on a
server of our own that the `pgserver` wheel brings.
"""

import contextlib
import subprocess
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from music.errors import InputError, StoreError
from recommender.index import NumpyIndex

N, WIDTH = 2_000, 8
COLUMNS = ("year", "energy")


def some(n=N, seed=0):
    rng = np.random.default_rng(seed)
    vectors = rng.normal(size=(n, WIDTH)).astype(np.float32)
    numbers = pd.DataFrame({"year": rng.integers(1960, 2025, n) * 1.0, "energy": rng.random(n)})
    numbers.loc[::7, "energy"] = np.nan
    return [f"t{i}" for i in range(n)], vectors, numbers


def started(pgserver, folder):
    """The server; on a busy machine it may take longer than the wheel waits, so ask again."""
    for _ in range(3):
        with contextlib.suppress(subprocess.SubprocessError):
            return pgserver.get_server(folder)
    return pgserver.get_server(folder)


@pytest.fixture(scope="module")
def server():
    """Outside pytest's folder, which belongs to root alone where root runs the tests."""
    with (
        pytest.MonkeyPatch.context() as patch,
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
    ):
        patch.setenv("XDG_RUNTIME_DIR", folder)
        pgserver = pytest.importorskip("pgserver", reason="needs the pgserver wheel")
        running = started(pgserver, Path(folder) / "data")
        yield running.get_uri()
        running.cleanup()


@pytest.fixture(scope="module", params=["numpy", "postgres"])
def make(request):
    """A function that makes an empty index of one kind."""
    if request.param == "numpy":
        yield NumpyIndex
        return
    from recommender.postgres import PostgresIndex

    uri, made = request.getfixturevalue("server"), []

    def connect():
        made.append(PostgresIndex(uri, WIDTH, COLUMNS, table=f"index_{len(made)}"))
        return made[-1]

    yield connect
    for index in made:
        index.close()


@pytest.fixture(scope="module")
def filled(make):
    index = make()
    index.add(*some())
    return index


def exact(query, k, passing=None):
    ids, vectors, _ = some()
    gaps = np.linalg.norm(vectors - query, axis=1)
    gaps = gaps if passing is None else np.where(passing, gaps, np.inf)
    return [ids[i] for i in np.argsort(gaps, kind="stable")[:k]]


def test_recall_against_every_distance_computed(filled):
    found = 0
    for query in np.random.default_rng(1).normal(size=(10, WIDTH)).astype(np.float32):
        found += len(set(exact(query, 100)) & {i for i, _ in filled.search(query, 100)})
    assert found / 1_000 >= 0.99


def test_nearest_first_and_itself_at_no_distance(filled):
    ids, vectors, _ = some()
    found = filled.search(vectors[5], 20)
    assert found[0][0] == ids[5]
    assert found[0][1] == pytest.approx(0, abs=1e-3)
    assert [gap for _, gap in found] == sorted(gap for _, gap in found)


def test_filters_hold_and_unknown_does_not_pass(filled):
    _, _, numbers = some()
    where = {"year": (1990, 1999), "energy": (0.5, None)}
    passing = (numbers["year"].between(1990, 1999) & (numbers["energy"] >= 0.5)).to_numpy()
    query = np.zeros(WIDTH, dtype=np.float32)
    found = [i for i, _ in filled.search(query, 50, where)]
    assert found == exact(query, 50, passing)


def test_a_filter_nothing_passes_finds_nothing(filled):
    assert filled.search(np.zeros(WIDTH, dtype=np.float32), 5, {"year": (3000, None)}) == []


def test_an_id_that_is_there_is_replaced(make):
    index = make()
    ids, vectors, numbers = some(20)
    index.add(ids, vectors, numbers)
    index.add(["t3"], np.full((1, WIDTH), 9, np.float32), numbers.iloc[[3]])
    assert len(index) == 20
    assert index.search(np.full(WIDTH, 9, np.float32), 1)[0][0] == "t3"


def test_an_empty_index_finds_nothing(make):
    assert make().search(np.zeros(WIDTH, dtype=np.float32), 5) == []


def test_bad_input_is_told_and_changes_nothing(make):
    index = make()
    ids, vectors, numbers = some(10)
    index.add(ids, vectors, numbers)
    with pytest.raises(InputError, match="do not fit together"):
        index.add(ids[:3], vectors, numbers)
    with pytest.raises(InputError, match="vectors of 8 numbers, not 3"):
        index.add(ids, vectors[:, :3], numbers)
    with pytest.raises(InputError, match="NaN"):
        index.add(ids, vectors * np.nan, numbers)
    with pytest.raises(InputError, match="no column"):
        index.search(vectors[0], 3, {"drop table": (0, 1)})
    assert len(index) == 10


def test_names_from_outside_stay_values(make):
    index = make()
    ids = ["'; DROP TABLE x; --", "ünï\tcode\n", "\\N"]
    _, vectors, numbers = some(3)
    index.add(ids, vectors, numbers)
    assert {i for i, _ in index.search(vectors[0], 3)} == set(ids)


def test_an_approximate_search_in_postgres_misses_hardly_any(server):
    from recommender.postgres import PostgresIndex

    with contextlib.closing(PostgresIndex(server, WIDTH, COLUMNS, table="graph")) as index:
        index.add(*some())
        index.make_approximate()
        index.look_at(400)
        query = np.random.default_rng(2).normal(size=WIDTH).astype(np.float32)
        found = {i for i, _ in index.search(query, 100)}
        assert len(found & set(exact(query, 100))) >= 99


def test_a_filter_that_few_pass_is_honoured_by_a_graph_too(server):
    from recommender.postgres import PostgresIndex

    _, _, numbers = some()
    passing = (numbers["year"] == 1977).to_numpy()
    with contextlib.closing(PostgresIndex(server, WIDTH, COLUMNS, table="narrow")) as index:
        index.add(*some())
        index.make_approximate()
        index.look_at(40)
        query = np.random.default_rng(3).normal(size=WIDTH).astype(np.float32)
        k = int(passing.sum())
        found = [i for i, _ in index.search(query, k, {"year": (1977, 1977)})]
        assert found == exact(query, k, passing)


def test_a_filter_is_honoured_however_often_it_is_asked(server):
    """A statement sent often is prepared by the driver, and its plan is kept by the server."""
    from recommender.postgres import PostgresIndex

    rng = np.random.default_rng(4)
    vectors = rng.normal(size=(2_000, WIDTH)).astype(np.float32)
    numbers = pd.DataFrame({"year": rng.integers(0, 8, 2_000) * 1.0, "energy": 0.5})
    here, k, third = NumpyIndex(), 60, {"year": (3, 3)}
    with contextlib.closing(PostgresIndex(server, WIDTH, COLUMNS, table="often")) as index:
        for one in (here, index):
            one.add([f"t{i}" for i in range(2_000)], vectors, numbers)
        index.make_approximate(links=4, width=16)
        index.look_at(40)
        for query in rng.normal(size=(15, WIDTH)).astype(np.float32):
            found = {i for i, _ in index.search(query, k, third)}
            assert found == {i for i, _ in here.search(query, k, third)}


def test_a_replica_that_may_only_read_answers(server):
    from recommender.postgres import PostgresIndex

    with contextlib.closing(PostgresIndex(server, WIDTH, COLUMNS, table="copied")) as primary:
        primary.add(*some(200))
    only_read = f"{server}&options=-c%20default_transaction_read_only%3Don"
    with contextlib.closing(PostgresIndex(only_read, WIDTH, COLUMNS, table="copied")) as replica:
        assert replica.search(some(200)[1][5], 1)[0][0] == "t5"


def test_a_table_in_partitions_keeps_the_same_promises(server):
    import psycopg

    from recommender.postgres import PostgresIndex

    columns = "id text PRIMARY KEY, place vector(8) NOT NULL, year real, energy real"
    with psycopg.connect(server, autocommit=True) as database:
        database.execute("CREATE EXTENSION IF NOT EXISTS vector")
        database.execute(f"CREATE TABLE parted ({columns}) PARTITION BY HASH (id)")
        for part in range(3):
            rest = f"FOR VALUES WITH (MODULUS 3, REMAINDER {part})"
            database.execute(f"CREATE TABLE parted_{part} PARTITION OF parted {rest}")
    query = np.random.default_rng(4).normal(size=WIDTH).astype(np.float32)
    with contextlib.closing(PostgresIndex(server, WIDTH, COLUMNS, table="parted")) as index:
        index.add(*some())
        index.add(*some(50))  # what is there is replaced
        assert len(index) == N
        assert [i for i, _ in index.search(query, 50)] == exact(query, 50)
        index.make_approximate()
        index.look_at(400)
        assert len({i for i, _ in index.search(query, 100)} & set(exact(query, 100))) >= 99


def test_a_database_that_is_not_there_is_told(tmp_path):
    from recommender.postgres import PostgresIndex

    with pytest.raises(StoreError, match="cannot hold an index"):
        PostgresIndex(f"postgresql://nobody@/none?host={tmp_path}", WIDTH)
    with pytest.raises(InputError, match="no plain name"):
        PostgresIndex("postgresql://", WIDTH, table="a; DROP")
