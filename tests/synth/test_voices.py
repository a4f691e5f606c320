"""Every voice is a note: in range, in tune, free of aliasing, silent at both ends."""

from itertools import pairwise

import numpy as np
import pytest
from scipy.signal import resample_poly

from music.theory import INSTRUMENTS, KITS
from synth.drum_voices import DRUMS
from synth.voices import VOICES

RATE = 44_100
ALL = VOICES | DRUMS


def test_every_instrument_and_every_drum_of_a_kit_has_its_voice():
    for instrument in INSTRUMENTS.values():
        assert instrument.voice in (VOICES if instrument.role != "drums" else KITS | DRUMS)
    assert {v for kit in KITS.values() for v in kit.values()} <= set(DRUMS)
    assert len(ALL) >= 24


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("duration_s", [0.0, 0.0001, 0.05, 1.0])
def test_a_note_is_finite_in_range_and_silent_at_both_ends(name, duration_s):
    for freq_hz in (55.0, 440.0, 2000.0):
        note = ALL[name](freq_hz, duration_s, RATE)
        assert note.dtype == np.float32
        assert note.shape == (round(duration_s * RATE),)
        assert np.isfinite(note).all()
        assert np.abs(note).max(initial=0) <= 1
        assert np.abs(note[[0, -1]]).max() < 2e-2 if len(note) > 1 else True


@pytest.mark.parametrize("name", ALL)
def test_a_note_has_hardly_any_offset(name):
    assert abs(float(ALL[name](220.0, 0.8, RATE).mean())) < 1e-3


@pytest.mark.parametrize("name", VOICES)
@pytest.mark.parametrize("freq_hz", [110.0, 261.63, 466.16])
def test_a_note_is_in_tune(name, freq_hz):
    note = VOICES[name](freq_hz, 2.0, RATE)
    size = 1 << 19
    spectrum = np.abs(np.fft.rfft(note * np.hanning(len(note)), size))
    freqs = np.fft.rfftfreq(size, 1 / RATE)
    cents = 1200 * np.log2(np.maximum(freqs, 1) / freq_hz)
    near = np.abs(cents) < 60  # wide enough for the vibrato, whose middle is what is heard
    assert abs(np.average(cents[near], weights=spectrum[near] ** 2)) < 7


@pytest.mark.parametrize("name", VOICES)
def test_a_note_does_not_alias(name):
    """At twice the rate nothing folds, so both renders must agree where both have sound."""
    note = VOICES[name](2500.0, 0.5, RATE)
    fine = resample_poly(VOICES[name](2500.0, 0.5, 2 * RATE), 1, 2)
    low, high = _bands(note), _bands(fine)
    audible = np.maximum(low, high) > max(low.max(), high.max()) - 45
    gap = low[audible] - high[audible]
    assert np.abs(gap - np.median(gap)).max() < 9


def _bands(note):
    power = np.abs(np.fft.rfft(note * np.hanning(len(note)))) ** 2
    freqs = np.fft.rfftfreq(len(note), 1 / RATE)
    edges = np.geomspace(300, 17_000, 30)
    sums = [power[(freqs >= a) & (freqs < b)].sum() for a, b in pairwise(edges)]
    return 10 * np.log10(np.array(sums) + 1e-12)


@pytest.mark.parametrize("name", VOICES)
def test_brightness_brightens(name):
    dull, bright = (VOICES[name](220.0, 0.5, RATE, b) for b in (0.1, 0.9))
    if name not in ("sine_lead", "whistle"):  # a sine has no colour to change
        assert _centroid(bright) > 1.02 * _centroid(dull)


def _centroid(note):
    power = np.abs(np.fft.rfft(note))
    return float((power * np.arange(len(power))).sum() / power.sum())
