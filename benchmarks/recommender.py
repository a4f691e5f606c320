"""How good and how fast the recommender is: ``python -m benchmarks.recommender [--check]``.

Quality on real playlists (needs ``GHOSTNOTES_DATA``), beside the usual recipe and the same-artist
floor on the same questions. Speed on invented catalogues. With ``GHOSTNOTES_PROOF=1`` also 1.2
million songs, in memory and in PostgreSQL.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np
import pandas as pd

from benchmarks.recommender_data import (
    Answer,
    Collection,
    invented,
    read,
    same_artist,
    usual_recipe,
)
from benchmarks.table import Row, run, times_ms
from music.tracks import vibe_of_tracks
from recommender.catalogue import Catalogue
from recommender.evaluate import Quality, evaluate, questions
from recommender.learn import Example, examples, fit_weights
from recommender.map import map_points
from recommender.nearest import nearest
from recommender.recommend import Recommender
from recommender.score import Weights
from recommender.trees import fit_trees

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
SETS = ("tt", "pp", "ph")
ZERO_MUST, ZERO_AIM = (0.25, 0.38, 0.27), (0.27, 0.40, 0.29)
# Bounds for unseen playlists; the split inside the developers' playlists is another, easier table.
TRAINED_MUST, TRAINED_AIM = (0.33, 0.46, 0.49), (0.38, 0.54, 0.57)
ONE_SEED_MUST = (0.18, 0.34, 0.38)
NEW_ARTIST_MUST = (0.50, 0.70, 0.65)


def rows() -> Iterator[Row]:
    """Everything, quality first."""
    for i, name in enumerate(SETS):
        yield from quality(name, i)
    yield from hops()
    yield from speed()
    yield from map_rows()
    if PROOF:
        yield from proof()


def ask(recommender: Recommender) -> Answer:
    """A recommender as something that answers."""
    return lambda seeds, n: recommender.recommend(seeds, n).ids


def quality(name: str, i: int) -> Iterator[Row]:
    """Zero-shot and trained figures of one collection of playlists."""
    data = read(name)

    def measure(answer: Answer, ks: Sequence[int] = (10,)) -> Quality:
        return evaluate(answer, data.asked, data.tracks.index, ks, repetitions=1)

    floor, usual = (measure(make(data.tracks)) for make in (same_artist, usual_recipe))
    peer = f"usual recipe {usual.mean():.3f}, same artist {floor.mean():.3f}"
    zero = measure(ask(Recommender(data.tracks)))
    more = {"better": "more"}
    yield _ndcg(f"{name} zero-shot, 10 seeds", zero, 10, ZERO_MUST[i], ZERO_AIM[i], peer)
    yield _gain(f"{name} zero-shot over same artist", zero, floor)

    start = time.perf_counter()
    catalogue = Catalogue(data.tracks).beside(data.known)
    found = list(examples(catalogue, seed=0))
    weights = fit_weights(catalogue, found)
    fit_s = time.perf_counter() - start
    watched = Watched(ask(Recommender(catalogue, weights)), data)
    trained = measure(watched, (1, 5, 10, 25))
    yield _ndcg(f"{name} trained, 10 seeds", trained, 10, TRAINED_MUST[i], TRAINED_AIM[i], peer)
    yield _gain(f"{name} trained over zero-shot", trained, zero)
    yield _ndcg(f"{name} trained, 1 seed", trained, 1, ONE_SEED_MUST[i], None, "")
    yield _ndcg(f"{name} trained, 5 seeds", trained, 5, None, None, "")
    yield _ndcg(f"{name} trained, 25 seeds", trained, 25, None, None, "")
    blind = measure(ask(Recommender(catalogue, _blind(catalogue, found))))
    yield _ndcg(f"{name} trained, blind to what is filed", blind, 10, None, None, "10 seeds")
    trees = fit_trees(catalogue, found, weights)
    second = measure(ask(Recommender(catalogue, weights, trees)))
    gain, low, high = second.gain(trained)
    said = f"gain {gain:+.3f} ({low:+.3f} to {high:+.3f})"
    yield _ndcg(f"{name} trained with trees", second, 10, None, None, said)
    watch = watched.figures()
    yield Row(f"{name} new-artist recall@500", watch["new"], "share", NEW_ARTIST_MUST[i], **more)
    spread = 0.65 if name != "ph" else None
    yield Row(f"{name} artists per 100", watch["artists"], "share", spread, **more)
    lift = 0.05 if name != "ph" else None
    yield Row(f"{name} popularity lift", abs(watch["lift"]), "share", lift)
    yield Row(f"{name} faulty answers", trained.faulty + zero.faulty, "answers", 0)
    yield Row(f"{name} fit on {len(data.known)} playlists", fit_s, "s", 120)
    if name != "ph":
        yield _without_sound(name, data, trained)


def _without_sound(name: str, data: Collection, trained: Quality) -> Row:
    """How much is lost when every audio feature is gone, learned anew."""
    bare = data.tracks.copy()
    bare.loc[:, "danceability":"tempo_bpm"] = np.nan
    catalogue = Catalogue(bare).beside(data.known)
    weights = fit_weights(catalogue, list(examples(catalogue, seed=0)))
    answer = ask(Recommender(catalogue, weights))
    left = evaluate(answer, data.asked, bare.index, (10,), 1).mean()
    return Row(f"{name} loss without audio features", 1 - left / trained.mean(), "share", 0.05)


class Watched:
    """An answerer whose ten-seed answers are looked at beyond accuracy."""

    def __init__(self, answer: Answer, data: Collection) -> None:
        self._answer, self._data = answer, data
        self._said: dict[tuple[str, ...], list[str]] = {}

    def __call__(self, seeds: Sequence[str], n: int) -> list[str]:
        """Answer, and remember what was said."""
        self._said[tuple(seeds)] = found = self._answer(seeds, n)
        return found

    def figures(self) -> dict[str, float]:
        """Means over playlists: new-artist recall@500, artists per 100, popularity lift."""
        artist = self._data.tracks["artists"].str.casefold().to_dict()
        fame = self._data.tracks["popularity"].rank(pct=True).to_dict()
        new, artists, lift = [], [], []
        for _, _, seeds, hidden in questions(self._data.asked, (10,), 1):
            found = self._said[tuple(seeds)]
            met = {artist[t] for t in seeds}
            unmet = [t for t in hidden if artist[t] not in met]
            if unmet:
                new.append(len(set(unmet) & set(found)) / len(unmet))
            top = found[:100]
            artists.append(len({artist[t] for t in top}) / len(top))
            lift.append(np.mean([fame[t] for t in top]) - np.mean([fame[t] for t in hidden]))
        return {"new": np.mean(new), "artists": np.mean(artists), "lift": np.mean(lift)}


def hops() -> Iterator[Row]:
    """Playlist -> vibe -> nearest tracks: the share that has the playlist's genre."""
    raw = pd.read_csv(f"{os.environ['GHOSTNOTES_DATA']}/tt_playlists_dev.csv.gz", dtype=str)
    of_song = raw.groupby("track_id")["playlist_genre"].agg(set).to_dict()
    of_list = raw.groupby("playlist_id")["playlist_genre"].agg(set).to_dict()
    data = read("tt")
    lists = {**data.known, **data.asked}
    share = _hop(data.tracks, lists, lambda t, p: bool(of_song[t] & of_list[p]), words=False)
    yield Row("tt playlist to vibe to tracks, sound", share, "share", 0.50, better="more")
    data = read("pp")
    genres = data.tracks["genres"].fillna("").str.split("; ").map(set).to_dict()
    lists = {**data.known, **data.asked}
    top = {p: _top_genres([genres[t] for t in ids]) for p, ids in lists.items()}
    share = _hop(data.tracks, lists, lambda t, p: bool(genres[t] & top[p]), words=True)
    yield Row("pp playlist to vibe to tracks, words", share, "share", 0.79, better="more")


def _top_genres(songs: Sequence[set[str]]) -> set[str]:
    counts = pd.Series([g for song in songs for g in song if g]).value_counts()
    return set(counts.head(3).index)


def _hop(
    tracks: pd.DataFrame,
    playlists: Mapping[str, list[str]],
    same: Callable[[str, str], bool],
    words: bool,
) -> float:
    """Mean share of the 20 nearest other tracks that are the same as the playlist."""
    shares = []
    for name in sorted(playlists)[::4]:
        ids = playlists[name]
        vibe = vibe_of_tracks(tracks.loc[ids], "", n_words=8 if words else 0)
        found = nearest(tracks.drop(index=ids), vibe, 20).index
        shares.append(np.mean([same(t, name) for t in found]))
    return float(np.mean(shares))


def speed() -> Iterator[Row]:
    """Questions a second, beside the recipe as it is copied."""
    tracks = invented(26_000)
    recommender = Recommender(tracks)
    rng = np.random.default_rng(0)
    seeds = [tracks.index[rng.integers(0, len(tracks), 10)].tolist() for _ in range(60)]
    took = _took(recommender, seeds)
    dense, light = (usual_recipe(tracks.head(18_000), dense=d) for d in (True, False))
    near = [tracks.index[:10].tolist()] * 3
    slow = float(np.median([times_ms(lambda s=s: dense(s, 100), 1, 0)[0] for s in near]))
    quick = float(np.median(times_ms(lambda: light(near[0], 100), 5)))
    peer = f"usual recipe on 18k: dense {slow:,.0f} ms, sparse {quick:.1f} ms"
    yield Row("question, 26k songs, p50", float(np.median(took)), "ms", 10, peer=peer)
    yield Row("question, 26k songs, p99", float(np.percentile(took, 99)), "ms", 50)
    yield Row("times the dense recipe", slow / float(np.median(took)), "x", 100, better="more")
    tracemalloc.start()
    many = Catalogue(big := invented(114_000))
    memory = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    own = memory - big.memory_usage(deep=True).sum() / 1e6
    yield Row("memory of a 114k catalogue beside its table", own, "MB", 200)
    took = _took(Recommender(many), seeds)
    yield Row("question, 114k songs, p50", float(np.median(took)), "ms", 25)
    yield Row("import of the room", _import_s(), "s", 1.5)


def _took(recommender: Recommender, seeds: list[list[str]]) -> list[float]:
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        recommender.recommend(seeds[0], 100)
        return [times_ms(lambda s=s: recommender.recommend(s, 100).ids, 1, 0)[0] for s in seeds]


def _import_s() -> float:
    code = (
        "import time; start = time.perf_counter(); import recommender.recommend; "
        "print(time.perf_counter() - start)"
    )
    said = [
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        for _ in range(3)
    ]
    return float(np.median([float(one.stdout) for one in said]))


def map_rows() -> Iterator[Row]:
    """The good picture of 5,000 real tracks: how true it is and how long it takes."""
    from sklearn.manifold import trustworthiness

    tracks = read("pp").tracks.head(5_000)
    start = time.perf_counter()
    laid = map_points(tracks)
    took = time.perf_counter() - start
    true = trustworthiness(laid.space.points(tracks), laid.frame[["x", "y"]], n_neighbors=15)
    yield Row("map of 5,000 tracks, trustworthiness(15)", float(true), "", 0.99, better="more")
    yield Row("map of 5,000 tracks, t-SNE", took, "s", 20)
    quick = times_ms(lambda: map_points(tracks, method="pca"), 3)
    yield Row("map of 5,000 tracks, first picture", float(np.median(quick)) / 1e3, "s", 1)


def proof() -> Iterator[Row]:
    """1.2 million songs: in memory, and as vectors in PostgreSQL with pgvector."""
    n = 1_200_000
    recommender = Recommender(invented(n))
    seeds = [[f"t{i}" for i in range(j, j + 10)] for j in range(0, 200, 10)]
    yield Row("question, 1.2M songs, p50", float(np.median(_took(recommender, seeds))), "ms", 100)
    yield from _postgres(n)


def _postgres(n: int) -> Iterator[Row]:
    import pgserver

    from recommender.index import NumpyIndex
    from recommender.postgres import PostgresIndex

    rng = np.random.default_rng(0)
    vectors = rng.normal(size=(n, 16)).astype(np.float32)
    numbers = pd.DataFrame({"year": rng.integers(1960, 2024, n)})
    ids = [f"t{i}" for i in range(n)]
    here = NumpyIndex()
    here.add(ids, vectors, numbers)
    with tempfile.TemporaryDirectory() as folder:
        server = pgserver.get_server(folder)
        index = PostgresIndex(server.get_uri(), 16, ["year"])
        start = time.perf_counter()
        index.add(ids, vectors, numbers)
        yield Row("pgvector: load 1.2M x 16", time.perf_counter() - start, "s")
        asked = rng.normal(size=(5, 16)).astype(np.float32)
        hits = [
            len({i for i, _ in index.search(q, 100)} & {i for i, _ in here.search(q, 100)})
            for q in asked
        ]
        yield Row("pgvector: recall@100", float(np.mean(hits)) / 100, "", 0.99, better="more")
        exact = float(np.median(times_ms(lambda: here.search(asked[0], 100), 5)))
        took = float(np.median(times_ms(lambda: index.search(asked[0], 100), 5)))
        yield Row("pgvector: exact question", took, "ms", peer=f"numpy {exact:.0f} ms")
        where = {"year": (2010, None)}
        took = float(np.median(times_ms(lambda: index.search(asked[0], 100, where), 5)))
        yield Row("pgvector: exact question, filtered", took, "ms")
        index.close()
        server.cleanup()


def _blind(catalogue: Catalogue, found: list[Example]) -> Weights:
    """Weights learned without the feature that tells which songs are in a playlist already."""
    return fit_weights(catalogue, found, deaf=("filed", "in_playlists"))


def _ndcg(
    name: str, measured: Quality, k: int, must: float | None, aim: float | None, peer: str
) -> Row:
    low, high = measured.interval(k=k)
    said = f"{low:.3f} to {high:.3f}" + (f"; {peer}" if peer else "")
    return Row(name, measured.mean(k=k), "NDCG@100", must, aim, said, "more")


def _gain(name: str, better: Quality, worse: Quality) -> Row:
    gain, low, high = better.gain(worse)
    peer = f"mean {gain:+.3f}, 95 % {low:+.3f} to {high:+.3f}"
    return Row(f"{name}, lower end of the gain", low, "NDCG@100", 0.0, None, peer, "more")


if __name__ == "__main__":
    raise SystemExit(run(rows))
