"""What an opening can hold up: facts as things one finds in a house."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

import numpy as np

from llm.agreement import apart
from llm.safety import MAX_NAME_CHARS, clean_name
from llm.sections import sections
from llm.task import fill_in
from music.profile import Fact


def found(facts: Sequence[Fact], told: Sequence[Fact], rng: np.random.Generator) -> dict[str, str]:
    """Two things, as values for ``<this>`` and ``<that>``; {} where there are not two that go.

    The most unusual facts that are not told later come first: an opening should add something.
    """
    known = [fact for fact in facts if fact.kind in things()]
    kinds = {fact.kind for fact in told}
    fresh = [fact for fact in known if fact.kind not in kinds and not _beside(fact, told)]
    picked: list[Fact] = []
    for fact in (*_shuffled(fresh[:8], rng), *_shuffled([f for f in told if f in known], rng)):
        if not _beside(fact, picked):
            picked.append(fact)
    if len(picked) < 2:
        return {}
    return {name: thing(fact, rng) for name, fact in zip(("this", "that"), picked, strict=False)}


def _beside(fact: Fact, others: Sequence[Fact]) -> bool:
    return any(apart(fact, other) for other in others)


def _shuffled(facts: Sequence[Fact], rng: np.random.Generator) -> list[Fact]:
    return [facts[int(i)] for i in rng.permutation(len(facts))]


def closed(text: str, things: Iterable[str]) -> str:
    """The text with the comma that a thing with something said behind it needs.

    >>> closed("Mind a carol, sweating or not.", ["a carol, sweating"])
    'Mind a carol, sweating, or not.'
    """
    for one in filter(None, things):
        if ", " in one:
            text = re.sub(rf"(?<!\w){re.escape(one)} (?=\w)", lambda m: f"{m[0].rstrip()}, ", text)
    return text


def thing(fact: Fact, rng: np.random.Generator) -> str:
    """A fact as something one can hold up, at most `MAX_NAME_CHARS` long: long names give way."""
    options = things()[fact.kind]
    text = options[int(rng.integers(len(options)))]
    for longest in (MAX_NAME_CHARS, 40, 28, 20, 12):
        filled = fill_in(text, {k: clean_name(v, longest) for k, v in fact.values.items()})
        if len(filled) <= MAX_NAME_CHARS:
            break
    return filled


@lru_cache(maxsize=1)
def things() -> dict[str, tuple[str, ...]]:
    """Each kind of fact as a thing, with placeholders: ``"<n> plays of “<track>”"``."""
    path = files("llm.lines").joinpath("openings", "things.txt")
    return sections(path.read_text(encoding="utf-8"), "openings/things.txt")
