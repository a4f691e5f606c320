"""Authored lines fit their facts, differ from each other, and mistakes have a place."""

from __future__ import annotations

import re

import pytest

from llm.lines import ANY, FRAME, INTENSITIES, PERSONAS, SCOPES, VERDICT, lines, parse
from llm.openings import things
from llm.safety import offensive
from llm.task import placeholders
from llm.verdict import links
from music.errors import InputError
from music.facts.one_list import LIST_KINDS
from music.facts.single import TRACK_KINDS
from music.profile import FACT_KINDS, taste_profile
from music.tracks import Library
from tests.llm.alike import near_duplicates

taste_profile(Library())  # registers the kinds

KINDS = [*FACT_KINDS, *LIST_KINDS, *TRACK_KINDS]
ALL = [line for group in lines().values() for line in group]
JOKES = [line for line in ALL if line.kind in KINDS]


def test_there_are_sixty_kinds_of_fact_and_more():
    assert len(FACT_KINDS) >= 60


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_has_ten_different_lines_for_everybody_and_every_intensity(kind):
    anybody = [line for line in lines()[kind] if not line.persona]
    assert {line.intensity for line in anybody} == set(INTENSITIES)
    alike = {place for pair in near_duplicates(anybody) for place in pair}
    assert len(anybody) - len(alike) >= 10


@pytest.mark.parametrize("kind", [*FACT_KINDS, *LIST_KINDS])
def test_every_persona_has_a_line_of_its_own_for_every_kind_and_intensity(kind):
    own = {(line.persona, line.intensity) for line in lines()[kind] if line.persona}
    assert own == {(p, i) for p in PERSONAS if p != "critic" for i in INTENSITIES}


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_has_its_part_in_the_frame(kind):
    assert len(links()[kind]) >= 4
    assert len(lines()[f"compliment {kind}"]) >= 3
    assert len(lines()[f"sentence {kind}"]) >= 3
    if kind in FACT_KINDS:
        assert len(things()[kind]) >= 2


def test_every_line_is_about_something_known():
    frames = {f"{part} {kind}" for part in ("compliment", "sentence") for kind in KINDS}
    frames |= {f"review {kind}" for kind in (*FACT_KINDS, *LIST_KINDS)}
    openings = {f"opening {scope}" for scope in SCOPES if scope != "library"}
    basic = {"basic high", "basic low", "basic rest"}
    assert set(lines()) == set(KINDS) | set(FRAME) | frames | openings | basic


def test_a_line_counts_nothing_the_fact_does_not():
    assert [x.place for x in ALL if re.search(r"\d", x.text)] == [], "numbers come from the fact"


def test_a_line_ends_calmly_and_insults_nobody():
    assert [x.place for x in ALL if x.text[-1] not in ".?”" or "!" in x.text] == []
    assert [x.place for x in ALL if offensive(x.text)] == []


GIVEN = {
    "verdict": {"chain"}, "basic": {"basic"}, "basic high": {"basic"}, "basic low": {"basic"},
    "basic rest": {"basic", "this"},
    "stuck": {"stuck"}, "too_much": {"tracks"}, "stanned": {"artists"},
    "opening": {"tracks"}, "opening found": {"this", "that"},
    "opening playlist": {"playlist"}, "opening track": {"track"},
}  # fmt: skip


@pytest.mark.parametrize("kind", [kind for kind in lines() if kind not in KINDS])
def test_what_holds_a_roast_together_quotes_only_what_it_is_given(kind):
    about = kind.partition(" ")[2]
    given = GIVEN.get(kind, set())
    if about in KINDS:
        given = set().union(*(placeholders(x.text) for x in lines()[about]))
    for line in lines()[kind]:
        quoted = placeholders(line.text)
        assert quoted <= given, line.place
        assert quoted == given or kind.split()[0] not in (*VERDICT, "opening") or kind == "opening"


def test_a_joke_is_for_one_intensity():
    assert [line.place for line in JOKES if line.intensity == ANY] == []


def test_no_two_lines_are_nearly_the_same():
    assert near_duplicates(ALL) == []


def test_every_link_of_the_insult_chain_is_its_own():
    told = [link for group in links().values() for link in group]
    assert len(set(told)) == len(told)
    assert not any(offensive(link) for link in told)


@pytest.mark.parametrize("row", ["teese: no", "cook nobody: no", "just text", "tease:"])
def test_a_mistake_is_named_with_file_and_line(row):
    with pytest.raises(InputError, match=r"jokes\.txt:3: a line reads"):
        list(parse(f"# a comment\n== skips\n{row}\n", "jokes.txt"))


def test_a_line_needs_a_kind_above_it():
    with pytest.raises(InputError, match=r"jokes\.txt:1"):
        list(parse("tease: hello\n", "jokes.txt"))
