"""The words the demo library is made of: one file a scene (see words/README.md)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from music.features import NAMES


@dataclass(frozen=True)
class Scene:
    """A kind of music with its bands, albums and songs.

    ``songs`` and ``albums`` are pairs of title and band; band is "" where any will do.
    ``means`` are the raw feature means in which the scene differs from its family.
    """

    name: str
    genres: tuple[str, ...]
    family: str
    years: tuple[int, int]
    explicit: float
    love: float
    waltz: float
    tempo: tuple[float, float] | None
    means: Mapping[str, float]
    bands: tuple[str, ...]
    albums: tuple[tuple[str, str], ...]
    songs: tuple[tuple[str, str], ...]


@lru_cache(maxsize=1)
def scenes() -> tuple[Scene, ...]:
    """Every scene, by name."""
    folder = files("library.demo") / "words"
    texts = sorted((f.name, f.read_text("utf-8")) for f in folder.iterdir() if ".txt" in f.name)
    return tuple(_scene(name.removesuffix(".txt"), text) for name, text in texts)


def _scene(name: str, text: str) -> Scene:
    about, *parts = text.split("\n[")
    values = dict(line.split(": ", 1) for line in about.splitlines() if line)
    lists = {key: body.split("\n") for key, body in (part.split("]\n", 1) for part in parts)}
    words = {key: [line for line in lines if line] for key, lines in lists.items()}
    first, last = values["years"].split()
    tempo = values.pop("tempo", "").split()
    return Scene(
        name=name,
        genres=tuple(values["genres"].split(", ")),
        family=values["family"],
        years=(int(first), int(last)),
        explicit=float(values["explicit"]),
        love=float(values["love"]),
        waltz=float(values.get("waltz", 0.03)),
        tempo=(float(tempo[0]), float(tempo[1])) if tempo else None,
        means={key: float(value) for key, value in values.items() if key in NAMES},
        bands=tuple(words["bands"]),
        albums=tuple(_pinned(line) for line in words["albums"]),
        songs=tuple(_pinned(line) for line in words["songs"]),
    )


def _pinned(line: str) -> tuple[str, str]:
    title, _, band = line.partition(" @ ")
    return title, band


@lru_cache(maxsize=1)
def families() -> dict[str, tuple[float, ...]]:
    """The mean raw features of each genre family, in `NAMES` order (music/tables/families.csv)."""
    text = files("music.tables").joinpath("families.csv").read_text("utf-8")
    header, *rows = [line.split(",") for line in text.splitlines() if line[:1] not in ("#", "")]
    at = [header.index(name) for name in NAMES]
    return {row[0]: tuple(float(row[i]) for i in at) for row in rows}
