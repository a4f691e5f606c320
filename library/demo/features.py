"""Audio features that no track has, spread around a genre's real averages.

Each feature is drawn as a percentile of the reference population, so its distribution has the shape
real music has; the middle of the draw is set so that the *mean raw value* is the genre's own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.special import ndtr, ndtri

from library.demo.material import Scene, families
from music.features import NAMES, Floats, N, Scale, index_of

SPREAD: Final = 0.62  # how wide one genre is, in standard deviations of all music
BAND_SHARE: Final = 0.45  # of a genre's variance lies between its bands

# How features hang together in real music: loadings on two hidden qualities, force and warmth.
_FORCE: Final = {"energy": 0.8, "loudness": 0.75, "acousticness": -0.65, "tempo": 0.2,
                 "liveness": 0.2}  # fmt: skip
_WARMTH: Final = {"valence": 0.75, "danceability": 0.6, "instrumentalness": -0.3}


def draw_features(
    scene_of: npt.NDArray[np.intp],
    band_of: npt.NDArray[np.intp],
    scenes: tuple[Scene, ...],
    rng: np.random.Generator,
) -> Floats:
    """Raw features of shape (n_tracks, 9).

    Parameters
    ----------
    scene_of, band_of
        Shape (n_tracks,): each track's scene (an index into ``scenes``) and its band.
    """
    n = len(scene_of)
    bands = _correlated(rng.normal(size=(band_of.max() + 1, N + 2)))  # (n_bands, 9)
    songs = _correlated(rng.normal(size=(n, N + 2)))  # (n_tracks, 9)
    z = np.sqrt(BAND_SHARE) * bands[band_of] + np.sqrt(1 - BAND_SHARE) * songs
    z -= _scene_means(z, scene_of)[scene_of]  # a scene of one loud band is not a loud scene
    middles = np.array([_middle(scene) for scene in scenes])  # (n_scenes, 9)
    raw: Floats = Scale.reference().raw(ndtr(middles[scene_of] + SPREAD * z))
    tempo = index_of("tempo")
    for i, scene in enumerate(scenes):
        if scene.tempo:
            mean, sd = scene.tempo
            mine = scene_of == i
            raw[mine, tempo] = mean + sd * z[mine, tempo]
    return raw


def scene_means(scene: Scene) -> Floats:
    """The mean raw features a scene is meant to have, shape (9,)."""
    means = np.array(families()[scene.family])
    for name, value in scene.means.items():
        means[index_of(name)] = value
    return means


def _scene_means(z: Floats, scene_of: npt.NDArray[np.intp]) -> Floats:
    """The mean of each scene's tracks, shape (n_scenes, 9)."""
    n = np.maximum(np.bincount(scene_of), 1)
    return np.stack([np.bincount(scene_of, column) / n for column in z.T], axis=1)


def _correlated(noise: Floats) -> Floats:
    """Nine standard normal columns that hang together as features do, out of eleven that do not."""
    force = np.array([_FORCE.get(name, 0.0) for name in NAMES])
    warmth = np.array([_WARMTH.get(name, 0.0) for name in NAMES])
    rest = np.sqrt(1 - force**2 - warmth**2)
    out: Floats = noise[:, :N] * rest + noise[:, [N]] * force + noise[:, [N + 1]] * warmth
    return out


def _middle(scene: Scene) -> Floats:
    """The normal score around which to draw, so that the mean raw value comes out, shape (9,)."""
    scores, means = _mean_of_score()
    wanted = scene_means(scene)
    return np.array([np.interp(wanted[j], means[:, j], scores) for j in range(N)])


@lru_cache(maxsize=1)
def _mean_of_score() -> tuple[Floats, Floats]:
    """Normal scores (61,), and the mean raw features (61, 9) of drawing around each."""
    scores = np.linspace(-3, 3, 61)
    z = ndtri((np.arange(25) + 0.5) / 25)  # equally likely draws
    draws = ndtr(scores[:, None, None] + SPREAD * z[None, :, None])  # (61, 25, 1)
    raw = Scale.reference().raw(np.broadcast_to(draws, (61, 25, N)))
    return scores, raw.mean(axis=1)
