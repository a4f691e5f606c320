"""The Web API: which endpoint exists in which tier, what it asks for and what it answers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.spotify_simulator.accounts import Accounts, Grant
from tests.spotify_simulator.answers import Answer, Request, error, ok, text
from tests.spotify_simulator.shapes import Shapes
from tests.spotify_simulator.world import Playlist, Tier, User, World


@dataclass(frozen=True)
class Call:
    """One authorised request: who asks for what, and the ids in its path."""

    request: Request
    user: User
    grant: Grant
    ids: tuple[str, ...]


Endpoint = Callable[["WebApi", Call], Answer]
_ROUTES: list[tuple[str, re.Pattern[str], frozenset[str], str, Endpoint]] = []
EVERYWHERE: Final = frozenset({"dev2026", "devlegacy", "extended"})
OLD: Final = frozenset({"devlegacy", "extended"})  # devlegacy: some apps still reach these
EXTENDED: Final = frozenset({"extended"})


def _route(
    method: str, path: str, tiers: frozenset[str] = EVERYWHERE, scope: str = ""
) -> Callable[[Endpoint], Endpoint]:
    pattern = re.compile("^/v1" + re.sub(r"\{\w+\}", "([^/]+)", path) + "/?$")

    def register(endpoint: Endpoint) -> Endpoint:
        _ROUTES.append((method, pattern, tiers, scope, endpoint))
        return endpoint

    return register


class WebApi:
    """The Web API of one world in one tier."""

    def __init__(self, world: World, accounts: Accounts, tier: Tier, base: str) -> None:
        self.world, self.accounts, self.tier, self.base = world, accounts, tier, base
        self.shapes = Shapes(world, tier, base)

    def answer(self, request: Request) -> Answer:
        """Answer one request to the Web API: token, then route, then tier, then scope."""
        token = request.headers.get("authorization", "").removeprefix("Bearer ")
        grant = self.accounts.access.get(token)
        if grant is None or grant.until <= self.accounts.clock():
            return error(401, "The access token expired" if grant else "Invalid access token")
        user = self.world.users[grant.user]
        if not user.registered:
            return error(403, "User not registered in the Developer Dashboard")
        for method, pattern, tiers, scope, endpoint in _ROUTES:
            match = pattern.match(request.path)
            if not match or method != request.method:
                continue
            if self.tier not in tiers:
                return error(403, "Forbidden")
            if scope and not grant.scopes & set(scope.split("|")):
                return error(403, "Insufficient client scope")
            return endpoint(self, Call(request, user, grant, match.groups()))
        return text(404, "<html><body>Not found</body></html>", "text/html")

    def window(self, request: Request, default: int, top: int) -> tuple[int, int] | Answer:
        """Offset and limit of a paged call, or the 400 for a limit that is too large."""
        limit, offset = request.number_of("limit", default), request.number_of("offset", 0)
        if not 1 <= limit <= top:
            return error(400, "Invalid limit")
        return (offset, limit) if offset >= 0 else error(400, "Invalid offset")

    def paged(self, call: Call, rows: list[Any], shape: Callable[[Any], Any], top: int) -> Answer:
        """One page of some rows."""
        window = self.window(call.request, 20, top)
        if isinstance(window, Answer):
            return window
        offset, limit = window
        part = [shape(row) for row in rows[offset : offset + limit]]
        return ok(self.shapes.page(call.request.path, part, offset, limit, len(rows)))

    def readable(self, playlist: Playlist, user: User) -> bool:
        """Whether a listener may see the rows of a playlist."""
        return self.tier == "extended" or playlist.owner == user.id or playlist.collaborative


@_route("GET", "/me")
def _me(api: WebApi, call: Call) -> Answer:
    return ok(api.shapes.user(call.user))


@_route("GET", "/me/tracks", scope="user-library-read")
def _saved(api: WebApi, call: Call) -> Answer:
    return api.paged(call, call.user.saved, api.shapes.saved_row, 50)


@_route("GET", "/me/top/{kind}", scope="user-top-read")
def _top(api: WebApi, call: Call) -> Answer:
    ranges = ("short_term", "medium_term", "long_term")
    term = call.request.query.get("time_range", "medium_term")
    if term not in ranges or call.ids[0] not in ("artists", "tracks"):
        return error(400, "Invalid time range")
    known = (
        api.world.songs.get((row.uri or "").removeprefix("spotify:track:"))
        for row in call.user.saved
    )
    songs = [song for song in known if song]
    songs = songs[ranges.index(term) :][:99]
    shape = api.shapes.artist if call.ids[0] == "artists" else api.shapes.track
    return api.paged(call, songs, shape, 50)


@_route("GET", "/me/player/recently-played", scope="user-read-recently-played")
def _recent(api: WebApi, call: Call) -> Answer:
    window = api.window(call.request, 20, 50)
    if isinstance(window, Answer):
        return window
    rows = call.user.recent[: window[1]]
    items = [
        {"track": api.shapes.track(api.world.songs[ident]), "played_at": at, "context": None}
        for ident, at in rows
    ]
    cursors = {"after": "1763656202115", "before": "1763650000000"}
    body = {"href": api.base + call.request.path, "limit": window[1], "items": items}
    return ok({**body, "next": None, **({"cursors": cursors} if items else {})})


@_route("GET", "/me/playlists", scope="playlist-read-private")
def _playlists(api: WebApi, call: Call) -> Answer:
    def shape(ident: str | None) -> Any:
        return None if ident is None else api.shapes.playlist(api.world.playlists[ident])

    return api.paged(call, call.user.playlist_ids, shape, 50)


@_route("POST", "/me/playlists", scope="playlist-modify-private|playlist-modify-public")
def _create(api: WebApi, call: Call) -> Answer:
    body = call.request.json()
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"]:
        return error(400, "Missing required field: name")
    made = api.world.create(
        call.user.id, body["name"], str(body.get("description", "")), bool(body.get("public", True))
    )
    out = api.shapes.playlist(made)
    for part in {"items", "tracks"} & set(out):
        out[part] = api.shapes.page(f"/v1/playlists/{made.id}/{part}", [], 0, 100, 0)
    return ok(out, 201)


@_route("POST", "/users/{user_id}/playlists", EXTENDED, "playlist-modify-private")
def _create_for(api: WebApi, call: Call) -> Answer:
    if call.ids[0] != call.user.id:
        return error(403, "You cannot create a playlist for another user")
    return _create(api, call)


@_route("GET", "/playlists/{id}")
def _playlist(api: WebApi, call: Call) -> Answer:
    playlist = api.world.playlists.get(call.ids[0])
    if playlist is None:
        return error(404, "Resource not found")
    out = api.shapes.playlist(playlist)
    out.pop("items"), out.pop("tracks", None)
    if not api.readable(playlist, call.user):
        return ok(out)  # metadata only: the key is absent
    part = "items" if api.shapes.renamed else "tracks"
    rows = [api.shapes.playlist_row(row, playlist.owner) for row in playlist.rows[:100]]
    path = f"/v1/playlists/{playlist.id}/{part}"
    return ok({**out, part: api.shapes.page(path, rows, 0, 100, len(playlist.rows))})


@_route("GET", "/playlists/{id}/items")
def _items(api: WebApi, call: Call) -> Answer:
    playlist = api.world.playlists.get(call.ids[0])
    if playlist is None:
        return error(404, "Resource not found")
    if not api.readable(playlist, call.user):
        return error(403, "Forbidden")
    top = 100 if api.tier == "extended" else 50
    return api.paged(
        call, playlist.rows, lambda row: api.shapes.playlist_row(row, playlist.owner), top
    )


@_route("GET", "/playlists/{id}/tracks", OLD)
def _old_items(api: WebApi, call: Call) -> Answer:
    return _items(api, call)


@_route("POST", "/playlists/{id}/items", scope="playlist-modify-private|playlist-modify-public")
def _add(api: WebApi, call: Call) -> Answer:
    playlist = _own(api, call)
    if isinstance(playlist, Answer):
        return playlist
    uris, position = _uris_of(call.request)
    if not uris:
        return error(400, "No uris provided")
    if len(uris) > 100:
        return error(400, "You can add a maximum of 100 tracks per request.")
    if not all(api.world.knows(uri) for uri in uris):
        return error(400, "Payload contains a non-existing ID")
    if position is not None and not 0 <= position <= len(playlist.rows):
        return error(400, "Index out of bounds")
    api.world.insert(playlist, uris, position)
    return ok({"snapshot_id": playlist.snapshot_id}, 201)


@_route("PUT", "/playlists/{id}/items", scope="playlist-modify-private|playlist-modify-public")
def _replace(api: WebApi, call: Call) -> Answer:
    playlist = _own(api, call)
    if isinstance(playlist, Answer):
        return playlist
    uris, _ = _uris_of(call.request)
    if len(uris) > 100 or not all(api.world.knows(uri) for uri in uris):
        return error(400, "Payload contains a non-existing ID")
    playlist.rows.clear()
    api.world.insert(playlist, uris, 0)
    return ok({"snapshot_id": playlist.snapshot_id})


def _own(api: WebApi, call: Call) -> Playlist | Answer:
    playlist = api.world.playlists.get(call.ids[0])
    if playlist is None:
        return error(404, "Resource not found")
    if playlist.owner != call.user.id and not playlist.collaborative:
        return error(403, "Forbidden")
    return playlist


def _uris_of(request: Request) -> tuple[list[str], int | None]:
    """URIs and position from an object or from the bare array that spotipy sends."""
    body, position = request.json(), request.query.get("position")
    if isinstance(body, dict):
        position = body.get("position", position)
        body = body.get("uris")
    uris = [str(uri) for uri in body] if isinstance(body, list) else []
    return uris, None if position is None else int(position)


@_route("GET", "/me/library/contains", scope="user-library-read")
def _contains(api: WebApi, call: Call) -> Answer:
    uris = _library_uris(call.request)
    if isinstance(uris, Answer):
        return uris
    saved = {row.uri for row in call.user.saved}
    saved |= {f"spotify:playlist:{ident}" for ident in call.user.playlist_ids}
    return ok([uri in saved for uri in uris])


@_route("DELETE", "/me/library", scope="user-library-modify")
def _forget(api: WebApi, call: Call) -> Answer:
    uris = _library_uris(call.request)
    if isinstance(uris, Answer):
        return uris
    call.user.saved = [row for row in call.user.saved if row.uri not in uris]
    gone = {uri.removeprefix("spotify:playlist:") for uri in uris}
    call.user.playlist_ids = [ident for ident in call.user.playlist_ids if ident not in gone]
    return Answer(200)


def _library_uris(request: Request) -> list[str] | Answer:
    uris = [uri for uri in request.query.get("uris", "").split(",") if uri]
    if not uris:  # this one shows the error object without its wrapper
        return ok({"status": 400, "message": "Missing required field: uris"}, 400)
    return uris if len(uris) <= 40 else error(400, "Too many uris")


@_route("GET", "/search")
def _search(api: WebApi, call: Call) -> Answer:
    dev = api.tier == "dev2026"
    window = api.window(call.request, 5 if dev else 20, 10 if dev else 50)
    if isinstance(window, Answer):
        return window
    query = call.request.query.get("q", "").lower()
    years = re.search(r"\byear:(\d{4})(?:-(\d{4}))?", query)
    genre = re.search(r'\bgenre:(?:"([^"]*)"|(\S+))', query)
    words = re.sub(r'\b(?:year:\S+|genre:(?:"[^"]*"|\S+)|(?:track|artist|album|isrc):)', "", query)
    hits = [
        song
        for song in api.world.songs.values()
        if all(w in f"{song.title} {song.artist}".lower() for w in words.replace('"', "").split())
        and (not years or int(years[1]) <= song.year <= int(years[2] or years[1]))
        and (not genre or song.genre == (genre[1] or genre[2]))
    ]
    offset, limit = window
    rows = [api.shapes.track(song) for song in hits[offset : offset + limit]]
    page = api.shapes.page(call.request.path, rows, offset, limit, len(hits))
    return ok({"tracks": page})


@_route("GET", "/tracks/{id}")
def _track(api: WebApi, call: Call) -> Answer:
    song = api.world.songs.get(call.ids[0])
    return ok(api.shapes.track(song)) if song else error(400, "Invalid base62 id")


@_route("GET", "/tracks", OLD)
def _tracks(api: WebApi, call: Call) -> Answer:
    songs = [api.world.songs.get(i) for i in call.request.query.get("ids", "").split(",")]
    return ok({"tracks": [api.shapes.track(song) if song else None for song in songs]})


@_route("GET", "/audio-features", EXTENDED)
def _features(api: WebApi, call: Call) -> Answer:
    songs = [api.world.songs.get(i) for i in call.request.query.get("ids", "").split(",")]
    if len(songs) > 100:
        return error(400, "Too many ids requested")
    return ok({"audio_features": [_feature_row(api, song.id) if song else None for song in songs]})


def _feature_row(api: WebApi, ident: str) -> dict[str, Any]:
    n = api.world.songs[ident].number
    shares = ("danceability", "energy", "speechiness", "acousticness", "liveness", "valence")
    values = {name: round((n * 7 + 13 * k) % 100 / 100, 3) for k, name in enumerate(shares)}
    return {
        **values,
        "instrumentalness": 0.5,
        "id": ident,
        "uri": f"spotify:track:{ident}",
        "type": "audio_features",
        "track_href": f"{api.base}/v1/tracks/{ident}",
        "analysis_url": f"{api.base}/v1/audio-analysis/{ident}",
        "duration_ms": 200_000,
        "key": n % 12,
        "loudness": -5.0 - n % 20,
        "mode": n % 2,
        "tempo": 70.0 + n % 110,
        "time_signature": 4,
    }


@_route("GET", "/recommendations")
def _recommendations(api: WebApi, call: Call) -> Answer:
    if api.tier != "extended":  # closed to all apps made since November 2024, and so answered
        return error(404, "Not found")
    query = call.request.query
    seeds = [i for i in query.get("seed_tracks", "").split(",") if i in api.world.songs]
    n = call.request.number_of("limit", 20)
    if not 1 <= len(seeds) <= 5 or not 1 <= n <= 100:
        return error(400, "invalid request")
    start = 10_000 + api.world.songs[seeds[0]].number  # songs nobody here owns
    tracks = [api.shapes.track(api.world.song(start + i)) for i in range(n)]
    pools = {"initialPoolSize": 500, "afterFilteringSize": n, "afterRelinkingSize": n}
    told = [{**pools, "id": i, "type": "TRACK", "href": f"{api.base}/v1/tracks/{i}"} for i in seeds]
    return ok({"seeds": told, "tracks": tracks})


@_route("GET", "/browse/featured-playlists", frozenset())
def _closed(api: WebApi, call: Call) -> Answer:
    return error(404, "Not found")
