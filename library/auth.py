"""Sign-in with Spotify: Authorization Code with PKCE, for a browser that comes and goes.

`SignIn.begin` gives an address to send the browser to and a cookie to set; `SignIn.finish` takes
what comes back. State and verifier stay here, ten minutes, for one use, and only for the browser
that holds the cookie.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urlencode

from library.auth_tokens import TokenEndpoint
from library.vault import Tokens, Vault
from music.errors import InputError, SignInError

READ_SCOPES: Final = (
    "user-library-read", "playlist-read-private", "playlist-read-collaborative", "user-top-read",
    "user-read-recently-played",
)  # fmt: skip
MAKE_SCOPES: Final = ("playlist-modify-private", "playlist-modify-public")
WRITE_SCOPES: Final = (*MAKE_SCOPES, "user-library-modify")  # the last one is for taking it back

PENDING_S: Final = 600.0
MAX_PENDING: Final = 1000  # a stranger who begins and never ends must not fill the memory
WARN_DAYS: Final = 150
END_DAYS: Final = 182

State = Literal["signed out", "signed in", "ends soon", "sign in again"]


@dataclass(frozen=True)
class SpotifyApp:
    """The app that is registered with Spotify, and where Spotify is.

    Parameters
    ----------
    client_id
        From the developer dashboard; no secret. "" = Spotify is not set up.
    api_url
        Address of the Web API, ending in a slash.
    accounts_url
        Address of the accounts service, without slash.
    """

    client_id: str = ""
    api_url: str = "https://api.spotify.com/v1/"
    accounts_url: str = "https://accounts.spotify.com"


@dataclass(frozen=True)
class Begun:
    """A sign-in that has begun: send the browser to ``url`` with ``cookie`` set."""

    url: str
    cookie: str


@dataclass(frozen=True)
class _Pending:
    state: str
    verifier: str
    redirect_uri: str
    scopes: tuple[str, ...]
    began_at: float


class SignIn:
    """The sign-ins of one server.

    Parameters
    ----------
    app
        The registered app.
    vault
        Where the tokens go.
    clock
        Seconds since the epoch.
    """

    def __init__(
        self, app: SpotifyApp, vault: Vault, tokens: TokenEndpoint, clock: Callable[[], float]
    ) -> None:
        self._app, self._vault, self._tokens, self._clock = app, vault, tokens, clock
        self._pending: OrderedDict[str, _Pending] = OrderedDict()  # by cookie, oldest first
        self._lock = threading.Lock()

    def begin(self, redirect_uri: str, scopes: Iterable[str] = READ_SCOPES) -> Begun:
        """Start a sign-in.

        Parameters
        ----------
        redirect_uri
            Our callback exactly as it is registered; ``http`` only on ``127.0.0.1`` or ``[::1]``.

        Raises
        ------
        SignInError
            If no client id is set.
        """
        if not self._app.client_id:
            raise SignInError("Spotify is not set up: enter your app's client id first.")
        cookie, state, verifier = (secrets.token_urlsafe(n) for n in (32, 32, 64))
        asked = tuple(dict.fromkeys(scopes))
        with self._lock:
            self._forget_old()
            self._pending[cookie] = _Pending(state, verifier, redirect_uri, asked, self._clock())
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest())
        query = {
            "client_id": self._app.client_id,
            "response_type": "code",
            "redirect_uri": redirect_uri,
            "scope": " ".join(asked),
            "state": state,
            "code_challenge_method": "S256",
            "code_challenge": challenge.rstrip(b"=").decode(),
        }
        return Begun(f"{self._app.accounts_url}/authorize?{urlencode(query)}", cookie)

    def finish(self, cookie: str, state: str, code: str, error: str = "") -> str:
        """End a sign-in with what Spotify sent back; returns a new visitor id, a secret.

        Raises
        ------
        InputError
            If this browser did not begin this sign-in, or it is over: a forged, late or repeated
            answer.
        SignInError
            If the user said no, or Spotify does not take the code.
        """
        with self._lock:
            self._forget_old()
            pending = self._pending.get(cookie)
            known = pending is not None and hmac.compare_digest(pending.state, state)
            if known:
                del self._pending[cookie]  # one use, whatever comes next
        if pending is None or not known:
            raise InputError(
                "This sign-in was not started in this browser, or more than ten minutes ago. "
                "Start it again."
            )
        if error or not code:
            raise SignInError(_refusal(error))
        tokens = self._tokens.exchange(code, pending.verifier, pending.redirect_uri, pending.scopes)
        visitor = secrets.token_urlsafe(32)
        self._vault.put(visitor, tokens)
        return visitor

    def _forget_old(self) -> None:
        """Drop what is over, and the oldest if there are too many; call with the lock held."""
        limit = self._clock() - PENDING_S
        while self._pending:
            oldest = next(iter(self._pending))
            full = len(self._pending) >= MAX_PENDING
            if self._pending[oldest].began_at > limit and not full:
                return
            del self._pending[oldest]


def sign_in_state(tokens: Tokens | None, now: float) -> State:
    """Where a sign-in stands, without asking Spotify.

    Spotify ends every sign-in six months after the user agreed; from day 150 on it "ends soon".
    "Sign in again" loses nothing: the library stays.
    """
    if tokens is None:
        return "signed out"
    days = (now - tokens.consented_at) / 86_400
    if not tokens.refresh or days >= END_DAYS:
        return "sign in again"
    return "ends soon" if days >= WARN_DAYS else "signed in"


def may_write(tokens: Tokens | None) -> bool:
    """Whether the user agreed to playlists being made."""
    return tokens is not None and bool(set(MAKE_SCOPES) & set(tokens.scopes))


def _refusal(error: str) -> str:
    if error == "access_denied":
        return "You said no to Spotify; nothing was changed."
    if error == "invalid_scope":
        return "Spotify does not know one of the rights asked for; please report this."
    return "Spotify did not complete the sign-in. Try again."
