"""Pictures show what is there: every note, every tone of the scale, the whole sound."""

import numpy as np
import pytest

from music.theory import SCALES
from synth.charts import piano_roll, pitch_name, scale_wheel, spectrogram, waveform
from synth.compose import compose
from synth.config import config_from_style
from synth.render import render

CONFIG = config_from_style("arabian nights", 1)


def test_the_piano_roll_has_every_note():
    score = compose(CONFIG, 4)
    shown = sum(len(trace.y) for trace in piano_roll(score).data)
    assert shown == len(score.notes)


def test_the_wheel_has_every_tone_in_its_place():
    figure = scale_wheel(CONFIG)
    ring = next(trace for trace in figure.data if trace.fill == "toself")
    angles = np.array(ring.theta[:-1])
    scale = SCALES[CONFIG.scale]
    np.testing.assert_allclose(angles, np.array(scale.cents) * 360 / scale.period_cents)


def test_waveform_and_spectrogram_span_the_sound():
    audio = render(CONFIG, bars=2, sample_rate=22_050)
    assert waveform(audio).data[0].x[-1] == pytest.approx(audio.duration_s, rel=0.01)
    heat = spectrogram(audio).data[0]
    assert np.asarray(heat.z).shape == (120, 400)
    assert np.asarray(heat.z).max() == pytest.approx(0, abs=0.1)


def test_quarter_tones_have_names():
    assert pitch_name(69.0) == "A4"
    assert pitch_name(70.5).endswith("50")
