"""Voices resemble their names, by numbers: where their energy lies, how they start and die."""

from itertools import pairwise

import numpy as np
import pytest

from synth.drum_voices import DRUMS
from synth.tones import Sustained
from synth.voices import VOICES

RATE = 44_100
C4 = 261.63


def level_db(note, freq_hz):
    """The strongest line within 1 % of a frequency."""
    size = 1 << 17
    power = np.abs(np.fft.rfft(note * np.hanning(len(note)), size)) ** 2
    freqs = np.fft.rfftfreq(size, 1 / RATE)
    return 10 * np.log10(power[np.abs(freqs / freq_hz - 1) < 0.01].max() + 1e-12)


def harmonic_db(name, k, freq_hz=C4):
    note = VOICES[name](freq_hz, 1.5, RATE)
    return level_db(note, k * freq_hz) - level_db(note, freq_hz)


def envelope(note, frame_s=0.03):
    n = round(frame_s * RATE)
    return np.sqrt((note[: len(note) // n * n].reshape(-1, n) ** 2).mean(axis=1))


def fall_s(name, freq_hz=C4):
    """Time to fall by 20 dB from the loudest moment."""
    line = envelope(VOICES[name](freq_hz, 6.0, RATE))
    top = int(line.argmax())
    return 0.03 * int(np.argmax(line[top:] < 0.1 * line[top]))


def centroid_hz(note):
    power = np.abs(np.fft.rfft(note)) ** 2
    return float((power * np.fft.rfftfreq(len(note), 1 / RATE)).sum() / power.sum())


def pitch_hz(part):
    size = 1 << 16
    power = np.abs(np.fft.rfft(part * np.hanning(len(part)), size))
    return float(np.fft.rfftfreq(size, 1 / RATE)[power.argmax()])


@pytest.mark.parametrize("name", ["clarinet", "pulse50", "chip_triangle"])
def test_a_closed_tube_and_a_square_have_odd_harmonics_only(name):
    assert harmonic_db(name, 2) < -35
    assert harmonic_db(name, 3) > -25


def test_a_flute_is_nearly_pure_with_a_soft_octave():
    assert -22 < harmonic_db("flute", 2) < -6
    assert harmonic_db("flute", 3) < -14
    assert centroid_hz(VOICES["flute"](C4, 1.0, RATE)) < 1.5 * C4


def test_brass_gets_brighter_from_tuba_to_trumpet():
    names = ("tuba", "horn", "trumpet")
    bright = [centroid_hz(VOICES[n](C4, 1.0, RATE)) for n in names]
    assert bright == sorted(bright)


def test_the_brightness_of_brass_swells():
    note = VOICES["trumpet"](C4, 1.0, RATE)
    assert centroid_hz(note[: RATE // 25]) < centroid_hz(note[RATE // 2 : RATE // 2 + RATE // 25])


def test_choirs_and_oboes_have_formants():
    """A harmonic near a formant outdoes one below it."""
    assert harmonic_db("choir", 3) > harmonic_db("choir", 2)  # 785 Hz against 523 Hz
    assert harmonic_db("oboe", 4) > harmonic_db("oboe", 2)  # 1,050 Hz against 523 Hz


def test_strings_ring_as_long_as_their_build_allows():
    falls = [fall_s(name) for name in ("banjo", "oud", "guitar", "tanpura")]
    assert falls == sorted(falls)
    assert fall_s("harp") > fall_s("koto")
    assert fall_s("vibraphone") > fall_s("marimba")


def test_a_sitar_buzzes_where_a_guitar_is_mellow():
    sitar, guitar = (centroid_hz(VOICES[n](C4, 1.0, RATE)) for n in ("sitar", "guitar"))
    assert 2.5 * C4 < sitar < 6.5 * C4
    assert guitar < 1.6 * C4


@pytest.mark.parametrize(
    ("name", "ratio"),
    [("marimba", 3.93), ("vibraphone", 4.0), ("gamelan", 2.76), ("kalimba", 5.42),
     ("music_box", 5.4), ("tubular_bells", 1.183)],
)  # fmt: skip
def test_bars_and_bells_sound_their_own_partials(name, ratio):
    struck = VOICES[name](C4, 1.0, RATE)[: RATE // 8]
    assert level_db(struck, ratio * C4) > level_db(struck, C4) - 26


def test_a_piano_string_is_a_little_stiff():
    note = VOICES["piano"](C4, 1.5, RATE)
    size = 1 << 18
    power = np.abs(np.fft.rfft(note * np.hanning(len(note)), size))
    freqs = np.fft.rfftfreq(size, 1 / RATE)
    near = (freqs > 5.9 * C4) & (freqs < 6.2 * C4)
    sixth = freqs[near][power[near].argmax()] / C4
    assert 6.005 < sixth < 6.1


@pytest.mark.parametrize("name", [n for n in VOICES if isinstance(VOICES[n], Sustained)])
def test_a_held_note_stays_while_it_is_held(name):
    """Detuned copies may shimmer, never cancel each other."""
    line = envelope(VOICES[name](C4, 3.0, RATE), 0.05)
    middle = line[int(0.9 / 0.05) : int(2.2 / 0.05)]
    assert middle.min() > 0.5 * middle.max()


@pytest.mark.parametrize("name", ["strings", "pad_warm", "choir", "pad_glass"])
def test_pads_breathe_in(name):
    line = envelope(VOICES[name](C4, 2.0, RATE))
    assert line[1] < 0.5 * line.max()


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("kick_soft", "kick"),
        ("kick", "kick_808"),
        ("darbuka_ka", "darbuka_tak"),
        ("hat", "open_hat"),
    ],
)
def test_drums_ring_in_their_order(low, high):
    short, long = (np.cumsum(DRUMS[n](440.0, 3.0, RATE) ** 2) for n in (low, high))
    at = [int(np.searchsorted(e, 0.99 * e[-1])) for e in (short, long)]
    assert at[0] < at[1]


def test_the_big_tabla_glides_up_and_the_kick_falls():
    ge, kick = DRUMS["tabla_ge"](440.0, 1.0, RATE), DRUMS["kick_808"](440.0, 1.0, RATE)
    part = RATE // 10
    assert pitch_hz(ge[3 * part : 5 * part]) > 1.1 * pitch_hz(ge[:part])
    assert pitch_hz(kick[: part // 2]) > 1.1 * pitch_hz(kick[3 * part : 5 * part])


def test_drums_lie_where_they_belong():
    heard = {name: centroid_hz(drum(440.0, 1.0, RATE)) for name, drum in DRUMS.items()}
    for lower, higher in pairwise(("kick_808", "darbuka_dum", "darbuka_tak", "snare", "hat")):
        assert heard[lower] < heard[higher]
    assert heard["taiko"] < 90
    assert heard["cajon_low"] < heard["conga_low"] < heard["conga_high"]
