"""Bring a Spotify library here in as few calls as possible, page by page, and go on where it ended.

The first sync of 5,000 saved tracks and 100 playlists costs about 311 calls, the next about 5:
saved tracks are read newest first until a known one, playlists only if their snapshot changed.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

from library.gateway import AppForbiddenError
from library.spotify import CHUNK, PAGE, TERMS, Me, RemotePlaylist, Spotify
from library.spotify_rows import ApiRow, Json
from library.spotify_shelf import LIKED, Arriving
from music.errors import ForbiddenError, GhostnotesError, InputError, NotFoundError

LIST_LASTS_S: Final = 600.0  # a list of playlists that was interrupted is read on this long
TOP_LASTS_S: Final = 7 * 86_400.0
CLOSED: Final = "closed"  # stands in place of a snapshot
NO_FEATURES: Final = "no audio features"
MAX_RESTARTS: Final = 2  # a list that keeps changing while it is read is taken as it comes

Progress = Callable[[float, str], None]


class Sink(Protocol):
    """Where a sync puts what arrives; see `library.spotify_shelf.Shelf`. Each call commits."""

    def noted(self, key: str) -> Any: ...  # noqa: D102
    def note(self, key: str, value: Any) -> None: ...  # noqa: D102
    def set_playlists(self, playlists: Sequence[RemotePlaylist]) -> None: ...  # noqa: D102
    def snapshots(self) -> dict[str, str]: ...  # noqa: D102
    def arriving(self, list_id: str) -> Arriving | None: ...  # noqa: D102
    def begin(self, list_id: str, tag: str, name: str = "") -> None: ...  # noqa: D102
    def add_page(  # noqa: D102
        self, list_id: str, rows: Sequence[ApiRow], offset: int, total: int | None
    ) -> None: ...
    def finish(  # noqa: D102
        self, list_id: str, snapshot: str, *, unique: bool = False, recount: bool = False
    ) -> None: ...
    def close(self, list_id: str, snapshot: str) -> None: ...  # noqa: D102
    def saved(self) -> tuple[set[tuple[str, str | None]], int | None]: ...  # noqa: D102
    def put_on_top(self, rows: Sequence[ApiRow], total: int | None) -> None: ...  # noqa: D102
    def set_list(self, list_id: str, name: str, rows: Sequence[ApiRow]) -> None: ...  # noqa: D102
    def add_plays(self, rows: Sequence[ApiRow]) -> None: ...  # noqa: D102
    def add_genres(self, genres: dict[str, list[str]]) -> None: ...  # noqa: D102
    def without_features(self, n: int) -> list[str]: ...  # noqa: D102
    def add_features(self, asked: Sequence[str], found: dict[str, Json]) -> None: ...  # noqa: D102
    def tidy(self) -> None: ...  # noqa: D102


@dataclass(frozen=True)
class SyncReport:
    """How a sync went.

    Parameters
    ----------
    n_calls
        Calls it cost.
    n_read, n_unchanged, n_closed
        Lists that were read, that had not changed, and that Spotify does not let us read.
    skipped
        Parts left out because the user did not agree to them, in words.
    error
        Why it stopped early; what arrived is kept and the next sync goes on from there.
    """

    n_calls: int = 0
    n_read: int = 0
    n_unchanged: int = 0
    n_closed: int = 0
    skipped: tuple[str, ...] = ()
    error: GhostnotesError | None = None

    @property
    def finished(self) -> bool:
        """Whether everything is here."""
        return self.error is None

    def __str__(self) -> str:
        """What happened, in a sentence or two."""
        calls = "1 call" if self.n_calls == 1 else f"{self.n_calls} calls"
        said = (
            f"{self.n_read} lists read, {self.n_unchanged} unchanged, {self.n_closed} of other "
            f"people, which Spotify shows to no app, with {calls}."
        )
        if self.skipped:
            said += f" Left out: {', '.join(self.skipped)} (not agreed to)."
        return said if self.error is None else f"{said} Not finished: {self.error}"


def sync(
    spotify: Spotify,
    sink: Sink,
    me: Me,
    *,
    scopes: Collection[str] | None = None,
    progress: Progress = lambda share, text: None,
    clock: Callable[[], float] = time.time,
) -> SyncReport:
    """Bring everything up to date.

    Parameters
    ----------
    me
        Whose library it is; tells own playlists from followed ones.
    scopes
        What the user agreed to; parts without are left out. None = everything.
    progress
        Called with a share in [0, 1] and a text after each page; may raise to stop.

    Returns
    -------
    SyncReport
        Also when Spotify asked for a pause or the sign-in ended: ``error`` says so.
    """
    run = _Sync(spotify, sink, me, scopes, progress, clock)
    error = None
    try:
        run.everything()
    except GhostnotesError as stop:
        error = stop
    return SyncReport(
        spotify.n_calls, run.n_read, run.n_unchanged, run.n_closed, tuple(run.skipped), error
    )


class _Sync:
    """One run: what it is doing and has done."""

    def __init__(
        self,
        spotify: Spotify,
        sink: Sink,
        me: Me,
        scopes: Collection[str] | None,
        progress: Progress,
        clock: Callable[[], float],
    ) -> None:
        self._spotify, self._sink, self._me = spotify, sink, me
        self._scopes, self._progress, self._clock = scopes, progress, clock
        self._planned = 0
        self._share = 0.0
        self.n_read = self.n_unchanged = self.n_closed = 0
        self.skipped: list[str] = []

    def everything(self) -> None:
        """The parts in the order in which a listener misses them."""
        agreed = self._agreed("playlists", "playlist-read-private")
        wanted = self._sort_out(self._playlists() if agreed else [])
        self._planned = self._spotify.n_calls + sum(_n_pages(p) for p in wanted) + 3
        if self._agreed("saved tracks", "user-library-read"):
            self._saved_tracks()
        for playlist in wanted:
            self._playlist(playlist)
        if self._agreed("most played", "user-top-read"):
            self._top()
        if self._agreed("last plays", "user-read-recently-played"):
            self._sink.add_plays(self._spotify.recently_played())
        self._sink.tidy()
        self._audio_features()
        self._sink.note("synced_at", self._clock())
        self._progress(1.0, "Everything is here.")

    def _agreed(self, what: str, scope: str) -> bool:
        agreed = self._scopes is None or scope in self._scopes
        if not agreed:
            self.skipped.append(what)
        return agreed

    def _say(self, text: str) -> None:
        """Progress by calls, as all pages take about as long; a longer plan never sets it back."""
        done = self._spotify.n_calls
        share = done / max(self._planned, done + 1) if self._planned else 0.0
        self._share = max(self._share, min(0.99, share))
        self._progress(self._share, text)

    # ---- the list of playlists

    def _playlists(self) -> list[RemotePlaylist]:
        """All playlists; a list that was interrupted a moment ago is read on."""
        draft = self._sink.noted("playlists") or {}
        if self._clock() - draft.get("at", 0.0) > LIST_LASTS_S:
            draft = {"at": self._clock(), "offset": 0, "rows": []}
        while not draft.get("whole"):
            found, n_rows, last = self._spotify.playlists(draft["offset"], self._me.user_id)
            draft["rows"] += [asdict(playlist) for playlist in found]
            draft["offset"] += n_rows
            draft["whole"] = last
            self._sink.note("playlists", draft)
            self._say(f"{draft['offset']} playlists found")
        playlists = {row["id"]: RemotePlaylist(**row) for row in draft["rows"]}
        self._sink.set_playlists(list(playlists.values()))
        self._sink.note("playlists", None)
        return list(playlists.values())

    def _sort_out(self, playlists: list[RemotePlaylist]) -> list[RemotePlaylist]:
        """The playlists whose rows have to be read."""
        whole = self._sink.snapshots()
        wanted = []
        for playlist in playlists:
            if not playlist.readable:
                if whole.get(playlist.id) != CLOSED:  # so that it is read once it becomes readable
                    self._sink.close(playlist.id, CLOSED)
                self.n_closed += 1
            elif playlist.snapshot_id and whole.get(playlist.id) == playlist.snapshot_id:
                self.n_unchanged += 1
            else:
                wanted.append(playlist)
        return wanted

    # ---- the rows of a playlist

    def _playlist(self, playlist: RemotePlaylist) -> None:
        try:
            self._read_playlist(playlist)
        except AppForbiddenError:
            raise
        except (ForbiddenError, NotFoundError, InputError):  # one list; the others may be fine
            self._sink.close(playlist.id, playlist.snapshot_id)
            self.n_closed += 1

    def _read_playlist(self, playlist: RemotePlaylist) -> None:
        before = self._sink.arriving(playlist.id)
        if before is None or before.tag != playlist.snapshot_id:
            self._sink.begin(playlist.id, playlist.snapshot_id, playlist.name)
            before = None
        stable = playlist.n_rows == 0 or self._pages(playlist.id, before)
        if not stable:  # it changed under our hands: once more
            self._sink.begin(playlist.id, playlist.snapshot_id)
            stable = self._pages(playlist.id, None)
        # Without a snapshot it is read again next time.
        self._sink.finish(playlist.id, playlist.snapshot_id if stable else "")
        self.n_read += 1

    def _pages(self, playlist_id: str, before: Arriving | None) -> bool:
        """Read a playlist to its end; returns whether its total stayed the same."""
        offset, total = (before.n_rows, before.total) if before else (0, None)
        stable = True
        while True:
            page = self._spotify.playlist_rows(playlist_id, offset)
            if total is not None and page.total is not None and page.total != total:
                stable = False
            self._sink.add_page(playlist_id, page.rows, offset, page.total)
            total, offset = page.total, offset + len(page.rows)
            self._say(f"playlist {self.n_read + 1}")
            if page.is_last:
                return stable

    # ---- the saved tracks

    def _saved_tracks(self) -> None:
        if LIKED in self._sink.snapshots() and self._sink.arriving(LIKED) is None:
            if self._newly_saved():
                self.n_unchanged += 1
                return
            self._sink.begin(LIKED, "again")
        self._all_saved()

    def _all_saved(self) -> None:
        """Every page; one that shows fewer tracks than before means that rows moved up: again."""
        before = self._sink.arriving(LIKED)
        if before is None:
            self._sink.begin(LIKED, "first", "Liked songs")
        for restarts_left in range(MAX_RESTARTS, -1, -1):
            offset, total = (before.n_rows, before.total) if before else (0, None)
            if self._read_saved(offset, total, strict=restarts_left > 0):
                break
            self._sink.begin(LIKED, "again")
            self._sink.note("saved meanwhile", None)
            before = None
        grew = self._sink.noted("saved meanwhile") is not None
        self._sink.finish(LIKED, "whole", unique=True, recount=grew)
        self.n_read += 1
        if grew:
            self._newly_saved()
            self._sink.note("saved meanwhile", None)

    def _read_saved(self, offset: int, total: int | None, *, strict: bool) -> bool:
        """Read on to the end; False if tracks were removed meanwhile, so that some were missed."""
        while True:
            page = self._spotify.saved(offset)
            if total is not None and page.total is not None and page.total != total:
                if page.total < total and strict:
                    return False
                self._sink.note("saved meanwhile", page.total)  # new ones stand before our offset
            self._planned = max(
                self._planned, self._spotify.n_calls + _pages_left(page.total, offset)
            )
            self._sink.add_page(LIKED, page.rows, offset, page.total)
            total, offset = page.total, offset + len(page.rows)
            self._say(f"{offset:,} saved tracks")
            if page.is_last:
                return True

    def _newly_saved(self) -> bool:
        """Read newest first until a known track; False if that cannot be the whole story."""
        known, n_known = self._sink.saved()
        new: list[ApiRow] = []
        dates: list[str] = []
        while True:
            page = self._spotify.saved(len(new))
            for row in page.rows:
                dates.append(row.at or "")
                if (row.uri, row.at) in known:
                    break
                new.append(row)
            else:
                if not page.is_last:
                    self._say(f"{len(new)} newly saved tracks")
                    continue
            break
        falling = dates == sorted(dates, reverse=True)
        counted = page.total is None or n_known is None or page.total == n_known + len(new)
        if not (falling and counted):
            return False
        if new:
            self._sink.put_on_top(new, page.total)
        return True

    # ---- what Spotify counts itself

    def _top(self) -> None:
        for term, words in zip(TERMS, ("four weeks", "six months", "year"), strict=True):
            if self._due(f"top tracks {term}"):
                rows = self._spotify.top_tracks(term)
                self._sink.set_list(f"top:{term}", f"Most played, last {words}", rows)
                self._sink.note(f"top tracks {term}", self._clock())
            if self._due(f"top artists {term}"):
                self._sink.add_genres(self._spotify.top_artist_genres(term))
                self._sink.note(f"top artists {term}", self._clock())
        self._say("most played tracks")

    def _audio_features(self) -> None:
        """The audio features of new tracks, for the old apps that still have them."""
        if self._sink.noted(NO_FEATURES):
            return
        try:
            while ids := self._sink.without_features(CHUNK):
                self._sink.add_features(ids, self._spotify.audio_features(ids))
                self._say("audio features")
        except AppForbiddenError:
            raise
        except ForbiddenError:
            self._sink.note(NO_FEATURES, True)  # an app never gets them back

    def _due(self, key: str) -> bool:
        return self._clock() - float(self._sink.noted(key) or 0.0) > TOP_LASTS_S


def _n_pages(playlist: RemotePlaylist) -> int:
    return 1 if playlist.n_rows is None else math.ceil(playlist.n_rows / PAGE)


def _pages_left(total: int | None, offset: int) -> int:
    return 0 if total is None else max(0, math.ceil((total - offset) / PAGE))
