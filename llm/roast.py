"""A roast: somebody who has read your rows, and says so.

The profile decides what is worth saying, the seed which of it; a backend writes each line about one
fact and may quote nothing else. What can be counted (the verdict, the basic score) is counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Final
from zlib import crc32

import numpy as np

from llm.agreement import apart
from llm.backends import write
from llm.lines import INTENSITIES, PERSONAS, SCOPES, lines, quoted
from llm.openings import closed, found
from llm.preference import Preference, Vote, as_vote, best_of
from llm.roast_lines import in_sentence_case, slot_for
from llm.task import Card, Filled, Slot, Task
from llm.verdict import Verdict, verdict
from music.errors import InputError
from music.profile import Fact, TasteProfile

N_LINES: Final = 4  # jokes; with the verdict that is two hundred words, and then one wants a drink
FOUND: Final = 0.75  # how often a roast opens with what was found


@dataclass(frozen=True)
class RoastLine:
    """One sentence or two of a roast, and the fact behind it (None where there is none).

    ``part`` is ``"line"`` for a joke, else what it does: ``"opening"``, ``"compliment"`` ...
    """

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
        """The lines that joke about a fact; compliment and sentence may also have one."""
        return tuple(line for line in self.lines if line.part == "line")

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
    avoid: Collection[str] = (),
    first: Collection[str] = (),
    preference: Preference | None = None,
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
    avoid
        Lines already said in this session, as they were read; none of them comes again while there
        are others.
    first
        Kinds of fact to bring up before any other.
    preference
        What the listener's thumbs have taught; then each line is the best of a few drafts.

    Raises
    ------
    InputError
        If there is no such intensity, persona or backend.
    """
    _check(intensity, INTENSITIES, "intensity")
    _check(persona, tuple(PERSONAS), "persona")
    rng = np.random.default_rng([seed, fingerprint(profile)])
    facts, task = _asked(profile, rng, (intensity, persona), avoid, first)
    filled = _written(task, seed + fingerprint(profile), backend, preference)
    told = tuple(_told(slot, filled.card, task.holes) for slot in task.slots)
    counted = verdict(profile, facts, rng, persona)
    return Roast(told, counted, intensity, persona, seed, filled.by, filled.notes)


def roast_task(
    profile: TasteProfile, seed: int = 0, intensity: str = "tease", persona: str = "critic"
) -> Task:
    """What a backend is asked for a roast; parameters as for `roast`."""
    rng = np.random.default_rng([seed, fingerprint(profile)])
    return _asked(profile, rng, (intensity, persona))[1]


def _asked(
    profile: TasteProfile,
    rng: np.random.Generator,
    tone: tuple[str, str],
    avoid: Collection[str] = (),
    first: Collection[str] = (),
) -> tuple[list[Fact], Task]:
    """The facts of a roast, and the task made of them."""
    facts = pick_facts(profile.facts, N_LINES, rng, first)
    holes = _holes(profile, facts, rng)
    return facts, Task("roast", _slots(facts, rng), tone, holes, said(avoid))


def vote_on(line: RoastLine, written: Roast, liked: bool) -> Vote:
    """A thumb on a line of a roast, about the joke and not about the names in it."""
    slot = slot_for("line", line.fact)
    return as_vote(
        Task("roast", (slot,), (written.intensity, written.persona)), slot, line.text, liked
    )


def _written(task: Task, seed: int, backend: str, preference: Preference | None) -> Filled:
    first = write(task, seed, backend)
    if preference is None:
        return first

    def draft(asked: Task, k: int) -> Card:
        return first.card if (asked, k) == (task, seed) else write(asked, k, backend).card

    return replace(first, card=best_of(draft, task, seed, preference))


def _told(slot: Slot, card: Card, holes: Mapping[str, str]) -> RoastLine:
    text = in_sentence_case(str(card[slot.name]), slot.fact)
    if slot.name == "opening":
        text = closed(text, (holes.get("this", ""), holes.get("that", "")))
    return RoastLine(text, slot.fact, slot.name.split("_")[0])


def fingerprint(profile: TasteProfile) -> int:
    """A number of this listener's own, so that a friend's seed 0 tells other jokes; below 2**20."""
    told = "\n".join((profile.name, *(fact.sentence for fact in profile.facts)))
    return crc32(told.encode()) & 0xFFFFF


def said(texts: Collection[str]) -> frozenset[str]:
    """Texts as `Task.avoid` compares them."""
    return frozenset(text.casefold() for text in texts)


def one_liner(
    profile: TasteProfile, seed: int = 0, intensity: str = "tease", backend: str = "grammar"
) -> RoastLine:
    """The one line Home opens with, about something unusual; the next seed, another fact."""
    facts = tellable(profile.facts)
    order = _turns(len(facts))
    slot = slot_for("line_1", facts[order[seed % len(facts)]]) if facts else slot_for("nothing")
    task = Task("roast", (slot,), (intensity, "critic"))
    filled = write(task, seed + fingerprint(profile), backend)
    return _told(slot, filled.card, {})


def _turns(n: int) -> list[int]:
    """The order in which Home tells n facts: the unusual half first, each half shuffled."""
    rng = np.random.default_rng(7)
    half = (n + 1) // 2
    return [*rng.permutation(half).tolist(), *(half + rng.permutation(n - half)).tolist()]


def pick_facts(
    facts: Sequence[Fact], n: int, rng: np.random.Generator, first: Collection[str] = ()
) -> list[Fact]:
    """Up to n facts that lines exist for and that go together, the unusual ones far likelier.

    What goes together is settled in `llm.agreement`.
    """
    left = tellable(facts)
    picked: list[Fact] = []
    while left and len(picked) < n:
        weights = np.array([0.001 + fact.unusual**8 + 1e6 * (fact.kind in first) for fact in left])
        one = left[int(rng.choice(len(left), p=weights / weights.sum()))]
        picked.append(one)
        left = [fact for fact in left if not apart(one, fact)]
    return picked


def tellable(facts: Sequence[Fact]) -> list[Fact]:
    """One fact of each kind that lines exist for, in the order given."""
    told = [
        fact for fact in facts if fact.kind in lines() and quoted(fact.kind) <= set(fact.values)
    ]
    return list({fact.kind: fact for fact in reversed(told)}.values())[::-1]


def _holes(profile: TasteProfile, told: Sequence[Fact], rng: np.random.Generator) -> dict[str, str]:
    """What the opening may name: two things found, mostly not told later, or what is opened."""
    if profile.scope != "library":
        return {SCOPES[profile.scope]: profile.name}
    if rng.random() < FOUND and (finds := found(profile.facts, told, rng)):
        return finds
    return {"tracks": f"{profile.n_tracks:,}"}


def _slots(facts: Sequence[Fact], rng: np.random.Generator) -> tuple[Slot, ...]:
    """The shape of a roast: a breath after two or three jokes, or none; the end is about facts."""
    if not facts:
        return (slot_for("nothing"),)
    jokes = [slot_for(f"line_{i}", fact) for i, fact in enumerate(facts, 1)]
    breath = int(rng.integers(2, 6))  # half of the time nobody needs one
    middle = [slot_for("interlude")] if breath < min(4, len(jokes)) else []
    kind, last = rng.permutation(len(facts))[:2] if len(facts) > 1 else (0, 0)
    end = [slot_for("compliment", facts[kind]), slot_for("sentence", facts[last])]
    return (slot_for("opening"), *jokes[:breath], *middle, *jokes[breath:], *end)


def _check(value: str, allowed: tuple[str, ...], what: str) -> None:
    if value not in allowed:
        raise InputError(f"{value!r} is no {what}; there are {', '.join(allowed)}.")
