"""Rolled configs: dice for every field, some fields kept as they are.

Voices are drawn among those that suit their layer (no tuba plays the pad), which is how somebody
would fill in the schema by hand; everything else is drawn from all there is.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np

from music.theory import INSTRUMENTS, STYLES
from synth.schema import ENUMS, LEVELS, NONE, MusicConfig

_VOICED: Final = ("melody", "harmony", "bass", "texture", "accent")


def _suited() -> dict[str, tuple[str, ...]]:
    """Per layer the voices that styles give it or instruments play it with, and none."""
    suited = {}
    for layer in _VOICED:
        used = {getattr(style, layer) for style in STYLES.values()}
        played = {i.voice for i in INSTRUMENTS.values() if i.role == layer}
        suited[layer] = (NONE, *sorted((used | played) - {NONE}))
    return suited


SUITED: Final[Mapping[str, tuple[str, ...]]] = _suited()


def rolled(config: MusicConfig, keep: Collection[str] = (), seed: int = 0) -> MusicConfig:
    """The config with every field but those in `keep` drawn anew.

    Parameters
    ----------
    keep
        Names of fields that stay: ``("scale", "tempo_bpm")``.
    seed
        Which roll; it becomes the seed of the piece, unless that is kept.
    """
    rng = np.random.default_rng([seed, 77])
    drawn: dict[str, object] = {
        name: str(rng.choice(SUITED.get(name, values))) for name, values in ENUMS.items()
    }
    drawn |= {name: round(float(rng.random()), 3) for name in LEVELS}
    drawn["legato"] = round(0.3 + 0.7 * float(rng.random()), 3)  # a row of stumps is no music
    drawn["register"] = round(0.4 + 0.6 * float(rng.random()), 3)  # low chords growl
    drawn |= {"root": int(rng.integers(12)), "tempo_bpm": round(float(rng.uniform(60, 150)), 1)}
    drawn |= {"motif": (), "seed": seed}
    return config.with_(**{k: v for k, v in drawn.items() if k not in keep})
