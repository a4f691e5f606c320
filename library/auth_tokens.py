"""Tokens from Spotify's token endpoint, and the keeper that renews them for one visitor."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import requests

from library.vault import Tokens, Vault
from music.errors import SignInError, SpotifyError

TIMEOUT_S: Final = (3.05, 15.0)
EARLY_S: Final = 60.0  # renew a token that would run out on the way
MAX_TRIES: Final = 3


class TokenEndpoint:
    """The token endpoint for one app.

    Parameters
    ----------
    accounts_url
        Address of the accounts service, without slash.
    client_id
        The app.
    clock, sleep
        Time in seconds, and how to wait between tries.
    """

    def __init__(
        self,
        accounts_url: str,
        client_id: str,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._url, self._client_id = f"{accounts_url}/api/token", client_id
        self._clock, self._sleep = clock, sleep

    def exchange(
        self, code: str, verifier: str, redirect_uri: str, asked: tuple[str, ...]
    ) -> Tokens:
        """Trade an authorization code for tokens, once: a code cannot be used again.

        Raises
        ------
        SignInError
            If Spotify does not take it, or cannot be reached.
        """
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "code_verifier": verifier,
        }
        status, body = self._post(form)
        if status != 200 or not body.get("access_token"):
            raise SignInError("Spotify did not complete the sign-in. Start it again.")
        now = self._clock()
        return Tokens(
            access=str(body["access_token"]),
            refresh=str(body.get("refresh_token") or ""),
            expires_at=now + _lifetime(body),
            scopes=_scopes(body, asked),
            consented_at=now,
        )

    def renew(self, tokens: Tokens) -> Tokens:
        """New tokens for old; without secrets if Spotify has ended the sign-in.

        Raises
        ------
        SpotifyError
            If Spotify cannot be reached; the old tokens stay good.
        """
        form = {"grant_type": "refresh_token", "refresh_token": tokens.refresh}
        for attempt in range(MAX_TRIES):
            status, body = self._post(form)
            if status == 200 and body.get("access_token"):
                return replace(
                    tokens,
                    access=str(body["access_token"]),
                    refresh=str(body.get("refresh_token") or tokens.refresh),
                    expires_at=self._clock() + _lifetime(body),
                    scopes=_scopes(body, tokens.scopes),
                )
            if status == 400:
                return tokens.ended()
            if status not in (429, 503):  # only these say that nothing was done
                break
            self._sleep(2.0**attempt)
        raise SpotifyError("Spotify cannot renew the sign-in right now. Try again in a minute.")

    def _post(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        """Status and body; (0, {}) where no answer came.

        No error of requests leaves: it would carry the form with its secrets.
        """
        data = {**form, "client_id": self._client_id}
        try:
            with requests.Session() as session:
                session.trust_env = self._url.startswith("https")  # the system's proxy
                session.auth = _nothing  # and no password from ~/.netrc
                answer = session.post(
                    self._url, data=data, timeout=TIMEOUT_S, allow_redirects=False
                )
        except requests.exceptions.RequestException:
            return 0, {}
        try:
            body = answer.json()
        except ValueError:
            body = {}
        return answer.status_code, body if isinstance(body, dict) else {}


def _nothing(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


class TokenKeeper:
    """One visitor's access token, renewed when needed; safe to share between threads.

    Raises `SignInError` from `access` and `renew` when a new sign-in is needed; the library that
    was synced stays.
    """

    def __init__(
        self, visitor: str, vault: Vault, endpoint: TokenEndpoint, clock: Callable[[], float]
    ) -> None:
        self._visitor, self._vault = visitor, vault
        self._endpoint, self._clock = endpoint, clock

    def access(self) -> str:
        """The access token to use now."""
        tokens = self._current()
        if tokens.expires_at - EARLY_S <= self._clock() and tokens.refresh:
            self.renew(tokens.access)
            tokens = self._current()
        return tokens.access

    def renew(self, stale: str) -> None:
        """Replace a token that is not accepted; whoever comes second finds it done."""
        with self._vault.locked(self._visitor):
            tokens = self._current()
            if tokens.access != stale:
                return
            renewed = self._endpoint.renew(tokens) if tokens.refresh else tokens.ended()
            self._vault.put(self._visitor, renewed)
            if not renewed.access:
                raise SignInError(_ENDED)

    def _current(self) -> Tokens:
        tokens = self._vault.get(self._visitor)
        if tokens is None:
            raise SignInError("Sign in with Spotify first.")
        if not tokens.access:
            raise SignInError(_ENDED)
        return tokens


_ENDED: Final = (
    "Spotify has ended this sign-in (it does so after six months). Sign in again; nothing is lost."
)


def _lifetime(body: dict[str, Any]) -> float:
    """Seconds an access token lives; an hour where the answer makes no sense (a wrong clock)."""
    seconds = body.get("expires_in")
    return float(seconds) if isinstance(seconds, int | float) and seconds > 0 else 3600.0


def _scopes(body: dict[str, Any], asked: tuple[str, ...]) -> tuple[str, ...]:
    """What was granted; an answer that does not say means what was asked."""
    granted = body.get("scope")
    return tuple(granted.split()) if isinstance(granted, str) and granted.strip() else asked
