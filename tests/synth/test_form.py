"""A piece lasts exactly as long as asked, and ends because it ends, not because it is cut."""

import numpy as np
import pytest

from music.errors import InputError
from synth.compose import compose_piece
from synth.config import config_from_style
from synth.form import plan, sections
from synth.render import render

STYLES = ("8-bit", "funeral", "waltz", "ambient")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("duration_s", [0.5, 2.0, 12.0, 31.7])
def test_it_is_exactly_as_long_as_asked(style, duration_s):
    audio = render(config_from_style(style, 2), duration_s=duration_s, sample_rate=22_050)
    assert len(audio.samples) == round(duration_s * 22_050)


@pytest.mark.parametrize("style", STYLES)
def test_it_ends_in_silence_after_a_last_chord(style):
    samples = render(config_from_style(style, 2), duration_s=12.0, sample_rate=22_050).samples
    rms = np.sqrt((samples**2).mean())
    assert np.sqrt((samples[-1100:] ** 2).mean()) < 0.05 * rms
    score = compose_piece(config_from_style(style, 2), 12.0)
    last = [n for n in score.notes if n.start > score.beats - 0.01]
    assert {n.layer for n in last} >= {"harmony", "bass"} or len(last) >= 2


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("duration_s", [20.0, 30.0, 60.0, 180.0])
def test_the_tempo_hardly_bends(style, duration_s):
    config = config_from_style(style, 3)
    assert plan(config, duration_s).tempo_bpm == pytest.approx(config.tempo_bpm, rel=0.08)


def test_a_song_has_sections_with_an_arc():
    names = [s.name for s in sections(40)]
    assert names[0] == "intro"
    assert names[-1] == "outro"
    assert {"A", "B"} <= set(names)
    for bars in range(1, 400):
        assert sum(s.bars for s in sections(bars)) == bars


def test_sections_differ_in_sound():
    score = compose_piece(config_from_style("pop", 1), 60.0)
    intro = {n.layer for n in score.notes if n.start < score.metre.beats}
    everybody = {n.layer for n in score.notes}
    assert intro < everybody


@pytest.mark.parametrize("duration_s", [0.0, -3.0, 36_000.0, float("nan")])
def test_impossible_lengths_are_refused(duration_s):
    with pytest.raises(InputError, match="a piece lasts between"):
        render(config_from_style("pop", 1), duration_s=duration_s)
