"""A review argues one thing in 120 to 200 words, rests on two facts and counts its score."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations

import numpy as np
import pytest

from library.demo import demo_library
from llm.agreement import contradictions
from llm.lines import lines
from llm.review import WORDS, review, score_of
from llm.review_parts import PARTS, THESES, parse, parts, thesis_of
from llm.score import sentences
from llm.task import placeholders
from music.errors import InputError
from music.facts.one_list import LIST_KINDS
from music.profile import FACT_KINDS, TasteProfile, taste_profile
from music.tracks import Library

EBBA = taste_profile(demo_library())
SEVERAL = [review(EBBA, seed) for seed in range(60)]


def test_every_kind_of_fact_is_evidence_for_exactly_one_thesis():
    kinds = [kind for group in THESES.values() for kind in group]
    assert sorted(kinds) == sorted([*FACT_KINDS, *LIST_KINDS])


@pytest.mark.parametrize("thesis", THESES)
def test_parts_stand_alone_and_use_only_what_a_review_offers(thesis):
    for name, texts in parts()[thesis].items():
        assert len(texts) >= 2
        for text in texts:
            allowed = {"what"} if name == "thesis" else {"score"} if "verdict" in name else set()
            assert placeholders(text) == allowed
            assert not re.search(r"\d|!", text)


@pytest.mark.parametrize("thesis", THESES)
def test_no_sentence_begins_with_what_is_reviewed(thesis):
    for text in parts()[thesis]["thesis"]:  # "this library" has a small letter
        assert not re.search(r"(^|[.?:] )<what>", text), text


def test_there_is_more_than_one_way_to_say_it():
    for kind in (*FACT_KINDS, *LIST_KINDS):
        assert len(lines()[f"review {kind}"]) >= 5, kind


def test_reviews_of_one_library_have_next_to_nothing_in_common():
    told = [{*sentences(" ".join(x.paragraphs))} - {f"{x.score} out of ten."} for x in SEVERAL]
    shared = [len(a & b) / min(len(a), len(b)) for a, b in combinations(told, 2)]
    assert np.mean(shared) < 0.05


def test_what_was_read_in_a_session_is_not_said_again():
    heard = []
    for seed in range(10):
        one = review(EBBA, seed, avoid=heard)
        told = {s for row in one.paragraphs for s in sentences(row) if len(s.split()) > 4}
        assert not told & {s for text in heard for row in text.splitlines() for s in sentences(row)}
        assert one.title not in [text.splitlines()[0] for text in heard]
        heard.append(one.to_text())


def test_a_thesis_is_not_likelier_for_having_more_kinds():
    assert max(Counter(one.thesis for one in SEVERAL).values()) <= len(SEVERAL) / 3


def test_a_review_keeps_its_length():
    for one in SEVERAL:
        n = len(one.to_text().split())
        assert WORDS[0] <= n <= WORDS[1], (n, one.to_text())


def test_a_review_is_coherent():
    for one in SEVERAL:
        assert one.title in parts()[one.thesis]["title"]
        assert contradictions(one.facts) == []
        assert [thesis_of(fact.kind) for fact in one.facts] == [one.thesis] * 2


def test_its_numbers_are_those_of_its_facts_and_its_score():
    for one in SEVERAL:
        known = " ".join(v for fact in one.facts for v in fact.values.values())
        numbers = set(re.findall(r"\d+", one.to_text()))
        assert numbers <= set(re.findall(r"\d+", f"{known} {one.score:.1f}"))


def test_the_same_seed_gives_the_same_review_and_another_another():
    assert review(EBBA, 5) == SEVERAL[5]
    assert len({one.to_text() for one in SEVERAL}) > 55
    assert len({one.thesis for one in SEVERAL}) >= 4


def test_a_score_has_a_rule_that_gives_it():
    score, rule = score_of(EBBA)
    assert 0 <= score <= 10
    odd, basic = (float(x) for x in re.findall(r"\(([\d.]+)\)", rule))
    assert score == pytest.approx(4.1 + 5.4 * odd - 0.04 * basic, abs=0.08)


def test_nothing_to_review_is_said_kindly():
    for nothing in (taste_profile(Library()), TasteProfile(EBBA.facts[:1], 5, "x")):
        one = review(nothing)
        assert one.score is None
        assert one.paragraphs[0].startswith("There is too little")


@pytest.mark.parametrize("text", ["hello\n", "== title\nX\n== thesis\nY\n", "== verses\nZ\n"])
def test_a_mistake_names_the_file(text):
    with pytest.raises(InputError, match=r"reviews/loyal\.txt"):
        parse(text, "reviews/loyal.txt")


def test_every_thesis_has_every_part():
    assert all(tuple(parts()[thesis]) == PARTS for thesis in THESES)
