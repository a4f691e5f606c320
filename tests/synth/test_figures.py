"""Figures keep to their bar, and each says which dance it belongs to by itself."""

import pytest

from music.theory import METRES, RHYTHMS
from synth.compose import compose
from synth.figures import BASS_LINES, COMPS, Bar
from synth.schema import MusicConfig

FIGURES = {**{f"comp {n}": f for n, f in COMPS.items()},
           **{f"bass {n}": f for n, f in BASS_LINES.items()}}  # fmt: skip


def bar_of(metre):
    return Bar(METRES[metre], (60.0, 64.0, 67.0), 36.0, 43.0, 40.0, 41.0, 40.0, 0.5)


def places(figure, metre="4/4"):
    return [stroke.step for stroke in figure(bar_of(metre))]


@pytest.mark.parametrize("metre", METRES)
@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_begins_within_its_bar_in_order(name, metre):
    found = places(FIGURES[name], metre)
    assert found == sorted(found)
    assert all(0 <= step < METRES[metre].steps for step in found)


def lows(rhythm):
    text = dict(RHYTHMS[rhythm].lines)["low"]
    return [i for i, mark in enumerate(text[: METRES[RHYTHMS[rhythm].metre].steps]) if mark != "."]


@pytest.mark.parametrize(
    ("bass", "rhythm"), [("saidi", "saidi"), ("chaal", "bhangra"), ("hits", "epic")]
)
def test_a_bass_line_named_after_a_drum_strikes_with_it(bass, rhythm):
    assert places(BASS_LINES[bass], RHYTHMS[rhythm].metre) == lows(rhythm)


def test_the_tresillo_counts_three_three_two_in_every_half_bar():
    for figure in (COMPS["tresillo"], BASS_LINES["tresillo"]):
        assert places(figure) == [0, 3, 6, 8, 11, 14]


def test_jhala_strikes_one_string_on_the_beat_and_the_drone_above_it_between():
    strokes = COMPS["jhala"](bar_of("12/8"))
    on = {s.pitches for s in strokes if s.step % 3 == 0}
    between = {s.pitches for s in strokes if s.step % 3}
    assert len(on) == len(between) == 1
    assert min(between)[0] - min(on)[0] == 12


@pytest.mark.parametrize("habit", ["hymn", "triadic"])
def test_hymns_and_fanfares_move_in_beats(habit):
    score = compose(MusicConfig(habit=habit, human=0, seed=3), 8)
    tune = [n.start for n in score.notes if n.layer == "melody"]
    ornaments = sum(start % 1 != 0 for start in tune)
    assert len(tune) > 8
    assert ornaments <= len(tune) // 8
