"""What somebody said of tracks and artists, ready for a recommendation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from library.store import Feedback, Thing, Verdict
from recommender.controls import Blocked
from studio import services


@dataclass(frozen=True)
class Said:
    """What was said so far: track ids that move the list, and what must never come."""

    likes: tuple[str, ...]
    dislikes: tuple[str, ...]
    blocked: Blocked


NOTHING: Final = Said((), (), Blocked())


def said_by(owner: str) -> Said:
    """Everything an owner said."""
    said = of_music(owner)
    of_tracks = {f.thing: f.verdict for f in said if f.kind == "track"}
    return Said(
        tuple(t for t, v in of_tracks.items() if v == "like"),
        tuple(t for t, v in of_tracks.items() if v == "dislike"),
        Blocked.of(
            (t for t, v in of_tracks.items() if v == "block"),
            (f.thing for f in said if f.kind == "artist" and f.verdict == "block"),
        ),
    )


def of_music(owner: str) -> list[Feedback]:
    """What an owner said of tracks and artists, newest first."""
    return [f for f in services.store().feedback(owner) if f.kind in ("track", "artist")]


def say(owner: str, kind: Thing, things: list[str], verdict: Verdict | None) -> None:
    """Remember a verdict on some tracks or artists; None takes it back."""
    for thing in things:
        services.store().set_feedback(owner, kind, thing, verdict)
