"""A roast has read the rows, quotes only facts, and is the same for the same seed."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest

from library.demo import demo_library
from llm.backends import write
from llm.lines import INTENSITIES, PERSONAS, lines, quoted
from llm.roast import one_liner, roast
from llm.roast_lines import slot_for
from llm.score import sentences
from llm.task import Task, fill_in
from music.errors import InputError
from music.profile import playlist_profile, taste_profile, track_profile
from music.tracks import Library, as_tracks
from tests.hostile import NAMES

EBBA = taste_profile(demo_library())


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("intensity", INTENSITIES)
def test_every_joke_is_about_a_fact_and_true_to_it(intensity, persona):
    for seed in range(8):
        for joke in roast(EBBA, seed, intensity, persona).jokes:
            told = lines()[joke.fact.kind]
            written = {fill_in(x.text, joke.fact.values).casefold() for x in told}
            assert joke.text.casefold() in written
            assert joke.text[0].isupper() or not joke.text[0].isalpha()
            numbers = set(re.findall(r"\d+", joke.text))
            assert numbers <= set(re.findall(r"\d+", " ".join(joke.fact.values.values())))


def test_what_lines_quote_the_facts_of_a_real_library_hold():
    for fact in EBBA.facts:
        assert quoted(fact.kind) <= set(fact.values), fact.kind


def test_a_roast_uses_several_different_facts_and_no_line_twice():
    for seed in range(40):
        written = roast(EBBA, seed)
        texts = [line.text for line in written.lines]
        assert len(set(texts)) == len(texts)
        assert len({joke.fact.kind for joke in written.jokes}) == len(written.jokes) >= 3


def test_the_same_seed_gives_the_same_roast_and_another_another():
    assert roast(EBBA, 3) == roast(EBBA, 3)
    assert len({roast(EBBA, seed).to_text() for seed in range(20)}) == 20


@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != "critic"])
def test_a_persona_speaks_for_itself_most_of_the_time(persona):
    written = [x for seed in range(12) for x in roast(EBBA, seed, "tease", persona).jokes]
    own = [x for x in written if _author(x.text, x.fact) == persona]
    assert len(own) > 0.6 * len(written)
    assert len(own) < len(written)


def _author(text, fact):
    told = {fill_in(x.text, fact.values).casefold(): x for x in lines()[fact.kind]}
    return told[text.casefold()].persona


@pytest.mark.parametrize("intensity", INTENSITIES)
def test_a_joke_hits_as_hard_as_it_was_asked_to(intensity):
    for seed in range(20):
        persona = list(PERSONAS)[seed % len(PERSONAS)]
        for joke in roast(EBBA, seed, intensity, persona).jokes:
            told = {
                fill_in(x.text, joke.fact.values).casefold(): x for x in lines()[joke.fact.kind]
            }
            assert told[joke.text.casefold()].intensity == intensity


def test_friends_with_the_same_habits_read_different_jokes_at_the_same_seed():
    friend = replace(EBBA, name="a friend")
    same = 0
    for seed in range(20):
        ours = {joke.text for joke in roast(EBBA, seed).jokes}
        same += len(ours & {joke.text for joke in roast(friend, seed).jokes})
    assert same < 10  # of a hundred


def test_in_a_session_no_sentence_is_said_twice():
    heard = []
    for seed in range(8):
        written = roast(EBBA, seed, persona="clerk", avoid=heard)
        texts = [line.text for line in written.lines]
        told = [s for text in texts for s in sentences(text) if len(s.split()) > 4]
        before = {s for text in heard for s in sentences(text)}
        assert len(set(told)) == len(told)
        assert not set(told) & before
        heard += texts


def test_the_end_of_a_roast_comes_back_to_something_that_was_told():
    for seed in range(10):
        written = roast(EBBA, seed)
        told = {joke.fact.kind for joke in written.jokes}
        *_, compliment, sentence = written.lines
        assert (compliment.part, sentence.part) == ("compliment", "sentence")
        assert {compliment.fact.kind, sentence.fact.kind} <= told


def test_the_verdict_names_what_is_overplayed_and_who_is_stanned():
    judged = roast(EBBA, 0).verdict
    assert judged.too_much[0].name == "I Saw Your Car"
    assert judged.stanned[0].name == "Municipal Swimming Pool"
    judgement, counted = judged.sentences()
    assert judged.chain in judgement
    assert "2006–2009" in judgement
    assert "“I Saw Your Car” (212 plays)" in counted
    assert "Municipal Swimming Pool (" in counted


def test_the_line_of_home_comes_back_only_when_every_fact_had_its_turn():
    kinds = [one_liner(EBBA, seed).fact.kind for seed in range(len(EBBA.facts))]
    assert len(set(kinds)) == len(kinds)


def test_the_verdict_is_counted_from_the_library():
    judged = roast(EBBA, 0).verdict
    assert judged.basic == round(demo_library().tracks["popularity"].mean())
    assert judged.stuck == "2006–2009"
    assert re.fullmatch(r"[\w-]+", judged.chain)


def test_nothing_to_say_is_one_friendly_line():
    written = roast(taste_profile(Library()))
    assert len(written.lines) == 1
    assert written.jokes == ()
    assert one_liner(taste_profile(Library())).text


@pytest.mark.parametrize("name", NAMES)
def test_a_hostile_name_is_quoted_short_and_harmless(name):
    frame = pd.DataFrame({
        "track_id": [str(i) for i in range(60)],
        "name": [f"{name} {i}" for i in range(60)],
        "artists": name,
        "genres": "dub",
    })  # fmt: skip
    written = roast(taste_profile(Library(as_tracks(frame, "test"))), seed=1).to_text()
    assert "\x1b" not in written
    assert max(map(len, written.split())) < 200


@pytest.mark.parametrize("wrong", [{"intensity": "maul"}, {"persona": "mime"}, {"backend": "x"}])
def test_a_wrong_name_is_told_what_there_is(wrong):
    with pytest.raises(InputError, match="there are"):
        roast(EBBA, **wrong)


def test_a_playlist_and_a_track_can_be_roasted_too():
    library = demo_library()
    names = dict(zip(library.playlists["name"], library.playlists["playlist_id"], strict=True))
    fine = playlist_profile(library, names["i'm fine"])
    assert any("i'm fine" in x.text for seed in range(4) for x in roast(fine, seed).jokes)
    song = library.tracks.index[library.tracks["name"] == "I Saw Your Car"][0]
    for written in (roast(one, 2) for one in (fine, track_profile(library, song))):
        assert "library" not in " ".join(x.text for x in written.lines)
    one = roast(track_profile(library, song), seed=1)
    assert len(one.jokes) >= 3
    assert {joke.fact.rows for joke in one.jokes} == {(song,)}


def test_no_line_is_chosen_whose_names_and_numbers_are_not_there():
    bare = Task("roast", (slot_for("opening"),), ("tease", "critic"))  # not even how many songs
    for seed in range(60):
        assert "<" not in str(write(bare, seed).card["opening"])
