"""Covers are drawn, not fetched: the same for the same name, and safe with any name."""

from __future__ import annotations

import base64
import time
from xml.etree import ElementTree

import numpy as np
import pytest

from llm.cover import PALETTES, cover_svg, track_cover_uri
from llm.cover_designs import FAMILIES, SIDE, is_dark
from music.vibe import Vibe

HOSTILE = [
    "",
    "<script>alert(1)</script>",
    '" onload="alert(1)',
    "]]><x/>&amp;",
    "\u202eevil\x00\x1b\ufffe",
    "x" * 10_000,
    "العربية والليل",
    "🎺 brass 🎺",
    "one two three four five six seven eight nine ten eleven twelve",
]


def test_the_same_name_and_vibe_draw_the_same_cover():
    vibe = Vibe.of({"valence": 0.8})
    assert cover_svg("Second Bread", vibe) == cover_svg("Second Bread", vibe)
    assert cover_svg("Second Bread", vibe) != cover_svg("Third Bread", vibe)


def test_mood_changes_the_colours_and_nothing_else():
    sad = cover_svg("Second Bread", Vibe.of({"valence": 0.1, "energy": 0.9}))
    happy = cover_svg("Second Bread", Vibe.of({"valence": 0.9, "energy": 0.9}))
    assert sad != happy
    assert sad.count("<") == happy.count("<")


@pytest.mark.parametrize("name", HOSTILE)
def test_any_name_gives_well_formed_xml_without_script(name):
    root = ElementTree.fromstring(cover_svg(name, Vibe()))  # noqa: S314  # our own picture
    allowed = {"svg", "g", "rect", "circle", "path", "text"}
    for element in root.iter():
        assert element.tag.rpartition("}")[2] in allowed
        assert not [key for key in element.attrib if key.startswith("on")]


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("seed", range(6))
def test_every_family_draws_within_reason(family, seed):
    design = FAMILIES[family]
    drawn = design.draw(np.random.default_rng(seed), PALETTES[seed][1])
    ElementTree.fromstring(f"<svg>{drawn}</svg>")  # noqa: S314
    assert "nan" not in drawn
    assert 200 < len(drawn) < 200_000


def test_words_can_be_read_on_their_paper():
    for _, (paper, ink, *_) in PALETTES:
        assert is_dark(paper) != is_dark(ink)


def test_every_family_is_met():
    pictures = {cover_svg(f"band {k}", Vibe()) for k in range(60)}
    assert len(pictures) == 60


def test_a_table_cover_is_a_small_data_uri():
    uri = track_cover_uri("Artist Title")
    assert uri.startswith("data:image/svg+xml;base64,")
    svg = base64.b64decode(uri.partition(",")[2]).decode()
    assert f'viewBox="0 0 {SIDE} {SIDE}"' in svg
    assert max(len(track_cover_uri(f"track {k}")) for k in range(200)) < 16_000


def test_five_hundred_rows_are_drawn_at_once():
    before = time.process_time()
    for k in range(500):
        track_cover_uri(f"timed {k}")
    assert time.process_time() - before < 2.5
