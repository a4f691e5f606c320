"""A band card is whole, invented, repeatable, and sounds like what it was made from."""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from llm.band import Band, band_from_link, band_schema, invent_band
from llm.band_parts import Writer, common, fitting, worlds
from llm.band_writing import HOOKS, fill_band, overused
from llm.genre import Genre, invent_genre, is_real
from llm.grammar import Grammar, kinds
from llm.lineup import lineup, single_instrument
from llm.task import placeholders, problems
from music.errors import InputError
from music.theory import INSTRUMENTS, STYLES
from music.vibe import Vibe
from tests.llm.alike import distinct

SCHEMA = Path(__file__).parents[2] / "docs" / "band.schema.json"
SHANTY = Vibe.of(
    {"tempo": 0.97, "acousticness": 0.9, "valence": 0.6, "energy": 0.6},
    {"sea shanty": 1.0, "folk": 0.3},
    origin="playlist: 3 a.m.",
)


def bands(n: int) -> list[Band]:
    styles = list(STYLES)
    rng = np.random.default_rng(0)
    made = []
    for seed in range(n):
        levels = dict(
            zip(("energy", "valence", "tempo", "acousticness"), rng.random(4), strict=True)
        )
        made.append(invent_band(Vibe.of(levels, [styles[seed % len(styles)]]), seed))
    return made


MANY = bands(1000)


def test_the_same_vibe_and_seed_give_the_same_band():
    assert invent_band(SHANTY, 5) == invent_band(SHANTY, 5)
    assert invent_band(SHANTY, 5) != invent_band(SHANTY, 6)


def test_the_vibe_is_its_sources():
    assert invent_band(SHANTY, 1).vibe == SHANTY


def test_a_card_is_whole():
    for band in MANY:
        assert 1 <= len(band.members) <= 7
        assert len(band.songs) == 5
        assert len({song.title for song in band.songs}) == 5
        assert len({member.name for member in band.members}) == len(band.members)
        assert len({member.instrument for member in band.members}) == len(band.members)
        assert len(set(band.related) | {band.name}) == 4
        assert band.founded <= band.albums[0].year <= band.albums[-1].year < 2026
        assert band.next_show.endswith(band.venue)
        for text in (band.bio, band.quote, band.venue, band.label, band.critic, band.genre.why):
            assert text
            assert "{" not in text
            assert not placeholders(text)


def test_names_are_their_own_and_no_word_is_worn_out():
    names = Counter(band.name for band in MANY)
    assert len(names) >= 950
    for band in MANY:
        titles = [song.title for song in band.songs] + [band.name, *band.related]
        assert not [text for text in titles if overused(text)]
        assert not is_real(band.name)


def test_a_known_artist_keeps_their_name():
    free = invent_band(SHANTY, 2)
    known = {free.name.upper(), *free.related, *(m.name for m in free.members)}
    again = invent_band(SHANTY, 2, known_artists=known)
    taken = {name.casefold() for name in known}
    assert again.name.casefold() not in taken
    assert not taken & {name.casefold() for name in again.related}
    assert not taken & {member.name.casefold() for member in again.members}


def test_the_article_makes_no_new_name():
    free = next(b for s in range(60) if (b := invent_band(SHANTY, s)).name.startswith("The "))
    again = invent_band(SHANTY, free.seed, known_artists={free.name.removeprefix("The ")})
    assert again.name != free.name


def test_every_song_is_near_the_band_and_carries_its_instruments():
    for band in MANY[:200]:
        for song in band.songs:
            assert band.vibe.distance(song.vibe) < 0.2
            words = {word for word, _ in song.vibe.words}
            assert {member.instrument for member in band.members} <= words
            assert song.vibe.weights == band.vibe.weights


def test_instruments_fit_the_world():
    plays = set(worlds()["sea"].sections["plays"])
    for seed in range(50):
        band = invent_band(Vibe.of({"energy": 0.6}, ["sea shanty"]), seed)
        assert {member.instrument for member in band.members} <= plays


def test_an_instrument_in_the_vibe_is_played():
    vibe = Vibe.of({"energy": 0.8}, {"techno": 1.0, "bagpipes": 0.8})
    for seed in range(20):
        assert invent_band(vibe, seed).members[0].instrument == "bagpipes"


def test_instrumental_music_has_no_singer():
    rng = np.random.default_rng(0)
    vibe = Vibe.of({"instrumentalness": 0.95}, ["folk"])
    for _ in range(40):
        played = lineup(vibe, ("folk",), 5, rng)
        assert not [word for word in played if INSTRUMENTS[word].family == "voices"]


@pytest.mark.parametrize("world", sorted(worlds()))
@pytest.mark.parametrize("n", range(1, 8))
def test_every_world_can_man_every_size(world, n):
    vibe = Vibe.of({"instrumentalness": 0.95})
    played = lineup(vibe, (world,), n, np.random.default_rng(0))
    assert len(set(played)) == n
    assert set(played) <= set(INSTRUMENTS)


def test_a_band_of_one_is_not_several():
    for band in MANY:
        if len(band.members) == 1:
            assert not band.bio.startswith(("They ", "Their "))


def test_a_biography_names_only_instruments_that_are_played():
    for band in MANY:
        one = single_instrument([member.instrument for member in band.members])
        for word in ("drummer", "bassist"):
            if word in band.bio:
                assert len(band.members) >= 3
        if one is None:
            assert "<instrument>" not in band.bio


def test_hooks_colour_the_card_and_travel_in_the_link():
    hooks = ["nonsense", "out_of_season", "one_song", "night"]
    band = invent_band(SHANTY.from_(""), 4, hooks=hooks)
    assert band.hooks == ("out_of_season", "one_song")
    own = common()["out_of_season.song"] + common()["one_song.song"]
    assert {song.title for song in band.songs} & set(own)
    assert band_from_link(band.link()) == band


def test_every_hook_fits_its_slot_and_its_titles_may_be_taken():
    for hook in sorted(HOOKS):
        band = invent_band(SHANTY, 1, hooks=[hook])
        assert band.hooks == (hook,)
        titles = common()[f"{hook}.song"]
        assert all(len(title) <= 60 for title in titles)
        taken = invent_band(SHANTY, 1, known_artists=titles, hooks=[hook])
        assert not {song.title for song in taken.songs} & set(titles)


def test_a_hook_holds_no_number_and_no_placeholder():
    for hook in HOOKS:
        for kind in ("song", "bio"):
            for part in common().get(f"{hook}.{kind}", ()):
                assert not placeholders(part)
                assert not any(char.isdigit() for char in part)


@pytest.mark.parametrize("vibe", [Vibe(), SHANTY, Vibe.of({"energy": 1.0}, ["<script>", "é~&="])])
def test_a_link_brings_the_band_back(vibe):
    band = invent_band(vibe, 9)
    again = band_from_link(band.link())
    assert again == invent_band(vibe.from_(""), 9)
    assert again.to_text() == band.to_text()


def test_a_genre_somebody_typed_travels_in_the_link():
    genre = invent_genre(SHANTY, 3, "damp disco")
    band = invent_band(SHANTY.from_(""), 3, genre=genre, hooks=["out_of_season", "one_song"])
    assert "genre=" in band.link()
    assert "genre=" not in invent_band(SHANTY, 3).link()
    assert band_from_link(band.link()) == band


def test_a_link_does_not_say_where_the_vibe_came_from():
    whose = SHANTY.by({"Somebody Real": 1.0})
    band = invent_band(whose, 1)
    assert "playlist" not in band.link()
    assert "Real" not in band.link()
    assert band.vibe.artists == whose.artists


def test_whose_vibe_it_is_changes_nothing_about_the_band():
    assert invent_band(SHANTY.by({"X": 1.0}), 1).to_text() == invent_band(SHANTY, 1).to_text()


@pytest.mark.parametrize(
    "link", ["", "x", "seed=1", "seed=-1&vibe=", "seed=a&vibe=", "seed=1&vibe=nonsense", "&" * 99]
)
def test_a_broken_link_is_one_sentence(link):
    with pytest.raises(InputError, match="this link is no"):
        band_from_link(link)


def test_json_round_trip():
    for band in MANY[:50]:
        assert Band.from_dict(json.loads(json.dumps(band.to_dict()))) == band


def test_the_published_schema_is_the_one_we_write():
    from jsonschema import Draft202012Validator

    assert json.loads(SCHEMA.read_text(encoding="utf-8")) == band_schema()
    validator = Draft202012Validator(band_schema())
    for band in MANY[:50]:
        validator.validate(band.to_dict())


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"version": 2}, "version 2"),
        ({"fictional": False}, "fictional"),
        ({"songs": []}, "songs is no list of 5-5"),
        ({"members": [{"name": "A", "instrument": "chainsaw"}]}, "chainsaw"),
        ({"tour_date": "2027-13-40"}, "no date"),
        ({"vibe": "energy=nan"}, "no band card"),
        ({"name": "x" * 2000}, "1,000 characters"),
        ({"seed": True}, "whole number"),
        ({"surprise": 1}, "unknown field 'surprise'"),
    ],
)
def test_a_wrong_card_says_what_is_wrong(change, message):
    card = invent_band(SHANTY, 0).to_dict() | change
    with pytest.raises(InputError, match=message):
        Band.from_dict(card)


@pytest.mark.parametrize("card", [None, [], "band", {}, {"version": 1}])
def test_what_is_no_card_is_refused(card):
    with pytest.raises(InputError, match="card"):
        Band.from_dict(card)


def test_a_given_genre_and_day_are_kept():
    genre = Genre("harbour techno", "Because.")
    band = invent_band(SHANTY, 0, genre=genre, today=date(2030, 1, 1))
    assert band.genre == genre
    assert date(2030, 1, 15) <= date.fromisoformat(band.tour_date) <= date(2030, 9, 30)


def test_another_backend_fills_the_same_card():
    band = invent_band(SHANTY, 1, backend="echo")
    plain = invent_band(SHANTY, 1)
    assert band.vibe == plain.vibe
    assert [m.instrument for m in band.members] == [m.instrument for m in plain.members]
    assert Band.from_dict(band.to_dict()) == band


@pytest.mark.parametrize("seed", range(30))
def test_drafts_answer_their_tasks(seed):
    task = kinds()["band"].examples(np.random.default_rng(seed))
    assert problems(task, Grammar().fill(task, seed)) == []
    assert set(fill_band(task, np.random.default_rng(seed))) == {slot.name for slot in task.slots}


def test_there_is_enough_to_draw_from():
    names = [pattern for w in worlds().values() for pattern in w.sections.get("name", ())]
    assert len(distinct([*common()["name"], *names])) >= 200
    bios = [p for w in worlds().values() for p in w.sections["bio"]] + list(common()["bio"])
    assert len(distinct(bios)) >= 150
    assert len(distinct(list(common()["quote"]))) >= 38


def test_every_hole_has_something_to_fill_it():
    import re

    for sections in (*(w.sections for w in worlds().values()), common()):
        for parts in sections.values():
            for part in parts:
                for hole in re.findall(r"\{([a-z_]+)\}", part):
                    known = hole in common() or all(hole in w.sections for w in worlds().values())
                    assert known or hole.casefold() in ("words", "at", "gloss", "comma_at"), part


def test_a_family_of_several_has_its_e():
    texts = {Writer((), np.random.default_rng(k)).expand("Not the {surname}s") for k in range(300)}
    assert "Not the Twelvetreeses" in texts
    assert not [text for text in texts if text.endswith("ss")]


def test_a_part_with_a_tag_is_for_that_size():
    pool = ("solo: One of one.", "many: Six of six.", "They hum.", "A hum.")
    assert fitting(pool, frozenset({"solo"}), frozenset()) == ("One of one.", "A hum.")
    assert fitting(pool, frozenset({"many"}), frozenset()) == ("Six of six.", "They hum.", "A hum.")


def test_a_card_takes_a_few_milliseconds():
    invent_band(SHANTY, 0)
    before = time.process_time()
    for seed in range(100):
        invent_band(SHANTY, seed)
    assert time.process_time() - before < 100 * 0.02  # 4 ms quiet; the figure is in the benchmarks
