"""Which built-in writer is funnier: blind pairs, and one listener's votes on them."""

from __future__ import annotations

from typing import Final

from llm import judge
from llm.lines import INTENSITIES
from llm.roast import roast_task
from llm.task import Task
from music.profile import taste_profile
from studio import services

WRITERS: Final = ("grammar", "tiny")
N_PAIRS: Final = 50
SKIPPED: Final = "skip"
_VOTES: Final = "blind.grammar.tiny.1"


def tasks(n: int = N_PAIRS) -> list[Task]:
    """What both writers are asked: roasts of the demo's listener, in the one voice both have."""
    who = taste_profile(services.demo().library)
    return [roast_task(who, k, INTENSITIES[k % len(INTENSITIES)]) for k in range(n)]


def votes(owner: str) -> dict[int, str]:
    """Number of a pair -> ``"a"``, ``"b"`` or ``"skip"``."""
    return {int(n): str(vote) for n, vote in services.store().get_state(owner, _VOTES, {}).items()}


def vote(owner: str, number: int, said: str) -> None:
    """Remember a vote."""
    told = votes(owner) | {number: said}
    services.store().set_state(owner, _VOTES, {str(n): vote for n, vote in told.items()})


def start_again(owner: str) -> None:
    """Forget all votes of an owner."""
    services.store().set_state(owner, _VOTES, None)


def next_pair(owner: str) -> judge.Pair | None:
    """The first pair that was not voted on; None after the last."""
    mine = votes(owner)
    number = next((n for n in range(N_PAIRS) if n not in mine), None)
    if number is None:
        return None
    return judge.pair(number, tasks()[number], *WRITERS)


def standing(owner: str) -> list[judge.Standing]:
    """Who is ahead in the votes of an owner, with intervals."""
    mine = votes(owner)
    return judge.standing(mine, {number: judge.order(number, *WRITERS) for number in mine})
