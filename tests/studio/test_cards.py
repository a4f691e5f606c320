"""Cards to take home are pictures of the right size, the same each time, whatever they say."""

from __future__ import annotations

import io
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from llm.band import Member, invent_band
from llm.cover import PALETTES, cover_drawing
from llm.cover_designs import FAMILIES
from llm.roast import Roast, RoastLine, roast
from llm.verdict import Verdict
from music.profile import Fact, TasteProfile
from music.vibe import Vibe
from studio.cards import HEIGHT, WIDTH, band_poster, roast_card
from studio.lettering import OWN, face_for, faces, fitted, legible
from studio.painting import paint

BAND = invent_band(Vibe.of({"energy": 0.8, "valence": 0.7}, ["polka"]), 3)
FACT = Fact("one_song", "You played X 212 times.", {"track": "X", "artist": "Y", "n": "212"})
HOSTILE = [
    "",
    "<script>alert(1)</script>",
    "a" * 10_000,
    "\u202eevil\x00\x07\ud800"[:-1] + "\n\n",
    "日本の音楽 العربية 🎺🎺🎺",
    "-" * 400,
    "![x](http://example.org/x.png) $E=mc^2$",
]


def opened(png: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(png))
    picture.load()
    return picture


def the_roast(text: str = "Fine.") -> Roast:
    line = RoastLine(text, FACT)
    return Roast(
        (line, line, line), Verdict(text or "so-so", 40, "", text), "tease", "critic", 0, "grammar"
    )


def test_a_poster_is_a_png_of_its_size_and_always_the_same():
    png = band_poster(BAND)
    picture = opened(png)
    assert (picture.format, picture.size) == ("PNG", (WIDTH, HEIGHT))
    assert png == band_poster(BAND)
    assert png != band_poster(replace(BAND, venue="Elsewhere"))


def test_a_roast_card_shows_its_verdict():
    profile = TasteProfile((FACT,), 10, "demo")
    card = roast(profile, seed=1)
    picture = opened(roast_card(card, "Ebba"))
    assert picture.size == (WIDTH, HEIGHT)
    other = replace(card, verdict=replace(card.verdict, chain="quite-another-chain"))
    assert roast_card(card, "Ebba") != roast_card(other, "Ebba")


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_words_are_only_drawn(text):
    assert opened(roast_card(the_roast(text), text)).size == (WIDTH, HEIGHT)
    members = tuple(Member(text, "tuba") for _ in range(7))
    band = replace(BAND, name=text, bio=text, quote=text, venue=text, members=members)
    assert opened(band_poster(band)).size == (WIDTH, HEIGHT)


def test_words_stay_inside_their_box():
    for text in (*HOSTILE, "one two three " * 40, BAND.quote):
        block = fitted(text, 300, 120, 60)
        picture = Image.new("L", (700, 400), 0)
        block.draw(picture, 0, 0, 255)
        box = picture.getbbox()
        if box is not None:
            assert box[2] <= 304
            assert box[3] <= 132


def test_a_short_text_is_set_large_and_a_long_one_small():
    assert fitted("Tuba", 800, 200, 90).size == 90
    long = fitted("A very long name of a band " * 12, 800, 120, 90)
    assert long.size < 40
    assert fitted("A very long name of a band " * 20, 200, 60, 40).rows[-1].endswith("…")


def test_letters_the_face_lacks_leave_no_box():
    assert legible("Björk") == "Bjork"
    assert legible("日本 Rock") == "· Rock"
    assert face_for("Plain") == OWN


@pytest.mark.skipif(len(faces()) == 1, reason="this machine has none of the known system faces")
def test_other_letters_come_from_a_system_face():
    assert face_for("Žižek Ångström") != OWN
    assert fitted("Žižek", 400, 100, 40).rows == ("Žižek",)


@pytest.mark.parametrize("family", FAMILIES)
def test_every_design_can_be_painted(family):
    palette = PALETTES[0][1]
    drawn = FAMILIES[family].draw(np.random.default_rng(0), palette)
    picture = paint(drawn, palette[0], 200)
    colours = picture.getcolors(40_000)
    assert colours is not None
    assert len(colours) > 1


def test_paint_agrees_with_geometry():
    drawn = '<circle cx="200" cy="200" r="100" fill="#000000"/>'
    share = 1 - np.asarray(paint(drawn, "#FFFFFF", 200).convert("L")).mean() / 255
    assert share == pytest.approx(np.pi / 16, rel=0.01)
    quarter = '<path d="M0 0H400A400 400 0 0 1 0 400Z" fill="#000000"/>'
    share = 1 - np.asarray(paint(quarter, "#FFFFFF", 200).convert("L")).mean() / 255
    assert share == pytest.approx(np.pi / 4, rel=0.01)


def test_paint_turns_and_blends():
    bar = '<rect x="0" y="0" width="400" height="40" fill="#000000"/>'
    turned = f'<g transform="rotate(90 200 200)">{bar}</g>'
    picture = paint(turned, "#FFFFFF", 100)
    assert picture.getpixel((97, 50)) == (0, 0, 0)
    assert picture.getpixel((50, 3)) == (255, 255, 255)
    half = '<rect x="0" y="0" width="400" height="400" fill="#000000" opacity="0.5"/>'
    assert abs(paint(half, "#FFFFFF", 20).getpixel((10, 10))[0] - 128) <= 1


def test_the_drawing_is_the_covers():
    drawing, palette = cover_drawing(BAND.name, BAND.vibe)
    assert drawing
    assert len(palette) == 4
