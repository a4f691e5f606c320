"""A ReccoBeats of our own on loopback, which remembers what it was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

FEATURES = {"danceability": 0.5, "energy": 0.6, "loudness": -7.0, "speechiness": 0.1,
            "acousticness": 0.2, "instrumentalness": 0.0, "liveness": 0.1, "valence": 0.4,
            "tempo": 120.0, "key": 5, "mode": 1}  # fmt: skip


class Server(ThreadingHTTPServer):
    """ReccoBeats on loopback: answers in reverse order, and may be told to misbehave first."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.calls, self.faults, self.unknown = [], [], set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        ids = parse_qs(urlsplit(self.path).query)["ids"][0].split(",")
        self.server.calls.append(ids)
        if self.server.faults:
            status, headers, body = self.server.faults.pop(0)
        else:
            status, headers, body = 200, {}, self._body(ids)
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def _body(self, ids):
        rows = [
            {"id": f"uuid-{id_}", "href": f"https://open.spotify.com/track/{id_}", **FEATURES,
             "energy": int(id_) / 1000}
            for id_ in reversed(ids) if id_ not in self.server.unknown
        ]  # fmt: skip
        stranger = {"id": "x", "href": f"https://open.spotify.com/track/{'9' * 22}", **FEATURES}
        return json.dumps({"content": [stranger, *rows, {"href": None}, 7]}).encode()

    def log_message(self, *args):
        pass


@contextmanager
def serving() -> Iterator[Server]:
    """Such a server, running."""
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
