"""Courtesies are no wishes, and what is refused is not searched for."""

import pytest

from benchmarks.playlist_labels import labels, lines, slots
from llm.playlist import playlist_from_text
from llm.playlist_follow import refine
from llm.playlist_talk import telling

ARTISTS = lines("artists.txt")


@pytest.mark.parametrize(
    "said",
    [
        "I'd love some jazz", "these are great, thanks! now jazz please", "thank you, add jazz",
        "I really love these. Jazz next", "great choices, I love them all. jazz?",
    ],
)  # fmt: skip
def test_praise_names_no_mood_and_no_title(said):
    spec = playlist_from_text(said, ARTISTS).spec
    assert spec.genres == ("jazz",)
    assert spec.moods == ()
    assert spec.text == ("jazz",)


def test_love_that_is_meant_is_kept():
    spec = playlist_from_text("love songs for a wedding", ARTISTS).spec
    assert "love" in spec.text[0]


@pytest.mark.parametrize(
    "said", ["anything but jazz", "everything except jazz", "alles außer Jazz", "tout sauf le jazz"]
)
def test_anything_but_is_a_refusal(said):
    spec = playlist_from_text(said, ARTISTS).spec
    assert (spec.genres, spec.not_genres) == ((), ("jazz",))


def test_nothing_but_is_a_wish():
    assert playlist_from_text("nothing but jazz", ARTISTS).spec.genres == ("jazz",)


def test_what_is_refused_is_not_searched_in_titles():
    spec = playlist_from_text("sad rain songs, no jazz, nothing by Coldplay", ARTISTS).spec
    assert "jazz" not in spec.text[0]
    assert "coldplay" not in spec.text[0]
    assert "rain" in spec.text[0]


def test_disliked_suggestions_refuse_their_artist():
    wish = playlist_from_text("something like Radiohead", ARTISTS)
    spec = refine(wish, "I don't like any of the suggestions by Coldplay", ARTISTS).spec
    assert spec.artists_not == ("Coldplay",)
    assert spec.artists_like == ("Radiohead",)


def test_a_name_with_the_may_be_misspelt():
    assert playlist_from_text("songs by The Beetles", ARTISTS).spec.artists_only == ("The Beatles",)


@pytest.mark.parametrize("said", ["a calm hour of jazz", "eine ruhige Stunde Jazz"])
def test_an_hour_of_some_kind_is_an_hour(said):
    spec = playlist_from_text(said, ARTISTS).spec
    assert (spec.minutes, spec.moods, spec.genres) == (60, ("calm",), ("jazz",))


def test_a_happy_hour_is_no_length():
    assert playlist_from_text("jazz for a happy hour", ARTISTS).spec.minutes is None


def test_nothing_telling_is_no_text():
    assert telling("thank you, these are great!") == ()


def test_sixty_wishes_of_strangers_are_understood():
    hit = wrong = missed = 0
    for line in lines("prompts_fresh.txt"):
        text, _, wanted = line.rpartition("|")
        got, want = slots(playlist_from_text(text.strip(), ARTISTS).spec), labels(wanted)
        hit, wrong, missed = (
            hit + len(got & want),
            wrong + len(got - want),
            missed + len(want - got),
        )
    assert 2 * hit / (2 * hit + wrong + missed) >= 0.92
