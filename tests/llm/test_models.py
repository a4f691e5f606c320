"""Models are compared on the same cards, each in a process of its own."""

from __future__ import annotations

import math

import pytest

from llm.models import Report, compare, fixed_tasks, measure, table
from music.errors import InputError


def test_everybody_gets_the_same_cards():
    assert fixed_tasks(4, ("roast", "band")) == fixed_tasks(4, ("roast", "band"))
    assert [task.kind for task in fixed_tasks(4, ("roast", "band"))] == ["band", "roast"] * 2


def test_the_grammar_is_valid_and_grounded():
    report = measure("grammar", 12, 0, ("roast",))
    assert (report.valid, report.error) == (1.0, "")
    assert report.coherent > 0.7  # a good joke need not repeat a word of its fact
    assert report.memory_mb > 10
    assert math.isnan(report.knows)


def test_one_that_is_not_there_is_a_row_and_not_an_end():
    reports = compare(["grammar", "hf:nobody/nothing"], n_cards=2, n_questions=0, kinds=("roast",))
    assert reports[0].valid == 1.0
    assert "not on this machine" in reports[1].error
    shown = table(reports)
    assert "| grammar | 100% |" in shown
    assert "not on this machine" in shown
    assert len(shown.splitlines()) == 4


def test_a_wrong_name_is_told_before_anything_is_loaded():
    with pytest.raises(InputError, match="is no backend"):
        compare(["grammar", "clippy"])


def test_what_could_not_be_measured_stays_empty():
    assert "nan" not in table([Report("x", valid=1.0)])
