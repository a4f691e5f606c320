"""Authored lines fit their facts, differ from each other, and mistakes have a place."""

from __future__ import annotations

import re

import pytest

from llm.lines import INTENSITIES, RESERVED, lines, parse
from llm.safety import offensive
from llm.task import placeholders
from llm.verdict import CHAIN
from music.errors import InputError
from music.facts.single import TRACK_KINDS
from music.profile import FACT_KINDS, taste_profile
from music.tracks import Library

taste_profile(Library())  # registers the kinds

KINDS = [*FACT_KINDS, *TRACK_KINDS]
ALL = [line for group in lines().values() for line in group]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_has_lines_of_every_intensity(kind):
    assert {line.intensity for line in lines()[kind]} == set(INTENSITIES)
    own = [line for line in lines()[kind] if not line.persona]
    assert len(own) >= (10 if kind in FACT_KINDS else 5)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_fact_has_its_link_of_the_verdict(kind):
    assert CHAIN[kind]


def test_every_line_is_about_a_known_kind():
    assert set(lines()) == set(KINDS) | set(RESERVED)


@pytest.mark.parametrize("line", ALL, ids=lambda line: line.place)
def test_a_line_counts_nothing_the_fact_does_not(line):
    assert not re.search(r"\d", line.text), "numbers come from the fact"
    assert line.text[-1] in ".?”"
    assert not offensive(line.text)
    if line.kind in RESERVED:
        assert not placeholders(line.text)


def bare(text: str) -> set[str]:
    return set(re.findall(r"[a-z]+", re.sub(r"<\w+>", "", text.casefold())))


def test_no_two_lines_are_nearly_the_same():
    words = [(line.place, bare(line.text)) for line in ALL]
    close = [
        (a, b)
        for i, (a, one) in enumerate(words)
        for b, other in words[:i]
        if len(one & other) / max(len(one | other), 1) >= 0.6
    ]
    assert close == []


@pytest.mark.parametrize("row", ["teese: no", "cook nobody: no", "just text", "tease:"])
def test_a_mistake_is_named_with_file_and_line(row):
    with pytest.raises(InputError, match=r"jokes\.txt:3: a line reads"):
        list(parse(f"# a comment\n== skips\n{row}\n", "jokes.txt"))


def test_a_line_needs_a_kind_above_it():
    with pytest.raises(InputError, match=r"jokes\.txt:1"):
        list(parse("tease: hello\n", "jokes.txt"))
