"""What the gateway must not forget: pauses Spotify asked for, calls made, closed endpoints.

Kept in the database, so that a restart, another tab and another process all know.
"""

from __future__ import annotations

import hashlib
import threading
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Engine, delete, func, select

from library.spotify_tables import CALLS, CLOSED, PAUSES, reading, upsert, writing
from music.errors import RateLimitedError

DAY_S: Final = 86_400.0
WINDOW_S: Final = 30.0
WINDOW_CALLS: Final = 60
CALLS_A_DAY: Final = 500  # exhaustion was seen after 1,144 calls of one app in a day


class Memory:
    """The gateway's memory for one app (client id).

    Parameters
    ----------
    engine
        The database, with `library.spotify_tables.create_tables` done.
    client_id
        Pauses and closed endpoints belong to the app and are shared by all its users.
    clock
        Seconds since the epoch.
    calls_a_day
        How many calls one user may cost in any 24 hours.
    """

    def __init__(
        self,
        engine: Engine,
        client_id: str,
        clock: Callable[[], float],
        calls_a_day: int = CALLS_A_DAY,
    ) -> None:
        self._engine, self._client_id, self._clock = engine, client_id, clock
        self.calls_a_day = calls_a_day
        self._last: deque[float] = deque(maxlen=WINDOW_CALLS)
        self._guard = threading.Lock()

    def before_call(self, user: str) -> None:
        """Note one call of a user, unless it must not be made.

        Raises
        ------
        RateLimitedError
            While Spotify's pause lasts, or when the user's calls of the last 24 hours are spent.
        """
        now, who = self._clock(), self._who(user)
        with writing(self._engine) as db:
            until = db.scalar(select(PAUSES.c.until).filter_by(client_id=self._client_id))
            if until is not None and until > now:
                raise RateLimitedError(_pause_sentence(until), _moment(until))
            recent = (CALLS.c.who == who) & (CALLS.c.at > now - DAY_S)
            if (db.scalar(select(func.count()).where(recent)) or 0) >= self.calls_a_day:
                oldest = db.scalar(select(func.min(CALLS.c.at)).where(recent)) or now
                raise RateLimitedError(self._budget_sentence(oldest), _moment(oldest + DAY_S))
            db.execute(CALLS.insert().values(who=who, at=now))
            db.execute(delete(CALLS).where(CALLS.c.at <= now - DAY_S))

    def pace_s(self) -> float:
        """How long the next call has to wait so that this process stays under the rate limit.

        Spotify counts calls of an app in any 30 s and does not say how many are too many. A burst
        is free; a long sync settles at two a second.
        """
        now = self._clock()
        with self._guard:
            full = len(self._last) == WINDOW_CALLS
            start = max(now, self._last[0] + WINDOW_S) if full else now
            self._last.append(start)
        return start - now

    def calls_today(self, user: str) -> int:
        """How many calls a user cost in the last 24 hours."""
        recent = (CALLS.c.who == self._who(user)) & (CALLS.c.at > self._clock() - DAY_S)
        with reading(self._engine) as db:
            return db.scalar(select(func.count()).where(recent)) or 0

    def pause(self, seconds: float) -> RateLimitedError:
        """Remember that Spotify asked for a pause; returns the error that tells it."""
        until = self._clock() + seconds
        with writing(self._engine) as db:
            old = db.scalar(select(PAUSES.c.until).filter_by(client_id=self._client_id)) or 0.0
            until = max(until, old)  # a shorter pause never ends a longer one
            upsert(db, PAUSES, [{"client_id": self._client_id, "until": until}])
        return RateLimitedError(_pause_sentence(until), _moment(until))

    def paused_until(self) -> datetime | None:
        """When calls may resume, or None if they may now."""
        with reading(self._engine) as db:
            until = db.scalar(select(PAUSES.c.until).filter_by(client_id=self._client_id))
        return _moment(until) if until is not None and until > self._clock() else None

    def close(self, endpoint: str) -> None:
        """Remember for a day that this app may not use an endpoint."""
        row = {"client_id": self._client_id, "endpoint": endpoint}
        with writing(self._engine) as db:
            upsert(db, CLOSED, [{**row, "until": self._clock() + DAY_S}])

    def is_closed(self, endpoint: str) -> bool:
        """Whether an endpoint was found closed within the last day."""
        asked = select(CLOSED.c.until).filter_by(client_id=self._client_id, endpoint=endpoint)
        with reading(self._engine) as db:
            until = db.scalar(asked)
        return until is not None and until > self._clock()

    def _who(self, user: str) -> str:
        """A user without a name: the counter outlives a disconnect by up to a day, unnamed."""
        return hashlib.sha256(f"{self._client_id} {user}".encode()).hexdigest()

    def _budget_sentence(self, oldest: float) -> str:
        return (
            f"Ghostnotes makes at most {self.calls_a_day} calls to Spotify in 24 hours and stops "
            f"here by itself; it goes on at {clock_time(_moment(oldest + DAY_S))}."
        )


def clock_time(moment: datetime) -> str:
    """A moment as people say it, in the time zone of this machine: ``18:04 on Friday``."""
    local = moment.astimezone()
    return f"{local:%H:%M} on {local:%A}"


def _pause_sentence(until: float) -> str:
    return f"Spotify asks for a pause until {clock_time(_moment(until))}; what arrived is kept."


def _moment(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
