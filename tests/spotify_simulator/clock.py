"""A clock that only moves when told to, so that hours of waiting take no time."""

from __future__ import annotations

import threading

START = 1_795_000_000.0  # some moment in November 2026


class FakeClock:
    """Call it for the time in seconds; `sleep` moves it on and remembers for how long."""

    def __init__(self, now: float = START) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def __call__(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        """Wait without waiting."""
        with self._lock:
            self.slept.append(seconds)
            self._now += seconds

    def advance(self, *, seconds: float = 0, hours: float = 0, days: float = 0) -> None:
        """Let time pass between two things."""
        with self._lock:
            self._now += seconds + 3600 * hours + 86_400 * days
