"""Everything about Spotify for one process: sign-in, sync, saving and forgetting, by visitor.

A door holds one `SpotifyService` and names visitors by the secret in their cookie. Nothing of one
visitor can be reached with the secret of another.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pandas as pd
from sqlalchemy import Engine

from library.auth import SignIn, SpotifyApp, State, may_write, sign_in_state
from library.auth_tokens import TokenEndpoint, TokenKeeper
from library.gateway import Gateway
from library.gateway_memory import CALLS_A_DAY, Memory
from library.saving import Plan, Saved, is_spotify_id, resume, save, undo
from library.saving_journal import Journal, Save
from library.spotify import MAX_SEEDS, Me, Spotify
from library.spotify_rows import ORIGIN
from library.spotify_search import Offer, offers
from library.spotify_shelf import Shelf
from library.spotify_tables import create_tables, empty_tables
from library.sync import NO_FEATURES, Progress, SyncReport, sync
from library.updating import Changed, Changes, Update, plan_update, write
from library.vault import Locks, Tokens, Vault, digest
from music.errors import ForbiddenError, GhostnotesError, InputError, SignInError
from music.playlist import PlaylistSpec
from music.tracks import COLUMNS, Library, as_tracks


@dataclass(frozen=True)
class Connection:
    """Where one visitor stands with Spotify, for people; asking costs no call."""

    state: State
    name: str = ""
    may_write: bool = False
    calls_today: int = 0
    calls_a_day: int = 0
    paused_until: datetime | None = None
    synced_at: datetime | None = None
    consent: bool = False


@dataclass(frozen=True)
class Forgotten:
    """What a disconnect deleted; ``n_left`` was counted afterwards and is 0."""

    n_sign_ins: int
    n_rows: int
    n_left: int


def _quiet(share: float, text: str) -> None:
    """No progress."""


class SpotifyService:
    """Spotify for every visitor of this process.

    Parameters
    ----------
    app
        The registered app; without a client id everything but `connection` says what is missing.
    engine
        The database for API rows, pauses and journals. In memory when hosted.
    vault
        Where tokens are kept.
    clock, sleep
        Time in seconds, and how to wait; tests pass their own.
    timeout_s
        To connect, and between two bytes.
    calls_a_day
        How many calls one account may cost in any 24 hours.
    """

    def __init__(
        self,
        app: SpotifyApp,
        engine: Engine,
        vault: Vault,
        *,
        clock: Callable[[], float] = time.time,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = (3.05, 15.0),
        calls_a_day: int = CALLS_A_DAY,
    ) -> None:
        self.app, self._engine, self._vault = app, engine, vault
        self._clock, self._sleep, self._timeout_s = clock, sleep, timeout_s
        create_tables(engine)
        self._endpoint = TokenEndpoint(app.accounts_url, app.client_id, clock, sleep)
        self._memory = Memory(engine, app.client_id, clock, calls_a_day)
        self._accounts = Locks()  # one sync, save or disconnect of an account at a time
        self.sign_in = SignIn(app, vault, self._endpoint, clock)

    @property
    def is_set_up(self) -> bool:
        """Whether there is a client id."""
        return bool(self.app.client_id)

    def connection(self, visitor: str | None) -> Connection:
        """Where a visitor stands; None or an unknown visitor is signed out."""
        tokens = self._vault.get(visitor) if visitor else None
        state = sign_in_state(tokens, self._clock())
        if tokens is None:
            return Connection(state, paused_until=self._memory.paused_until())
        shelf = Shelf(self._engine, tokens.account) if tokens.account else None
        synced_at = shelf.noted("synced_at") if shelf else None
        return Connection(
            state,
            tokens.name,
            may_write(tokens),
            self._memory.calls_today(self._budget(tokens, visitor or "")),
            self._memory.calls_a_day,
            self._memory.paused_until(),
            None if synced_at is None else datetime.fromtimestamp(synced_at, UTC),
            bool(shelf and shelf.noted("consent")),
        )

    def client(self, visitor: str) -> Spotify:
        """The Web API for a visitor."""
        self._tokens(visitor)  # or the error that says to sign in
        keeper = TokenKeeper(visitor, self._vault, self._endpoint, self._clock)

        def who() -> str:
            return self._budget(self._tokens(visitor), visitor)

        gateway = Gateway(keeper, self._memory, self.app.api_url, who, sleep=self._sleep)
        return Spotify(gateway, self.app.api_url, self._timeout_s)

    def me(self, visitor: str, spotify: Spotify | None = None) -> Me:
        """Who a visitor is; asks Spotify once a sign-in and remembers."""
        me = (spotify or self.client(visitor)).me()
        with self._vault.locked(visitor):
            tokens = self._tokens(visitor)
            self._vault.put(visitor, replace(tokens, account=me.account, name=me.name))
        shelf = Shelf(self._engine, me.account)
        shelf.note("user_id", me.user_id)
        shelf.note(NO_FEATURES, None)  # the sign-in may be through another app
        return me

    def sync(self, visitor: str, progress: Progress = _quiet) -> SyncReport:
        """Bring a visitor's library up to date; a second sync of the same account waits."""
        spotify = self.client(visitor)
        try:
            me = self._known_me(visitor) or self.me(visitor, spotify)
        except GhostnotesError as error:
            return SyncReport(spotify.n_calls, error=error)
        with self._accounts.locked(me.account):
            shelf = Shelf(self._engine, me.account)
            scopes = self._tokens(visitor).scopes
            try:
                return sync(spotify, shelf, me, scopes=scopes, progress=progress, clock=self._clock)
            finally:
                if self._vault.get(visitor) is not None:  # not disconnected meanwhile
                    shelf.note("arrived_at", self._clock())

    def library(self, visitor: str) -> Library:
        """What was synced so far, every row marked as from the Web API; empty before that."""
        account = self._tokens(visitor).account
        return Shelf(self._engine, account).library() if account else Library()

    def n_rows(self, visitor: str) -> dict[str, int]:
        """How many rows there are of a visitor, by table."""
        return Shelf(self._engine, self._tokens(visitor).account).n_rows()

    def stamp(self, visitor: str) -> str:
        """Changes when a sync ends or the visitor switches what rows may enter; "" without rows.

        Holds no name and no secret.
        """
        tokens = self._vault.get(visitor)
        if tokens is None or not tokens.account:
            return ""
        notes = Shelf(self._engine, tokens.account).notes("synced_at", "arrived_at", "consent")
        if not notes:
            return ""
        return digest(json.dumps([tokens.account, notes], sort_keys=True))[:16]

    def suggestions(self, visitor: str, seeds: Sequence[str]) -> pd.DataFrame:
        """What Spotify itself recommends near one to five tracks, as a track table of API rows.

        Raises
        ------
        ForbiddenError
            Where this app may not ask.
        InputError
            If none of the seeds is known to Spotify.
        """
        known = [track_id for track_id in seeds if is_spotify_id(track_id)][:MAX_SEEDS]
        if not known:
            raise InputError("Spotify knows none of these tracks, so it has nothing near them.")
        rows = self.client(visitor).recommendations(known)
        found = pd.DataFrame(rows, columns=["track_id", *COLUMNS]).drop_duplicates("track_id")
        return as_tracks(found, ORIGIN, provenance="s")

    def save(self, visitor: str, plan: Plan, progress: Progress = _quiet) -> Saved:
        """Write a planned playlist."""
        self._must_write(visitor)
        with self._writing(visitor) as (spotify, journal, user_id):
            return save(spotify, journal, plan, user_id, progress)

    def resume_save(self, visitor: str, save_id: str, progress: Progress = _quiet) -> Saved:
        """Go on with a save that was interrupted."""
        with self._writing(visitor) as (spotify, journal, user_id):
            return resume(spotify, journal, save_id, user_id, progress)

    def undo_save(self, visitor: str, save_id: str) -> None:
        """Take a saved playlist back."""
        with self._writing(visitor) as (spotify, journal, user_id):
            undo(spotify, journal, save_id, user_id)

    def plan_update(
        self, visitor: str, playlist_id: str, name: str, track_ids: Sequence[str]
    ) -> Update:
        """What giving a playlist other tracks would do; reads it, writes nothing."""
        self._must_write(visitor)
        return plan_update(self.client(visitor), playlist_id, name, track_ids)

    def update(self, visitor: str, planned: Update, progress: Progress = _quiet) -> str:
        """Give a playlist other tracks; returns the id to undo it by."""
        self._must_write(visitor)
        with self._writing(visitor) as (spotify, _, _):
            changes = Changes(self._shelf(visitor), self._clock)
            change_id = changes.begin(planned)  # first on disk: a crash must not lose the old list
            write(spotify, planned, progress)
            changes.note(change_id, "done")
            return change_id

    def undo_update(self, visitor: str, change_id: str, progress: Progress = _quiet) -> None:
        """Bring back what a playlist held before an update, if it was not changed since."""
        with self._writing(visitor) as (spotify, _, _):
            changes = Changes(self._shelf(visitor), self._clock)
            held = changes.get(change_id)
            write(spotify, held.update.undone, progress, is_partly_there=held.state == "begun")
            changes.note(change_id, "undone")

    def updates(self, visitor: str) -> list[Changed]:
        """Every playlist that was given other tracks, the latest first."""
        account = self._tokens(visitor).account
        return Changes(Shelf(self._engine, account), self._clock).all() if account else []

    def offers(self, visitor: str, spec: PlaylistSpec, progress: Progress = _quiet) -> Offer:
        """What Spotify's search offers for a wish, for the recommender to choose from.

        Raises
        ------
        ForbiddenError
            Without consent: the rows would enter a ranking.
        """
        account = self._tokens(visitor).account or self.me(visitor).account
        shelf = Shelf(self._engine, account)
        if not shelf.noted("consent"):
            raise ForbiddenError(
                "Searching Spotify for a list ranks what its API says, so it needs your consent "
                "first: the page Spotify has the switch."
            )
        return offers(self.client(visitor), shelf, spec, progress, self._clock)

    def saves(self, visitor: str) -> list[Save]:
        """Every playlist written for a visitor, the latest first."""
        account = self._tokens(visitor).account
        return Journal(self._engine, account, self._clock).all() if account else []

    def set_consent(self, visitor: str, consent: bool) -> None:
        """Remember whether API rows may enter fits, profiles and prompts."""
        account = self._tokens(visitor).account
        if not account:
            account = self.me(visitor).account
        Shelf(self._engine, account).note("consent", self._clock() if consent else None)

    def sign_out(self, visitor: str) -> None:
        """Forget a visitor's tokens; the library stays."""
        self._vault.drop(visitor)

    def disconnect(self, visitor: str) -> Forgotten:
        """Delete all that came from the API for a visitor: rows, journals, notes, all tokens.

        Only the bare count of calls of the last 24 hours stays, under a hash, because Spotify
        counts on as well.
        """
        account = self._tokens(visitor).account
        # The tokens first: a sync that is running stops at its next call.
        n_sign_ins = self._vault.drop_account(account) if account else 1
        self._vault.drop(visitor)
        if not account:
            return Forgotten(n_sign_ins, 0, 0)
        shelf = Shelf(self._engine, account)
        with self._accounts.locked(account):
            n_rows = sum(shelf.forget().values())
            return Forgotten(n_sign_ins, n_rows, sum(shelf.n_rows().values()))

    def forget_everybody(self) -> dict[str, int]:
        """Delete every row and every sign-in there is, also pauses, counts and journals.

        Returns
        -------
        dict
            How many went, by table, and ``"spotify_sign_ins"``.

        Raises
        ------
        StoreError
            If anything is left, which is looked up before it is said to be gone.
        """
        n_sign_ins = self._vault.drop_all()  # first, so that a sync that runs stops
        gone = empty_tables(self._engine)
        return gone | {"spotify_sign_ins": n_sign_ins}

    def _must_write(self, visitor: str) -> None:
        if not may_write(self._tokens(visitor)):
            raise SignInError("Agree to playlists being made first: sign in once more for that.")

    def _tokens(self, visitor: str) -> Tokens:
        tokens = self._vault.get(visitor)
        if tokens is None:
            raise SignInError("Sign in with Spotify first.")
        return tokens

    def _shelf(self, visitor: str) -> Shelf:
        return Shelf(self._engine, self._tokens(visitor).account)

    def _known_me(self, visitor: str) -> Me | None:
        tokens = self._tokens(visitor)
        user_id = Shelf(self._engine, tokens.account).noted("user_id") if tokens.account else None
        return Me(tokens.account, user_id, tokens.name) if user_id else None

    @contextmanager
    def _writing(self, visitor: str) -> Iterator[tuple[Spotify, Journal, str]]:
        """What a write needs, while nobody else works on the account."""
        spotify = self.client(visitor)
        me = self._known_me(visitor) or self.me(visitor, spotify)
        with self._accounts.locked(me.account):
            yield spotify, Journal(self._engine, me.account, self._clock), me.user_id

    def _budget(self, tokens: Tokens, visitor: str) -> str:
        """Whose calls are counted: the account's, or the browser's until the account is known."""
        return tokens.account or digest(visitor)
