"""What there is once per process: the store, the demo, the job queues, Spotify."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from library.store import Store
from studio import clock
from studio.jobs import JobQueue
from studio.listener import Listener
from studio.radio import Radio
from studio.settings import settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from library.spotify_service import SpotifyService
    from library.vault import Vault

ME = "me"  # the owner of the library where one person runs Ghostnotes for themselves
N_ERRANDS: Final = 8  # these threads mostly wait for Spotify
CLIENT_ID: Final = "spotify client id"

T = TypeVar("T")


class _Once(Generic[T]):
    """Makes a thing when it is first asked for, once, also when two threads ask together."""

    def __init__(self, make: Callable[[], T]) -> None:
        self.__doc__ = make.__doc__
        self._made = lru_cache(maxsize=1)(make)
        self._lock = threading.RLock()

    def __call__(self) -> T:
        with self._lock:
            return self._made()

    def cache_clear(self) -> None:
        """Forget it; the next call makes another."""
        self._made.cache_clear()


@_Once
def store() -> Store:
    """The store of this process."""
    if not settings().hosted:
        settings().home.mkdir(parents=True, exist_ok=True)
    return Store(settings().store_url())


@_Once
def jobs() -> JobQueue:
    """The job queue of this process."""
    return JobQueue()


@_Once
def errands() -> JobQueue:
    """The queue for work that waits for somebody else's server, so that it holds up no map."""
    return JobQueue(N_ERRANDS)


@_Once
def radio() -> Radio:
    """The endless music of this process."""
    return Radio()


@_Once
def demo() -> Listener:
    """The invented listener everybody meets first; shared, because nobody owns it."""
    from library.demo import demo_library

    return Listener(demo_library(), key="demo", owner="demo")


def listener_of(owner: str, zone: str = clock.UNKNOWN) -> Listener:
    """The listener whose library an owner imported, in the zone they live in; or the invented."""
    stored = store().load_library(owner)
    return demo() if stored is None else Listener(replace(stored, zone=zone), owner, owner)


# Spotify


@_Once
def vault() -> Vault:
    """Where sign-ins are kept; in memory on a server for strangers."""
    from library.vault import open_vault

    return open_vault(settings().home / "spotify-sign-ins.json", settings().hosted)


def client_id() -> str:
    """The client id of the Spotify app: the setting, or what the user entered; "" = none."""
    if settings().spotify_client_id or settings().hosted:
        return settings().spotify_client_id
    return str(store().get_state(ME, CLIENT_ID, ""))


def set_client_id(text: str) -> None:
    """Keep the client id the user entered; "" forgets it."""
    store().set_state(ME, CLIENT_ID, text.strip() or None)


_ASKING: Final = threading.Lock()


def spotify() -> SpotifyService:
    """Spotify for this process, with the client id there is now."""
    ident, engine = client_id(), store().engine
    with _ASKING:
        return _spotify(ident, engine)


@lru_cache(maxsize=1)  # sign-ins begun with another client id lead nowhere
def _spotify(ident: str, engine: Engine) -> SpotifyService:
    from library.auth import SpotifyApp
    from library.spotify_service import SpotifyService

    told = settings()
    app = SpotifyApp(ident, told.spotify_api_url, told.spotify_accounts_url)
    return SpotifyService(app, engine, vault(), calls_a_day=told.spotify_calls_a_day)
