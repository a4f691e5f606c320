"""The measures mean what they say, on texts whose answer is known."""

from __future__ import annotations

import math

import pytest

from llm.score import (
    bradley_terry,
    copied_share,
    distinct_2,
    edit_distance,
    jaccard,
    repeats,
    self_bleu_4,
    sentences,
    specificity,
    ungrounded,
)
from llm.task import Slot, Task
from music.profile import Fact

FACT = Fact(
    "one_song", "You played Blue Help 212 times in July.", {"track": "Blue Help", "n": "212"}
)
SLOT = Slot("line", fact=FACT)
TASK = Task("roast", (SLOT,), holes={"genre": "sea-shanty trap"})


@pytest.mark.parametrize(
    "text",
    [
        "Blue Help, 212 times. Nobody asked.",
        "In July I heard Blue Help.",
        "A lamp has better taste! Even sea-shanty trap.",
        "God knows why.",
    ],
)
def test_what_the_facts_hold_is_grounded(text):
    assert ungrounded(text, TASK, SLOT) == []


@pytest.mark.parametrize(
    ("text", "lies"),
    [
        ("You and Ringo, 212 times.", ["Ringo"]),
        ("That is 213 plays.", ["213"]),
        ("Blue Help, 3 a.m., again.", ["3"]),
        ("Nobody. Not even Elvis Presley in 1977.", ["Elvis", "Presley", "1977"]),
        ("This is 2,120 more.", ["2,120"]),
    ],
)
def test_what_they_do_not_hold_is_named(text, lies):
    assert ungrounded(text, TASK, SLOT) == lies


def test_a_name_that_holds_a_number_grounds_only_itself():
    fact = Fact("x", "", {"track": "Summer of 69"})
    slot = Slot("line", fact=fact)
    assert ungrounded("You love Summer of 69.", Task("roast", (slot,)), slot) == []


def test_specificity_counts_facts_not_mentions():
    other = Slot("b", fact=Fact("hour", "", {"hour": "3 a.m."}))
    task = Task("roast", (SLOT, other))
    assert specificity(task, {"line": "Blue Help and Blue Help", "b": "so late"}) == 1
    assert specificity(task, {"line": "212", "b": "at 3 a.m."}) == 2


def test_variety_goes_from_all_the_same_to_all_different():
    same, different = ["the cat sat on the mat"] * 4, ["a b c d e", "f g h i j", "k l m n o"]
    assert distinct_2(different) == 1.0
    assert distinct_2(same) == pytest.approx(5 / 20)
    assert self_bleu_4(same) == pytest.approx(1.0)
    assert self_bleu_4(different) < 0.01


def test_bleu_is_that_of_the_definition():
    # Against "the cat sat on a mat": 1-grams 5/6, 2-grams 3/5, 3-grams 2/4, 4-grams 1/3.
    pair = ["the cat sat on the mat", "the cat sat on a mat"]
    one = math.exp(sum(map(math.log, (5 / 6, 3 / 5, 2 / 4, 1 / 3))) / 4)
    assert self_bleu_4(pair) == pytest.approx(one, rel=1e-6)


def test_repetition_and_copying():
    assert repeats("a b c d e f and a b c d e f") == 1
    assert repeats("a b c d e f g") == 0
    assert copied_share("x a b c", "z a b c d") == 0.75
    assert copied_share("one two", "three") == 0.0


def test_distances():
    assert edit_distance("dub", "dub") == 0.0
    assert edit_distance("dub", "rub") == pytest.approx(1 / 3)
    assert edit_distance("", "abc") == 1.0
    assert jaccard("a b c", "B C d") == 0.5


def test_sentences_end_where_people_end_them():
    assert sentences("Really?! Yes. No…  Well") == ["Really?!", "Yes.", "No…", "Well"]
    assert sentences("So be it. 8.6 out of ten.") == ["So be it.", "8.6 out of ten."]


def test_bradley_terry_orders_by_votes_and_says_how_sure_it_is():
    few = bradley_terry({("a", "b"): 6, ("b", "a"): 3})
    many = bradley_terry({("a", "b"): 600, ("b", "a"): 300})
    assert many["a"][0] - many["b"][0] == pytest.approx(math.log(2), abs=0.01)
    assert many["a"][1] < few["a"][1] / 5
    assert math.isfinite(bradley_terry({("a", "b"): 5})["a"][0])
