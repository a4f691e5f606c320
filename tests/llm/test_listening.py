"""Whoever listens hears a text grow, and can stop the writer in the middle of it."""

from __future__ import annotations

from itertools import pairwise

import pytest

from llm.listening import hear, listening
from llm.task import Slot, Task
from llm.tiny import Tiny

HOLES = {"tracks": "1,979", "this": "a moat", "that": "a carol"}
OPENING = Task("roast", (Slot("opening"), Slot("compliment")), ("tease", "critic"), HOLES)


def test_words_are_heard_as_they_come_and_end_as_the_card():
    heard = []
    with listening(heard.append):
        card = Tiny().fill(OPENING, 1)
    assert len(heard) > 10
    assert set(card.values()) <= set(heard)
    grown = heard[: heard.index(card["opening"]) + 1]
    assert all(a.strip() in b or b in a for a, b in pairwise(grown))


def test_listening_changes_nothing_and_ends():
    with listening(lambda _: None):
        told = Tiny().fill(OPENING, 2)
    assert told == Tiny().fill(OPENING, 2)
    heard = []
    with listening(heard.append):
        pass
    hear("afterwards", {})
    assert heard == []


def test_names_are_filled_in_and_half_a_placeholder_is_not_shown():
    heard = []
    with listening(heard.append):
        hear("<artist> again, <n", {"artist": "The Damp", "n": "212"})
    assert heard == ["The Damp again, "]


def test_a_listener_stops_the_writer():
    class Enough(Exception):
        pass

    heard = []

    def stop(text):
        heard.append(text)
        if len(heard) == 4:
            raise Enough

    with pytest.raises(Enough), listening(stop):
        Tiny().fill(OPENING, 1)
    assert len(heard) == 4
