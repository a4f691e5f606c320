"""ReccoBeats is asked only when allowed, politely, and its rows are known by their address."""

import json
from concurrent.futures import CancelledError

import pandas as pd
import pytest

from library.reccobeats import ReccoBeats
from library.resolve import resolve
from music.errors import InputError
from music.tracks import as_tracks
from tests.library.files import track_id
from tests.library.reccobeats_server import FEATURES, serving


@pytest.fixture
def server():
    with serving() as server:
        yield server


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


def test_it_tells_how_far_it_is_and_stops_when_told(server):
    said = []
    ReccoBeats(100, server.url, progress=lambda share, text: said.append((share, text))).look_up(
        tracks(100)
    )
    assert said == [(0.0, "127.0.0.1: 0 of 100 ids"), (0.4, "127.0.0.1: 40 of 100 ids"),
                    (0.8, "127.0.0.1: 80 of 100 ids")]  # fmt: skip

    def stop(share, text):
        raise CancelledError

    server.calls.clear()
    with pytest.raises(CancelledError):
        ReccoBeats(100, server.url, progress=stop).look_up(tracks(100))
    assert server.calls == []


def test_it_is_a_source_of_the_chain(server):
    resolved = resolve(tracks(3), [ReccoBeats(3, server.url)])
    assert resolved.tracks["provenance"].tolist()[:3] == ["r" * 9] * 3
    assert len(resolved.found) == 3
