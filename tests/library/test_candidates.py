"""Of a catalogue, the tracks near some points and by wanted artists come forward, each once."""

import numpy as np
import pandas as pd
import pytest

from library.catalogue import index_catalogue
from library.catalogue_candidates import candidates
from library.catalogue_index import CatalogueIndex
from library.opening import files_in
from music.features import NAMES
from music.tracks import COLUMNS, percentiles
from tests.library.files import csv_bytes, track_id
from tests.library.formats import CATALOGUES

HEADER = CATALOGUES["dataset"].split(",")
N = 400


def line(n, **given):
    rng = np.random.default_rng(n)
    values = {
        "track_id": track_id(n), "track_name": f"Song {n}", "artists": f"Band {n % 40}",
        "album_name": "A", "track_genre": "dub", "popularity": "40", "duration_ms": "200000",
        "explicit": "False", "key": "3", "mode": "1", "time_signature": "4",
        "tempo": str(60 + rng.random() * 120), "loudness": str(-30 * rng.random()), **given,
    }  # fmt: skip
    return [values.get(title, f"{rng.random():.3f}") for title in HEADER]


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    rows = [line(n) for n in range(N)] + [line(n, track_genre="techno") for n in range(50)]
    path = tmp_path_factory.mktemp("catalogue") / "c.parquet"
    index_catalogue(files_in(csv_bytes(rows, HEADER), "dataset.csv")[0], path)
    return CatalogueIndex(path)


POINT = np.full((1, len(NAMES)), 0.9)


def test_they_are_the_nearest_there_are(index):
    near = candidates(index, POINT, n=30)
    every = candidates(index, POINT, n=10 * N)
    assert (len(near), len(every)) == (30, N)
    assert tuple(near.columns) == COLUMNS

    def gap(tracks):
        return np.nanmean((percentiles(tracks) - POINT) ** 2, axis=1)

    left = every[~every.index.isin(near.index)]
    assert gap(near).max() <= gap(left).min()


def test_every_point_brings_its_nearest(index):
    far = np.full((1, len(NAMES)), 0.1)
    both = set(candidates(index, np.concatenate([POINT, far]), n=30).index)
    alone = {point: set(candidates(index, p, n=10).index) for point, p in enumerate((POINT, far))}
    assert alone[0] | alone[1] <= both


def test_a_track_of_several_genres_comes_once_with_all_of_them(index):
    tracks = candidates(index, POINT, n=10 * N)
    assert tracks.index.is_unique
    assert tracks.loc[track_id(3), "genres"] == "dub; techno"


def test_wanted_artists_come_whatever_they_sound_like(index):
    nobody = np.empty((0, len(NAMES)))
    tracks = candidates(index, nobody, ["BAND 7", "nobody at all"], n=100)
    assert set(tracks["artists"]) == {"Band 7"}
    assert len(tracks) == N // 40


def test_a_point_may_leave_features_unsaid(index):
    point = pd.Series(np.nan, NAMES)
    point["energy"] = 1.0
    tracks = candidates(index, point.to_numpy()[None, :], n=20)
    assert tracks["energy"].min() > candidates(index, POINT, n=10 * N)["energy"].median()


def test_nothing_wanted_is_nothing_found(index):
    assert len(candidates(index, np.empty((0, len(NAMES))))) == 0


def test_it_tells_how_far_it_is(index):
    said = []
    candidates(index, POINT, progress=lambda share, text: said.append((share, text)))
    assert said[-1] == (1.0, "Looking through dataset.csv")
