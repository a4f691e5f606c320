"""Does this client id work? For the page that explains how to set Spotify up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import requests

from library.auth import SpotifyApp

_CLIENT_ID: Final = re.compile(r"[0-9a-f]{32}")
TIMEOUT_S: Final = (3.05, 10.0)


@dataclass(frozen=True)
class AppCheck:
    """The result of a check: ``works`` is None where Spotify could not be asked."""

    works: bool | None
    sentence: str


def wizard_steps(redirect_uri: str) -> list[str]:
    """How to get a client id, in steps for people; Markdown, the URI stands as code to copy."""
    dashboard = "[developer.spotify.com/dashboard](https://developer.spotify.com/dashboard)"
    return [
        f"Open {dashboard} and sign in. The owner of an app needs Spotify Premium.",
        f"Create an app, choose **Web API**, and enter this redirect URI exactly: `{redirect_uri}`",
        "Copy the app's **Client ID** and enter it here. There is no secret to copy.",
        "Add everybody who shall sign in under **User Management**; there is room for five people.",
    ]


def spotify_app_check(
    client_id: str,
    redirect_uri: str = "http://127.0.0.1:8501/callback",
    accounts_url: str = SpotifyApp.accounts_url,
) -> AppCheck:
    """Check a client id and a redirect URI with Spotify, without anybody signing in.

    Two calls: the token endpoint says whether it knows the app, the authorize page whether it
    knows the redirect URI (as far as it says so to a stranger). That the app's owner has Premium
    and that the user is on its list shows only after a sign-in.
    """
    client_id = client_id.strip()
    if not _CLIENT_ID.fullmatch(client_id):
        return AppCheck(False, "A client id is 32 characters long: digits and the letters a to f.")
    if problem := _redirect_problem(redirect_uri):
        return AppCheck(False, problem)
    probe = {"grant_type": "refresh_token", "refresh_token": "none", "client_id": client_id}
    query = {
        "client_id": client_id,
        "response_type": "code",
        "redirect_uri": redirect_uri,
        "code_challenge_method": "S256",
        "code_challenge": "A" * 43,
    }
    try:
        known = requests.post(f"{accounts_url}/api/token", data=probe, timeout=TIMEOUT_S)
        page = requests.get(
            f"{accounts_url}/authorize", params=query, timeout=TIMEOUT_S, allow_redirects=False
        )
    except requests.exceptions.RequestException:
        return AppCheck(None, "Spotify cannot be reached from here, so the id was not tested.")
    return _judge(known, page, redirect_uri)


def _judge(known: requests.Response, page: requests.Response, redirect_uri: str) -> AppCheck:
    if known.status_code >= 500 or known.status_code == 429 or page.status_code >= 500:
        return AppCheck(None, "Spotify is busy right now, so the id was not tested.")
    try:
        error = known.json().get("error")
    except (ValueError, AttributeError):
        error = ""
    if error == "invalid_client":
        return AppCheck(False, "Spotify knows no app with this client id.")
    if page.status_code == 400:
        return AppCheck(
            False,
            f"The app exists, but {redirect_uri} is not among its redirect URIs. "
            "Copy it there exactly as it stands here.",
        )
    return AppCheck(True, "Spotify knows this app. You can sign in.")


def _redirect_problem(uri: str) -> str:
    parts = urlsplit(uri)
    if parts.hostname == "localhost":
        return "Spotify refuses localhost: open Ghostnotes at http://127.0.0.1 instead."
    if parts.scheme != "https" and parts.hostname not in ("127.0.0.1", "::1"):
        return f"Spotify wants https for {parts.hostname}; http only works on 127.0.0.1."
    return ""
