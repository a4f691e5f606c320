"""The Genrenator names a genre when it can, and nobody misses it when it cannot."""

from __future__ import annotations

import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from llm.genre import invent_genre
from llm.genrenator import genrenator_genre
from music.vibe import Vibe

VIBE = Vibe.of({"energy": 0.9}, ["polka"], origin="playlist: private")


class Host:
    """A service on loopback that answers what the test tells it."""

    def __init__(self) -> None:
        self.status, self.body = 200, json.dumps("orchestral skip-hop")
        self.asked: list[str] = []
        host = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                host.asked.append(self.path)
                data = host.body.encode()
                self.send_response(host.status)
                self.send_header("Content-Length", str(len(data)))
                if host.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                """Quiet."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}/genre/"
        Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def host():
    host = Host()
    yield host
    host.server.shutdown()
    host.server.server_close()


def test_its_name_is_kept_and_explained(host):
    genre = genrenator_genre(VIBE, 1, host.url)
    assert genre.name == "orchestral skip-hop"
    assert "orchestral skip-hop" in genre.why.lower() or "polka" in genre.why.lower()
    assert genre.notes == ()


def test_nothing_about_the_listener_is_sent(host):
    genrenator_genre(VIBE, 1, host.url)
    assert host.asked == ["/genre/"]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (502, "Bad gateway", "does not answer"),
        (302, "", "status 302"),
        (200, "<html>busy</html>", "no JSON"),
        (200, '["a", "list"]', "no name"),
        (200, '""', "no name"),
        (200, json.dumps("x" * 5000), "too long"),
        (200, '"techno"', "not a new genre"),
        (200, '"<script></script>"', "no name"),
    ],
)
def test_when_it_fails_a_genre_is_coined_here_and_that_is_said(host, status, body, why):
    host.status, host.body = status, body
    genre = genrenator_genre(VIBE, 1, host.url)
    assert genre.name == invent_genre(VIBE, 1).name
    assert why in genre.notes[0]


def test_a_closed_port_is_no_trouble():
    genre = genrenator_genre(VIBE, 1, "http://127.0.0.1:9/")
    assert genre.name == invent_genre(VIBE, 1).name
    assert "does not answer" in genre.notes[0]
