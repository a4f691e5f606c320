"""A coined genre says what it was made of, why it is called that, and does not exist."""

from __future__ import annotations

import time

import pytest

from llm.band_parts import MOODS, common, worlds
from llm.genre import (
    Genre,
    fill_genre,
    genre_examples,
    invent_genre,
    is_real,
    moods_of,
    real_genres,
)
from llm.grammar import Grammar
from llm.safety import offensive
from llm.task import problems
from music.errors import InputError
from music.theory import STYLES
from music.vibe import Vibe
from tests.llm.alike import distinct

SHANTY = Vibe.of({"tempo": 0.97, "acousticness": 0.9}, ["sea shanty"], origin="playlist: 3 a.m.")
STYLE_VIBES = [Vibe.of({"tempo": 0.9, "valence": 0.1}, [style]) for style in STYLES]


def test_the_same_vibe_and_seed_coin_the_same_genre():
    assert invent_genre(SHANTY, 3) == invent_genre(SHANTY, 3)
    assert len({invent_genre(SHANTY, seed).name for seed in range(40)}) >= 20


@pytest.mark.parametrize("style", STYLES)
def test_every_style_has_its_world(style):
    homes = [world.name for world in worlds().values() if style in world.sections["styles"]]
    assert len(homes) == 1


@pytest.mark.parametrize("vibe", STYLE_VIBES, ids=list(STYLES))
def test_no_genre_is_real_or_nearly_so(vibe):
    for seed in range(5):
        genre = invent_genre(vibe, seed)
        assert genre.name not in real_genres()
        assert not is_real(genre.name)
        assert 5 <= len(genre.name) <= 48


def test_the_name_can_only_come_from_its_vibe():
    sea = worlds()["sea"].sections
    fast_or_acoustic = {
        part.partition(" |")[0]
        for mood in ("fast", "acoustic")
        for part in (*sea.get(mood, ()), *common()[mood])
    }
    heads = {*sea["head"], *common()["head"]}
    for seed in range(60):
        mark, _, head = invent_genre(SHANTY, seed).name.partition(" ")
        assert mark in fast_or_acoustic
        assert head in heads


def test_two_words_bring_both_worlds():
    vibe = Vibe.of({"valence": 0.05}, {"polka": 1.0, "trap": 0.9})
    heads = {invent_genre(vibe, seed).name.split(" ", 1)[1] for seed in range(60)}
    assert heads & set(worlds()["rap"].sections["head"])


def test_the_reason_names_what_it_was_made_of():
    genre = invent_genre(SHANTY, 0)
    assert "sea shanty" in genre.why.lower()
    assert genre.why.endswith(".")
    assert any(char.isdigit() for seed in range(3) for char in invent_genre(SHANTY, seed).why)
    assert genre.words == ("sea shanty",)


def test_a_typed_name_is_kept_unless_it_exists():
    assert invent_genre(typed="Harbour Techno").name == "harbour techno"
    coined = invent_genre(typed="techno").name
    assert coined.endswith(" techno")
    assert not is_real(coined)


@pytest.mark.parametrize("typed", ["", "   ", "<b></b>", "\u202e", "."])
def test_an_empty_name_is_refused(typed):
    with pytest.raises(InputError, match="type a genre"):
        invent_genre(typed=typed)


def test_a_hostile_word_stays_a_word():
    vibe = Vibe.of({"energy": 0.9}, ["<script>alert(1)</script>", "{thing} <genre> %s"])
    genre = invent_genre(vibe, 1)
    assert "<script>" not in genre.why
    assert isinstance(genre, Genre)


def test_moods_say_what_stands_out():
    assert moods_of(Vibe.of({"tempo": 0.95, "valence": 0.1})) == ("fast", "sad")
    assert moods_of(Vibe()) == ("plain",)


@pytest.mark.parametrize("seed", range(20))
def test_drafts_answer_their_tasks(seed):
    import numpy as np

    rng = np.random.default_rng(seed)
    task = genre_examples(rng)
    assert problems(task, Grammar().fill(task, seed)) == []
    assert set(fill_genre(task, rng)) == {"name", "why"}


def test_there_are_at_least_400_parts_and_each_mark_has_a_reason():
    marks = [
        part
        for world in (*(w.sections for w in worlds().values()), common())
        for mood in MOODS
        for part in world.get(mood, ())
    ]
    heads = [h for w in (*(w.sections for w in worlds().values()), common()) for h in w["head"]]
    assert all(part.count(" | ") == 1 for part in marks)
    assert len({part.partition(" |")[0] for part in marks}) == len(marks)
    names = [part.partition(" |")[0] for part in marks]
    assert len(distinct([*names, *heads])) >= 400


def test_no_part_is_offensive():
    for sections in (*(w.sections for w in worlds().values()), common()):
        for section, parts in sections.items():
            assert not [part for part in parts if offensive(part)], section


def test_coining_takes_no_time():
    invent_genre(SHANTY, 0)
    before = time.process_time()
    for seed in range(100):
        invent_genre(SHANTY, seed)
    assert time.process_time() - before < 100 * 0.02  # 4 ms quiet; other processes share the cache
