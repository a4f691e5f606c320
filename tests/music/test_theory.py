"""The tables of music theory are whole: every name one row uses is a row of another table."""

import re

import pytest

from music import theory
from music.features import NAMES
from music.theory import (
    GENRE_STYLES,
    INSTRUMENTS,
    KITS,
    METRES,
    PLACES,
    PROGRESSIONS,
    RHYTHMS,
    ROLES,
    SCALES,
    STYLES,
    family_of,
    style_for,
)


def test_the_vocabulary_is_wide():
    assert len(SCALES) >= 24
    assert len(METRES) >= 6
    assert len(RHYTHMS) >= 30
    assert len(STYLES) >= 24
    assert len(INSTRUMENTS) >= 60


@pytest.mark.parametrize("scale", SCALES.values(), ids=lambda s: s.name)
def test_a_scale_rises_from_the_tonic_within_one_period(scale):
    assert scale.cents[0] == 0
    assert all(a < b for a, b in zip(scale.cents, scale.cents[1:], strict=False))
    assert scale.cents[-1] < scale.period_cents
    assert scale.tonality in ("major", "minor")


def test_no_two_scales_are_the_same():
    seen = {s.cents for s in SCALES.values()}
    assert len(seen) == len(SCALES)


@pytest.mark.parametrize("metre", METRES.values(), ids=lambda m: m.name)
def test_the_groups_of_a_metre_fill_its_bar(metre):
    assert sum(metre.groups) == metre.steps


@pytest.mark.parametrize("rhythm", RHYTHMS.values(), ids=lambda r: r.name)
def test_a_rhythm_fills_whole_bars_of_its_metre(rhythm):
    assert rhythm.steps % METRES[rhythm.metre].steps == 0
    for role, text in rhythm.lines:
        assert role in ROLES
        assert set(text) <= set("Xxor.")
        assert rhythm.steps % len(text) == 0


@pytest.mark.parametrize("table", ["scales", "metres", "rhythms", "progressions"])
def test_every_row_names_a_page_or_a_book_or_says_that_none_was_found(table):
    page = re.compile(r"[a-z0-9-]+\.(com|org|net|edu|wiki|io)/\S")
    book = re.compile(r"^(Kostka and Payne|Persichetti): \w")
    for row in theory._rows(table):
        source = row["source"]
        named = page.search(source) or book.search(source)
        assert named or "no source found" in source, row


def test_no_two_rhythms_are_the_same():
    assert len({(r.metre, r.lines) for r in RHYTHMS.values()}) == len(RHYTHMS)


@pytest.mark.parametrize("style", STYLES.values(), ids=lambda s: s.name)
def test_a_style_names_only_what_exists(style):
    voices = {i.voice for i in INSTRUMENTS.values()} | {"none"}
    assert set(style.scales) <= set(SCALES)
    assert set(style.rhythms) <= set(RHYTHMS)
    assert set(style.progressions) <= set(PROGRESSIONS)
    assert {style.melody, style.harmony, style.bass, style.texture, style.accent} <= voices
    assert style.kit in {*KITS, "none"}
    assert 20 <= style.tempo_bpm[0] < style.tempo_bpm[1] <= 240
    assert set(style.features) <= set(NAMES)
    assert all(0 <= v <= 1 for v in style.features.values())


@pytest.mark.parametrize("table", [PLACES, GENRE_STYLES], ids=["places", "genres"])
def test_places_and_genres_lead_to_styles(table):
    for word, weights in table.items():
        assert set(weights) <= set(STYLES), word
        assert all(0 < w <= 1 for w in weights.values())


def test_every_genre_family_has_a_style():
    assert set(theory._families()) == set(GENRE_STYLES)


def test_every_genre_family_grows_on_one_branch():
    branches = theory._lists("branches.txt")
    assert sorted(f for found in branches.values() for f in found) == sorted(theory._families())


def test_a_drum_instrument_is_a_kit_or_a_drum_of_one():
    drums = {voice for kit in KITS.values() for voice in kit.values()}
    for instrument in INSTRUMENTS.values():
        if instrument.role == "drums":
            assert instrument.voice in KITS or instrument.voice in drums


@pytest.mark.parametrize(
    ("words", "style"),
    [
        (["Egyptian"], "egyptian summer"),
        (["xmas"], "christmas"),
        (["bali"], "gamelan"),
        (["bagpipe techno"], "bagpipe techno"),
        (["deep melodic techno"], "techno"),
        (["cool jazz"], "jazz"),
        (["black metal"], "metal"),
        (["rainy egyptian night"], "egyptian summer"),
        (["sea-shanty core"], "sea shanty"),
    ],
)
def test_words_lead_to_their_style(words, style):
    assert next(iter(style_for(words))) == style


def test_weights_blend_and_sum_to_one():
    mix = style_for({"funeral": 1.0, "clown": 0.5})
    assert mix["funeral"] > mix["circus"] > 0
    assert sum(mix.values()) == pytest.approx(1.0)


def test_unknown_words_lead_nowhere():
    assert style_for(["qwertz", ""]) == {}


def test_the_last_word_of_a_genre_names_its_family():
    assert family_of("jazz rap") == "hip hop"
    assert family_of("dream pop") == "shoegaze"
