"""A fact held up at the door stays whole, however long the names in it are."""

from __future__ import annotations

import numpy as np
import pytest

from llm.openings import thing, things
from llm.safety import clean_name
from llm.task import placeholders
from music.profile import Fact

LONG = "Sleep, Dear Ida, About Nothing in Particular, and the Chairs We Left at the Lake House"


NAMES = {"track", "artist", "playlist", "other", "album", "first", "bracket"}


@pytest.mark.parametrize("kind", sorted(things()))
def test_a_thing_fits_and_closes_its_quotes(kind):
    told = {name for text in things()[kind] for name in placeholders(text)}
    fact = Fact(kind, "", {name: LONG if name in NAMES else "7" for name in told})
    for seed in range(12):
        text = thing(fact, np.random.default_rng(seed))
        assert clean_name(text) == text
        assert text.count("“") == text.count("”")


def test_a_name_is_cut_between_words():
    assert clean_name(LONG, 22) == "Sleep, Dear Ida,…"
    assert clean_name("x" * 90) == "x" * 79 + "…"
