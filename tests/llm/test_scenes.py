"""Scenes lean a sentence by the words they share with it, without any model."""

import time

import pytest

from llm.scenes import as_style, lean, sayings
from llm.vibes import vibe_from_text
from music.theory import STYLES, style_for


def leading(text: str) -> str:
    return tuple(STYLES)[int(lean(text)[0].argmax())]


def test_every_scene_names_styles():
    for scene, styles in sayings():
        assert styles.keys() <= STYLES.keys(), scene
        assert scene.strip(), styles


def test_a_scene_finds_its_own_style():
    scenes = [(scene, next(iter(styles))) for scene, styles in list(sayings())[::37]]
    assert sum(leading(scene) == style for scene, style in scenes) / len(scenes) >= 0.9


def test_the_shares_sum_to_one_and_the_closest_is_a_cosine():
    shares, closest = lean("an old whaling ship in a storm")
    assert shares.sum() == pytest.approx(1)
    assert 0.3 < closest <= 1 + 1e-9


@pytest.mark.parametrize("text", ["qwrtz zblorg", "of the and", "!!!"])
def test_words_no_scene_has_lean_nowhere(text):
    shares, closest = lean(text)
    assert not shares.any()
    assert closest == 0


def test_an_unknown_word_makes_a_scene_less_close():
    assert lean("zblorg umbrella")[1] < lean("umbrella")[1]


def test_a_scene_may_speak_where_no_concept_does():
    understood = vibe_from_text("a lifeboat")
    assert next(iter(style_for(dict(understood.vibe.words)))) == "sea shanty"


def test_a_distant_scene_stays_silent():
    assert vibe_from_text("qwrtz zblorg lifeboat of the frumious plumbus").vibe.words == ()


def test_as_style_brings_one_word():
    assert [as_style(i).words for i in range(3)] == [{s: 1.0} for s in list(STYLES)[:3]]


def test_leaning_is_quick():
    lean("warm up the table")
    start = time.process_time()
    for _ in range(50):
        lean("a tired accountant dreams of the seaside and of a small red boat")
    assert (time.process_time() - start) / 50 <= 0.01
