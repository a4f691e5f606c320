"""Blind pairs hide who wrote what, and votes decide only when they can."""

from __future__ import annotations

import pytest

from llm.backends import BACKENDS, backend
from llm.echo import Echo
from llm.judge import decided, pairs, standing
from llm.task import Slot, Task

TASKS = [Task("roast", (Slot("line"),), conditions=(str(k),)) for k in range(50)]


@pytest.fixture
def round_of_fifty(monkeypatch):
    monkeypatch.setitem(BACKENDS, "tiny", lambda _: Echo({"line": "from tiny"}))
    monkeypatch.setitem(BACKENDS, "grammar", lambda _: Echo({"line": "from grammar"}))
    backend.cache_clear()
    yield pairs(TASKS, "tiny", "grammar", seed=3)
    backend.cache_clear()


def test_both_write_on_the_same_facts_in_an_order_of_chance(round_of_fifty):
    assert all({p.a["line"], p.b["line"]} == {"from tiny", "from grammar"} for p in round_of_fifty)
    assert all(p.a["line"] == f"from {p.writers[0]}" for p in round_of_fifty)
    first = [p.writers[0] for p in round_of_fifty].count("tiny")
    assert 15 < first < 35
    assert [p.writers for p in round_of_fifty] == [
        p.writers for p in pairs(TASKS, "tiny", "grammar", seed=3)
    ]


def writers(shown):
    return {p.number: p.writers for p in shown}


def test_a_clear_vote_is_decided(round_of_fifty):
    votes = {p.number: "a" if (p.writers[0] == "grammar") == (p.number % 6 > 0) else "b"
             for p in round_of_fifty}  # fmt: skip
    first, second = found = standing(votes, writers(round_of_fifty))
    assert (first.name, first.wins, second.wins) == ("grammar", 41, 9)
    assert first.low < first.strength < first.high
    assert decided(found) == "grammar"


def test_a_close_vote_is_not(round_of_fifty):
    votes = {p.number: "a" for p in round_of_fifty}
    assert decided(standing(votes, writers(round_of_fifty))) is None
    assert standing({}, writers(round_of_fifty)) == []
    assert decided([]) is None
