"""Pictures to take home: a roast's verdict and a band's poster, 1080 by 1350, drawn here.

Nothing is fetched and no font is shipped; any text is only ever drawn, so it cannot do harm.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Final

from PIL import Image, ImageDraw

from llm.band import Band
from llm.cover import cover_drawing
from llm.roast import Roast
from music.vibe import Vibe
from studio.lettering import Block, fitted
from studio.painting import paint

WIDTH: Final = 1080
HEIGHT: Final = 1350
_EDGE: Final = 72
_INNER: Final = WIDTH - 2 * _EDGE
_LINES: Final = 3


def roast_card(roast: Roast, name: str = "", vibe: Vibe | None = None) -> bytes:
    """The verdict of a roast as a PNG.

    Parameters
    ----------
    roast
        Its verdict and up to three of its lines, shortest first, are shown.
    name
        Whose library it is; may be empty or hostile.
    vibe
        Decides the colours; a middling one if not given.
    """
    verdict = roast.verdict
    drawing, (paper, ink, one, _) = cover_drawing(verdict.chain, vibe or Vibe())
    picture = Image.new("RGB", (WIDTH, HEIGHT), paper)
    strip = paint(drawing, paper, WIDTH).crop((0, 160, WIDTH, 400))
    picture.paste(strip, (0, 0))
    ImageDraw.Draw(picture).rectangle((0, 240, WIDTH, 246), fill=ink)
    y = _small(picture, f"{name or 'Somebody'}’s taste is", 290, ink)
    y = fitted(verdict.chain, _INNER, 330, 84, 30, bold=True).draw(picture, _EDGE, y + 14, ink)
    y = _small(picture, "bad.", y + 8, ink) + 34
    foot = HEIGHT - 200
    for line in _quotable(roast):
        block = fitted(line, _INNER - 40, 128, 36, 24)
        if y + block.height > foot - 16:
            break
        ImageDraw.Draw(picture).rectangle((_EDGE, y + 6, _EDGE + 8, y + block.height - 2), fill=one)
        y = block.draw(picture, _EDGE + 40, y, ink) + 30
    numbers = [("basic", f"{verdict.basic} of 100")] if verdict.basic is not None else []
    numbers += [("stuck in", verdict.stuck)] if verdict.stuck else []
    _foot(picture, numbers, foot, (paper, ink), "written from the listener’s own rows")
    return _png(picture)


def band_poster(band: Band) -> bytes:
    """A concert poster for a band that does not exist, as a PNG; it says that it is fictional."""
    drawing, (paper, ink, _, _) = cover_drawing(band.name, band.vibe)
    picture = Image.new("RGB", (WIDTH, HEIGHT), paper)
    art = paint(drawing, paper, WIDTH)
    picture.paste(art.crop((0, 40, WIDTH, 780)), (0, 0))
    pen = ImageDraw.Draw(picture)
    pen.rectangle((0, 740, WIDTH, 748), fill=ink)
    y = fitted(band.name, _INNER, 190, 104, 36, bold=True).draw(picture, _EDGE, 776, ink)
    y = fitted(band.genre.name, _INNER, 60, 44).draw(picture, _EDGE, y + 2, ink) + 14
    y = fitted(f"“{band.quote}”", _INNER, 92, 34, 22).draw(picture, _EDGE, y, ink)
    y = fitted(band.critic, _INNER, 40, 26, 20).draw(picture, _EDGE, y + 2, ink)
    bottom = HEIGHT - 176
    players = " · ".join(f"{m.name}, {m.instrument}" for m in band.members)
    if y + 50 < bottom:
        fitted(players, _INNER, int(bottom - y - 24), 27, 18).draw(picture, _EDGE, y + 14, ink)
    day, _, place = band.next_show.partition(", ")
    _foot(picture, [(day, place)], bottom, (paper, ink), "this band is fictional")
    return _png(picture)


def _quotable(roast: Roast) -> list[str]:
    """The lines about facts that read well on a card: the shorter ones, in their order."""
    about = [line.text for line in roast.lines if line.fact is not None]
    short = sorted(about, key=len)[:_LINES]
    return [text for text in about if text in short]


def _small(picture: Image.Image, text: str, y: float, colour: str) -> float:
    return fitted(text, _INNER, 56, 40, 22).draw(picture, _EDGE, y, colour)


def _foot(
    picture: Image.Image,
    pairs: Sequence[tuple[str, str]],
    y: int,
    colours: tuple[str, str],
    remark: str,
) -> None:
    """A dark foot with up to two labelled figures, who made this, and what it is."""
    paper, ink = colours
    ImageDraw.Draw(picture).rectangle((0, y, WIDTH, HEIGHT), fill=ink)
    share = _INNER // max(1, len(pairs))
    for k, (label, value) in enumerate(pairs):
        x = _EDGE + k * share
        end = fitted(label, share - 24, 44, 30, 20).draw(picture, x, y + 22, paper)
        fitted(value, share - 24, 62, 48, 22, bold=True).draw(picture, x, end + 2, paper)
    made = Block((f"Ghostnotes · {remark}",), 22)
    made.draw(picture, _EDGE, HEIGHT - 40, paper)


def _png(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG", optimize=False, compress_level=6)
    return file.getvalue()
