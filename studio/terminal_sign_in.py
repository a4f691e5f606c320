"""Sign-in with Spotify from a terminal: a moment's server on this machine catches the answer.

The address Spotify sends people back to is the dashboard's own, because only that one is
registered; so the dashboard must not be running on the same port meanwhile.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

from library.auth import READ_SCOPES, WRITE_SCOPES
from music.errors import InputError, SignInError
from studio import services
from studio.settings import settings

FILE: Final = "terminal-sign-in"
WAIT_S: Final = 300.0
_DONE: Final = b"<p>Ghostnotes has what it needs. You can close this tab.</p>"


def visitor(tell: Callable[[str], object], wait_s: float = WAIT_S) -> str:
    """The secret that names the terminal's sign-in; signs in where there is none that may write.

    Parameters
    ----------
    tell
        Gets the address to open in a browser.
    wait_s
        How long to wait for the user, in seconds.

    Raises
    ------
    InputError
        If there is no client id, or the port is taken.
    SignInError
        If nobody came back in time, or said no.
    """
    spotify = services.spotify()
    if not spotify.is_set_up:
        raise InputError(
            "Spotify needs a client id first: the page Spotify of the dashboard shows how, or set "
            "GHOSTNOTES_SPOTIFY_CLIENT_ID."
        )
    file = settings().home / FILE
    held = file.read_text().strip() if file.exists() else ""
    if held:
        stands = spotify.connection(held)
        if stands.state in ("signed in", "ends soon") and stands.may_write:
            return held
    begun = spotify.sign_in.begin(_callback(), (*READ_SCOPES, *WRITE_SCOPES))
    came = _answer(begun.url, tell, wait_s)
    new = spotify.sign_in.finish(
        begun.cookie, came.get("state", ""), came.get("code", ""), came.get("error", "")
    )
    _keep(file, new)
    return new


def forget() -> None:
    """Forget who signed in here."""
    (settings().home / FILE).unlink(missing_ok=True)


def _callback() -> str:
    return f"http://127.0.0.1:{settings().port}/callback"


def _answer(url: str, tell: Callable[[str], object], wait_s: float) -> dict[str, str]:
    """What the browser brings back from Spotify."""
    came: dict[str, str] = {}

    class Catch(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            if asked.path == "/callback":
                came.update({name: values[0] for name, values in parse_qs(asked.query).items()})
            self.send_response(200 if asked.path == "/callback" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(_DONE)

        def log_message(self, format: str, *args: object) -> None:
            """Nothing: the address holds a code."""

    try:
        server = HTTPServer(("127.0.0.1", settings().port), Catch)
    except OSError as error:
        raise InputError(
            f"Port {settings().port} is taken, probably by the dashboard. Stop it for a minute, or "
            "create the playlist there."
        ) from error
    end = time.monotonic() + wait_s
    with server:
        tell(url)
        while not came and (left := end - time.monotonic()) > 0:
            server.timeout = left
            server.handle_request()
    if not came:
        raise SignInError("Nobody came back from Spotify, so nothing was created.")
    return came


def _keep(file: Path, secret: str) -> None:
    """Write the secret where only its owner can read it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secret)
