"""The 57 faults: how each one answers in place of, or tampers with, the right answer.

An act gets the request and a function that makes the right answer (and its effects). An error in
front does not call it; "applied, but lost" calls it and throws the answer away; dirty data changes
what comes back.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from tests.spotify_simulator.answers import (
    Answer,
    Request,
    error,
    oauth_error,
    redirect,
    text,
)

Proceed = Callable[[], Answer]
Act = Callable[[Request, Proceed], Answer]


@dataclass(frozen=True)
class Fault:
    """One way in which Spotify, or the way there, goes wrong."""

    number: int
    title: str
    act: Act


FAULTS: dict[int, Fault] = {}


def _fault(number: int, title: str) -> Callable[[Act], Act]:
    def register(act: Act) -> Act:
        FAULTS[number] = Fault(number, title, act)
        return act

    return register


def _instead(number: int, title: str, answer: Answer) -> None:
    """A fault that always answers the same, without doing anything."""
    FAULTS[number] = Fault(number, title, lambda request, proceed: answer)


def _in_body(number: int, title: str) -> Callable[[Callable[[Any], Any]], None]:
    """A fault that changes the JSON of a right answer."""

    def register(change: Callable[[Any], Any]) -> None:
        def act(request: Request, proceed: Proceed) -> Answer:
            answer = proceed()
            return answer.with_json(change(answer.json())) if answer.status < 300 else answer

        FAULTS[number] = Fault(number, title, act)

    return register


def _in_rows(number: int, title: str) -> Callable[[Callable[[list[Any]], list[Any]]], None]:
    """A fault that changes the rows of a page, wherever they stand."""

    def register(change: Callable[[list[Any]], list[Any]]) -> None:
        def body(page: Any) -> Any:
            if "tracks" in page and isinstance(page["tracks"].get("items"), list):
                return {**page, "tracks": body(page["tracks"])}
            return {**page, "items": change(page["items"])}

        _in_body(number, title)(body)

    return register


# ---- auth


def _back(request: Request, **query: str) -> Answer:
    return redirect(f"{request.query.get('redirect_uri', '')}?{urlencode(query)}")


@_fault(1, "wrong state comes back")
def _wrong_state(request: Request, proceed: Proceed) -> Answer:
    answer = proceed()
    address = answer.headers["Location"].partition("state=")[0]
    return replace(answer, headers={"Location": f"{address}state=forged"})


@_fault(2, "the user says no")
def _denied(request: Request, proceed: Proceed) -> Answer:
    return _back(request, error="access_denied", state=request.query.get("state", ""))


@_fault(6, "an unknown scope fails the whole login")
def _scope(request: Request, proceed: Proceed) -> Answer:
    return _back(request, error="invalid_scope", state=request.query.get("state", ""))


_instead(3, "the code was used before", oauth_error("invalid_grant", "Authorization code expired"))
_instead(4, "wrong verifier", oauth_error("invalid_grant", "code_verifier was incorrect"))
_instead(5, "redirect mismatch", text(400, "INVALID_CLIENT: Invalid redirect URI"))
_instead(11, "refresh token revoked", oauth_error("invalid_grant", "Refresh token revoked"))
_instead(12, "token endpoint down", text(503, "upstream connect error"))


@_in_body(7, "fewer scopes granted than asked")
def _fewer(body: Any) -> Any:
    return {**body, "scope": body["scope"].partition(" ")[0]}


@_fault(8, "refresh with rotation: the old token dies")
@_fault(13, "two refreshes at once: the second finds its token dead")
def _rotation(request: Request, proceed: Proceed) -> Answer:
    return proceed()  # `Simulator.inject` switches the accounts service to rotation


@_in_body(9, "refresh without refresh_token")
def _no_refresh(body: Any) -> Any:
    return {k: v for k, v in body.items() if k != "refresh_token"}


@_in_body(10, "refresh without scope")
def _no_scope(body: Any) -> Any:
    return {k: v for k, v in body.items() if k != "scope"}


_EXPIRED: Final = error(401, "The access token expired")
_instead(14, "401 in the middle of paging", _EXPIRED)


@_in_body(15, "clock skew: the token seems to have run out")
def _skew(body: Any) -> Any:
    return {**body, "expires_in": -7200}


# ---- limits

_LIMIT: Final = "API rate limit exceeded"
_instead(16, "429 Retry-After: 2", error(429, _LIMIT, Retry_After="2"))
_instead(17, "429 without header", error(429, _LIMIT))
_instead(18, "429 Retry-After: abc", error(429, _LIMIT, Retry_After="abc"))
_instead(
    19,
    "429 QUOTA_EXCEEDED",
    error(429, "Too many requests", "QUOTA_EXCEEDED", Retry_After="48925"),
)
_instead(20, "429 for ever", error(429, _LIMIT, Retry_After="3"))
_instead(21, "429 with an empty body", Answer(429, b"", {"Retry-After": "1"}))
_instead(
    22,
    "quota spent in the middle of the saved tracks",
    error(429, "Too many requests", "QUOTA_EXCEEDED", Retry_After="52531"),
)

# ---- access

_PREMIUM: Final = (
    "Active premium subscription required for the owner of the app. When the subscription status "
    "changes, it can take a few hours before requests are allowed again."
)
_instead(23, "403 Forbidden", error(403, "Forbidden"))
_instead(24, "403 without message", error(403, None))
_instead(25, "403 plain text: Premium lapsed", text(403, _PREMIUM))
_instead(
    26, "403 user not registered", error(403, "User not registered in the Developer Dashboard")
)
_instead(27, "403 missing scope", error(403, "Insufficient client scope"))
_instead(28, "403 items of a followed playlist", error(403, "Forbidden"))
_instead(29, "404 Spotify-owned playlist", Answer(404))
_instead(30, "404 as HTML", text(404, "<!doctype html><h1>Not found</h1>", "text/html"))


# ---- data


def _swap(row: Any) -> Any:
    old, new = ("item", "track") if "item" in row else ("track", "item")
    return {**{k: v for k, v in row.items() if k != old}, new: row[old]}


def _first(change: Callable[[Any], Any]) -> Callable[[list[Any]], list[Any]]:
    """Change only the first row that is there."""
    return lambda rows: [change(row) if i == 0 else row for i, row in enumerate(rows)]


def _key(row: Any) -> str:
    return "item" if "item" in row else "track"


_in_rows(31, "`track` where `item` should be")(lambda rows: [_swap(row) for row in rows])


@_in_rows(32, "the row itself has a boolean `track` beside `item`")
def _boolean(rows: list[Any]) -> list[Any]:
    return [{**row, "item": row[_key(row)], "track": True, "episode": False} for row in rows]


_in_rows(33, "null in the list of playlists")(lambda rows: [None, *rows[1:]])
_in_rows(34, "a track that is gone")(_first(lambda row: {**row, _key(row): None}))


_LOCAL: Final = {
    "id": None,
    "uri": "spotify:local:Band:Album:Song:215",
    "name": "Song",
    "type": "track",
    "is_local": True,
    "duration_ms": 215_000,
    "artists": [{"id": None, "name": "Band"}],
    "album": {"id": None, "name": "Album", "images": []},
    "external_ids": {},
}
_LOCAL_ROW: Final = {"added_at": None, "added_by": None, "is_local": True, "item": _LOCAL}
_in_rows(35, "a local file")(_first(lambda row: {**row, "is_local": True, _key(row): _LOCAL}))


@_in_rows(36, "an episode")
@_first
def _episode(row: Any) -> Any:
    item = {"id": "e1", "uri": "spotify:episode:e1", "type": "episode", "name": "Talk"}
    return {**row, _key(row): {**item, "duration_ms": 1_800_000, "show": {"name": "Pod"}}}


_in_rows(37, "the same track twice")(lambda rows: [rows[0], rows[0], *rows[2:]])
_in_rows(38, "added_at null")(lambda rows: [{**row, "added_at": None} for row in rows])


@_in_rows(39, "fields that were removed are missing, and more with them")
def _bare(rows: list[Any]) -> list[Any]:
    keep = ("id", "uri", "name", "type")
    return [{_key(r): {k: v for k, v in r[_key(r)].items() if k in keep}} for r in rows]


@_in_body(40, "the key `items` is absent")
def _no_items(body: Any) -> Any:
    return {k: v for k, v in body.items() if k != "items"}


@_fault(41, "total null, then another number on every page")
def _total(request: Request, proceed: Proceed) -> Answer:
    answer = proceed()
    body = answer.json()
    offset = body.get("offset") or 0
    return answer.with_json({**body, "total": None if offset == 0 else body["total"] + offset})


@_in_body(42, "next points to another host")
def _elsewhere(body: Any) -> Any:
    return {**body, "next": "http://203.0.113.9/v1/me/tracks?offset=50"}


@_fault(43, "next is never null, and the pages get empty")
def _endless(request: Request, proceed: Proceed) -> Answer:
    answer = proceed()
    return answer.with_json({**answer.json(), "next": "http://127.0.0.1/v1/again", "total": 9999})


@_in_body(44, "an empty library")
def _empty(body: Any) -> Any:
    return {**body, "items": [], "total": 0, "next": None}


_in_rows(45, "search with null items")(lambda rows: [None, *rows, None])
_instead(46, "search limit over 10", error(400, "Invalid limit"))

HOSTILE: Final = "=cmd()|<script>alert(1)</script>\n\u202egnos \U0001f47b"


@_in_rows(47, "hostile names")
def _names(rows: list[Any]) -> list[Any]:
    def rename(row: Any) -> Any:
        if "name" in row:
            return {**row, "name": HOSTILE}
        return {**row, _key(row): {**row[_key(row)], "name": HOSTILE}}

    return [rename(row) for row in rows]


@_fault(48, "a playlist of 10,000 rows")
def _huge(request: Request, proceed: Proceed) -> Answer:
    body = proceed().json()
    limit, offset = request.number_of("limit", 20), request.number_of("offset", 0)
    rows = [_LOCAL_ROW] * max(0, min(limit, 10_000 - offset))
    after = "more" if offset + limit < 10_000 else None
    return Answer(200, json.dumps({**body, "items": rows, "total": 10_000, "next": after}).encode())


# ---- transport

_instead(49, "connection reset", Answer(transport="reset"))


@_fault(50, "the body stops arriving")
def _stall(request: Request, proceed: Proceed) -> Answer:
    return replace(proceed(), transport="stall")


@_fault(51, "a truncated 200")
def _cut(request: Request, proceed: Proceed) -> Answer:
    return replace(proceed(), transport="cut")


_instead(52, "502, then good", text(502, "Bad gateway"))


@_fault(53, "a write is applied, but the answer is lost")
def _applied(request: Request, proceed: Proceed) -> Answer:
    proceed()
    return text(502, "Bad gateway")


_instead(54, "the second chunk of an add fails", text(500, "Server error"))


@_in_body(55, "public:false reads back as true")
def _public(body: Any) -> Any:
    return {**body, "public": True}


_instead(56, "an unknown URI inside an add", error(400, "Payload contains a non-existing ID"))
_instead(57, "unavailable in this country", error(403, "Spotify is unavailable in this country"))

FAULTS = dict(sorted(FAULTS.items()))


# ---- what a test can add to the list


def applied_then_reset(request: Request, proceed: Proceed) -> Answer:
    """Fault 53 by the other way: the write is applied and the connection breaks."""
    proceed()
    return Answer(transport="reset")
