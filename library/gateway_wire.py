"""The wire to Spotify: a plain requests session that reads every answer before spotipy does.

spotipy shapes the calls; what comes back is judged here, once. Three reasons for an own session:
spotipy's repeats writes and sleeps for hours on its own; its errors lose the status and the reason;
and the token must be seen by nobody: it is added to requests to Spotify's own host as they leave,
so spotipy never holds it and cannot log it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, Protocol

import requests
from requests.auth import AuthBase

TIMEOUT_S: Final = (3.05, 15.0)  # to connect, between two bytes
LONGEST_S: Final = 7 * 86_400.0  # no pause is believed to be longer


class TokenSource(Protocol):
    """Whoever holds the access token of one user."""

    def access(self) -> str:
        """The token to use now; raises `SignInError` where there is none."""
        ...

    def renew(self, stale: str) -> None:
        """Get a new token, unless somebody else replaced the stale one already."""
        ...


class Refused(Exception):
    """Spotify answered, and the answer is no.

    Parameters
    ----------
    status
        HTTP status, anything but 200 to 299.
    message, reason
        What the body says, whatever its form; "" where it says nothing.
    retry_after_s
        Seconds of the ``Retry-After`` header; None if it is missing or no number.
    """

    def __init__(self, status: int, message: str, reason: str, retry_after_s: float | None) -> None:
        super().__init__(f"HTTP {status} {message}".strip())
        self.status, self.message, self.reason = status, message, reason
        self.retry_after_s = retry_after_s


class Lost(Exception):
    """No whole answer came: a timeout, a broken connection, half a body."""


class Wire(requests.Session):
    """One user's session with Spotify.

    Parameters
    ----------
    tokens
        Gives the token for each request.
    base
        Address of the Web API; the token goes to addresses that start so and nowhere else.
    before
        Called before each request leaves; raises if it must not (a pause, a spent budget).
    """

    def __init__(self, tokens: TokenSource, base: str, before: Callable[[], None]) -> None:
        super().__init__()
        self._before = before
        self.trust_env = base.startswith("https")  # the system's proxy, through which TLS tunnels
        self.bearer = _Bearer(tokens, base)
        self.auth = self.bearer  # and never a password from ~/.netrc

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request, once; return a good answer or raise `Refused` or `Lost`."""
        self._before()
        answer, trouble = None, ""
        kwargs.setdefault("allow_redirects", args[:1] == ("GET",))  # a write goes where it was sent
        try:
            answer = super().request(*args, **kwargs)
        except requests.exceptions.RequestException as error:
            trouble = type(error).__name__
        if answer is None:  # raised out here: the foreign error carries the request and its token
            raise Lost(trouble)
        if not 200 <= answer.status_code < 300:
            raise _refused(answer)
        if answer.content and not _is_json(answer):
            raise Lost("half an answer")
        return answer


class _Bearer(AuthBase):
    """Adds the token to requests that go to Spotify; remembers the last one it used."""

    def __init__(self, tokens: TokenSource, base: str) -> None:
        self._tokens, self._base = tokens, base
        self.last = ""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        if (request.url or "").startswith(self._base):
            self.last = self._tokens.access()
            request.headers["Authorization"] = f"Bearer {self.last}"
        return request

    def __repr__(self) -> str:
        return "<Bearer>"


def _is_json(answer: requests.Response) -> bool:
    try:
        answer.json()
    except ValueError:
        return False
    return True


def _refused(answer: requests.Response) -> Refused:
    """Read an error body of any of the forms Spotify sends: object, string, text, HTML, nothing."""
    try:
        body = answer.json()
    except ValueError:
        body = answer.text if "html" not in answer.headers.get("Content-Type", "") else ""
    error = body.get("error", body) if isinstance(body, dict) else body
    fields = error if isinstance(error, dict) else {"message": error}
    message, reason = fields.get("message"), fields.get("reason")
    return Refused(
        answer.status_code,
        message[:300] if isinstance(message, str) else "",
        reason if isinstance(reason, str) else "",
        _seconds(answer.headers.get("Retry-After")),
    )


def _seconds(header: str | None) -> float | None:
    text = (header or "").strip()
    return min(float(text), LONGEST_S) if text.isdecimal() else None
