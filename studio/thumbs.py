"""Thumbs on lines: kept in the store, and learned from once there are enough."""

from __future__ import annotations

import json

from llm.preference import Preference, Vote, as_lines
from music.errors import InputError
from studio import services

__all__ = ["as_lines", "forget_vote", "liked", "preference", "vote", "votes"]


def vote(owner: str, said: Vote) -> None:
    """Remember a thumb; a later one on the same line replaces it."""
    services.store().set_feedback(owner, "line", _key(said), "like" if said.liked else "dislike")


def forget_vote(owner: str, said: Vote) -> None:
    """Take a thumb back."""
    services.store().set_feedback(owner, "line", _key(said), None)


def liked(owner: str, line: Vote) -> bool | None:
    """What an owner said of a line, if anything; `line.liked` is not looked at."""
    said = {one.thing: one.verdict for one in services.store().feedback(owner, "line")}
    verdict = said.get(_key(line))
    return None if verdict is None else verdict == "like"


def votes(owner: str) -> list[Vote]:
    """All thumbs of an owner, oldest first."""
    found = services.store().feedback(owner, "line")
    return [_vote(one.thing, one.verdict == "like") for one in reversed(found)]


def preference(owner: str) -> Preference | None:
    """What an owner's thumbs have taught; None while they are too few or all alike."""
    try:
        return Preference().fit(votes(owner))
    except InputError:
        return None


def _key(said: Vote) -> str:
    return json.dumps([said.text, said.fact, *said.conditions], ensure_ascii=False)


def _vote(key: str, liked: bool) -> Vote:
    text, fact, *conditions = json.loads(key)
    return Vote(text, liked, fact, tuple(conditions))
