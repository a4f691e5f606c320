"""The invented world behind the simulator: songs, listeners, playlists, and who owns what."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final, Literal

Tier = Literal["dev2026", "devlegacy", "extended"]

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_FIRST: Final = (
    "Salt", "Velvet", "Paper", "Low", "Glass", "Copper", "Night", "Winter", "Quiet", "Amber", "Tin",
    "Borrowed", "Distant", "Painted", "Second", "Hollow", "Lemon", "Static", "Slow", "Broken",
)  # fmt: skip
_LAST: Final = (
    "Harbour", "Letters", "Machine", "Orchard", "Signals", "Ferry", "Lantern", "Weather", "Parade",
    "Moths", "Kitchen", "Elevator", "Satellites", "Pianos", "Bicycles", "Avenue", "Ghosts",
)  # fmt: skip
_GENRES: Final = ("jazz", "soul", "techno", "folk", "indie pop", "metal", "hip hop")
_NEWEST: Final = datetime(2026, 11, 1, 18, 3, 22, tzinfo=UTC)


@lru_cache(maxsize=100_000)
def base62(text: str) -> str:
    """A 22-character id that looks like Spotify's; the same text gives the same id."""
    number, out = int.from_bytes(hashlib.sha256(text.encode()).digest()[:17], "big"), ""
    for _ in range(22):
        number, digit = divmod(number, 62)
        out += _DIGITS[digit]
    return out


def stamp(index: int) -> str:
    """When the index-th newest thing was added: every 7 hours back from November 2026."""
    return (_NEWEST - timedelta(hours=7 * index)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True)
class Song:
    """An invented song; everything else about it follows from its number."""

    number: int

    @property
    def id(self) -> str:
        """Its track id."""
        return base62(f"track {self.number}")

    @property
    def uri(self) -> str:
        """Its Spotify URI."""
        return f"spotify:track:{self.id}"

    @property
    def title(self) -> str:
        """Its title."""
        n = self.number
        return f"{_FIRST[n % 20]} {_LAST[(n // 20) % 17]} {n}"

    @property
    def artist(self) -> str:
        """Its band."""
        n = self.number % 311
        return f"The {_FIRST[n % 20]} {_LAST[n % 17]} {n // 20}"

    @property
    def genre(self) -> str:
        """What its band plays; only search knows it, as at Spotify."""
        return _GENRES[self.number % 311 % len(_GENRES)]

    @property
    def year(self) -> int:
        """When it came out."""
        return 1960 + self.number * 13 % 66


@dataclass(frozen=True)
class Row:
    """One row of a playlist: a URI (None = a track that is gone) and when it was added."""

    uri: str | None
    added_at: str | None


@dataclass
class Playlist:
    """A playlist; ``public`` is what was asked for, reading may say otherwise."""

    id: str
    name: str
    owner: str
    rows: list[Row] = field(default_factory=list)
    description: str = ""
    public: bool = True
    collaborative: bool = False
    version: int = 1

    @property
    def snapshot_id(self) -> str:
        """Changes with every write."""
        return f"AAAA{base62(f'{self.id} {self.version}')}"


@dataclass
class User:
    """A listener: saved rows newest first, followed playlists in order, plays newest first."""

    id: str
    name: str
    saved: list[Row] = field(default_factory=list)
    playlist_ids: list[str | None] = field(default_factory=list)
    recent: list[tuple[str, str]] = field(default_factory=list)
    registered: bool = True

    @property
    def account_id(self) -> str:
        """The key Spotify gave users in May 2026."""
        return base62(f"account {self.id}")[:10]


@dataclass
class World:
    """Everything that exists. Change it freely in a test; the server reads it at each request."""

    songs: dict[str, Song] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    playlists: dict[str, Playlist] = field(default_factory=dict)
    n_created: int = 0

    @classmethod
    def small(cls) -> World:
        """Two listeners: Ada with 120 saved songs and 6 playlists, Ben with 30 and 2."""
        world = cls()
        world.add_listener("ada", "Ada", n_saved=120, n_playlists=6, n_rows=60, n_owned=4)
        world.add_listener("ben", "Ben", n_saved=30, n_playlists=2, n_rows=10, first_song=5000)
        return world

    @classmethod
    def large(cls) -> World:
        """One listener as the plan counts them: 5,000 saved songs, 100 own playlists of 80 rows."""
        world = cls()
        world.add_listener("ada", "Ada", n_saved=5000, n_playlists=100, n_rows=80)
        return world

    def add_listener(
        self,
        user_id: str,
        name: str,
        *,
        n_saved: int,
        n_playlists: int,
        n_rows: int,
        n_owned: int | None = None,
        first_song: int = 0,
    ) -> User:
        """Invent a listener; playlists beyond ``n_owned`` belong to somebody else."""
        songs = [self.song(first_song + i) for i in range(max(n_saved, n_rows, 1))]
        user = User(user_id, name)
        user.saved = [Row(songs[i].uri, stamp(i)) for i in range(n_saved)]
        user.recent = [(songs[i * 3 % len(songs)].id, stamp(i)) for i in range(min(50, n_saved))]
        for k in range(n_playlists):
            owner = user_id if n_owned is None or k < n_owned else "somebody"
            chosen = [songs[(k * 37 + i) % len(songs)] for i in range(n_rows)]
            rows = [Row(song.uri, stamp(i)) for i, song in enumerate(chosen)]
            playlist = Playlist(base62(f"{user_id} list {k}"), f"List {k}", owner, rows)
            self.playlists[playlist.id] = playlist
            user.playlist_ids.append(playlist.id)
        self.users[user_id] = user
        return user

    def song(self, number: int) -> Song:
        """The song with this number, made known to the catalogue."""
        song = Song(number)
        self.songs[song.id] = song
        return song

    def knows(self, uri: str) -> bool:
        """Whether a URI can be added to a playlist."""
        return (
            uri.startswith("spotify:episode:") or uri.removeprefix("spotify:track:") in self.songs
        )

    def create(self, owner: str, name: str, description: str, public: bool) -> Playlist:
        """A new, empty playlist on top of its owner's list."""
        self.n_created += 1
        made = Playlist(base62(f"created {self.n_created}"), name, owner, [], description, public)
        self.playlists[made.id] = made
        self.users[owner].playlist_ids.insert(0, made.id)
        return made

    def insert(self, playlist: Playlist, uris: Iterable[str], position: int | None) -> None:
        """Add rows at a position (None = at the end)."""
        at = len(playlist.rows) if position is None else position
        playlist.rows[at:at] = [Row(uri, stamp(0)) for uri in uris]
        playlist.version += 1
