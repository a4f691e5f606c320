"""Write a playlist to Spotify so that every track is in it exactly once, whatever fails on the way.

`plan_playlist` is the dry run: it says what would be made and what is left out. `save` makes it:
a journal on disk knows how far it is; a write whose answer was lost is never repeated before
somebody has looked what is really there. `resume` goes on after a pause or a crash, `undo` takes
it back.
"""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from library.saving_journal import Journal, Save
from library.spotify import CHUNK, PAGE, Spotify
from library.spotify_rows import ApiRow
from music.errors import InputError, NotFoundError, SpotifyError, UncertainError

MAX_TRACKS: Final = 10_000
MAX_NAME: Final = 100
MAX_DESCRIPTION: Final = 250  # Spotify takes 300; our mark comes behind
MAX_LOOKS: Final = 6  # lost answers in a row before we give up for now
MAX_REJECTED: Final = 20  # more than that, and it is not the tracks

_TRACK_ID: Final = re.compile(r"[0-9A-Za-z]{22}")
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class LeftOut:
    """A track that cannot be in the playlist, and why."""

    track_id: str
    reason: str


@dataclass(frozen=True)
class Plan:
    """What saving would do; nothing has happened yet."""

    name: str
    description: str
    uris: tuple[str, ...]
    left_out: tuple[LeftOut, ...] = ()

    @property
    def n_calls(self) -> int:
        """Calls it will cost if nothing goes wrong."""
        return 1 + math.ceil(len(self.uris) / CHUNK) + math.ceil(len(self.uris) / PAGE)

    def __str__(self) -> str:
        """The dry run in a sentence."""
        said = f"{len(self.uris)} tracks go into a new playlist {self.name!r}"
        if self.left_out:
            said += f"; {len(self.left_out)} cannot"
        return f"{said}. {self.n_calls} calls to Spotify."


@dataclass(frozen=True)
class Saved:
    """A playlist that was written and read back.

    ``rejected`` are URIs Spotify does not know; ``n_different`` counts rows that read back as
    another track (Spotify replaces some by the same song of another release).
    """

    save_id: str
    playlist_id: str
    n_tracks: int
    rejected: tuple[str, ...] = ()
    n_different: int = 0

    @property
    def link(self) -> str:
        """Where the playlist can be opened."""
        return f"https://open.spotify.com/playlist/{self.playlist_id}"


def plan_playlist(name: str, track_ids: Sequence[str], description: str = "") -> Plan:
    """The dry run: which tracks would go where.

    Parameters
    ----------
    track_ids
        In order; a track may come twice. Files of the user's own disk and invented tracks have no
        Spotify id and are left out with a reason.

    Raises
    ------
    InputError
        If there is no name, no track that could go in, or more than 10,000.
    """
    title = " ".join(name.split())[:MAX_NAME]
    if not title:
        raise InputError("A playlist needs a name.")
    uris = [f"spotify:track:{i}" for i in track_ids if is_spotify_id(i)]
    left_out = [LeftOut(i, _why_not(i)) for i in track_ids if not is_spotify_id(i)]
    if not uris:
        raise InputError("None of these tracks is on Spotify, so there is nothing to save.")
    if len(uris) > MAX_TRACKS:
        raise InputError(f"A playlist holds {MAX_TRACKS:,} tracks; these are {len(uris):,}.")
    about = " ".join(description.split())[:MAX_DESCRIPTION]
    return Plan(title, about, tuple(uris), tuple(left_out))


def is_spotify_id(track_id: str) -> bool:
    """Whether Spotify may know a track by this id."""
    return _TRACK_ID.fullmatch(track_id) is not None


def save(
    spotify: Spotify,
    journal: Journal,
    plan: Plan,
    user_id: str,
    progress: Progress = lambda share, text: None,
) -> Saved:
    """Make the playlist.

    Parameters
    ----------
    journal
        Remembers how far it is; after an error `resume` goes on from there.
    user_id
        Whose list of playlists is searched if the answer to the creation is lost.

    Raises
    ------
    SpotifyError
        Or one of its kinds; what was written so far stays and can be resumed or undone.
    """
    # The mark in the description finds a playlist again whose creation was never confirmed.
    save_id = secrets.token_hex(8)
    about = f"{plan.description} Made with Ghostnotes ({save_id})".strip()
    journal.put(Save(save_id, plan.name, about, plan.uris))
    return resume(spotify, journal, save_id, user_id, progress)


def resume(
    spotify: Spotify,
    journal: Journal,
    save_id: str,
    user_id: str,
    progress: Progress = lambda share, text: None,
) -> Saved:
    """Go on with a save that was interrupted, or verify one that is done."""
    writer = _Writer(spotify, journal, journal.get(save_id), user_id, progress)
    writer.create()
    writer.fill()
    return writer.verify()


def undo(spotify: Spotify, journal: Journal, save_id: str, user_id: str) -> None:
    """Take a saved playlist out of the user's library again.

    Raises
    ------
    NotFoundError
        If nothing was made under this id.
    """
    made = journal.get(save_id)
    if made.state == "undone":
        return
    playlist_id = made.playlist_id
    if playlist_id is None and made.state == "creating":
        playlist_id = _find(spotify, save_id, user_id)  # made perhaps, and never confirmed
    for _ in range(MAX_LOOKS):
        if playlist_id is None:
            break
        try:
            spotify.drop_playlist(playlist_id)
            break
        except UncertainError:
            spotify.settle()
            playlist_id = _find(spotify, save_id, user_id)  # None = it worked
    else:
        raise SpotifyError("Spotify did not confirm that the playlist is gone. Try again later.")
    journal.put(made.with_(state="undone"))


class _Writer:
    """One save under way."""

    def __init__(
        self, spotify: Spotify, journal: Journal, save: Save, user_id: str, progress: Progress
    ) -> None:
        self._spotify, self._journal, self._save = spotify, journal, save
        self._user_id, self._progress = user_id, progress
        self._is_new = False  # created in this run, so nothing is in it yet

    def _note(self, save: Save) -> None:
        self._journal.put(save)
        self._save = save

    def create(self) -> None:
        """Create the playlist, unless it is there."""
        if self._save.state == "undone":
            raise InputError("This playlist was taken back; save it anew.")
        if self._save.playlist_id is not None:
            return
        looked_for = self._save.state == "creating"  # an earlier run may have made it
        self._note(self._save.with_(state="creating"))
        for _ in range(MAX_LOOKS):
            found = _find(self._spotify, self._save.save_id, self._user_id) if looked_for else None
            if found is None:
                try:
                    found = self._spotify.create_playlist(self._save.name, self._save.description)
                    self._is_new = True
                except UncertainError:
                    self._spotify.settle()
            if found:
                self._note(self._save.with_(state="filling", playlist_id=found))
                return
            looked_for = True
        raise SpotifyError("Spotify did not confirm the new playlist. Try again in a few minutes.")

    def fill(self) -> None:
        """Add what is missing, chunk by chunk, in order."""
        n_done = 0 if self._is_new else self._n_there(0)
        n_lost = 0
        while n_done < len(self._save.uris):
            chunk = self._save.uris[n_done : n_done + CHUNK]
            try:
                n_done += self._add(chunk, n_done)
                n_lost = 0
            except UncertainError:
                n_lost += 1
                if n_lost == MAX_LOOKS:
                    raise SpotifyError(
                        f"{n_done} of {len(self._save.uris)} tracks are in the playlist; Spotify "
                        "does not confirm more right now. Go on later."
                    ) from None
                self._spotify.settle()
                n_done = self._n_there(n_done)
            self._progress(0.9 * n_done / len(self._save.uris), f"{n_done} tracks written")

    def _add(self, chunk: Sequence[str], at: int) -> int:
        """Add URIs at a position; returns how many went in.

        Spotify refuses a whole chunk for one URI it does not know; halving finds that one.
        """
        try:
            self._spotify.add(self._playlist_id, chunk, at)
        except InputError:
            if len(chunk) == 1:
                self._reject(at)
                return 0
            half = len(chunk) // 2
            n_first = self._add(chunk[:half], at)
            return n_first + self._add(chunk[half:], at + n_first)
        return len(chunk)

    def _reject(self, at: int) -> None:
        """Strike the URI at a position off the plan."""
        uris, rejected = self._save.uris, self._save.rejected
        if len(rejected) == MAX_REJECTED:
            raise SpotifyError(
                f"Spotify refused {MAX_REJECTED} tracks and goes on refusing; {at} are in the "
                "playlist."
            )
        self._note(
            self._save.with_(uris=uris[:at] + uris[at + 1 :], rejected=(*rejected, uris[at]))
        )

    def _n_there(self, start: int) -> int:
        """How many planned rows are really in the playlist; those before ``start`` are sure."""
        rows = self._rows(start)
        planned = self._save.uris[start : start + len(rows)]
        if [row.uri for row in rows] != list(planned):
            raise SpotifyError(
                "The playlist was changed by somebody else meanwhile, so nothing more was added."
            )
        return start + len(rows)

    def _rows(self, start: int) -> list[ApiRow]:
        rows: list[ApiRow] = []
        while True:
            page = self._spotify.playlist_rows(self._playlist_id, start + len(rows))
            rows += page.rows
            if page.is_last:
                return rows

    def verify(self) -> Saved:
        """Read the whole playlist back and say what it holds."""
        rows, planned = self._rows(0), self._save.uris
        if len(rows) != len(planned):
            raise SpotifyError(
                f"The playlist has {len(rows)} tracks where {len(planned)} were written; "
                "somebody else may have changed it."
            )
        n_different = sum(row.uri != uri for row, uri in zip(rows, planned, strict=True))
        self._note(self._save.with_(state="done"))
        self._progress(1.0, "Saved and read back.")
        return Saved(
            self._save.save_id, self._playlist_id, len(rows), self._save.rejected, n_different
        )

    @property
    def _playlist_id(self) -> str:
        if self._save.playlist_id is None:
            raise NotFoundError(f"There is no playlist for {self._save.save_id} yet.")
        return self._save.playlist_id


def _find(spotify: Spotify, save_id: str, user_id: str) -> str | None:
    """The playlist whose description carries our mark; new ones stand on top of the list."""
    offset = 0
    while True:
        playlists, n_rows, last = spotify.playlists(offset, user_id)
        for playlist in playlists:
            if save_id in playlist.description:
                return playlist.id
        offset += n_rows
        if last:
            return None


def _why_not(track_id: str) -> str:
    if track_id.startswith("spotify:local:"):
        return "a file from your own disk; Spotify takes it only in its app"
    return "it has no Spotify id"
