"""Every name of the schema changes the music: no two values of a field sound the same.

Measured as the energy of the difference against the signal, which must be above -40 dB, in a config
that uses the field.
"""

import numpy as np
import pytest

from benchmarks.sound_names import BASE, SAME, differences
from synth.render import render
from synth.schema import ENUMS, LEVELS


def sound(config, bars):
    samples = render(config, bars=bars, sample_rate=22_050).samples.ravel()
    return samples / np.sqrt((samples**2).mean())


@pytest.mark.parametrize("field", ENUMS)
def test_no_two_names_of_a_field_sound_the_same(field):
    difference = differences(field)
    i, j = np.unravel_index(np.argmin(difference), difference.shape)
    names = ENUMS[field]
    assert difference[i, j] > SAME, f"{field}: {names[i]} and {names[j]} sound the same"


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
