"""What there is once per process: the store, the demo, the job queue."""

from __future__ import annotations

from functools import lru_cache

from library.store import Store
from studio.jobs import JobQueue
from studio.listener import Listener
from studio.settings import settings

ME = "me"  # the owner of the library where one person runs Ghostnotes for themselves


@lru_cache(maxsize=1)
def store() -> Store:
    """The store of this process."""
    if not settings().hosted:
        settings().home.mkdir(parents=True, exist_ok=True)
    return Store(settings().store_url())


@lru_cache(maxsize=1)
def jobs() -> JobQueue:
    """The job queue of this process."""
    return JobQueue()


@lru_cache(maxsize=1)
def demo() -> Listener:
    """The invented listener everybody meets first; shared, because nobody owns it."""
    from library.demo import demo_library

    return Listener(demo_library(), key="demo")


def listener_of(owner: str) -> Listener:
    """The listener whose library an owner imported, or the invented one."""
    stored = store().load_library(owner)
    return demo() if stored is None else Listener(stored, key=owner)
