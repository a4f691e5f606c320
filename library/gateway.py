"""The gateway: the one way to Spotify, with the rules for what to do when it says no.

- 429: wait if it is short (at most 3 times, 60 s in all); a long one becomes a pause that is
  written down, and nothing is sent before it is over.
- 401: renew the token once, then ask for a new sign-in.
- 5xx and broken connections: a GET is tried three times; a write never, `UncertainError` says
  that somebody has to look first.
- 403 and 404: never repeated; on an endpoint that only some apps have, remembered for a day.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import Final, TypeVar

from library.gateway_memory import Memory
from library.gateway_wire import Lost, Refused, TokenSource, Wire
from music.errors import (
    ForbiddenError,
    GhostnotesError,
    InputError,
    NotFoundError,
    SignInError,
    SpotifyError,
    UncertainError,
)

T = TypeVar("T")

MAX_WAITS: Final = 3
MAX_WAIT_S: Final = 30.0  # a longer Retry-After is a pause, not a wait
MAX_WAITS_S: Final = 60.0
DEFAULT_WAIT_S: Final = 5.0  # Retry-After missing or no number
MAX_TRIES: Final = 3
SETTLE_S: Final = 2.0
QUOTA_S: Final = 3600.0  # a spent quota that does not say for how long


class AppForbiddenError(ForbiddenError):
    """Not this one thing but everything is forbidden: nothing else needs to be tried."""


# A 403 that is about the whole app or account, told by its message: Spotify gives no other sign.
_APP_WIDE: Final = {
    "not registered": (
        "This Spotify account is not on the app's list of users. Its owner can add it in the "
        "Spotify developer dashboard, under User Management."
    ),
    "premium": (
        "Spotify has locked this app because its owner has no active Premium subscription. After "
        "renewing it can take a few hours."
    ),
    "scope": "This sign-in does not allow that yet. Sign in again and agree to it.",
}


class Gateway:
    """One user's way to Spotify.

    Parameters
    ----------
    tokens
        The user's tokens.
    memory
        Pauses, budget and closed endpoints, shared by everybody who uses this app.
    base
        Address of the Web API, ending in a slash.
    who
        Says whose budget of calls it is; asked at each call, as the first one tells the account.
    sleep
        How to wait, in seconds; tests pass their own.
    seed
        For the jitter between tries.

    Attributes
    ----------
    wire
        The session to give to spotipy.
    n_calls
        Requests sent so far.
    """

    def __init__(
        self,
        tokens: TokenSource,
        memory: Memory,
        base: str,
        who: Callable[[], str],
        *,
        sleep: Callable[[float], None] = time.sleep,
        seed: int | None = None,
    ) -> None:
        self._tokens, self._memory, self._who, self._sleep = tokens, memory, who, sleep
        self._chance = random.Random(seed)  # noqa: S311 (jitter is no secret)
        self.wire = Wire(tokens, base, self._before)
        self.n_calls = 0

    def _before(self) -> None:
        if wait_s := self._memory.pace_s():
            self._sleep(wait_s)
        self._memory.before_call(self._who())  # last, so that no pause begins unseen
        self.n_calls += 1

    def read(self, ask: Callable[[], T], endpoint: str = "") -> T:
        """Make a call that changes nothing; ``ask`` is the spotipy call.

        Parameters
        ----------
        endpoint
            The name of an endpoint that only some apps have; a refusal is remembered for a day.

        Raises
        ------
        SpotifyError
            Or one of its kinds; the message says what to do.
        NotFoundError
            If it does not exist.
        """
        if endpoint and self._memory.is_closed(endpoint):
            raise ForbiddenError(_closed_sentence(endpoint))
        try:
            return self._persist(ask, _Patience(tries=MAX_TRIES))
        except AppForbiddenError:
            raise
        except (ForbiddenError, NotFoundError):
            if endpoint:
                self._memory.close(endpoint)
                raise ForbiddenError(_closed_sentence(endpoint)) from None
            raise

    def write(self, ask: Callable[[], T]) -> T:
        """Make a call that changes something: sent again only if Spotify said it did nothing.

        Raises
        ------
        UncertainError
            If no answer came: it may have happened.
        """
        return self._persist(ask, _Patience(tries=1))

    def settle(self) -> None:
        """Give Spotify a moment to end what it may still be doing, before looking what it did."""
        self._sleep(SETTLE_S)

    def _persist(self, ask: Callable[[], T], patience: _Patience) -> T:
        while True:
            try:
                return ask()
            except Refused as refusal:
                trouble: Refused | Lost = refusal
            except Lost as loss:
                trouble = loss
            self._settle(trouble, patience)

    def _settle(self, trouble: Refused | Lost, patience: _Patience) -> None:
        """Do what makes another try worthwhile, or raise."""
        if isinstance(trouble, Refused) and trouble.status < 500:
            if trouble.status == 429:
                self._wait_or_pause(trouble, patience)
            elif trouble.status == 401 and not patience.renewed:
                patience.renewed = True
                self._tokens.renew(self.wire.bearer.last)
            else:
                raise self._refusal(trouble)
            return
        patience.tries -= 1
        if patience.tries > 0:
            self._sleep((0.5 + self._chance.random()) * 2.0**-patience.tries)
            return
        raise _no_answer(trouble, patience.is_write)

    def _wait_or_pause(self, refusal: Refused, patience: _Patience) -> None:
        spent = refusal.reason == "QUOTA_EXCEEDED"
        wait_s = refusal.retry_after_s
        if wait_s is None:
            wait_s = QUOTA_S if spent else DEFAULT_WAIT_S
        patience.waits += 1
        patience.waited_s += wait_s
        long = wait_s > MAX_WAIT_S or patience.waited_s > MAX_WAITS_S
        if spent or long or patience.waits > MAX_WAITS:
            raise self._memory.pause(max(wait_s, MAX_WAIT_S))
        self._sleep(wait_s)

    def _refusal(self, refusal: Refused) -> GhostnotesError:
        """The error for an answer that no repeating will change."""
        if refusal.status == 401:
            return SignInError("Spotify does not accept this sign-in any more. Sign in again.")
        if refusal.status == 404:
            return NotFoundError("Spotify has nothing there any more.")
        if refusal.status != 403:
            detail = f": {refusal.message}" if refusal.message else ""
            return InputError(f"Spotify cannot use that request ({refusal.status}{detail}).")
        message = refusal.message.casefold()
        if "unavailable in this country" in message:  # seen after long throttling, not a lost right
            return self._memory.pause(QUOTA_S)
        for sign, sentence in _APP_WIDE.items():
            if sign in message:
                return AppForbiddenError(sentence)
        return ForbiddenError("Spotify does not let this app or account do that.")


class _Patience:
    """How much more one call may try and wait; a write has one try."""

    def __init__(self, tries: int) -> None:
        self.is_write = tries == 1
        self.tries = tries
        self.waits = 0
        self.waited_s = 0.0
        self.renewed = False


def _no_answer(trouble: Refused | Lost, is_write: bool) -> SpotifyError:
    if is_write:
        return UncertainError("Spotify did not confirm the change; it may have happened.")
    what = f"an error ({trouble.status})" if isinstance(trouble, Refused) else "no answer"
    return SpotifyError(f"Spotify gave {what} three times. Try again in a few minutes.")


def _closed_sentence(endpoint: str) -> str:
    return f"Spotify does not offer {endpoint} to this app."
