"""What stands on a band's card is what sounds: instruments, tempo and mood of its songs."""

from __future__ import annotations

import numpy as np
import pytest

from llm.band import invent_band
from music.theory import INSTRUMENTS, STYLES
from music.vibe import Vibe
from synth.config import config_from_vibe

LAYERS = ("melody", "harmony", "bass", "texture", "accent", "kit")


@pytest.mark.parametrize("style", STYLES)
def test_the_synth_plays_the_members(style):
    vibe = Vibe.of({"tempo": 0.7, "energy": 0.6}, [style])
    for seed in range(3):
        band = invent_band(vibe, seed)
        config = config_from_vibe(band.songs[0].vibe, band.seed)
        sounding = {getattr(config, layer) for layer in LAYERS}
        voices = [INSTRUMENTS[member.instrument].voice for member in band.members]
        heard = [voice in sounding for voice in voices]
        assert heard[0]
        # two members of one role share a layer, and the first of them has it
        roles = {INSTRUMENTS[member.instrument].role for member in band.members}
        assert sum(heard) >= len(roles)


def test_songs_differ_and_stay_near_their_band():
    band = invent_band(Vibe.of({"tempo": 0.6, "valence": 0.2}, ["tango"]), 1)
    tempos = [config_from_vibe(song.vibe, 1).tempo_bpm for song in band.songs]
    asked = band.vibe.raw()["tempo"]
    assert len(set(tempos)) > 1
    assert np.abs(np.array(tempos) - asked).max() < 25
