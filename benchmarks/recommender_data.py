"""Real playlists for measuring the recommender, and the recipes it is measured against.

The tables are read from the folder named by ``GHOSTNOTES_DATA``; nothing of them is kept. The
protocol is that of `recommender.evaluate`, on a split made inside the developers' playlists.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import sparse

from library.cells import released
from music.errors import NotFoundError
from music.features import FEATURE_COLUMNS
from music.tracks import JOIN, as_tracks, split
from recommender.evaluate import Answer

NAMES = {
    "tt": {
        "track_name": "name", "track_artist": "artists", "track_album_name": "album",
        "playlist_id": "playlist", "track_album_release_date": "released",
        "track_popularity": "popularity",
    },
    "pp": {
        "id": "track_id", "Track Name": "name", "Artist Name": "artists",
        "Popularity": "popularity", "Genres": "genres", "Playlist": "playlist",
    },
    "ph": {"artist_name": "artists", "playlist_id": "playlist"},
}  # fmt: skip
UNITS = {"loudness": "loudness_db", "tempo": "tempo_bpm"}


@dataclass(frozen=True)
class Collection:
    """Tracks, playlists to learn from and playlists to be continued."""

    tracks: pd.DataFrame
    known: Mapping[str, list[str]]
    asked: Mapping[str, list[str]]


def read(name: str) -> Collection:
    """One of ``tt``, ``pp``, ``ph``; one row a song, in a shuffled order.

    Raises
    ------
    NotFoundError
        If ``GHOSTNOTES_DATA`` names no folder with the tables.
    """
    path = Path(os.environ.get("GHOSTNOTES_DATA", "")) / f"{name}_playlists_dev.csv.gz"
    if not path.is_file():
        raise NotFoundError(f"GHOSTNOTES_DATA names no folder with {path.name}.")
    raw = pd.read_csv(path, dtype=str, keep_default_na=False).rename(columns=NAMES[name] | UNITS)
    raw = raw[(raw["track_id"] != "") & (raw["name"] != "")]
    key = (
        raw["name"].str.casefold().str.strip() + "\x1f" + raw["artists"].str.casefold().str.strip()
    )
    raw["track_id"] = raw.groupby(key.to_numpy())["track_id"].transform("first").to_numpy()
    songs = raw.drop_duplicates("track_id").sample(frac=1, random_state=20_261_120)
    songs = songs.assign(duration_s=pd.to_numeric(songs["duration_ms"]) / 1000)
    if "genres" in songs:
        words = songs["genres"].str.strip("[]").str.replace("'", "").str.split(", ")
        songs["genres"] = words.map(JOIN.join)
    if "released" in songs:
        songs["year"] = songs["released"].str[:4]
        songs["released"] = released(songs["released"])
    playlists = raw.groupby("playlist")["track_id"].agg(lambda ids: list(dict.fromkeys(ids)))
    order = np.random.default_rng(7).permutation(len(playlists))
    asked = playlists.iloc[order[: int(0.3 * len(playlists))]]
    known = playlists.drop(asked.index)
    return Collection(as_tracks(songs, name), known.to_dict(), asked.to_dict())


def usual_recipe(tracks: pd.DataFrame, dense: bool = False) -> Answer:
    """What is copied everywhere: genre tf-idf, one-hot year and popularity, min-max features.

    Cosine to the sum of the seeds. ``dense`` builds pandas frames as the copies do, the other form
    is the same mathematics over a sparse matrix.
    """
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.metrics.pairwise import cosine_similarity

    blocks = [
        0.5 * _one_hot(tracks["year"]),
        0.15 * _one_hot(tracks["popularity"] // 5),
        0.2 * sparse.csr_matrix(_min_max(tracks)),
    ]
    words = split(tracks["genres"])
    if words.map(bool).any():
        blocks.append(TfidfVectorizer(analyzer=list).fit_transform(words))
    matrix = sparse.csr_matrix(sparse.hstack(blocks))
    length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    ids = tracks.index.to_numpy()

    def sparsely(seeds: Sequence[str], n: int) -> list[str]:
        rows = tracks.index.get_indexer(pd.Index(seeds))
        query = np.asarray(matrix[rows].sum(axis=0)).ravel()
        like = (matrix @ query) / np.maximum(length, 1e-9)
        like[rows] = -np.inf
        return ids[np.argsort(-like, kind="stable")[:n]].tolist()

    if not dense:
        return sparsely
    frame = pd.DataFrame(matrix.toarray(), index=tracks.index)

    def densely(seeds: Sequence[str], n: int) -> list[str]:
        query = frame[frame.index.isin(seeds)].sum(axis=0)
        rest = frame[~frame.index.isin(seeds)].copy()
        rest["like"] = cosine_similarity(rest.to_numpy(), query.to_numpy()[None])[:, 0]
        return rest.sort_values("like", ascending=False).head(n).index.tolist()

    return densely


def invented(n: int, seed: int = 0) -> pd.DataFrame:
    """N invented tracks, four an artist on average, for measuring speed."""
    from music.features import Scale

    rng = np.random.default_rng(seed)
    artist = (n / 4 * rng.random(n) ** 2).astype(int)
    frame = pd.DataFrame(
        {
            "track_id": [f"t{i}" for i in range(n)],
            "name": [f"song {i}" for i in range(n)],
            "artists": [f"artist {a}" for a in artist],
            "genres": [f"genre {a % 700}; genre {a % 41}" for a in artist],
            "year": rng.integers(1960, 2024, n),
            "popularity": rng.integers(0, 100, n),
            "duration_s": rng.normal(210, 40, n).clip(30),
        }
    )
    frame[list(FEATURE_COLUMNS)] = Scale.reference().raw(rng.random((n, 9)))
    return as_tracks(frame, "invented")


def invented_playlists(tracks: pd.DataFrame, n: int, seed: int = 0) -> dict[str, list[str]]:
    """N playlists of 20 to 120 invented tracks, each of one genre with a few strangers."""
    rng = np.random.default_rng(seed)
    genre = tracks["genres"].str.split("; ").str[-1].to_numpy()
    ids, names = tracks.index.to_numpy(), np.unique(genre)
    playlists = {}
    for i in range(n):
        scene = ids[genre == rng.choice(names)]
        inside = rng.permutation(scene)[: rng.integers(20, 120)]
        strangers = rng.choice(ids, 3)
        playlists[f"list {i}"] = [*inside.tolist(), *strangers.tolist()]
    return playlists


def _one_hot(values: pd.Series) -> sparse.csr_matrix:
    code, levels = pd.factorize(values)
    known = code >= 0
    shape = (len(values), max(len(levels), 1))
    ones = np.ones(int(known.sum()))
    return sparse.csr_matrix((ones, (np.flatnonzero(known), code[known])), shape=shape)


def _min_max(tracks: pd.DataFrame) -> np.ndarray:
    values = tracks[[*FEATURE_COLUMNS, "key", "mode", "duration_s"]].to_numpy(dtype=float)
    low = np.nan_to_num(np.nanmin(np.where(np.isnan(values), np.inf, values), axis=0), posinf=0)
    high = np.nanmax(np.where(np.isnan(values), -np.inf, values), axis=0)
    return np.nan_to_num((values - low) / np.where(high > low, high - low, 1.0))
