"""ReccoBeats is asked only when allowed, politely, and its rows are known by their address."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from library.reccobeats import ReccoBeats
from library.resolve import resolve
from music.errors import InputError
from music.tracks import as_tracks
from tests.library.files import track_id

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


@pytest.fixture
def server():
    server = Server()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def waits():
    return []


def tracks(n):
    ids = [*(track_id(k) for k in range(n)), "local:1", "ghost:0001"]
    return as_tracks(pd.DataFrame({"track_id": ids}), "test")


def test_nothing_is_sent_before_it_is_allowed(server):
    source = ReccoBeats(url=server.url)
    request = source.request(tracks(100))
    assert (request.host, request.n_ids, request.n_calls) == ("127.0.0.1", 100, 3)
    assert "would receive 100 Spotify track ids in 3 calls" in str(request)
    with pytest.raises(InputError, match="Allow it first"):
        source.look_up(tracks(100))
    assert server.calls == []


def test_forty_ids_a_call_mapped_by_address(server):
    server.unknown = {track_id(7)}
    found = ReccoBeats(100, server.url).look_up(tracks(100))
    assert [len(call) for call in server.calls] == [40, 40, 20]
    assert len(found) == 99
    assert "9" * 22 not in found.index
    assert found.loc[track_id(42), "energy"] == 0.042
    assert found.loc[track_id(42), "key"] == 5
    assert found["match"].eq("id").all()


def test_made_up_and_invented_ids_never_leave(server):
    ReccoBeats(1, server.url).look_up(tracks(1))
    assert server.calls == [[track_id(0)]]


def test_a_short_pause_is_kept(server, waits):
    server.faults = [(429, {"Retry-After": "2"}, b""), (503, {}, b"oops")]
    found = ReccoBeats(1, server.url, waits.append).look_up(tracks(1))
    assert len(found) == 1
    assert waits == [2.0, 1.0]


@pytest.mark.parametrize(
    ("fault", "note"),
    [
        ((429, {"Retry-After": "4000"}, b""), "asks for a pause of 4,000 s; 40 of 100 ids asked"),
        ((403, {}, b""), "refused \\(status 403\\)"),
        ((302, {"Location": "http://elsewhere.example/"}, b""), "refused \\(status 302\\)"),
        ((200, {}, b"<html>"), "no JSON"),
        ((200, {}, b"[]"), "another form"),
    ],
)
def test_what_arrived_is_kept_when_it_stops(server, waits, fault, note):
    source = ReccoBeats(100, server.url, waits.append)
    source.look_up(tracks(40))
    server.calls.clear()
    server.faults = []
    good = (200, {}, json.dumps({"content": [
        {"id": "u", "href": f"https://open.spotify.com/track/{track_id(1)}", **FEATURES}
    ]}).encode())  # fmt: skip
    server.faults = [good, fault]
    found = source.look_up(tracks(100))
    assert len(found) == 1
    assert len(server.calls) == 2
    assert pd.Series(source.notes).str.contains(note).all()
    assert len(source.notes) == 1


@pytest.mark.parametrize("header", ["abc", None, "-3"])
def test_an_unreadable_pause_is_a_short_one(server, waits, header):
    server.faults = [(429, {"Retry-After": header} if header else {}, b"")]
    assert len(ReccoBeats(1, server.url, waits.append).look_up(tracks(1))) == 1
    assert 0 <= waits[0] <= 5


def test_a_service_that_is_away_is_told(waits):
    source = ReccoBeats(1, "http://127.0.0.1:9", waits.append)
    assert len(source.look_up(tracks(1))) == 0
    assert "did not answer" in source.notes[0]


def test_it_is_a_source_of_the_chain(server):
    resolved = resolve(tracks(3), [ReccoBeats(3, server.url)])
    assert resolved.tracks["provenance"].tolist()[:3] == ["r" * 9] * 3
    assert len(resolved.found) == 3
