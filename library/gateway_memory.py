"""What the gateway must not forget: pauses Spotify asked for, calls made, closed endpoints.

Kept in the database, so that a restart, another tab and another process all know.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from sqlalchemy import Column, Engine, Float, Index, MetaData, String, Table, delete, func, select

from music.errors import RateLimitedError

DAY_S: Final = 86_400.0
CALLS_A_DAY: Final = 500  # exhaustion was seen after 1,144 calls of one app in a day

_METADATA: Final = MetaData()
_PAUSES: Final = Table(
    "spotify_pauses",
    _METADATA,
    Column("client_id", String(64), primary_key=True),
    Column("until", Float, nullable=False),
)
_CALLS: Final = Table(
    "spotify_calls",
    _METADATA,
    Column("who", String(64), nullable=False),
    Column("at", Float, nullable=False),
)
Index("spotify_calls_who_at", _CALLS.c.who, _CALLS.c.at)
_CLOSED: Final = Table(
    "spotify_closed",
    _METADATA,
    Column("client_id", String(64), primary_key=True),
    Column("endpoint", String(64), primary_key=True),
    Column("until", Float, nullable=False),
)


class Memory:
    """The gateway's memory for one app (client id).

    Parameters
    ----------
    engine
        The database; the tables are made if they are not there.
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
        _METADATA.create_all(engine)

    def before_call(self, user: str) -> None:
        """Note one call of a user, unless it must not be made.

        Raises
        ------
        RateLimitedError
            While Spotify's pause lasts, or when the user's calls of the last 24 hours are spent.
        """
        now, who = self._clock(), self._who(user)
        with self._engine.begin() as db:
            until = db.scalar(select(_PAUSES.c.until).filter_by(client_id=self._client_id))
            if until is not None and until > now:
                raise RateLimitedError(_pause_sentence(until), _moment(until))
            recent = (_CALLS.c.who == who) & (_CALLS.c.at > now - DAY_S)
            if (db.scalar(select(func.count()).where(recent)) or 0) >= self.calls_a_day:
                oldest = db.scalar(select(func.min(_CALLS.c.at)).where(recent)) or now
                raise RateLimitedError(self._budget_sentence(oldest), _moment(oldest + DAY_S))
            db.execute(_CALLS.insert().values(who=who, at=now))
            db.execute(delete(_CALLS).where(_CALLS.c.at <= now - DAY_S))

    def calls_today(self, user: str) -> int:
        """How many calls a user cost in the last 24 hours."""
        recent = (_CALLS.c.who == self._who(user)) & (_CALLS.c.at > self._clock() - DAY_S)
        with self._engine.connect() as db:
            return db.scalar(select(func.count()).where(recent)) or 0

    def pause(self, seconds: float) -> RateLimitedError:
        """Remember that Spotify asked for a pause; returns the error that tells it."""
        until = self._clock() + seconds
        with self._engine.begin() as db:
            old = db.scalar(select(_PAUSES.c.until).filter_by(client_id=self._client_id)) or 0.0
            until = max(until, old)  # a shorter pause never ends a longer one
            db.execute(delete(_PAUSES).where(_PAUSES.c.client_id == self._client_id))
            db.execute(_PAUSES.insert().values(client_id=self._client_id, until=until))
        return RateLimitedError(_pause_sentence(until), _moment(until))

    def paused_until(self) -> datetime | None:
        """When calls may resume, or None if they may now."""
        with self._engine.connect() as db:
            until = db.scalar(select(_PAUSES.c.until).filter_by(client_id=self._client_id))
        return _moment(until) if until is not None and until > self._clock() else None

    def close(self, endpoint: str) -> None:
        """Remember for a day that this app may not use an endpoint."""
        row = {"client_id": self._client_id, "endpoint": endpoint}
        with self._engine.begin() as db:
            db.execute(delete(_CLOSED).filter_by(**row))
            db.execute(_CLOSED.insert().values(**row, until=self._clock() + DAY_S))

    def is_closed(self, endpoint: str) -> bool:
        """Whether an endpoint was found closed within the last day."""
        asked = select(_CLOSED.c.until).filter_by(client_id=self._client_id, endpoint=endpoint)
        with self._engine.connect() as db:
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
