"""A rule changed by hand changes what it says and nothing else, and can be undone."""

import pytest

from llm.playlist import playlist_from_text
from llm.playlist_edit import dropped, edited, moved
from llm.playlist_follow import refine
from music.chips import chips
from music.errors import InputError


def chip(wish, text):
    return next(c for c in chips(wish.spec) if c.text == text)


def test_a_dropped_genre_leaves_the_vibe_too():
    wish = playlist_from_text("calm jazz, some techno")
    left = dropped(wish, chip(wish, "jazz"))
    assert "jazz" not in dict(left.spec.vibe.words)
    assert "techno" in dict(left.spec.vibe.words)
    assert left.spec.genres == ("techno",)


def test_a_dropped_mood_gives_its_levels_back():
    wish = playlist_from_text("calm jazz")
    plain = playlist_from_text("jazz").spec.vibe
    left = dropped(wish, chip(wish, "calm")).spec.vibe
    assert left.get("energy") == pytest.approx(plain.get("energy"))


def test_the_last_word_takes_its_vibe_along():
    wish = playlist_from_text("calm")
    assert not any(dropped(wish, chip(wish, "calm")).spec.vibe.weights)


def test_years_go_without_touching_the_vibe():
    wish = playlist_from_text("calm jazz from the 60s")
    left = dropped(wish, chip(wish, "1960 to 1969"))
    assert left.spec.years == (None, None)
    assert left.spec.vibe == wish.spec.vibe


def test_every_step_by_hand_can_be_undone():
    wish = playlist_from_text("calm jazz")
    steps = [
        edited(wish, n_tracks=12),
        moved(wish, "energy", 0.9),
        dropped(wish, chips(wish.spec)[0]),
    ]
    for step in steps:
        assert step.before is wish
        assert step.said == wish.said
        assert refine(step, "undo") is wish
    assert moved(wish, "energy", 0.9).spec.vibe.get("energy") == 0.9


def test_no_change_is_no_step():
    wish = playlist_from_text("calm jazz")
    assert edited(wish, n_tracks=wish.spec.n_tracks) is wish


def test_what_a_field_cannot_hold_is_refused():
    with pytest.raises(InputError):
        edited(playlist_from_text("calm jazz"), n_tracks=0)
