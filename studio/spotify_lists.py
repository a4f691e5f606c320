"""Lists and Spotify, as jobs a page can watch: search for a wish, update a playlist, undo that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from music.playlist import PlaylistSpec
from studio import services
from studio.jobs import Job, Progress

if TYPE_CHECKING:
    from library.spotify_search import Offer
    from library.updating import Changed, Update


def search(visitor: str, spec: PlaylistSpec) -> Job[Offer]:
    """What Spotify's search offers for a wish; the same wish is the same job."""
    key = _key("search", visitor, repr(spec))
    return services.errands().submit(
        key, lambda tell: services.spotify().offers(visitor, spec, tell)
    )


def targets(visitor: str) -> dict[str, str]:
    """The playlists that were made from here and still stand, id -> name, the latest first."""
    saves = services.spotify().saves(visitor)
    return {s.playlist_id: s.name for s in saves if s.state == "done" and s.playlist_id}


def look(visitor: str, playlist_id: str, name: str, track_ids: Sequence[str]) -> Job[Update]:
    """The dry run of an update: what is there now, and what would be."""
    key = _key("look", visitor, "\n".join((playlist_id, *track_ids)))
    return services.errands().submit(
        key,
        lambda _: services.spotify().plan_update(visitor, playlist_id, name, track_ids),
    )


def look_again(visitor: str, planned: Update) -> None:
    """Forget a dry run, because the playlist is another one now."""
    ids = [uri.rpartition(":")[2] for uri in planned.after]
    services.errands().forget(_key("look", visitor, "\n".join((planned.playlist_id, *ids))))


def update(visitor: str, planned: Update) -> Job[str]:
    """Write an update and read it back."""
    return services.errands().restart(
        _update_key(visitor, planned.playlist_id),
        lambda tell: services.spotify().update(visitor, planned, tell),
    )


def undo(visitor: str, change: Changed) -> Job[str]:
    """Bring the old list back."""

    def work(tell: Progress) -> str:
        services.spotify().undo_update(visitor, change.change_id, tell)
        return change.change_id

    return services.errands().restart(_update_key(visitor, change.update.playlist_id), work)


def running(visitor: str, playlist_id: str) -> Job[str] | None:
    """The job that writes to a playlist, or wrote to it last."""
    return services.errands().find(_update_key(visitor, playlist_id))


def last_change(visitor: str, playlist_id: str) -> Changed | None:
    """The latest update of a playlist that can be undone."""
    for change in services.spotify().updates(visitor):
        if change.update.playlist_id == playlist_id:
            return change if change.state != "undone" else None
    return None


def _update_key(visitor: str, playlist_id: str) -> str:
    return _key("update", visitor, playlist_id)


def _key(kind: str, visitor: str, more: str) -> str:
    from library.vault import digest

    return f"spotify-{kind}-{digest(visitor)[:16]}-{digest(more)[:16]}"
