"""Work on Spotify that a page starts and watches: it runs in a worker and can be looked for later.

A job is found by who it is for; the secret that names a visitor stands in no key.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from studio import services
from studio.jobs import Job, Progress

if TYPE_CHECKING:
    import pandas as pd

    from library.saving import Plan, Saved
    from library.saving_journal import Save
    from library.sync import SyncReport


def sync_job(visitor: str) -> Job[SyncReport] | None:
    """The sync of a visitor that runs, or ran last."""
    return services.errands().find(_key("sync", visitor))


def start_sync(visitor: str) -> Job[SyncReport]:
    """Bring a visitor's library up to date, from wherever the last sync ended."""
    return services.errands().restart(
        _key("sync", visitor), lambda tell: services.spotify().sync(visitor, tell)
    )


def suggest_job(visitor: str, seeds: Sequence[str]) -> Job[pd.DataFrame] | None:
    """The job that asks, or asked, Spotify's own recommendations near these tracks."""
    return services.errands().find(_key("suggest", visitor, " ".join(seeds)))


def start_suggest(visitor: str, seeds: Sequence[str]) -> Job[pd.DataFrame]:
    """Ask Spotify's own recommendations, with one call."""
    return services.errands().restart(
        _key("suggest", visitor, " ".join(seeds)),
        lambda _: services.spotify().suggestions(visitor, seeds),
    )


def forget(visitor: str) -> None:
    """Stop and forget all work for a visitor, with what it brought."""
    services.errands().forget(_who(visitor))


def dry_run(name: str, track_ids: Sequence[str], description: str = "") -> Plan:
    """What saving these tracks as a playlist would do; nothing happens and nobody is asked.

    Raises
    ------
    InputError
        If there is no name, or nothing that Spotify knows.
    """
    from library.saving import plan_playlist

    return plan_playlist(name, track_ids, description)


def save_job(visitor: str, plan: Plan) -> Job[Saved | None] | None:
    """The job that works on this very playlist, or worked on it last."""
    return services.errands().find(_key("save", visitor, _name(plan)))


def start_save(visitor: str, plan: Plan) -> Job[Saved | None]:
    """Create the playlist at Spotify, fill it and read it back."""
    return _start(visitor, plan, lambda tell: services.spotify().save(visitor, plan, tell))


def go_on(visitor: str, plan: Plan, save: Save) -> Job[Saved | None]:
    """Go on with a save that was interrupted; nothing gets in twice."""
    save_id = save.save_id
    return _start(
        visitor, plan, lambda tell: services.spotify().resume_save(visitor, save_id, tell)
    )


def take_back(visitor: str, plan: Plan, save: Save) -> Job[Saved | None]:
    """Take a saved playlist out of the user's Spotify library again."""

    def work(tell: Progress) -> None:
        tell(0.5, "Taking it back")
        services.spotify().undo_save(visitor, save.save_id)

    return _start(visitor, plan, work)


def saved_before(visitor: str, plan: Plan) -> Save | None:
    """The save of this very list that stands, finished or interrupted; the latest if several."""
    for save in services.spotify().saves(visitor):
        wanted = tuple(uri for uri in plan.uris if uri not in save.rejected)
        if save.state != "undone" and (save.name, save.uris) == (plan.name, wanted):
            return save
    return None


def interrupted(visitor: str) -> list[tuple[Plan, Save]]:
    """Saves that neither ended nor were taken back, each with the plan it follows."""
    from library.saving import Plan

    saves = services.spotify().saves(visitor)
    left = [save for save in saves if save.state not in ("done", "undone")]
    return [(Plan(save.name, save.description, save.uris), save) for save in left]


def _start(visitor: str, plan: Plan, work: Callable[[Progress], Saved | None]) -> Job[Saved | None]:
    return services.errands().restart(_key("save", visitor, _name(plan)), work)


def _name(plan: Plan) -> str:
    return "\n".join((plan.name, *plan.uris))


def _key(kind: str, visitor: str, more: str = "") -> str:
    from library.vault import digest

    return f"spotify-{kind}-{_who(visitor)}-{digest(more)[:16]}"


def _who(visitor: str) -> str:
    from library.vault import digest

    return digest(visitor)[:16]
