"""The parts of a review: nine theses about a listener, and which facts speak for each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np

from llm import grammar
from llm.lines import lines, quoted
from llm.roast_lines import slot_for
from llm.score import sentences
from llm.sections import sections
from llm.task import Card, Slot, Task, fill_in, values_for
from music.errors import InputError
from music.profile import Fact

# Thesis -> the kinds of fact that are evidence for it; every kind belongs to one thesis.
THESES: Final[Mapping[str, tuple[str, ...]]] = {
    "loyal": (
        "one_artist", "one_song", "in_a_row", "versions", "owned_artist", "everywhere", "top_ten",
        "album_whole", "one_hit", "one_genre", "twins", "list_artist",
    ),
    "restless": (
        "skips", "one_night_stands", "many_genres", "whiplash", "phase", "skipped_song",
        "left_artist", "added_spree", "list_ends",
    ),
    "stuck": ("stuck_years", "nothing_new", "oldest", "remasters", "missing_decade"),
    "sleepless": (
        "night", "small_hours", "saddest_playlist", "sad", "minor", "hurt_titles", "sad_party",
        "silence", "questions",
    ),
    "unfinished": (
        "unnamed_playlists", "neglected_effort", "lone_track", "never_played", "sequels",
        "disclaimer", "biggest_playlist", "list_size",
    ),
    "storm": (
        "fast_calm", "loud", "fast", "explicit", "shouting", "same_tempo", "short", "busiest_day",
    ),
    "quiet": ("gentle", "acoustic", "slow", "wordless", "long"),
    "public": ("famous", "happy", "major", "love_titles", "only_new", "weekday", "new_year"),
    "private": (
        "obscure", "guilty_genre", "out_of_season", "live_versions", "remixes", "long_title",
        "odd_couple", "same_title", "list_years",
    ),
}  # fmt: skip
SPOKEN_FOR: Final = frozenset(kind for kinds in THESES.values() for kind in kinds)
PARTS: Final = ("title", "thesis", "lead_1", "lead_2", "turn", "verdict high", "verdict low")
HIGH: Final = 6.0  # from this score on the verdict is a kind one


@lru_cache(maxsize=1)
def parts() -> dict[str, dict[str, tuple[str, ...]]]:
    """The authored parts by thesis and name.

    Raises
    ------
    InputError
        Naming the file that lacks a part or has one too many.
    """
    found = {}
    for thesis in THESES:
        file = files("llm.lines").joinpath("reviews", f"{thesis}.txt")
        found[thesis] = parse(file.read_text(encoding="utf-8"), f"reviews/{thesis}.txt")
    return found


def parse(text: str, file: str) -> dict[str, tuple[str, ...]]:
    """The parts of one thesis: ``== part`` above one text a line."""
    found = sections(text, file)
    if tuple(found) != PARTS or not all(found.values()):
        raise InputError(f"{file} has the parts {list(found)}, expected {list(PARTS)}.")
    return found


def thesis_of(kind: str) -> str:
    """The thesis a kind of fact is evidence for."""
    return next(thesis for thesis, kinds in THESES.items() if kind in kinds)


def review_slots(facts: tuple[Fact, Fact]) -> tuple[Slot, ...]:
    """The slots of a review in writing order; the two facts stand behind its two lines."""
    first, second = facts
    names = ("title", "thesis", "lead_1", "line_1", "lead_2", "line_2", "turn", "verdict")
    told = {"line_1": first, "line_2": second}
    return tuple(slot_for(name, told.get(name)) for name in names)


def fill(task: Task, rng: np.random.Generator) -> Card:
    """Draft a review: one thesis from title to verdict, a kind or a sharp end by its score."""
    thesis = next((c for c in task.conditions if c in THESES), "private")
    end = "verdict low" if "low" in task.conditions else "verdict high"
    heard = {s for text in task.avoid for s in _told(text)}
    card: Card = {}
    for slot in task.slots:
        if slot.fact is None:
            options = list(parts()[thesis][end if slot.name == "verdict" else slot.name])
        else:
            options = [line.text for line in lines()[f"review {slot.fact.kind}"]]
        values = values_for(task, slot)
        fresh = [x for x in options if not heard & _told(fill_in(x, values))] or options
        card[slot.name] = fresh[int(rng.integers(len(fresh)))]
    return card


def _told(text: str) -> set[str]:
    """A text's lines, and its sentences but for "8.6 out of ten.", which comes every time."""
    rows = text.casefold().splitlines()
    return {*rows, *(s for row in rows for s in sentences(row) if len(s.split()) > 4)}


def example(rng: np.random.Generator) -> Task:
    """A review task as a listener would cause it, for corpus, prompts and tests."""
    thesis = str(rng.choice(list(THESES)))
    first, second = (str(x) for x in rng.choice(THESES[thesis], 2, replace=False))
    facts = [Fact(kind, kind, {n: f"<{n}>" for n in quoted(kind)}) for kind in (first, second)]
    return Task(
        "review",
        review_slots((facts[0], facts[1])),
        (thesis, str(rng.choice(("high", "low")))),
        {"what": "this library", "score": "7.4"},
    )


grammar.register("review", grammar.Kind(fill, example, weight=2.0))
