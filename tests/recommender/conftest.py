"""Small invented track tables: two scenes that sound apart, and a generator for any size."""

import numpy as np
import pandas as pd
import pytest
from sklearn.utils.estimator_checks import estimator_checks_generator

from music.features import FEATURE_COLUMNS
from music.tracks import as_tracks

CENTRES = {
    "folk": (0.4, 0.2, -14, 0.05, 0.9, 0.1, 0.1, 0.3, 95),
    "techno": (0.8, 0.9, -6, 0.06, 0.02, 0.8, 0.1, 0.5, 130),
    "punk": (0.4, 0.95, -4, 0.1, 0.01, 0.0, 0.3, 0.7, 170),
}
SPREAD = (0.05, 0.05, 1.0, 0.01, 0.03, 0.03, 0.03, 0.08, 4.0)


def make_tracks(n=300, seed=0, features=True, genres=True):
    """n invented tracks of three scenes, five tracks an artist."""
    rng = np.random.default_rng(seed)
    scene = np.array(list(CENTRES))[np.arange(n) // 5 % 3]
    sound = np.array([CENTRES[s] for s in scene]) + rng.normal(0, 1, (n, 9)) * SPREAD
    frame = pd.DataFrame(
        {
            "track_id": [f"t{i:05d}" for i in range(n)],
            "name": [f"Song {chr(65 + i % 26)}{i}" for i in range(n)],
            "artists": [f"{s.title()} Band {i // 5}" for i, s in enumerate(scene)],
            "album": [f"Album {i // 3}" for i in range(n)],
            "year": 1970 + 15 * (np.arange(n) // 5 % 3) + rng.integers(0, 5, n),
            "popularity": rng.integers(1, 90, n),
            "duration_s": rng.uniform(120, 300, n),
        }
    )
    if genres:
        frame["genres"] = [f"{s}; {s} revival" if i % 2 else s for i, s in enumerate(scene)]
    if features:
        low, high = [0, 0, -60, 0, 0, 0, 0, 0, 40], [1, 1, 0, 1, 1, 1, 1, 1, 220]
        frame[list(FEATURE_COLUMNS)] = np.clip(sound, low, high)
    return as_tracks(frame, "invented")


@pytest.fixture(scope="session")
def tracks():
    return make_tracks()


@pytest.fixture(scope="session")
def scenes(tracks):
    """The scene of each track."""
    return tracks["artists"].str.split().str[0].str.lower()


def estimator_checks(*estimators):
    """What scikit-learn demands of an estimator, less the check that needs a switch of SciPy."""
    pairs = [pair for estimator in estimators for pair in estimator_checks_generator(estimator)]
    wanted = [(e, c) for e, c in pairs if c.func.__name__ != "check_array_api_input"]
    ids = [f"{type(e).__name__}-{c.func.__name__}-{i}" for i, (e, c) in enumerate(wanted)]
    return pytest.mark.parametrize(("estimator", "check"), wanted, ids=ids)
