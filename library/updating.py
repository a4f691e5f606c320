"""Give a playlist that is already on Spotify other tracks: look, difference, write, undo.

`look` reads what is there, `write` replaces it and reads it back. A write whose answer was lost is
never repeated before somebody has looked; a playlist that changed since the look is left alone.
What was there before is kept, so `write` the other way round is the undo.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Final, Literal

from library.saving import LeftOut, plan_playlist
from library.spotify import CHUNK, Spotify
from library.spotify_shelf import Shelf
from music.errors import InputError, NotFoundError, SpotifyError, UncertainError

MAX_LOOKS: Final = 6
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Update:
    """What would happen to a playlist; nothing has happened yet.

    Parameters
    ----------
    playlist_id, name
        Which playlist.
    before, after
        URIs in order, as it is and as it would be.
    left_out
        Tracks that cannot be in it, and why.
    """

    playlist_id: str
    name: str
    before: tuple[str, ...]
    after: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def undone(self) -> Update:
        """The way back."""
        return Update(self.playlist_id, self.name, self.after, self.before)


@dataclass(frozen=True)
class Changed:
    """An update as it is remembered; "begun" means that it may have happened in part."""

    change_id: str
    update: Update
    state: Literal["begun", "done", "undone"]


class Changes:
    """The updates of one account, in its own notes: they go when the account is forgotten."""

    _LIST: Final = "changes"
    _MOST: Final = 50  # older ones can no longer be undone

    def __init__(self, shelf: Shelf, clock: Callable[[], float]) -> None:
        self._shelf, self._clock = shelf, clock

    def begin(self, update: Update) -> str:
        """Remember what is about to happen."""
        change_id = secrets.token_hex(8)
        known = [change_id, *(self._shelf.noted(self._LIST) or [])]
        for old in known[self._MOST :]:
            self._shelf.note(f"change-{old}", None)
        self._put(Changed(change_id, update, "begun"))
        self._shelf.note(self._LIST, known[: self._MOST])
        return change_id

    def note(self, change_id: str, state: Literal["done", "undone"]) -> None:
        """How an update ended."""
        self._put(Changed(change_id, self.get(change_id).update, state))

    def get(self, change_id: str) -> Changed:
        """An update by its id."""
        held = self._shelf.noted(f"change-{change_id}")
        if held is None:
            raise NotFoundError("There is no such update.")
        told = held["update"]
        update = Update(
            told["playlist_id"], told["name"], tuple(told["before"]), tuple(told["after"])
        )
        return Changed(change_id, update, held["state"])

    def all(self) -> list[Changed]:
        """Every update that is remembered, the latest first."""
        return [self.get(change_id) for change_id in self._shelf.noted(self._LIST) or []]

    def _put(self, changed: Changed) -> None:
        held = {"update": asdict(changed.update), "state": changed.state, "at": self._clock()}
        self._shelf.note(f"change-{changed.change_id}", held)


def look(spotify: Spotify, playlist_id: str) -> tuple[str, ...]:
    """The URIs of a playlist, in order.

    Raises
    ------
    InputError
        If it holds rows that cannot be written again (files of somebody's disk, lost tracks).
    """
    uris: list[str] = []
    while True:
        page = spotify.playlist_rows(playlist_id, len(uris))
        if any(row.kind in ("local", "gone") for row in page.rows):
            raise InputError(
                "This playlist holds local files or tracks that are gone. They could not be put "
                "back by an undo, so make a new playlist instead."
            )
        uris += [row.uri for row in page.rows]
        if page.is_last:
            return tuple(uris)


def plan_update(spotify: Spotify, playlist_id: str, name: str, track_ids: Sequence[str]) -> Update:
    """The dry run: what is there, what would be there.

    Raises
    ------
    InputError
        If none of the tracks is on Spotify, or the playlist cannot be put back.
    """
    plan = plan_playlist(name, track_ids)
    before = look(spotify, playlist_id)
    return Update(playlist_id, name, before, plan.uris, plan.left_out)


def write(
    spotify: Spotify,
    update: Update,
    progress: Progress = lambda share, text: None,
    is_partly_there: bool = False,
) -> None:
    """Make the playlist what it should be, and read it back.

    Parameters
    ----------
    is_partly_there
        Whether ``before`` may have been written only in part (an update that broke off).

    Raises
    ------
    InputError
        If it is no longer as it was when looked at, or Spotify does not know a track; then what
        was there is put back.
    SpotifyError
        If Spotify does not confirm.
    """
    there = look(spotify, update.playlist_id)
    is_part = is_partly_there and there in (update.after, update.before[: len(there)])
    if there != update.before and not is_part:
        raise InputError("The playlist was changed meanwhile, so nothing was written. Look again.")
    try:
        _write(spotify, replace(update, before=there), progress)
    except InputError as error:
        _write(spotify, replace(update.undone, after=there), progress)
        raise InputError(
            "Spotify does not know one of these tracks any more, so the playlist is as it was."
        ) from error
    progress(1.0, "Written and read back.")


def _write(spotify: Spotify, update: Update, progress: Progress) -> None:
    """Replace the first hundred, then add the rest where it belongs."""
    ident, after = update.playlist_id, update.after
    started = False
    for _ in range(MAX_LOOKS):
        n_done = _n_there(spotify, update) if started else None
        try:
            if n_done is None:
                started = True
                spotify.replace(ident, after[:CHUNK])
                n_done = min(CHUNK, len(after))
            while n_done < len(after):
                progress(0.9 * n_done / len(after), f"{n_done} tracks written")
                spotify.add(ident, after[n_done : n_done + CHUNK], n_done)
                n_done += CHUNK
        except UncertainError:
            spotify.settle()
            continue
        if look(spotify, ident) == after:
            return
    raise SpotifyError(
        "Spotify did not confirm the change. Look at the playlist, and try again in a few minutes."
    )


def _n_there(spotify: Spotify, update: Update) -> int | None:
    """How many rows are already right; None where the old list still stands.

    Raises
    ------
    SpotifyError
        If somebody else is writing too.
    """
    there = look(spotify, update.playlist_id)
    if there == update.after[: len(there)] and (there or not update.after):
        return len(there)
    if there in (update.before, ()):
        return None
    raise SpotifyError("Somebody else is changing this playlist; nothing more was written.")
