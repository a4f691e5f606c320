"""The HTTP server: one thread a connection, faults in front of the two services."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.spotify_simulator.accounts import Accounts
from tests.spotify_simulator.answers import Answer, Request
from tests.spotify_simulator.clock import FakeClock
from tests.spotify_simulator.faults import FAULTS, Act
from tests.spotify_simulator.webapi import WebApi
from tests.spotify_simulator.world import Tier, World

_RESET: Final = struct.pack("ii", 1, 0)  # SO_LINGER with 0 s: close() sends RST


@dataclass
class _Injected:
    """A fault waiting for its request: the ``nth`` matching one, then ``times`` in a row."""

    act: Act
    method: str | None
    path: re.Pattern[str]
    nth: int
    times: int
    seen: int = 0
    done: int = 0

    def strikes(self, request: Request) -> bool:
        """Whether this request gets the fault; counts it."""
        if self.method not in (None, request.method) or not self.path.search(request.path):
            return False
        self.seen += 1
        due = self.nth <= self.seen < self.nth + self.times
        self.done += due
        return due


@dataclass
class Simulator:
    """A pretend Spotify on loopback; use it as a context manager.

    Parameters
    ----------
    world
        Who and what exists; change it at any time.
    tier
        Which access tier the app has.
    clock
        Tokens run out by it.
    """

    world: World = field(default_factory=World.small)
    tier: Tier = "dev2026"
    clock: Callable[[], float] = field(default_factory=FakeClock)
    port: int = 0

    def __post_init__(self) -> None:
        self.requests: list[Request] = []
        self._faults: list[_Injected] = []
        self._lock = threading.Lock()
        self._server = _Server(("127.0.0.1", self.port), _Handler)
        self._server.simulator = self
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        self.accounts = Accounts(self.world, self.clock)
        self.api = WebApi(self.world, self.accounts, self.tier, self.url)
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Simulator:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _serve(self) -> None:
        self._server.serve_forever(poll_interval=0.02)

    def wait(self) -> None:
        """Serve until interrupted."""
        self._thread.join()

    def inject(
        self,
        fault: int | Act,
        path: str = "",
        *,
        method: str | None = None,
        nth: int = 1,
        times: int = 1,
    ) -> None:
        """Let a fault strike.

        Parameters
        ----------
        fault
            A number of `FAULTS`, or a function ``(request, proceed) -> Answer``.
        path
            A regular expression searched in the path.
        nth, times
            From the n-th matching request on, that many in a row.
        """
        if fault in (8, 13):  # not one answer but a way of the accounts service
            self.accounts.rotates = True
        act = FAULTS[fault].act if isinstance(fault, int) else fault
        self._faults.append(_Injected(act, method, re.compile(path), nth, times))

    def heal(self) -> None:
        """Forget every fault."""
        self._faults.clear()

    def calls(self, path: str = "", method: str | None = None) -> list[Request]:
        """The requests so far whose path matches."""
        pattern = re.compile(path)
        return [
            r for r in list(self.requests) if pattern.search(r.path) and method in (None, r.method)
        ]

    def handle(self, request: Request) -> Answer:
        """Answer one request, through the faults that strike it."""
        with self._lock:
            self.requests.append(request)
            acts = [injected.act for injected in self._faults if injected.strikes(request)]

        def proceed() -> Answer:
            if acts:
                return acts.pop(0)(request, proceed)
            with self._lock:
                service = self.api if request.path.startswith("/v1/") else self.accounts
                return service.answer(request)

        return proceed()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    simulator: Simulator

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news; anything else is a bug and shows."""
        import sys

        if not isinstance(sys.exception(), ConnectionError | TimeoutError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else every answer waits 44 ms for the delayed ACK
    server: _Server

    def _any(self) -> None:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        request = Request(
            self.command,
            parts.path,
            {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
            {name.lower(): value for name, value in self.headers.items()},
            self.rfile.read(length),
            len(self.server.simulator.requests),
        )
        self._send(self.server.simulator.handle(request))

    do_GET = do_POST = do_PUT = do_DELETE = _any  # names the base class looks for

    def _send(self, answer: Answer) -> None:
        if answer.transport == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
            self.connection.close()
            self.close_connection = True
            return
        body = answer.body[: len(answer.body) // 2] if answer.transport else answer.body
        promised = len(answer.body) if answer.transport == "stall" else len(body)
        lines = [f"HTTP/1.1 {answer.status} X", f"Content-Length: {promised}"]
        lines += [f"{name}: {value}" for name, value in answer.headers.items()]
        self.wfile.write("\r\n".join([*lines, "", ""]).encode("latin-1") + body)
        self.wfile.flush()
        if answer.transport == "stall":
            self.close_connection = True
            self.connection.recv(1)  # returns when the other side gives up

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: the requests are kept in a list."""
