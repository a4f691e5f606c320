"""A roast: somebody who has read your rows, and says so.

The profile decides what is worth saying, the seed which of it; a backend writes each line about one
fact and may quote nothing else. What can be counted (the verdict, the basic score) is counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from llm import grammar
from llm.backends import write
from llm.lines import INTENSITIES, PERSONAS, RESERVED, Line, lines, quoted
from llm.task import Card, Slot, Task
from llm.verdict import Verdict, verdict
from music.errors import InputError
from music.profile import Fact, TasteProfile

N_LINES: Final = 4
MAX_CHARS: Final = 260
MAX_TOKENS: Final = 72


@dataclass(frozen=True)
class RoastLine:
    """One sentence or two of a roast, and the fact behind it (None for what holds it together)."""

    text: str
    fact: Fact | None = None
    part: str = "line"


@dataclass(frozen=True)
class Roast:
    """A finished roast.

    Parameters
    ----------
    lines
        In reading order; each joke carries its evidence.
    verdict
        The countable part: insult chain, basic score, where the listener is stuck.
    by
        The backend that wrote most of it.
    notes
        What a fallback did, in sentences for people.
    """

    lines: tuple[RoastLine, ...]
    verdict: Verdict
    intensity: str
    persona: str
    seed: int
    by: str
    notes: tuple[str, ...] = ()

    @property
    def jokes(self) -> tuple[RoastLine, ...]:
        """The lines with a fact behind them."""
        return tuple(line for line in self.lines if line.fact is not None)

    def to_text(self) -> str:
        """The roast as paragraphs."""
        body = [line.text for line in self.lines]
        return "\n\n".join([*body[:-2], *self.verdict.sentences(), *body[-2:]])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the evidence comes along."""
        return asdict(self) | {"text": self.to_text()}


def roast(
    profile: TasteProfile,
    seed: int = 0,
    intensity: str = "tease",
    persona: str = "critic",
    backend: str = "grammar",
) -> Roast:
    """Roast a taste.

    Parameters
    ----------
    profile
        The facts; with none at all there is one friendly line.
    seed
        The same profile, seed, intensity, persona and backend give the same roast.
    intensity
        One of `llm.lines.INTENSITIES`.
    persona
        One of `llm.lines.PERSONAS`.
    backend
        See `llm.backends.backend`.

    Raises
    ------
    InputError
        If there is no such intensity, persona or backend.
    """
    _check(intensity, INTENSITIES, "intensity")
    _check(persona, tuple(PERSONAS), "persona")
    rng = np.random.default_rng([seed, len(profile.facts)])
    facts = pick_facts(profile.facts, N_LINES, rng)
    task = Task("roast", _slots(facts), (intensity, persona))
    filled = write(task, seed, backend)
    told = tuple(
        RoastLine(str(filled.card[slot.name]), slot.fact, slot.name.split("_")[0])
        for slot in task.slots
    )
    counted = verdict(profile, facts, rng)
    return Roast(told, counted, intensity, persona, seed, filled.by, filled.notes)


def one_liner(
    profile: TasteProfile, seed: int = 0, intensity: str = "tease", backend: str = "grammar"
) -> RoastLine:
    """The one line Home opens with, about something unusual; the next seed, another fact."""
    facts = pick_facts(profile.facts, len(profile.facts), np.random.default_rng(7))
    slot = _slot("line_1", facts[seed % len(facts)]) if facts else _slot("nothing", None)
    filled = write(Task("roast", (slot,), (intensity, "critic")), seed, backend)
    return RoastLine(str(filled.card[slot.name]), slot.fact, slot.name.split("_")[0])


def pick_facts(facts: Sequence[Fact], n: int, rng: np.random.Generator) -> list[Fact]:
    """Up to n facts of different kinds that lines exist for, the unusual ones far likelier."""
    told = [
        fact for fact in facts if fact.kind in lines() and quoted(fact.kind) <= set(fact.values)
    ]
    first = list({fact.kind: fact for fact in reversed(told)}.values())[::-1]
    if not first:
        return []
    weights = np.array([0.001 + fact.unusual**8 for fact in first])
    size = min(n, len(first))
    order = rng.choice(len(first), size, replace=False, p=weights / weights.sum())
    return [first[i] for i in order]


def _slots(facts: Sequence[Fact]) -> tuple[Slot, ...]:
    if not facts:
        return (_slot("nothing", None),)
    jokes = [_slot(f"line_{i}", fact) for i, fact in enumerate(facts, 1)]
    middle = [_slot("interlude", None)] if len(jokes) > 2 else []
    end = [_slot("compliment", None), _slot("sentence", None)]
    return (_slot("opening", None), *jokes[:2], *middle, *jokes[2:], *end)


def _slot(name: str, fact: Fact | None) -> Slot:
    return Slot(name, max_chars=MAX_CHARS, max_tokens=MAX_TOKENS, min_chars=8, fact=fact)


def _check(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise InputError(f"{value!r} is no {what}; there are {', '.join(allowed)}.")


# The grammar's side: which authored line fills a slot.


def fill(task: Task, rng: np.random.Generator) -> Card:
    """Draft a roast from authored lines; no line comes twice."""
    intensity = next((c for c in task.conditions if c in INTENSITIES), "tease")
    persona = next((c for c in task.conditions if c in PERSONAS), "critic")
    card: Card = {}
    taken = {text.casefold() for text in task.avoid}
    for slot in task.slots:
        kind = slot.fact.kind if slot.fact else slot.name.split("_")[0]
        choices = [line for line in _fitting(kind, intensity, persona) if line.text not in taken]
        choices = choices or _fitting(kind, intensity, persona)
        text = choices[int(rng.integers(len(choices)))].text
        card[slot.name] = text
        taken.add(text)
    return card


def _fitting(kind: str, intensity: str, persona: str) -> list[Line]:
    """The persona's own lines, else anybody's, of this intensity, else of the nearest."""
    at = INTENSITIES.index(intensity)
    for near in sorted(INTENSITIES, key=lambda name: abs(INTENSITIES.index(name) - at)):
        of_kind = [line for line in lines()[kind] if line.intensity == near]
        own = [line for line in of_kind if line.persona == persona]
        anybody = [line for line in of_kind if not line.persona]
        if own or anybody:
            return own or anybody
    return list(lines()[kind])


def example(rng: np.random.Generator) -> Task:
    """A roast task as a listener would cause it, for corpus, prompts and tests."""
    kinds = [kind for kind in lines() if kind not in RESERVED]
    chosen = rng.choice(kinds, int(rng.integers(1, 5)), replace=False)
    facts = [
        Fact(str(kind), str(kind), {name: f"<{name}>" for name in quoted(str(kind))})
        for kind in chosen
    ]
    conditions = (str(rng.choice(INTENSITIES)), str(rng.choice(list(PERSONAS))))
    return Task("roast", _slots(facts), conditions)


grammar.register("roast", grammar.Kind(fill, example, weight=6.0))
