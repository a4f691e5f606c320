"""What a listener may wish: parts of the score that rank and never cut."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from music.errors import InputError
from music.features import Floats
from music.vibe import Vibe
from recommender.nearest import distances
from recommender.seeds import Ints

if TYPE_CHECKING:  # loads scikit-learn, and wishes are made before anything is recommended
    from recommender.catalogue import Catalogue

# How far each wish at full strength can lift a track: scores spread by about 3.
NOVELTY, MOOD, CHANCE = 6.0, 12.0, 1.5


@dataclass(frozen=True)
class Wishes:
    """Sliders.

    Parameters
    ----------
    novelty
        From -1 (famous, by artists of the seeds) over 0 (as it comes) to 1 (little known, by
        others).
    mood
        A vibe the tracks should lean to.
    mood_strength
        From 0 to 1.
    variety
        From 0 (the same list each time) to 1: how much chance, decided by the seed, may mix in.
    diversity
        From 0 (the best ones, however alike) to 1 (each unlike those before it).
    """

    novelty: float = 0.0
    mood: Vibe | None = None
    mood_strength: float = 0.5
    variety: float = 0.0
    diversity: float = 0.0

    def __post_init__(self) -> None:
        for name, low in (("novelty", -1), ("mood_strength", 0), ("variety", 0), ("diversity", 0)):
            value = getattr(self, name)
            if not low <= value <= 1:
                raise InputError(f"{name} lies between {low} and 1, not at {value}.")

    def parts(self, catalogue: Catalogue, seed_rows: Ints, seed: int) -> Mapping[str, Floats]:
        """The parts they add to the score of every track, shape (n_tracks,) each, mean 0."""
        parts: dict[str, Floats] = {}
        if self.novelty:
            parts["novelty"] = self.novelty * NOVELTY * _unfamiliar(catalogue, seed_rows)
        if self.mood is not None and self.mood_strength:
            near = -distances(catalogue.tracks, self.mood)
            parts["mood"] = self.mood_strength * MOOD * (near - near.mean())
        if self.variety:
            noise = np.random.default_rng(seed).gumbel(size=len(catalogue))
            parts["chance"] = self.variety * CHANCE * (noise - noise.mean())
        return parts


def _unfamiliar(catalogue: Catalogue, seed_rows: Ints) -> Floats:
    """How little known a track is and whether its artist is new, mean 0, shape (n_tracks,)."""
    fame = catalogue.tracks["popularity"].rank(pct=True).fillna(0.5).to_numpy()
    code = catalogue.artists.code
    met = np.zeros(len(catalogue.artists))
    met[code[seed_rows]] = 1.0
    strange = 0.5 * (1.0 - fame) + 0.5 * (1.0 - met[code])
    return np.asarray(strange - strange.mean())
