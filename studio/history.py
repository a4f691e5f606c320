"""Playlists somebody kept: rules and tracks, so that a list can be opened, compared, refreshed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from library.spotify_policy import own_tracks
from music.errors import InputError
from music.playlist import PlaylistSpec
from studio import services
from studio.curator import Curator
from studio.leaving import MADE_OF_API

if TYPE_CHECKING:
    from library.store import Item
    from llm.playlist import Wish
    from recommender.playlist import Found

KIND: Final = "playlist"


@dataclass(frozen=True)
class Kept:
    """A list on the shelf: what was said, the rules in the end, and the tracks in order."""

    item_id: str
    name: str
    said: tuple[str, ...]
    spec: PlaylistSpec
    tracks: tuple[str, ...]
    locked: tuple[str, ...] = ()
    seed: int = 0

    def wish(self) -> Wish:
        """The wish to go on from."""
        from llm.playlist import Wish

        return Wish(self.spec, said=self.said)


@dataclass(frozen=True)
class Change:
    """What is different between a list as it was and as it would be."""

    added: tuple[str, ...]
    gone: tuple[str, ...]
    n_stay: int
    is_reordered: bool

    def __bool__(self) -> bool:
        return bool(self.added or self.gone or self.is_reordered)

    def __str__(self) -> str:
        """The difference in a sentence."""
        if not self:
            return f"Nothing changes: the same {self.n_stay:,} tracks in the same order."
        moved = ", in another order" if self.is_reordered else ""
        return f"{len(self.added):,} come, {len(self.gone):,} go, {self.n_stay:,} stay{moved}."


def change(before: Sequence[str], after: Sequence[str]) -> Change:
    """The difference between two lists of ids.

    >>> str(change(["a", "b", "c"], ["c", "a", "d"]))
    '1 come, 1 go, 2 stay, in another order.'
    """
    old, new = set(before), set(after)
    stay = [i for i in before if i in new]
    return Change(
        tuple(i for i in after if i not in old),
        tuple(i for i in before if i not in new),
        len(stay),
        stay != [i for i in after if i in old],
    )


def keep(owner: str, wish: Wish, found: Found, locked: Sequence[str] = (), seed: int = 0) -> Kept:
    """Put a list on the shelf; one with the same name and tracks is there already."""
    for held in kept(owner):
        if (held.name, held.tracks) == (wish.spec.name, tuple(found.ids)):
            return held
    body = {
        "said": list(wish.said), "spec": wish.spec.to_dict(), "tracks": found.ids,
        "locked": list(locked), "seed": seed,
        MADE_OF_API: len(own_tracks(found.tracks)) < len(found.tracks),
    }  # fmt: skip
    item_id = services.store().save_item(owner, KIND, wish.spec.name, body)
    return _kept(services.store().item(owner, item_id))


def kept(owner: str) -> list[Kept]:
    """Everything on the shelf, the newest first; what can no longer be read is left out."""
    return [one for item in services.store().items(owner, KIND) if (one := _readable(item))]


def drop(owner: str, one: Kept) -> None:
    """Throw a kept list away."""
    services.store().delete_item(owner, one.item_id)


def refreshed(curator: Curator, one: Kept) -> tuple[Found, Change]:
    """The list that the saved rules give today, and how it differs from the saved one.

    Locked tracks that are no longer in the library are not asked for.
    """
    there = curator.finder.catalogue.ids
    locked = [i for i in one.locked if i in there]
    found = curator.find(one.spec, locked=locked, seed=one.seed)
    return found, change(one.tracks, found.ids)


def _readable(item: Item) -> Kept | None:
    try:
        return _kept(item)
    except (InputError, KeyError):
        return None


def _kept(item: Item) -> Kept:
    body: dict[str, Any] = dict(item.body)
    return Kept(
        item.item_id, item.title, tuple(map(str, body.get("said", ()))),
        PlaylistSpec.from_dict(body["spec"]), tuple(map(str, body.get("tracks", ()))),
        tuple(map(str, body.get("locked", ()))), int(body.get("seed", 0)),
    )  # fmt: skip
