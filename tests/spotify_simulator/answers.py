"""What comes in and what goes out: a request, an answer, and the error bodies Spotify sends."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import Any, Literal
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Request:
    """One HTTP request, parsed."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes
    number: int = 0

    def json(self) -> Any:
        """The body as JSON; None where it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def form(self) -> dict[str, str]:
        """The body as a submitted form."""
        return {k: v[0] for k, v in parse_qs(self.body.decode("utf-8", "replace")).items()}

    def number_of(self, name: str, default: int) -> int:
        """A whole number from the query; -1 where it is none."""
        text = self.query.get(name, str(default))
        return int(text) if text.isdigit() else -1


@dataclass(frozen=True)
class Answer:
    """One HTTP answer; ``transport`` says how it fails on the way.

    "reset" closes the connection before a byte, "cut" promises the whole body and sends half of it
    as complete, "stall" sends half and then holds the line until the other side gives up.
    """

    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    transport: Literal["", "reset", "cut", "stall"] = ""

    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)

    def with_json(self, body: Any) -> Answer:
        """The same answer with another body."""
        return replace(self, body=json.dumps(body).encode())


def ok(body: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, json.dumps(body).encode(), {"Content-Type": "application/json"})


def error(status: int, message: str | None, reason: str | None = None, **headers: str) -> Answer:
    """The Web API's error object; without message where Spotify leaves it out."""
    body: dict[str, Any] = {"status": status}
    if message is not None:
        body["message"] = message
    if reason is not None:
        body["reason"] = reason
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(
        status,
        json.dumps({"error": body}).encode(),
        {"Content-Type": "application/json", **named},
    )


def oauth_error(code: str, description: str, status: int = 400) -> Answer:
    """The token endpoint's error: ``error`` is a string here."""
    return ok({"error": code, "error_description": description}, status)


def text(status: int, body: str, kind: str = "text/plain") -> Answer:
    """Plain text or HTML, as a proxy in the middle would send it."""
    return Answer(status, body.encode(), {"Content-Type": f"{kind}; charset=utf-8"})


def redirect(to: str) -> Answer:
    """Send the browser on."""
    return Answer(302, b"", {"Location": to})
