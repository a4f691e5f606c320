"""A config becomes the same score every time, in its scale, its metre and its range."""

from itertools import pairwise

import numpy as np
import pytest

from music.theory import METRES, SCALES, STYLES
from synth.compose import compose
from synth.config import config_from_style
from synth.groove import grid
from synth.schema import ENUMS, MusicConfig
from tests.synth.chance import random_config


def degrees_off(config, notes):
    """How far each pitched note lies from the nearest tone of the scale, in cents."""
    scale = SCALES[config.scale]
    tones = np.array([*scale.cents, scale.period_cents])
    cents = (np.array([n.pitch for n in notes]) - config.root) * 100 % 1200
    return np.abs(cents[:, None] - tones[None, :]).min(axis=1)


def test_the_same_config_is_the_same_score():
    config = config_from_style("jazz", 3)
    assert compose(config, 8) == compose(config, 8)
    assert compose(config, 8) != compose(config.with_(seed=4), 8)


@pytest.mark.parametrize("style", STYLES)
def test_a_style_plays_and_stays_inside_its_loop(style):
    score = compose(config_from_style(style, 1), 8)
    assert len(score.notes) > 8
    assert all(0 <= n.start < score.beats and n.beats > 0 for n in score.notes)
    assert all(0 < n.velocity <= 1 for n in score.notes)
    assert [n.start for n in score.notes] == sorted(n.start for n in score.notes)


@pytest.mark.parametrize("scale", [s for s in SCALES if SCALES[s].period_cents == 1200])
def test_a_melody_keeps_to_its_scale(scale):
    config = MusicConfig(scale=scale, root=3, habit="ornamented", human=0)
    tune = [n for n in compose(config, 8).notes if n.layer == "melody"]
    assert tune
    assert degrees_off(config, tune).max() < 1


def test_no_close_intervals_low_down():
    """Two notes of one chord closer than a fourth under C3 would be mud."""
    rng = np.random.default_rng(2)
    for _ in range(60):
        chords: dict[float, list[float]] = {}
        for note in compose(random_config(rng).with_(human=0), 4).notes:
            if note.layer == "harmony" and note.pitch < 48:
                chords.setdefault(note.start, []).append(note.pitch)
        for pitches in chords.values():
            assert (np.diff(sorted(set(pitches))) > 4.6).all()


def test_phrases_repeat_before_they_move_on():
    """Bars 1 and 3 share their rhythm; a melody nobody can remember has no such pair."""
    score = compose(MusicConfig(human=0, habit="song", seed=2), 8)
    beats = score.metre.beats

    def onsets(bar):
        tune = (n for n in score.notes if n.layer == "melody")
        return [round(n.start - bar * beats, 3) for n in tune if bar <= n.start / beats < bar + 1]

    assert onsets(0) == onsets(2) == onsets(4)
    assert onsets(0) != onsets(3)


def test_the_piece_comes_home_at_the_end():
    for seed in range(20):
        config = MusicConfig(human=0, habit="hymn", seed=seed)
        tune = [n for n in compose(config, 8).notes if n.layer == "melody"]
        assert (tune[-1].pitch - config.root) % 12 == pytest.approx(0)


@pytest.mark.parametrize("rhythm", [r for r in ENUMS["rhythm"] if r != "none"])
@pytest.mark.parametrize("metre", METRES)
def test_any_rhythm_can_be_played_in_any_metre(rhythm, metre):
    bars, hits = grid(rhythm, metre)
    assert any(hits.values())
    assert all(0 <= h[0] < bars * METRES[metre].steps for role in hits.values() for h in role)


def test_a_motif_is_heard():
    config = MusicConfig(motif=(0, 2, 4, 7), human=0, habit="runs", progression="drone", seed=1)
    tune = [n.pitch for n in compose(config, 1).notes if n.layer == "melody"]
    intervals = np.sign(np.diff(tune[:4]))
    assert (intervals >= 0).all()


def test_layers_do_not_disturb_each_other():
    config = MusicConfig(human=0)
    with_bass, without = compose(config, 4), compose(config.with_(bass="none"), 4)
    tune = [n for n in with_bass.notes if n.layer == "melody"]
    assert tune == [n for n in without.notes if n.layer == "melody"]


@pytest.mark.parametrize("tempo_bpm", [100.0, 130.0, 150.0, 175.0, 200.0])
def test_a_fast_arpeggio_leaves_steps_out_and_no_tones(tempo_bpm):
    score = compose(MusicConfig(comp="arp", harmony="pulse12", tempo_bpm=tempo_bpm, human=0.0), 1)
    played = [n for n in score.notes if n.layer == "harmony"]
    chord = {round(100 * (n.pitch - score.config.root)) % 1200 for n in played}
    assert chord == {round(tone) % 1200 for tone in score.chords[0].tones}
    gaps_s = np.diff([n.start for n in played]) * 60 / tempo_bpm
    assert gaps_s.min() > 0.14
    assert np.ptp(gaps_s) < 1e-6  # evenly: not every third sixteenth of four


def test_an_octave_bass_leaps_at_any_tempo():
    for tempo_bpm in (90.0, 126.0, 150.0, 180.0):
        score = compose(MusicConfig(bass_line="octaves", tempo_bpm=tempo_bpm), 1)
        low = [n.pitch for n in score.notes if n.layer == "bass"]
        assert {round(b - a) for a, b in pairwise(low)} == {12, -12}
