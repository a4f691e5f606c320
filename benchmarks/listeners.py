"""Listeners who do not exist: facts with believable names and numbers, some of them hostile.

What is measured about texts must not depend on one library, and names from ten words would make
every text look like every other. So each listener has artists, songs and playlists of their own.
"""

from __future__ import annotations

import numpy as np

from llm.band_parts import Writer, worlds
from llm.lines import joke_kinds, quoted
from llm.openings import things
from llm.task import placeholders
from music.facts.titles import DECADES, GUILTY
from music.profile import FACT_KINDS, Fact, Tally, TasteProfile, taste_profile
from music.tracks import Library

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
    worn = _tallies("track", 3, (25, 400), rng, hostile)
    idols = _tallies("artist", int(rng.integers(1, 4)), (60, 900), rng, hostile)
    return TasteProfile(
        tuple(facts), int(rng.integers(90, 9_000)), f"listener {seed}", invented=True,
        basic=(int(rng.integers(5, 90)), "Drawn."), too_much=worn, stanned=idols,
    )  # fmt: skip


def _tallies(
    what: str, n: int, between: tuple[int, int], rng: np.random.Generator, hostile: float
) -> tuple[Tally, ...]:
    """Names with counts, most first."""
    counts = sorted((int(x) for x in rng.integers(*between, n)), reverse=True)
    return tuple(Tally(_name(what, rng, hostile), count, "plays") for count in counts)


def _fact(kind: str, rng: np.random.Generator, hostile: float) -> Fact:
    names = quoted(kind).union(*(placeholders(text) for text in things()[kind]))
    values = {name: _value(name, rng, hostile) for name in sorted(names)}
    if "to" in values and "from" in values:
        values["to"] = str(int(values["from"]) + 3)
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
    if name in ("year", "from", "to"):
        return str(year)
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
    """An invented name, as an invented band would have it."""
    if rng.random() < hostile:
        return str(rng.choice(HOSTILE))
    writer = Writer([str(rng.choice(sorted(worlds())))], rng)
    if what in ("artist", "album"):
        return writer.text("name" if what == "artist" else "album")
    song = writer.text("song")
    if what in ("playlist", "first"):
        return str(rng.choice(LISTS)).format(song.casefold(), n=int(rng.integers(2, 30)))
    return song
