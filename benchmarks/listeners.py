"""Listeners who do not exist: facts with believable names and numbers, some of them hostile.

What is measured about texts must not depend on one library, and names from ten words would make
every text look like every other. So each listener has artists, songs and playlists of their own.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from llm.band import Band, invent_band
from llm.lines import joke_kinds, quoted
from llm.openings import things
from llm.task import placeholders
from music.facts.titles import DECADES, GUILTY
from music.profile import FACT_KINDS, Fact, Tally, TasteProfile, taste_profile
from music.tracks import Library
from music.vibe import Vibe

N_FACTS = 12  # of the seventy kinds; the demo's listener has forty
HOSTILE = ("<script>", "$5", "![x](h)", "Zé | Tarmac", "R.E.M.", "Why?", "“Air Quotes”", "1")
MONTHS = ("January", "March", "May", "June", "July", "August", "October", "November")
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
LISTS = (
    "for {}", "{} only", "{} (do not open)", "{} pt. 2", "songs for: {}", "{} mix",
    "{} (again)", "running from {}", "{} at dawn", "sleep, {}", "new playlist ({n})", "{} 20{n}",
)  # fmt: skip


def listener(seed: int, hostile: float = 0.1) -> TasteProfile:
    """A profile of `N_FACTS` different kinds of fact, most unusual first.

    Parameters
    ----------
    seed
        Whose.
    hostile
        The share of names that are markup, punctuation or nothing one could pronounce.
    """
    taste_profile(Library())  # registers the kinds
    rng = np.random.default_rng([seed, 1])
    kinds = [kind for kind in joke_kinds() if kind in FACT_KINDS]
    chosen = rng.choice(kinds, N_FACTS, replace=False)
    facts = sorted((_fact(str(kind), rng, hostile) for kind in chosen), key=lambda f: -f.unusual)
    tallies = tuple(Tally(_name("track", rng, hostile), int(rng.integers(25, 400)), "plays")
                    for _ in range(3))  # fmt: skip
    idols = tuple(Tally(_name("artist", rng, hostile), int(rng.integers(60, 900)), "plays")
                  for _ in range(int(rng.integers(1, 4))))  # fmt: skip
    return TasteProfile(
        tuple(facts), int(rng.integers(90, 9_000)), f"listener {seed}", invented=True,
        basic=(int(rng.integers(5, 90)), "Drawn."), too_much=tallies, stanned=idols,
    )  # fmt: skip


def _fact(kind: str, rng: np.random.Generator, hostile: float) -> Fact:
    names = quoted(kind).union(*(placeholders(text) for text in things()[kind]))
    values = {name: _value(name, rng, hostile) for name in sorted(names)}
    told = ", ".join(f"{name} {value}" for name, value in values.items())
    return Fact(kind, f"{kind}: {told}.", values, unusual=float(rng.uniform(0.4, 1)))


def _value(name: str, rng: np.random.Generator, hostile: float) -> str:
    year = int(rng.integers(1975, 2024))
    choices = {
        "month": MONTHS, "day": DAYS[:5], "other_day": DAYS[5:], "decade": tuple(DECADES.values()),
        "genre": GUILTY,
    }  # fmt: skip
    if name in choices:
        return str(rng.choice(choices[name]))
    if name in ("year", "from"):
        return str(year)
    if name == "to":
        return str(year + 3)
    if name == "date":
        return f"{int(rng.integers(1, 28))} {rng.choice(MONTHS)} {int(rng.integers(2015, 2026))}"
    if name == "bracket":
        return f"({_name('playlist', rng, 0).casefold()})"
    if name in ("artist", "track", "playlist", "other", "album", "first"):
        return _name(name, rng, hostile)
    low, high = {"percent": (3, 98), "seconds": (2, 29), "hours": (5, 20), "bpm": (60, 190)}.get(
        name, (1, 400)
    )
    return str(int(rng.integers(low, high)))


def _name(what: str, rng: np.random.Generator, hostile: float) -> str:
    if rng.random() < hostile:
        return str(rng.choice(HOSTILE))
    band = _bands()[int(rng.integers(len(_bands())))]
    if what == "artist":
        return band.name
    if what == "album":
        return band.albums[int(rng.integers(len(band.albums)))].title
    song = band.songs[int(rng.integers(len(band.songs)))].title
    if what in ("playlist", "first"):
        pattern = str(rng.choice(LISTS))
        return pattern.format(song.casefold(), n=int(rng.integers(2, 30)))
    return song


@lru_cache(maxsize=1)
def _bands() -> tuple[Band, ...]:
    """Where the names come from: a hundred invented bands."""
    return tuple(invent_band(Vibe(), seed) for seed in range(100))
