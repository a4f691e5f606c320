"""The models' commands: compare, judge, train, corpus; an error is a sentence and exit code 1."""

from __future__ import annotations

import json

import pytest
import typer
from typer.testing import CliRunner

from cli_words import commands

app = typer.Typer()
commands(app)


def run(*words, typed=""):
    return CliRunner().invoke(app, list(words), input=typed)


def test_compare_prints_a_row_for_each():
    result = run("models", "compare", "grammar", "--cards", "2", "--questions", "0", "--json")
    assert result.exit_code == 0
    (report,) = json.loads(result.stdout)
    assert (report["name"], report["valid"]) == ("grammar", 1.0)


def test_votes_are_kept_and_gone_on_with(tmp_path):
    votes = str(tmp_path / "votes.json")
    first = run("judge", "grammar", "echo", "--pairs", "3", "--votes", votes, typed="a\nb\nq\n")
    assert first.exit_code == 0
    assert "Not decided yet." in first.stdout
    again = run("judge", "grammar", "echo", "--pairs", "3", "--votes", votes, typed="a\n")
    assert "3 of 3" in again.stdout
    assert "1 of 3" not in again.stdout
    assert len(json.loads((tmp_path / "votes.json").read_text())["grammar echo 0"]) == 3


def test_a_round_on_paper_names_nobody_and_its_votes_are_read_back(tmp_path):
    sheet, written, votes = (tmp_path / name for name in ("pairs.md", "mine.txt", "votes.json"))
    done = run("judge", "grammar", "tiny", "--pairs", "4", "--sheet", str(sheet))
    assert "4 pairs" in done.stdout
    text = sheet.read_text("utf-8")
    assert text.count("[a]") == text.count("[b]") == 4
    assert "grammar" not in text
    assert "tiny" not in text
    written.write_text("1 a\n3: b\n\n4 s\n")
    told = run("judge", "grammar", "tiny", "--pairs", "4", "--answers", str(written),
               "--votes", str(votes))  # fmt: skip
    assert told.exit_code == 0
    assert json.loads(votes.read_text())["grammar tiny 0"] == {"0": "a", "2": "b"}
    assert "Not decided yet." in told.stdout
    written.write_text("1 a\n5 b\n")
    wrong = run("judge", "grammar", "tiny", "--pairs", "4", "--answers", str(written))
    assert wrong.exit_code == 1
    assert "line 2: a vote reads" in " ".join(wrong.stderr.split())


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("models", "compare", "clippy"), "is no backend"),
        (("train",), "say what to learn from"),
        (("train", "missing.csv"), "cannot be read"),
        (("train", "--preferences", "missing.jsonl"), "cannot be read"),
        (("corpus", "build", "OUT", "--url", "http://127.0.0.1:9"), "cannot be reached"),
        (("judge", "grammar", "clippy"), "is no backend"),
    ],
)
def test_an_error_is_one_sentence(tmp_path, words, reason):
    result = run(*(str(tmp_path / word) if word in ("OUT",) else word for word in words))
    assert result.exit_code == 1
    assert reason in " ".join(result.stderr.split())
    assert "Traceback" not in result.output


def test_votes_that_are_none_are_told(tmp_path):
    file = tmp_path / "v.jsonl"
    file.write_text('{"text": "x"}\n')
    result = run("train", "--preferences", str(file))
    assert (result.exit_code, "needs text and liked" in " ".join(result.stderr.split())) == (
        1,
        True,
    )
