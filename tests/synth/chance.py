"""Random configs over the whole schema, for properties that must hold for all of them."""

import numpy as np

from synth.schema import ENUMS, LEVELS, MusicConfig


def random_config(rng: np.random.Generator) -> MusicConfig:
    """Any names, any levels, any tempo; now and then a motif."""
    names = {field: str(rng.choice(values)) for field, values in ENUMS.items()}
    levels = {field: round(float(rng.random()), 3) for field in LEVELS}
    motif = tuple(int(d) for d in rng.integers(-5, 9, 4)) if rng.random() < 0.2 else ()
    return MusicConfig(
        **names,
        **levels,
        root=int(rng.integers(12)),
        tempo_bpm=float(rng.uniform(40, 220)),
        motif=motif,
        seed=int(rng.integers(2**31)),
    )
