"""The JSON objects of the Web API, as each tier shows them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from tests.spotify_simulator.world import Playlist, Row, Song, Tier, User, World, base62

Json = dict[str, Any]


class Shapes:
    """Objects of a world as one tier shows them; ``base`` is the address links start with."""

    def __init__(self, world: World, tier: Tier, base: str) -> None:
        self.world, self.base = world, base
        self.full = tier == "extended"  # popularity, followers, markets ... are still there
        self.renamed = tier != "extended"  # `items`/`item` in place of `tracks`/`track`
        self._songs: dict[str, Json] = {}

    def _links(self, kind: str, ident: str) -> Json:
        return {
            "href": f"{self.base}/v1/{kind}s/{ident}",
            "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{ident}"},
            "uri": f"spotify:{kind}:{ident}",
            "type": kind,
            "id": ident,
        }

    def artist_of(self, song: Song) -> Json:
        """The short form of a song's band."""
        return {**self._links("artist", base62(song.artist)), "name": song.artist}

    def artist(self, song: Song) -> Json:
        """The full form of a song's band."""
        genres = ["harbour pop", "tin folk"][: song.number % 3] if self.full else []
        out = {**self.artist_of(song), "images": [], "genres": genres}
        if self.full:
            out |= {"popularity": song.number % 100, "followers": {"href": None, "total": 12}}
        return out

    def album(self, song: Song) -> Json:
        """The album a song is on."""
        ident = base62(f"album {song.artist} {song.year}")
        cover = {"url": f"https://i.example.invalid/{ident}", "height": 640, "width": 640}
        out = {
            **self._links("album", ident),
            "name": f"{song.artist} {song.year}",
            "album_type": "album",
            "release_date": [f"{song.year}", f"{song.year}-03", f"{song.year}-03-09"][
                song.number % 3
            ],
            "release_date_precision": ["year", "month", "day"][song.number % 3],
            "total_tracks": 9,
            "images": [cover],
            "artists": [self.artist_of(song)],
        }
        return out | {"available_markets": ["DE", "GB"]} if self.full else out

    def track(self, song: Song) -> Json:
        """A track object."""
        if song.id not in self._songs:
            self._songs[song.id] = self._track(song)
        return self._songs[song.id]

    def _track(self, song: Song) -> Json:
        out = {
            **self._links("track", song.id),
            "name": song.title,
            "duration_ms": 120_000 + song.number * 997 % 200_000,
            "explicit": song.number % 7 == 0,
            "disc_number": 1,
            "track_number": 1 + song.number % 9,
            "is_local": False,
            "is_playable": True,
            "preview_url": None,
            "external_ids": {"isrc": f"XXGHO{song.number:07d}"},
            "artists": [self.artist_of(song)],
            "album": self.album(song),
        }
        if self.full:
            out |= {"popularity": song.number % 101, "available_markets": ["DE", "GB"]}
        return out

    def local(self, uri: str) -> Json:
        """A file from the user's own disk."""
        artist, album, title, seconds = uri.removeprefix("spotify:local:").split(":")
        short = {"id": None, "uri": None, "type": "artist"}
        return {
            "id": None,
            "uri": uri,
            "name": title,
            "type": "track",
            "is_local": True,
            "duration_ms": int(seconds) * 1000,
            "artists": [{**short, "name": artist}],
            "album": {"id": None, "name": album, "images": []},
            "external_ids": {},
        }

    def episode(self, uri: str) -> Json:
        """A podcast episode."""
        ident = uri.rpartition(":")[2]
        return {
            **self._links("episode", ident),
            "name": "Talk",
            "duration_ms": 1_800_000,
            "show": {"name": "Pod"},
            "release_date": "2023-12-01",
        }

    def item(self, uri: str | None) -> Json | None:
        """What a row's URI stands for; None for a track that is gone."""
        if uri is None:
            return None
        if uri.startswith("spotify:local:"):
            return self.local(uri)
        if uri.startswith("spotify:episode:"):
            return self.episode(uri)
        return self.track(self.world.songs[uri.removeprefix("spotify:track:")])

    def playlist_row(self, row: Row, owner: str) -> Json:
        """A row of a playlist."""
        item = self.item(row.uri)
        if item is not None and not item.get("is_local"):
            # With `additional_types` the inner object carries these booleans too.
            item = {**item, "track": item["type"] == "track", "episode": item["type"] == "episode"}
        return {
            "added_at": row.added_at,
            "added_by": self._user_link(owner),
            "is_local": bool(item and item.get("is_local")),
            "primary_color": None,
            "video_thumbnail": {"url": None},
            ("item" if self.renamed else "track"): item,
        }

    def saved_row(self, row: Row) -> Json:
        """A row of the saved tracks: always ``track``."""
        return {"added_at": row.added_at, "track": self.item(row.uri)}

    def _user_link(self, user_id: str) -> Json:
        return self._links("user", user_id)

    def user(self, user: User) -> Json:
        """``GET /me``."""
        out = {**self._user_link(user.id), "display_name": user.name, "images": []}
        if self.full:
            return out | {
                "country": "DE",
                "email": f"{user.id}@example.org",
                "product": "premium",
                "followers": {"href": None, "total": 3},
                "explicit_content": {"filter_enabled": False, "filter_locked": False},
            }
        return out | {"account_id": user.account_id}

    def playlist(self, playlist: Playlist) -> Json:
        """The simplified playlist object."""
        part = "items" if self.renamed else "tracks"
        ref = {
            "href": f"{self.base}/v1/playlists/{playlist.id}/{part}",
            "total": len(playlist.rows),
        }
        return {
            **self._links("playlist", playlist.id),
            "name": playlist.name,
            "description": playlist.description,
            "images": [],
            "owner": {
                **self._user_link(playlist.owner),
                "display_name": self._display_name(playlist.owner),
            },
            "public": playlist.public,
            "collaborative": playlist.collaborative,
            "snapshot_id": playlist.snapshot_id,
            **({"items": ref} if self.renamed else {"tracks": ref, "items": ref}),
        }

    def _display_name(self, user_id: str) -> str | None:
        user = self.world.users.get(user_id)
        return user.name if user else None

    def page(
        self, path: str, rows: Sequence[Any], offset: int, limit: int, total: int, **query: str
    ) -> Json:
        """An offset paging object around rows that are already cut to the page."""

        def address(at: int) -> str:
            return f"{self.base}{path}?{urlencode({**query, 'offset': at, 'limit': limit})}"

        return {
            "href": address(offset),
            "limit": limit,
            "offset": offset,
            "previous": address(max(offset - limit, 0)) if offset else None,
            "next": address(offset + limit) if offset + limit < total else None,
            "total": total,
            "items": list(rows),
        }
