"""Endless music for several listeners at once: one render per station, bounded in every direction.

A station wanders between the music of one or more vibes. Whoever asks for the same vibes joins the
same render, where it is. It runs a few seconds ahead of the clock, keeps only the last minute, and
stops when its last listener has gone; a listener too slow for it skips ahead.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from music.errors import BusyError

if TYPE_CHECKING:  # a server starts without numpy and the tables of the synth
    from synth.schema import MusicConfig

CHUNK_S: Final = 0.25
AHEAD_S: Final = 12.0  # rendered before it is due; also what a new listener gets at once
KEPT_S: Final = 60.0  # what a slow listener may lag behind, 10 MB a station
MAX_STATIONS: Final = 4
MAX_LISTENERS: Final = 24
SAMPLE_RATE: Final = 44_100
_NAP_S: Final = 0.05
_VARIANTS: Final = 3
_AT_ONCE: Final = 4  # chunks a listener holds


def pieces(sentences: Sequence[str], vibes: Sequence[str], seed: int) -> tuple[MusicConfig, ...]:
    """What a station wanders between: sentences, then vibes in their text form; ambient for none.

    A single one wanders between three pieces of its own.

    Raises
    ------
    InputError
        If a sentence is empty or too long, or a vibe cannot be read.
    """
    from llm.vibes import Understood
    from music.vibe import Vibe
    from studio.flows import piece_of, understand

    found = [understand(text) for text in sentences]
    found += [Understood(Vibe.parse(text)) for text in vibes]
    found = found or [Understood(Vibe.of(words=["ambient"]))]
    found = found if len(found) > 1 else found * _VARIANTS
    return tuple(piece_of(one, seed + i) for i, one in enumerate(found))


@dataclass
class Station:
    """One endless render and who listens to it.

    ``chunks`` are the last `KEPT_S` seconds, ``made`` counts all there ever were, ``listeners`` who
    is tuned in; all guarded by ``lock``.
    """

    header: bytes
    source: Iterator[bytes]
    lock: threading.Condition = field(default_factory=threading.Condition)
    chunks: deque[bytes] = field(default_factory=lambda: deque(maxlen=round(KEPT_S / CHUNK_S)))
    made: int = 0
    listeners: int = 0
    error: BaseException | None = None
    started_s: float = field(default_factory=time.monotonic)

    def run(self) -> None:
        """Render a little ahead of the clock for as long as somebody listens."""
        while True:
            with self.lock:
                if not self.listeners:
                    return
                early_s = self.made * CHUNK_S - AHEAD_S - (time.monotonic() - self.started_s)
                if early_s > 0:
                    self.lock.wait(min(early_s, 1.0))
                    continue
            try:
                chunk = next(self.source)  # outside the lock: a segment takes a moment
            except BaseException as error:
                with self.lock:
                    self.error = error
                raise
            with self.lock:
                self.chunks.append(chunk)
                self.made += 1

    def since(self, place: int, limit: int) -> tuple[list[bytes], int]:
        """Up to `limit` chunks from a place on, or from the oldest kept, and the next place."""
        with self.lock:
            if self.error is not None:
                raise self.error
            first = max(place - (self.made - len(self.chunks)), 0)
            found = list(self.chunks)[first : first + limit]
            return found, self.made - len(self.chunks) + first + len(found)


class Radio:
    """All stations of a process.

    Raises
    ------
    BusyError
        From `listen`, if there are `MAX_LISTENERS` already, or `MAX_STATIONS` others are on air.
    """

    def __init__(self) -> None:
        self._stations: OrderedDict[tuple[object, ...], Station] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def listeners(self) -> int:
        """How many listen now."""
        return sum(station.listeners for station in list(self._stations.values()))

    @property
    def on_air(self) -> int:
        """How many stations somebody listens to."""
        return sum(station.listeners > 0 for station in list(self._stations.values()))

    def listen(self, configs: Sequence[MusicConfig], seed: int = 0) -> Seat:
        """A place at a station: a WAV header, then sound at the pace of the clock, for ever.

        The place is taken at once (so a full house is refused before anything is sent) and given up
        when the seat is closed.
        """
        key = (*configs, seed)
        with self._lock:
            if self.listeners >= MAX_LISTENERS:
                raise BusyError(
                    f"{MAX_LISTENERS} people listen already, which is all this server plays for. "
                    "Try again in a minute."
                )
            station = self._stations.get(key)
            if station is None or not station.listeners:
                if self.on_air >= MAX_STATIONS:
                    raise BusyError(
                        f"{MAX_STATIONS} other pieces are on air, which is all this server renders "
                        "at once. Try again in a minute."
                    )
                station = self._open(key, configs, seed)
            with station.lock:
                station.listeners += 1
            if station.listeners == 1:
                threading.Thread(target=station.run, name="radio", daemon=True).start()
        return Seat(self, station)

    def _open(self, key: tuple[object, ...], configs: Sequence[MusicConfig], seed: int) -> Station:
        from synth.stream import endless

        for old in [k for k, s in self._stations.items() if not s.listeners]:
            del self._stations[old]
        source = endless(configs, SAMPLE_RATE, seed)
        station = self._stations[key] = Station(next(source), source)
        return station

    def leave(self, station: Station) -> None:
        """Give up a place; the last to go stops the render."""
        with self._lock, station.lock:
            station.listeners -= 1
            station.lock.notify_all()


class Seat(AsyncIterator[bytes]):
    """One listener's place at a station; whoever took it closes it."""

    def __init__(self, radio: Radio, station: Station) -> None:
        self._radio, self._station = radio, station
        self._place = max(0, station.made - round(AHEAD_S / CHUNK_S))
        self._waiting: deque[bytes] = deque([station.header])
        self._open = True

    async def __anext__(self) -> bytes:
        while not self._waiting:
            if not self._open:
                raise StopAsyncIteration
            found, self._place = self._station.since(self._place, _AT_ONCE)
            self._waiting.extend(found)
            if not found:
                await asyncio.sleep(_NAP_S)
        return self._waiting.popleft()

    def close(self) -> None:
        """Leave; a second time does nothing."""
        if self._open:
            self._open = False
            self._waiting.clear()
            self._radio.leave(self._station)
