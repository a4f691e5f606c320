"""The pretend Spotify answers as the public description of the Web API says it should."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.spotify_simulator import FakeClock, Row, Simulator
from tests.spotify_simulator.accounts import CLIENT_ID, SCOPES, Grant

# What a new app really gets, against the description: fields that left with the 2026 tiers, rows
# that are null, and local files and episodes in their short forms (facts, section 5).
GONE_IN_2026 = {"available_markets"}


@pytest.fixture(scope="module")
def description() -> dict[str, Any]:
    """The description, or a skip that says where it should be."""
    folder = os.environ.get("GHOSTNOTES_DATA")
    path = Path(folder or "", "..", "facts", "spotify-openapi.yml")
    if not folder or not path.exists():
        pytest.skip("needs facts/spotify-openapi.yml beside the folder named by GHOSTNOTES_DATA")
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 (a safe one)


@pytest.fixture(params=["dev2026", "devlegacy", "extended"])
def simulator(request) -> Iterator[Simulator]:
    """A simulator of each tier in which a token works."""
    with Simulator(tier=request.param, clock=FakeClock()) as simulator:
        grant = Grant("ada", CLIENT_ID, SCOPES, float("inf"), 0.0)
        simulator.accounts.access["token"] = grant
        yield simulator


class Description:
    """Checks answers; a small reading of OpenAPI 3.0: refs, nullable, allOf, oneOf."""

    def __init__(self, root: dict[str, Any], lenient: set[str]) -> None:
        self.root, self.lenient = root, lenient

    def answer(self, method: str, path: str, status: int, body: Any) -> None:
        operation = self.root["paths"][path][method.lower()]
        response = self.deref(operation["responses"][str(status)])
        content = response.get("content", {}).get("application/json")
        if content is not None:
            self.check(body, content["schema"], f"{method} {path}")

    def deref(self, node: dict[str, Any]) -> dict[str, Any]:
        while "$ref" in node:
            target: Any = self.root
            for part in node["$ref"].removeprefix("#/").split("/"):
                target = target[part]
            node = target
        return node

    def check(self, value: Any, schema: dict[str, Any], where: str) -> None:
        schema = self.deref(schema)
        if value is None:
            assert schema.get("nullable") or where.endswith(NULLS), f"{where} is null"
            return
        for part in schema.get("allOf", ()):
            self.check(value, part, where)
        if "oneOf" in schema:
            self.one_of(value, schema["oneOf"], where)
        kind = schema.get("type", "object" if "properties" in schema else None)
        if kind is not None:
            assert isinstance(value, TYPES[kind]), f"{where}: {value!r} is no {kind}"
            assert kind == "boolean" or not isinstance(value, bool), where
        if isinstance(value, dict):
            missing = set(schema.get("required", ())) - set(value) - self.lenient
            assert not missing, f"{where} lacks {missing}"
            for name, inner in schema.get("properties", {}).items():
                if name in value:
                    self.check(value[name], inner, f"{where}.{name}")
        if isinstance(value, list) and "items" in schema:
            for item in value:
                self.check(item, schema["items"], f"{where}[]")
        if "enum" in schema:
            assert value in schema["enum"], f"{where}: {value!r} is not one of {schema['enum']}"

    def one_of(self, value: Any, choices: list[dict[str, Any]], where: str) -> None:
        problems = []
        for choice in choices:
            try:
                self.check(value, choice, where)
            except AssertionError as problem:
                problems.append(str(problem))
            else:
                return
        raise AssertionError(" | ".join(problems))


TYPES: dict[str, Any] = {
    "object": dict, "array": list, "string": str, "integer": int, "number": (int, float),
    "boolean": bool,
}  # fmt: skip
NULLS = (  # seen as null though the description does not say so
    "/me/playlists.items[]",
    ".items[].item",
    ".items[].track",
    ".items[].context",
    "recently-played.next",
    ".followers.href",
)


def test_every_answer_fits_the_description(description, simulator):
    lenient = GONE_IN_2026 if simulator.tier != "extended" else set()
    said = Description(description, lenient)
    playlist = simulator.world.users["ada"].playlist_ids[0]
    song = simulator.world.song(3)
    simulator.world.users["ada"].playlist_ids.append(None)
    simulator.world.playlists[playlist].rows[1] = Row(None, "2020-01-01T00:00:00Z")
    reads = {
        "/me": "/me",
        "/me/tracks?limit=50": "/me/tracks",
        "/me/playlists?limit=50": "/me/playlists",
        "/me/top/artists": "/me/top/artists",
        "/me/top/tracks": "/me/top/tracks",
        "/me/player/recently-played": "/me/player/recently-played",
        f"/playlists/{playlist}": "/playlists/{playlist_id}",
        f"/playlists/{playlist}/items": "/playlists/{playlist_id}/items",
        f"/playlists/{playlist}/tracks": "/playlists/{playlist_id}/tracks",
        "/search?q=velvet&type=track": "/search",
        f"/tracks/{song.id}": "/tracks/{id}",
        f"/tracks?ids={song.id}": "/tracks",
        f"/audio-features?ids={song.id}": "/audio-features",
        f"/recommendations?seed_tracks={song.id}": "/recommendations",
        f"/me/library/contains?uris={song.uri}": "/me/library/contains",
        "/me/tracks?limit=99": "",
    }
    seen = set()
    for address, path in reads.items():
        answer = call(simulator, "GET", address)
        seen.add(answer.status_code)
        if answer.status_code in (200, 403):
            said.answer("GET", path, answer.status_code, answer.json())
    assert seen == ({200, 400, 403, 404} if simulator.tier != "extended" else {200, 400})
    answer = call(simulator, "POST", "/me/playlists", {"name": "x"})
    said.answer("POST", "/me/playlists", answer.status_code, answer.json())
    made = answer.json()["id"]
    answer = call(simulator, "POST", f"/playlists/{made}/items", {"uris": [song.uri]})
    said.answer("POST", "/playlists/{playlist_id}/items", answer.status_code, answer.json())
    answer = call(simulator, "PUT", f"/playlists/{made}/items", {"uris": [song.uri] * 2})
    said.answer("PUT", "/playlists/{playlist_id}/items", answer.status_code, answer.json())


@pytest.mark.parametrize("number", [14, 16, 19, 23, 26, 27, 57])
def test_errors_fit_too(description, simulator, number):
    simulator.inject(number, "/v1/me")
    answer = call(simulator, "GET", "/me")
    Description(description, set()).answer("GET", "/me", answer.status_code, answer.json())


def test_the_check_finds_what_is_wrong(description):
    said = Description(description, set())
    page = {"href": "", "limit": 50, "next": None, "offset": 0, "previous": None, "total": 0}
    said.answer("GET", "/me/top/artists", 200, {**page, "items": []})
    with pytest.raises(AssertionError, match="is no integer"):
        said.answer("GET", "/me/top/artists", 200, {**page, "items": [], "limit": "50"})
    with pytest.raises(AssertionError, match="lacks"):
        said.answer("GET", "/me/top/artists", 200, {"items": []})


def call(simulator: Simulator, method: str, address: str, body: Any = None) -> requests.Response:
    """One call with the token that works."""
    return requests.request(
        method,
        f"{simulator.url}/v1{address}",
        json=body,
        headers={"Authorization": "Bearer token"},
        timeout=5,
    )
