"""What a text tells does not contradict itself or come twice."""

from __future__ import annotations

import pytest

from library.demo import demo_library
from llm.agreement import CONTRARY, SAME, apart, contradictions
from llm.lines import lines
from llm.roast import roast
from music.profile import Fact, taste_profile

EBBA = taste_profile(demo_library())


@pytest.mark.parametrize("pair", [*CONTRARY, *SAME], ids="-".join)
def test_the_table_names_kinds_that_exist(pair):
    assert set(pair) <= set(lines())
    assert contradictions([Fact(pair[1], "b"), Fact(pair[0], "a")])


def test_two_facts_about_one_song_are_kept_apart():
    one, other = (Fact(kind, kind, {"track": "X"}) for kind in ("long", "oldest"))
    assert apart(one, other)
    assert not apart(one, Fact("oldest", "oldest", {"track": "Y"}))


def test_no_roast_contradicts_or_repeats_itself():
    for seed in range(150):
        assert contradictions([joke.fact for joke in roast(EBBA, seed).jokes]) == []


def test_nothing_is_said_twice_in_a_session():
    said: list[str] = []
    for seed in range(6):
        written = roast(EBBA, seed, avoid=said)
        fresh = [joke.text for joke in written.jokes]
        assert not set(fresh) & set(said)
        said += fresh
