"""A roast has read the rows, quotes only facts, and is the same for the same seed."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from library.demo import demo_library
from llm.lines import INTENSITIES, PERSONAS, lines, quoted
from llm.roast import one_liner, roast
from llm.task import fill_in
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


def test_a_persona_sounds_like_itself():
    openings = {roast(EBBA, 1, "tease", persona).lines[0].text for persona in PERSONAS}
    assert len(openings) == len(PERSONAS)


def test_the_line_of_home_comes_back_only_when_every_fact_had_its_turn():
    kinds = [one_liner(EBBA, seed).fact.kind for seed in range(len(EBBA.facts))]
    assert len(set(kinds)) == len(kinds)


def test_the_verdict_is_counted_from_the_library():
    judged = roast(EBBA, 0).verdict
    assert judged.basic == round(demo_library().tracks["popularity"].mean())
    assert judged.stuck == "2006 to 2009"
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
    one = roast(track_profile(library, song), seed=1)
    assert len(one.jokes) >= 3
    assert {joke.fact.rows for joke in one.jokes} == {(song,)}
