"""Does every name of the schema change the music? Each field is heard in a config that uses it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np

from music.theory import RHYTHMS
from synth.render import render
from synth.schema import ENUMS, MusicConfig

SAME: Final = 1e-4  # energy of the difference against the signal: -40 dB
BASE: Final = MusicConfig(
    scale="hungarian minor", rhythm="afrobeat", progression="circle of fifths", accent="flute",
    comp="strum", habit="call", tempo_bpm=240.0, human=0.0, density=0.6, swing=0.3, echo=0.2,
    space=0.2, seed=5,
)  # fmt: skip
USES: Final[Mapping[str, Mapping[str, str]]] = {  # what a field needs to be heard
    "melody": {"habit": "song"},
    "scale": {"progression": "epic minor", "habit": "runs"},
    "progression": {"scale": "minor", "comp": "block"},
    "harmony": {"comp": "pad"},
}


def differences(field: str) -> np.ndarray:
    """How far any two names of a field sound apart, (n, n); infinite on the diagonal."""
    base = BASE.with_(**USES.get(field, {}))
    bars = 12 if field == "progression" else 4
    sounds = []
    for name in ENUMS[field]:  # a rhythm is used in its own metre
        metre = RHYTHMS[name].metre if field == "rhythm" else base.metre
        config = base.with_(**{"metre": metre, field: name})
        samples = render(config, bars=bars, sample_rate=22_050).samples.ravel()
        sounds.append(samples / np.sqrt((samples**2).mean()))
    n = min(len(s) for s in sounds)
    stack = np.array([s[:n] for s in sounds])
    products = stack @ stack.T / n
    energy = np.diag(products)
    apart: np.ndarray = energy[:, None] + energy[None, :] - 2 * products
    np.fill_diagonal(apart, np.inf)
    return apart


def dead_names() -> int:
    """Names of the schema that sound the same as another name of their field."""
    return sum(int((differences(field).min(axis=1) < SAME).sum()) for field in ENUMS)
