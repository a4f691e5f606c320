"""Every name of the schema changes the music: no two values of a field sound the same.

Measured as the energy of the difference against the signal, which must be above -40 dB, in a config
that uses the field.
"""

import numpy as np
import pytest

from music.theory import RHYTHMS
from synth.render import render
from synth.schema import ENUMS, LEVELS, MusicConfig

BASE = MusicConfig(
    scale="hungarian minor", rhythm="afrobeat", progression="circle of fifths", accent="flute",
    comp="strum", habit="call", tempo_bpm=240.0, human=0.0, density=0.6, swing=0.3, echo=0.2,
    space=0.2, seed=5,
)  # fmt: skip
USES = {
    "melody": {"habit": "song"},
    "scale": {"progression": "epic minor", "habit": "runs"},
    "progression": {"scale": "minor", "comp": "block"},
    "harmony": {"comp": "pad"},
}


def sound(config, bars):
    samples = render(config, bars=bars, sample_rate=22_050).samples.ravel()
    return samples / np.sqrt((samples**2).mean())


@pytest.mark.parametrize("field", ENUMS)
def test_no_two_names_of_a_field_sound_the_same(field):
    base = BASE.with_(**USES.get(field, {}))
    bars = 12 if field == "progression" else 4
    sounds = [sound(_using(base, field, name), bars) for name in ENUMS[field]]
    n = min(len(s) for s in sounds)
    stack = np.array([s[:n] for s in sounds])
    products = stack @ stack.T / n
    energy = np.diag(products)
    difference = energy[:, None] + energy[None, :] - 2 * products
    np.fill_diagonal(difference, np.inf)
    i, j = np.unravel_index(np.argmin(difference), difference.shape)
    names = ENUMS[field]
    assert difference[i, j] > 1e-4, f"{field}: {names[i]} and {names[j]} sound the same"


def _using(config, field, name):
    """A rhythm is used in its own metre; all else as it is."""
    metre = RHYTHMS[name].metre if field == "rhythm" else config.metre
    return config.with_(**{"metre": metre, field: name})


@pytest.mark.parametrize("field", [*LEVELS, "root", "tempo_bpm", "seed"])
def test_every_level_changes_the_music(field):
    values = {"root": (0, 5, 11), "tempo_bpm": (200.0, 220.0, 240.0), "seed": (0, 1, 2)}
    sounds = [sound(BASE.with_(**{field: v}), 2) for v in values.get(field, (0.0, 0.5, 1.0))]
    n = min(len(s) for s in sounds)
    for a, b in ((0, 1), (1, 2)):
        assert ((sounds[a][:n] - sounds[b][:n]) ** 2).mean() > 1e-4


def test_a_motif_changes_the_music():
    plain, given = (sound(BASE.with_(motif=m), 2) for m in ((), (0, 4, None, 2)))
    assert ((plain - given) ** 2).mean() > 1e-4
