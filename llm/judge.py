"""Blind pairs: two cards on the same facts, nobody knows whose; votes say which writer is better.

The command and the page show each `Pair` as A and B and keep a vote for it; `standing` turns votes
into strengths with their uncertainty.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.backends import backend
from llm.openings import closed
from llm.score import bradley_terry
from llm.task import Card, Task
from music.errors import InputError

_VOTE: Final = re.compile(r"(\d{1,4})[\s.:,=-]+([abs])")
CONFIDENCE: Final = 1.96  # standard errors on either side: 95 %


@dataclass(frozen=True)
class Pair:
    """Two cards for the same task, in an order drawn by chance.

    Parameters
    ----------
    number
        Its place in the round, from 0.
    task
        What both were asked for.
    a, b
        The cards as shown.
    writers
        Who wrote A and who B; not shown before the vote.
    """

    number: int
    task: Task
    a: Card
    b: Card
    writers: tuple[str, str]


@dataclass(frozen=True)
class Standing:
    """How strong a writer is.

    Parameters
    ----------
    name
        The backend.
    strength
        Log-odds of winning against an average rival.
    low, high
        Its 95 % interval.
    wins, losses
        Votes for and against.
    """

    name: str
    strength: float
    low: float
    high: float
    wins: int
    losses: int


def pair(number: int, task: Task, first: str, second: str, seed: int = 0) -> Pair:
    """One blind pair of a round; the same seed gives the same, so that votes can be resumed."""
    writers = order(number, first, second, seed)
    a, b = (_shown(backend(name).fill(task, seed + number), task) for name in writers)
    return Pair(number, task, a, b, writers)


def _shown(card: Card, task: Task) -> Card:
    """The card as a listener reads it; see `llm.openings.closed`."""
    things = [task.holes.get(name, "") for name in ("this", "that")]
    return {k: closed(v, things) if isinstance(v, str) else v for k, v in card.items()}


def pairs(tasks: Iterable[Task], first: str, second: str, seed: int = 0) -> list[Pair]:
    """A round of blind pairs, one a task."""
    return [pair(number, task, first, second, seed) for number, task in enumerate(tasks)]


def order(number: int, first: str, second: str, seed: int = 0) -> tuple[str, str]:
    """Who is A and who B in a pair of a round; drawn by chance, and known without the cards."""
    turned = np.random.default_rng([seed, number]).random() < 0.5
    return (second, first) if turned else (first, second)


def shown(one: Pair) -> str:
    """A pair as people read it: the cards under their letters, no writer named."""
    cards = (("a", one.a), ("b", one.b))
    return "\n\n".join(
        f"[{letter}]\n" + "\n".join(str(value) for value in card.values()) for letter, card in cards
    )


def sheet(round_: Iterable[Pair]) -> str:
    """A round on paper, numbered from 1; what is voted on it, `answers` reads."""
    head = "Which is funnier? Answer in a file of your own, a line a pair: 12 a, 13 b, 14 s (skip)."
    return "\n\n\n".join([head, *(f"{one.number + 1}\n\n{shown(one)}" for one in round_)]) + "\n"


def answers(text: str, n: int) -> dict[int, str]:
    """Votes as they were written down beside a `sheet` of n pairs: number (from 0) -> letter.

    Raises
    ------
    InputError
        Naming the first line that is no vote.
    """
    votes: dict[int, str] = {}
    for place, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        match = _VOTE.fullmatch(line.strip().casefold())
        if match is None or not 1 <= int(match[1]) <= n:
            raise InputError(
                f"line {place}: a vote reads '12 a', from 1 to {n}, got {line[:40]!r}."
            )
        if match[2] != "s":
            votes[int(match[1]) - 1] = match[2]
    return votes


def standing(votes: Mapping[int, str], writers: Mapping[int, tuple[str, str]]) -> list[Standing]:
    """Who wins, strongest first.

    Parameters
    ----------
    votes
        Number of a pair -> ``"a"`` or ``"b"``; a pair without vote does not count.
    writers
        Number of a pair -> who wrote A and who B.
    """
    won: Counter[tuple[str, str]] = Counter()
    for number, vote in votes.items():
        if vote in ("a", "b") and number in writers:
            winner, loser = writers[number] if vote == "a" else writers[number][::-1]
            won[winner, loser] += 1
    if not won:
        return []
    found = [
        Standing(
            name,
            strength,
            strength - CONFIDENCE * error,
            strength + CONFIDENCE * error,
            sum(n for (winner, _), n in won.items() if winner == name),
            sum(n for (_, loser), n in won.items() if loser == name),
        )
        for name, (strength, error) in bradley_terry(won).items()
    ]
    return sorted(found, key=lambda s: -s.strength)


def decided(standings: list[Standing]) -> str | None:
    """The winner, if the intervals of the two best lie apart; else nobody has won yet."""
    if len(standings) < 2 or standings[0].low <= standings[1].high:
        return None
    return standings[0].name
