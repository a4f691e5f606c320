"""The accounts service: authorize and token endpoints of the PKCE flow, as strict as the real."""

from __future__ import annotations

import base64
import hashlib
import html
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from tests.spotify_simulator.answers import Answer, Request, oauth_error, ok, redirect, text
from tests.spotify_simulator.world import World

CLIENT_ID: Final = "0123456789abcdef0123456789abcdef"
ACCESS_S: Final = 3600.0
REFRESH_S: Final = 182 * 86_400.0
SCOPES: Final = frozenset(
    {
        "user-library-read", "playlist-read-private", "playlist-read-collaborative",
        "user-top-read", "user-read-recently-played", "playlist-modify-private",
        "playlist-modify-public", "user-library-modify", "user-follow-modify",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Grant:
    """What a token stands for; ``until`` is when it stops."""

    user: str
    client_id: str
    scopes: frozenset[str]
    until: float
    consented_at: float


@dataclass(frozen=True)
class Code:
    """An authorization code waiting to be exchanged, once."""

    grant: Grant
    challenge: str
    redirect_uri: str


class Accounts:
    """The accounts service of one world.

    ``who`` is the listener who is signed in to Spotify and says yes at once; None shows a page with
    a choice, for people. ``rotates`` hands out a new refresh token at every refresh.
    """

    def __init__(self, world: World, clock: Callable[[], float]) -> None:
        self.world, self.clock = world, clock
        self.clients = {CLIENT_ID: {"http://127.0.0.1/callback", "http://[::1]/callback"}}
        self.who: str | None = "ada"
        self.rotates = False
        self.codes: dict[str, Code] = {}
        self.access: dict[str, Grant] = {}
        self.refresh: dict[str, Grant] = {}
        self.n_refreshes = 0
        self._n = 0

    def answer(self, request: Request) -> Answer:
        """Answer one request to the accounts service."""
        if request.path == "/authorize" and request.method == "GET":
            return self._authorize(request)
        if request.path == "/api/token" and request.method == "POST":
            return self._token(request.form())
        return text(404, "<html>Page not found</html>", "text/html")

    def expire_access(self) -> None:
        """Every access token runs out now."""
        self.access = {t: replace(g, until=0.0) for t, g in self.access.items()}

    def revoke(self) -> None:
        """Every refresh token dies now, as when a user removes the app."""
        self.refresh.clear()

    def _authorize(self, request: Request) -> Answer:
        q = request.query
        client, back = q.get("client_id", ""), q.get("redirect_uri", "")
        if client not in self.clients:
            return text(400, "INVALID_CLIENT: Invalid client")
        if not self._registered(client, back):
            return text(400, "INVALID_CLIENT: Invalid redirect URI")
        scopes = frozenset(q.get("scope", "").split())
        state = {"state": q["state"]} if "state" in q else {}
        if not scopes <= SCOPES:
            return redirect(f"{back}?{urlencode({'error': 'invalid_scope', **state})}")
        if q.get("response_type") != "code" or q.get("code_challenge_method") != "S256":
            return redirect(f"{back}?{urlencode({'error': 'invalid_request', **state})}")
        who = q.get("sim_user", self.who)
        if who is None:
            return self._choice(request)
        if who == "":
            return redirect(f"{back}?{urlencode({'error': 'access_denied', **state})}")
        grant = Grant(who, client, scopes, 0.0, self.clock())
        code = self._secret("code")
        self.codes[code] = Code(grant, q.get("code_challenge", ""), back)
        return redirect(f"{back}?{urlencode({'code': code, **state})}")

    def _choice(self, request: Request) -> Answer:
        """The consent page for people who click through."""

        def link(user: str, label: str) -> str:
            address = html.escape(f"/authorize?{urlencode({**request.query, 'sim_user': user})}")
            return f'<p><a href="{address}">{html.escape(label)}</a></p>'

        users = "".join(link(u.id, f"Agree as {u.name}") for u in self.world.users.values())
        body = f"<title>Pretend Spotify</title><h1>Pretend Spotify</h1>{users}{link('', 'Cancel')}"
        return text(200, body, "text/html")

    def _registered(self, client: str, uri: str) -> bool:
        """Exact match; only a loopback literal may choose its port."""
        parts = urlsplit(uri)
        host = f"[{parts.hostname}]" if parts.hostname == "::1" else parts.hostname
        bare = f"{parts.scheme}://{host}{parts.path}"
        loopback = parts.hostname in ("127.0.0.1", "::1") and parts.scheme == "http"
        return uri in self.clients[client] or (loopback and bare in self.clients[client])

    def _token(self, form: dict[str, str]) -> Answer:
        if form.get("client_id") not in self.clients:
            return oauth_error("invalid_client", "Invalid client")
        if form.get("grant_type") == "authorization_code":
            return self._exchange(form)
        if form.get("grant_type") == "refresh_token":
            return self._refresh(form)
        return oauth_error("unsupported_grant_type", "grant_type must be authorization_code")

    def _exchange(self, form: dict[str, str]) -> Answer:
        code = self.codes.pop(form.get("code", ""), None)
        if code is None:
            return oauth_error("invalid_grant", "Invalid authorization code")
        if form.get("redirect_uri") != code.redirect_uri:
            return oauth_error("invalid_grant", "Invalid redirect URI")
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != code.challenge:
            return oauth_error("invalid_grant", "code_verifier was incorrect")
        refresh = self._secret("refresh")
        self.refresh[refresh] = replace(code.grant, until=code.grant.consented_at + REFRESH_S)
        return ok({**self._new_access(code.grant), "refresh_token": refresh})

    def _refresh(self, form: dict[str, str]) -> Answer:
        self.n_refreshes += 1
        old = form.get("refresh_token", "")
        grant = self.refresh.get(old)
        if grant is None or grant.until <= self.clock():
            return oauth_error("invalid_grant", "Refresh token revoked")
        out = self._new_access(grant)
        if self.rotates:
            del self.refresh[old]
            out["refresh_token"] = self._secret("refresh")
            self.refresh[out["refresh_token"]] = grant
        return ok(out)

    def _new_access(self, grant: Grant) -> dict[str, Any]:
        token = self._secret("access")
        self.access[token] = replace(grant, until=self.clock() + ACCESS_S)
        return {
            "access_token": token,
            "token_type": "Bearer",
            "expires_in": int(ACCESS_S),
            "scope": " ".join(sorted(grant.scopes)),
        }

    def _secret(self, kind: str) -> str:
        """A token that a test can search logs for."""
        self._n += 1
        return f"SECRET-{kind}-{self._n:06d}-{hashlib.sha256(str(self._n).encode()).hexdigest()}"
