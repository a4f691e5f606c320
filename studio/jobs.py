"""The job queue: work too long for a click, with progress that any door can show.

A job is a function that takes a `Progress` first. It runs in a worker thread; a second request for
the same key gets the job that is already there.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

T = TypeVar("T")

N_WORKERS: Final = 2
N_KEPT: Final = 64  # finished jobs that can still be asked for


@dataclass
class Progress:
    """Where a job stands; the job writes it, doors read it."""

    share: float = 0.0
    text: str = ""
    _cancelled: threading.Event = field(default_factory=threading.Event)

    def __call__(self, share: float, text: str = "") -> None:
        """Say how far the job is, in [0, 1]; raises `CancelledError` once somebody cancelled."""
        if self._cancelled.is_set():
            raise CancelledError
        self.share, self.text = min(max(share, 0.0), 1.0), text or self.text

    def pause(self, seconds: float) -> None:
        """Wait, unless somebody cancels: then `CancelledError` is raised at once."""
        if self._cancelled.wait(seconds):
            raise CancelledError

    @property
    def cancelled(self) -> bool:
        """Whether somebody asked it to stop."""
        return self._cancelled.is_set()


@dataclass(frozen=True)
class Job(Generic[T]):
    """A piece of work somebody waits for."""

    key: str
    progress: Progress
    future: Future[T]

    @property
    def done(self) -> bool:
        """Whether it ended, well or badly."""
        return self.future.done()

    def result(self, timeout_s: float | None = None) -> T:
        """What it made; raises what it raised."""
        return self.future.result(timeout_s)

    def cancel(self) -> None:
        """Ask it to stop; it does at its next word of progress."""
        self.progress._cancelled.set()
        self.future.cancel()


class JobQueue:
    """Runs jobs a few at a time and remembers the last ones by key."""

    def __init__(self, n_workers: int = N_WORKERS) -> None:
        self._pool = ThreadPoolExecutor(n_workers, thread_name_prefix="ghostnotes-job")
        self._jobs: OrderedDict[str, Job[Any]] = OrderedDict()
        self._lock = threading.Lock()

    def submit(self, key: str, work: Callable[[Progress], T]) -> Job[T]:
        """The job of this key: the one there is, or a new one that starts when a worker is free.

        A job that failed or was cancelled makes room for a new try.
        """
        return self._put(key, work, _failed)

    def restart(self, key: str, work: Callable[[Progress], T]) -> Job[T]:
        """The job of this key if it still runs, otherwise a new one, also after a good end."""
        return self._put(key, work, lambda job: job.done or _failed(job))

    def _put(
        self, key: str, work: Callable[[Progress], T], is_over: Callable[[Job[Any]], bool]
    ) -> Job[T]:
        with self._lock:
            job = self._jobs.get(key)
            if job is not None and not is_over(job):
                self._jobs.move_to_end(key)
                return job
            progress = Progress()
            job = Job(key, progress, self._pool.submit(work, progress))
            self._jobs[key] = job
            self._forget_old()
            return job

    def find(self, key: str) -> Job[Any] | None:
        """The job of this key, if it is still remembered."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, part: str) -> None:
        """Stop and forget every job whose key has this part."""
        with self._lock:
            gone = [self._jobs.pop(key) for key in list(self._jobs) if part in key]
        for job in gone:
            job.cancel()

    def take(self, key: str) -> Job[Any] | None:
        """The job of this key if it has ended, which is then forgotten: only one gets it."""
        with self._lock:
            job = self._jobs.get(key)
            return self._jobs.pop(key) if job is not None and job.done else None

    def close(self) -> None:
        """Cancel what waits and let what runs end."""
        for job in list(self._jobs.values()):
            job.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _forget_old(self) -> None:
        finished = [key for key, job in self._jobs.items() if job.done]
        for key in finished[: max(0, len(self._jobs) - N_KEPT)]:
            del self._jobs[key]


def _failed(job: Job[Any]) -> bool:
    if not job.done:
        return job.progress._cancelled.is_set()
    return job.future.cancelled() or job.future.exception() is not None
