"""Between two pieces the music stays music: one beat, known ends, no hole and no jump."""

import io
import wave
from itertools import islice

import numpy as np
import pytest

from music.errors import InputError
from synth.config import config_from_style
from synth.master import frame_energies
from synth.render import render_score
from synth.schema import MusicConfig
from synth.stream import endless, write_wav
from synth.tween import between, blended, tween

A, B = config_from_style("house", 1), config_from_style("techno", 2)


def short_term_db(samples, rate):
    """Short-term loudness (3 s, EBU R 128) at each second."""
    energies = frame_energies(np.ascontiguousarray(samples.T), rate)
    return 10 * np.log10(np.convolve(energies, np.ones(30) / 30, mode="valid")[::10] + 1e-12)


def test_the_ends_are_the_configs():
    assert between(A, B, 0.0) == A
    assert between(A, B, 1.0) == B
    with pytest.raises(InputError, match="from 0 to 1"):
        between(A, B, 1.5)


def test_everything_between_is_valid_and_the_tempo_glides():
    tempi = [between(A, B, t).tempo_bpm for t in np.linspace(0, 1, 9)]
    assert (np.diff(tempi) * np.sign(B.tempo_bpm - A.tempo_bpm) > 0).all()


def test_the_level_stays():
    score = tween(A, B, 12)
    level = short_term_db(render_score(score, sample_rate=22_050).samples, 22_050)[:-4]
    assert np.abs(np.diff(level)).max() <= 3.0


def test_no_hole_where_scales_have_little_in_common():
    score = tween(config_from_style("ambient", 1), config_from_style("gamelan", 2), 10)
    starts = np.array([n.start for n in score.notes])
    assert np.diff(starts).max() < 6.0


def test_a_blend_lies_between_by_weight():
    mix = blended([A, B], [3.0, 1.0])
    assert min(A.tempo_bpm, B.tempo_bpm) < mix.tempo_bpm < max(A.tempo_bpm, B.tempo_bpm)
    assert mix.scale == A.scale
    assert blended([A], [2.0]).with_(tempo_bpm=A.tempo_bpm) == A
    for weights in ([], [0.0, 0.0], [1.0], [1.0, -1.0]):
        with pytest.raises(InputError, match="as many weights"):
            blended([A, B], weights)


def test_a_long_piece_goes_straight_to_a_file():
    out = io.BytesIO()
    write_wav(A, 20.0, out, 22_050)
    out.seek(0)
    with wave.open(out) as file:
        assert file.getnframes() == 20 * 22_050
        samples = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32768
    assert 0.02 < np.sqrt((samples**2).mean()) < 0.5
    assert np.abs(samples).max() < 1.0


def test_endless_music_goes_on_and_stays_level():
    chunks = endless([A, MusicConfig()], sample_rate=22_050)
    header = next(chunks)
    assert header[:4] == b"RIFF"
    data = b"".join(islice(chunks, 160))  # 40 s: over the border of a segment
    samples = np.frombuffer(data, "<i2").reshape(-1, 2) / 32768
    level = short_term_db(samples.astype(np.float32), 22_050)
    assert level.min() > -40
    assert np.ptp(level[4:]) < 15
    with pytest.raises(InputError, match="at least one config"):
        endless([])
