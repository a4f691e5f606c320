"""Spotify's Web API as the few calls we make, spotipy underneath, the gateway around.

Only endpoints that a new app has in 2026 are used; audio features are asked for and remembered as
closed where they are. Every method may raise the errors of `library.gateway`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import spotipy

from library.gateway import Gateway
from library.gateway_wire import TIMEOUT_S
from library.spotify_rows import ApiRow, Json, api_row, api_track, artist_names, clean_text
from music.errors import SpotifyError

PAGE: Final = 50  # rows a page; the most that a new app gets
CHUNK: Final = 100  # URIs a write may carry
SEARCH: Final = 10
MAX_SEEDS: Final = 5  # of a recommendation

Term = Literal["short_term", "medium_term", "long_term"]
TERMS: Final[tuple[Term, ...]] = ("short_term", "medium_term", "long_term")


@dataclass(frozen=True)
class Me:
    """Who is signed in: ``account`` is our key, ``user_id`` what playlists name as owner."""

    account: str
    user_id: str
    name: str


@dataclass(frozen=True)
class RemotePlaylist:
    """A playlist as the list of playlists shows it.

    ``readable`` says whether its rows may be asked for: new apps may not read playlists that the
    user neither owns nor works on.
    """

    id: str
    name: str
    description: str
    snapshot_id: str
    n_rows: int | None
    readable: bool


@dataclass(frozen=True)
class Page:
    """Rows of one page; ``total`` is what Spotify says now (None = it does not say)."""

    rows: tuple[ApiRow, ...]
    offset: int
    total: int | None

    @property
    def is_last(self) -> bool:
        """Whether to stop: an empty page always ends a list, whatever ``total`` says."""
        if not self.rows:
            return True
        end = self.offset + len(self.rows)
        return end >= self.total if self.total is not None else len(self.rows) < PAGE


class Spotify:
    """The Web API for one signed-in user.

    Parameters
    ----------
    gateway
        The way there.
    base
        Address of the Web API, ending in a slash.
    timeout_s
        To connect, and between two bytes.
    """

    def __init__(
        self, gateway: Gateway, base: str, timeout_s: tuple[float, float] = TIMEOUT_S
    ) -> None:
        self._gateway = gateway
        self._api = spotipy.Spotify(requests_session=gateway.wire, requests_timeout=timeout_s)
        self._api.prefix = base

    @property
    def n_calls(self) -> int:
        """Requests sent so far."""
        return self._gateway.n_calls

    def settle(self) -> None:
        """Wait a moment after a write whose answer was lost; it may still be under way."""
        self._gateway.settle()

    def me(self) -> Me:
        """Who is signed in."""
        body = _object(self._gateway.read(self._api.me))
        user_id = str(body.get("id") or "")
        account = str(body.get("account_id") or user_id)
        if not account:
            raise SpotifyError("Spotify does not say whose account this is. Try again later.")
        return Me(account, user_id, clean_text(body.get("display_name")) or user_id)

    def saved(self, offset: int) -> Page:
        """A page of the saved tracks, newest first."""
        return self._page(lambda: self._api.current_user_saved_tracks(PAGE, offset), offset)

    def playlist_rows(self, playlist_id: str, offset: int) -> Page:
        """A page of a playlist.

        Without ``fields``: filters written for one tier's names give empty rows in the other.
        """
        return self._page(
            lambda: self._api.playlist_items(playlist_id, limit=PAGE, offset=offset), offset
        )

    def _page(self, ask: Any, offset: int) -> Page:
        body = _object(self._gateway.read(ask))
        return Page(tuple(api_row(row) for row in _rows(body)), offset, _total(body))

    def playlists(self, offset: int, user_id: str) -> tuple[list[RemotePlaylist], int, bool]:
        """A page of the user's list of playlists.

        Returns
        -------
        playlists, n_rows, is_last
            ``n_rows`` counts the rows of the page, some of which may be null.
        """
        body = _object(self._gateway.read(lambda: self._api.current_user_playlists(PAGE, offset)))
        rows, total = _rows(body), _total(body)
        end = offset + len(rows)
        last = not rows or (end >= total if total is not None else len(rows) < PAGE)
        found = [_playlist(row, user_id) for row in rows if isinstance(row, dict)]
        return [playlist for playlist in found if playlist.id], len(rows), last

    def top_tracks(self, term: Term) -> tuple[ApiRow, ...]:
        """The user's up to 50 most played tracks of about 4 weeks, 6 months or a year."""
        ask = self._api.current_user_top_tracks
        body = _object(self._gateway.read(lambda: ask(limit=PAGE, time_range=term)))
        return tuple(api_row({"track": track}) for track in _rows(body))

    def top_artist_genres(self, term: Term) -> dict[str, list[str]]:
        """The genres of the user's up to 50 most played artists, by name, where Spotify says."""
        ask = self._api.current_user_top_artists
        body = _object(self._gateway.read(lambda: ask(limit=PAGE, time_range=term)))
        out = {}
        for artist in _rows(body):
            names = artist_names({"artists": [artist]})
            genres = artist.get("genres") if isinstance(artist, dict) else None
            if names and isinstance(genres, list):
                out[names[0]] = [str(genre) for genre in genres]
        return out

    def recently_played(self) -> tuple[ApiRow, ...]:
        """The last plays, about 50; more do not exist."""
        ask = self._api.current_user_recently_played
        body = _object(self._gateway.read(lambda: ask(limit=PAGE)))
        return tuple(api_row(row, at="played_at") for row in _rows(body))

    def search(self, text: str) -> list[Json]:
        """Up to 10 tracks for a search text, as columns of a track table."""
        body = _object(self._gateway.read(lambda: self._api.search(text, SEARCH)))
        found = [api_track(track) for track in _rows(_object(body.get("tracks")))]
        return [track for track in found if track is not None]

    def recommendations(self, seeds: Sequence[str], n: int = 50) -> list[Json]:
        """Up to 100 tracks that Spotify itself recommends, as columns of a track table.

        Parameters
        ----------
        seeds
            One to five track ids.

        Raises
        ------
        ForbiddenError
            Where this app may not ask, as no app made since November 2024; then no call is made
            for a day.
        """
        if not 1 <= len(seeds) <= MAX_SEEDS:
            raise ValueError(f"1 to {MAX_SEEDS} seeds, got {len(seeds)}")
        # As for audio features: spotipy's own method warns that it is deprecated.
        ask = lambda: self._api._get("recommendations", seed_tracks=",".join(seeds), limit=n)  # noqa: E731
        rows = _object(self._gateway.read(ask, endpoint="recommendations")).get("tracks")
        found = [api_track(row) for row in rows] if isinstance(rows, list) else []
        return [track for track in found if track is not None]

    def audio_features(self, track_ids: Sequence[str]) -> dict[str, Json]:
        """The audio features of up to 100 tracks by id, for the old apps that still have them.

        Raises
        ------
        ForbiddenError
            Where this app has not; then no call is made for a day.
        """
        if len(track_ids) > CHUNK:
            raise ValueError(f"at most {CHUNK} ids a call, got {len(track_ids)}")
        ids = ",".join(track_ids)
        # spotipy's own method warns that it is deprecated; the warning is for apps without access.
        ask = lambda: self._api._get("audio-features", ids=ids)  # noqa: E731
        rows = _object(self._gateway.read(ask, endpoint="audio features")).get("audio_features")
        found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        return {str(row["id"]): row for row in found if row.get("id")}

    def create_playlist(self, name: str, description: str) -> str:
        """Create an empty playlist and return its id.

        It is asked to stay off the user's profile; that is no privacy, and Spotify may say later
        that it is public.
        """
        make = self._api.current_user_playlist_create
        body = self._gateway.write(lambda: make(name, public=False, description=description))
        return str(_object(body).get("id") or "")

    def add(self, playlist_id: str, uris: Sequence[str], position: int) -> None:
        """Insert up to 100 URIs at a position of a playlist."""
        if len(uris) > CHUNK:
            raise ValueError(f"at most {CHUNK} URIs a call, got {len(uris)}")
        add = self._api.playlist_add_items
        self._gateway.write(lambda: add(playlist_id, list(uris), position))

    def replace(self, playlist_id: str, uris: Sequence[str]) -> None:
        """Put up to 100 URIs in the place of everything in a playlist."""
        if len(uris) > CHUNK:
            raise ValueError(f"at most {CHUNK} URIs a call, got {len(uris)}")
        put = self._api.playlist_replace_items
        self._gateway.write(lambda: put(playlist_id, list(uris)))

    def drop_playlist(self, playlist_id: str) -> None:
        """Take a playlist out of the user's library; for an own one that is deleting it."""
        uri = f"spotify:playlist:{playlist_id}"
        # spotipy 2.26's method for this uses an endpoint that new apps do not have.
        self._gateway.write(lambda: self._api._delete("me/library", uris=uri))


def _playlist(row: Json, user_id: str) -> RemotePlaylist:
    owner = _object(row.get("owner")).get("id")
    counted = _object(row.get("items")) or _object(row.get("tracks"))
    readable = owner == user_id or row.get("collaborative") is True
    ident = clean_text(row.get("id"))
    return RemotePlaylist(
        ident if ident.isalnum() else "",
        clean_text(row.get("name")),
        clean_text(row.get("description")),
        snapshot_id=str(row.get("snapshot_id") or ""),
        n_rows=_total(counted),
        readable=readable,
    )


def _object(body: object) -> Json:
    return body if isinstance(body, dict) else {}


def _rows(body: Json) -> list[Any]:
    rows = body.get("items")
    return rows if isinstance(rows, list) else []


def _total(body: Json) -> int | None:
    total = body.get("total")
    return total if isinstance(total, int) and not isinstance(total, bool) else None
