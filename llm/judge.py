"""Blind pairs: two cards on the same facts, nobody knows whose; votes say which writer is better.

The command and the page show a `Pair` as A and B, and keep a vote for each; `standing` turns votes
into strengths with their uncertainty.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.backends import backend
from llm.score import bradley_terry
from llm.task import Card, Task

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


def pairs(tasks: Iterable[Task], first: str, second: str, seed: int = 0) -> list[Pair]:
    """A round of blind pairs; the same seed gives the same round, so that votes can be resumed."""
    rng = np.random.default_rng(seed)
    made = []
    for number, task in enumerate(tasks):
        names = (first, second) if rng.random() < 0.5 else (second, first)
        cards = [backend(name).fill(task, seed + number) for name in names]
        made.append(Pair(number, task, cards[0], cards[1], names))
    return made


def standing(votes: Mapping[int, str], shown: Iterable[Pair]) -> list[Standing]:
    """Who wins, strongest first.

    Parameters
    ----------
    votes
        Number of a pair -> ``"a"`` or ``"b"``; a pair without vote does not count.
    shown
        The pairs voted on.
    """
    won: Counter[tuple[str, str]] = Counter()
    for pair in shown:
        if (vote := votes.get(pair.number)) in ("a", "b"):
            winner, loser = pair.writers if vote == "a" else pair.writers[::-1]
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
