"""Every kind of file that can be imported says in three short steps how to get it."""

from pathlib import Path

import pytest

from library.how_to import GUIDES, markdown
from library.importing import READERS


@pytest.mark.parametrize("guide", GUIDES, ids=lambda guide: guide.name)
def test_three_short_steps(guide):
    assert len(guide.steps) == 3
    assert all(len(step) < 110 for step in guide.steps)
    assert guide.reader in {reader.name for reader in READERS}


def test_every_reader_has_a_guide():
    told = {guide.reader for guide in GUIDES} | {"an account's streaming history"}  # the same zip
    assert told == {reader.name for reader in READERS}


def test_it_is_one_piece_of_markdown():
    text = markdown()
    assert text.count("\n1. ") == text.count("\n3. ") == len(GUIDES)
    assert text.startswith("**Exportify**: ")


def test_the_readme_says_the_same():
    assert markdown() in (Path(__file__).parents[2] / "README.md").read_text("utf-8")
