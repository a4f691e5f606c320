"""The words of music theory every room shares: scales, metres, rhythms, instruments, styles.

Each is a table in `music/tables/*.csv`; adding one is adding a row, which names its source or says
that none was found. The synth plays these names, the language rooms may use them as vocabulary, and
a `Vibe` carries them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Final

ROLES: Final = ("low", "mid", "high", "open", "bell")
LAYERS: Final = ("melody", "harmony", "bass", "texture", "accent", "kit")


@dataclass(frozen=True)
class ScaleType:
    """A tone scale: cents above the tonic, one number per degree, repeating every `period_cents`.

    `tonality` is what Spotify's mode would call it, "major" or "minor", by its third.
    """

    name: str
    family: str
    tonality: str
    period_cents: float
    cents: tuple[float, ...]


@dataclass(frozen=True)
class Metre:
    """How a bar counts: `steps` in a bar, `steps_per_beat` of them to a felt beat, and groups."""

    name: str
    steps: int
    steps_per_beat: int
    groups: tuple[int, ...]

    @property
    def beats(self) -> float:
        """Felt beats in a bar.

        >>> METRES["6/8"].beats
        2.0
        """
        return self.steps / self.steps_per_beat


@dataclass(frozen=True)
class Rhythm:
    """A rhythm grid: per role a text of steps, "X" accent, "x" hit, "o" ghost, "r" roll, "." rest.

    A text shorter than the grid repeats; a grid may span several bars. `swing` in [0, 1] is how
    late the off-steps usually fall.
    """

    name: str
    metre: str
    swing: float
    lines: tuple[tuple[str, str], ...]

    @property
    def steps(self) -> int:
        """Length of the grid in steps, a whole number of bars."""
        return max([METRES[self.metre].steps, *(len(text) for _, text in self.lines)])


@dataclass(frozen=True)
class Instrument:
    """An instrument word and the synth voice (or drum kit) that plays it."""

    name: str
    voice: str
    role: str
    family: str
    low_midi: int
    high_midi: int


@dataclass(frozen=True)
class Ambience:
    """What may be heard around the music; `words` ask for it, `because` is for the listener."""

    name: str
    words: tuple[str, ...]
    because: str


@dataclass(frozen=True)
class Style:
    """A bundle that carries a place or genre: candidates, likeliest first, voices and levels.

    `features` are percentiles in [0, 1], a hint for a vibe that has only the word.
    """

    name: str
    words: tuple[str, ...]
    scales: tuple[str, ...]
    rhythms: tuple[str, ...]
    progressions: tuple[str, ...]
    melody: str
    harmony: str
    bass: str
    texture: str
    accent: str
    kit: str
    comp: str
    bass_line: str
    habit: str
    ambience: str
    tempo_bpm: tuple[float, float]
    swing: float
    brightness: float
    space: float
    human: float
    register: float
    features: Mapping[str, float]


def _rows(table: str) -> list[dict[str, str]]:
    text = files("music.tables").joinpath(f"{table}.csv").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return list(csv.DictReader(lines))


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


def _weights(text: str) -> dict[str, float]:
    pairs = (part.rsplit(":", 1) for part in _list(text))
    return {name: float(weight) for name, weight in pairs}


SCALES: Final[Mapping[str, ScaleType]] = {
    r["scale"]: ScaleType(
        r["scale"],
        r["family"],
        r["tonality"],
        float(r["period"]),
        tuple(float(c) for c in r["cents"].split()),
    )
    for r in _rows("scales")
}

METRES: Final[Mapping[str, Metre]] = {
    r["metre"]: Metre(
        r["metre"],
        int(r["steps"]),
        int(r["steps_per_beat"]),
        tuple(int(g) for g in r["groups"].split()),
    )
    for r in _rows("metres")
}

RHYTHMS: Final[Mapping[str, Rhythm]] = {
    r["rhythm"]: Rhythm(
        r["rhythm"],
        r["metre"],
        float(r["swing"]),
        tuple((role, r[role]) for role in ROLES if r[role]),
    )
    for r in _rows("rhythms")
}

# Chord symbols per bar: Roman degree of the scale in use, suffix as explained in the table.
PROGRESSIONS: Final[Mapping[str, tuple[str, ...]]] = {
    r["progression"]: tuple(r["chords"].split()) for r in _rows("progressions")
}

KITS: Final[Mapping[str, Mapping[str, str]]] = {
    r["kit"]: {role: r[role] for role in ROLES} for r in _rows("kits")
}

INSTRUMENTS: Final[Mapping[str, Instrument]] = {
    r["instrument"]: Instrument(
        r["instrument"], r["voice"], r["role"], r["family"], int(r["low"]), int(r["high"])
    )
    for r in _rows("instruments")
}

_HINTS: Final = ("energy", "valence", "danceability", "acousticness")


def _style(r: dict[str, str]) -> Style:
    levels = {
        name: float(r[name]) for name in ("swing", "brightness", "space", "human", "register")
    }
    voices = {name: r[name] for name in (*LAYERS, "comp", "bass_line", "habit", "ambience")}
    lists = {name: _list(r[name]) for name in ("words", "scales", "rhythms", "progressions")}
    return Style(
        name=r["style"],
        tempo_bpm=(float(r["tempo_low"]), float(r["tempo_high"])),
        features={name: float(r[name]) for name in _HINTS},
        **lists,  # type: ignore[arg-type]
        **voices,  # type: ignore[arg-type]
        **levels,  # type: ignore[arg-type]
    )


AMBIENCES: Final[Mapping[str, Ambience]] = {
    r["ambience"]: Ambience(r["ambience"], _list(r["words"]), r["because"])
    for r in _rows("ambiences")
}

STYLES: Final[Mapping[str, Style]] = {r["style"]: _style(r) for r in _rows("styles")}

# Place word -> styles; adjectives and towns are further words for the same row.
PLACES: Final[Mapping[str, Mapping[str, float]]] = {
    word: _weights(r["styles"])
    for r in _rows("places")
    for word in (r["place"], *_list(r["words"]))
}

GENRE_STYLES: Final[Mapping[str, Mapping[str, float]]] = {
    r["family"]: _weights(r["styles"]) for r in _rows("genre_styles")
}


@lru_cache(maxsize=1)
def _families() -> dict[str, tuple[str, ...]]:
    return _lists("families.txt")


def _lists(table: str) -> dict[str, tuple[str, ...]]:
    """A table of lines ``name: word, word``."""
    text = files("music.tables").joinpath(table).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    split = (line.split(":", 1) for line in lines)
    return {name.strip(): tuple(w.strip() for w in words.split(",")) for name, words in split}


@lru_cache(maxsize=8192)
def family_of(genre: str) -> str | None:
    """The genre family of a genre name, real or invented, or None.

    The rightmost match wins, because the last word of a genre names what it is ("jazz rap" is rap);
    of matches that end together the longest wins ("dream pop" over "pop"). A match begins or ends
    at a word, so "voice" is no "oi".

    >>> family_of("deep melodic techno"), family_of("sea-shanty trap"), family_of("xyz")
    ('techno', 'trap', None)
    """
    padded = f" {genre.lower().strip()} "
    best: tuple[int, int] = (0, 0)
    found = None
    for family, words in _families().items():
        for word in words:
            at = padded.rfind(word)
            end = at + len(word)
            whole = at > 0 and (padded[at - 1] in " -" or padded[end] in " -")
            if whole and (end, len(word)) > best:
                best, found = (end, len(word)), family
    return found


@lru_cache(maxsize=1)
def _branches() -> dict[str, str]:
    return {f: branch for branch, found in _lists("branches.txt").items() for f in found}


def branch_of(genre: str) -> str | None:
    """The branch of music a genre grows on, one of nineteen, or None.

    >>> branch_of("deep melodic techno"), branch_of("midwest emo"), branch_of("xyz")
    ('electronic', 'punk', None)
    """
    family = family_of(genre)
    return None if family is None else _branches()[family]


@lru_cache(maxsize=1)
def _style_words() -> dict[str, dict[str, float]]:
    """Every exact word that leads to styles; a style's own name beats its aliases and places."""
    table: dict[str, dict[str, float]] = {}
    for word, weights in PLACES.items():
        table.setdefault(word, dict(weights))
    for style in STYLES.values():
        for word in style.words:
            table.setdefault(word, {style.name: 1.0})
    for name in STYLES:
        table[name] = {name: 1.0}
    return table


def style_for(words: Iterable[str] | Mapping[str, float]) -> dict[str, float]:
    """Which styles play these words: weights that sum to 1, heaviest first; empty if none is known.

    Parameters
    ----------
    words
        Style, place, genre or genre-family names, alone or with weights. A whole name is looked up
        first; else the longest known phrases in it count, and its genre family if its last word
        was not among them.

    Examples
    --------
    >>> style_for(["egyptian summer"])
    {'egyptian summer': 1.0}
    >>> list(style_for({"cairo": 1.0, "funeral": 0.4}))
    ['egyptian summer', 'funeral']
    """
    pairs = words.items() if isinstance(words, Mapping) else [(w, 1.0) for w in words]
    total: dict[str, float] = {}
    for word, weight in pairs:
        for style, share in _styles_of(word.lower().strip()).items():
            total[style] = total.get(style, 0.0) + float(weight) * share
    whole = sum(total.values())
    ranked = sorted(total.items(), key=lambda pair: (-pair[1], pair[0]))
    return {style: share / whole for style, share in ranked if share > 0}


def _styles_of(name: str) -> Mapping[str, float]:
    known = _style_words()
    if name in known:
        return known[name]
    if name in GENRE_STYLES:
        return GENRE_STYLES[name]
    parts = name.replace("-", " ").split()
    found: dict[str, float] = {}
    first = 0
    while first < len(parts):
        for last in range(min(len(parts), first + 3), first, -1):
            phrase = " ".join(parts[first:last])
            if phrase in known:
                for style, share in known[phrase].items():
                    found[style] = found.get(style, 0.0) + share
                first = last
                break
        else:
            first += 1
            if first == len(parts):  # the last word names the genre; only the family knows it
                family = family_of(name)
                for style, share in GENRE_STYLES.get(family or "", {}).items():
                    found[style] = found.get(style, 0.0) + (0.5 if found else 1.0) * share
    return found
