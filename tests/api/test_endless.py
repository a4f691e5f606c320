"""Endless music over HTTP: a real server, several listeners, and a house that can be full."""

from __future__ import annotations

import struct
import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest
import requests
import uvicorn

from api.app import create_api
from api.endless import PATH
from studio import radio as air
from studio import services

SECOND = 4 * air.SAMPLE_RATE  # bytes of 16-bit stereo


@pytest.fixture
def url() -> Iterator[str]:
    services.radio.cache_clear()
    config = uvicorn.Config(
        create_api(), "127.0.0.1", 0, log_config=None, ws="none", lifespan="off"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}{PATH}"
    server.force_exit = True  # no listener is waited for
    server.should_exit = True
    thread.join()


def tune_in(url: str, **query: object) -> requests.Response:
    return requests.get(url, params=query, stream=True, timeout=20)


def heard(answer: requests.Response, n_bytes: int, header: int = 44) -> bytes:
    """The first bytes of a stream, without its header."""
    out = b""
    while len(out) < n_bytes + header and (piece := answer.raw.read(8192)):
        out += piece
    return out[header : n_bytes + header]


def settles(condition, seconds=10.0) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def test_it_is_a_wav_file_that_any_player_opens_and_it_sounds(url):
    with tune_in(url, say="ambient") as answer:
        assert answer.headers["Content-Type"] == "audio/wav"
        whole = heard(answer, 4 * SECOND + 44, header=0)
        head = whole[:44]
        assert head[:4] == b"RIFF"
        assert struct.unpack("<HHI", head[20:28]) == (1, 2, air.SAMPLE_RATE)
        sound = np.frombuffer(whole[44:], "<i2")
        assert np.abs(sound).max() > 1_000


def test_it_goes_on_at_the_pace_of_the_clock(url):
    with tune_in(url, say="lullaby") as answer:
        start = time.monotonic()
        heard(answer, round((air.AHEAD_S + 2) * SECOND))
        assert 1.0 < time.monotonic() - start < 15.0


def test_listeners_of_one_address_share_one_render(url):
    with tune_in(url, say="dub") as one, tune_in(url, say="dub") as two:
        assert heard(one, 2 * SECOND) == heard(two, 2 * SECOND)
        assert (services.radio().listeners, services.radio().on_air) == (2, 1)


def test_who_hangs_up_frees_the_place_and_the_last_stops_the_render(url):
    with tune_in(url, say="dub") as answer:
        heard(answer, SECOND)
        assert services.radio().listeners == 1
    assert settles(lambda: services.radio().listeners == 0)
    assert settles(lambda: not any(t.name == "radio" for t in threading.enumerate()))


def test_a_full_house_says_so_and_opens_again(url):
    styles = ["dub", "waltz", "techno", "ambient"][: air.MAX_STATIONS]
    held = [tune_in(url, say=style) for style in styles]
    refused = tune_in(url, say="tango")
    assert refused.status_code == 503
    assert "on air" in refused.json()["detail"]
    assert refused.headers["Retry-After"] == "60"
    held.pop().close()
    assert settles(lambda: tune_in(url, say="tango").status_code == 200)
    for answer in held:
        answer.close()


def test_more_listeners_than_places_are_refused(url):
    held = [tune_in(url, say="dub") for _ in range(air.MAX_LISTENERS)]
    assert {answer.status_code for answer in held} == {200}
    assert tune_in(url, say="dub").status_code == 503
    for answer in held:
        answer.close()
    assert settles(lambda: services.radio().listeners == 0)


def test_a_station_keeps_a_minute_whatever_its_listeners_do(url):
    """One never reads: the render goes on for the others, and nothing piles up."""
    with tune_in(url, say="dub"), tune_in(url, say="dub") as keen:
        heard(keen, 14 * SECOND)
        (station,) = services.radio()._stations.values()
        assert len(station.chunks) <= air.KEPT_S / air.CHUNK_S
        assert station.made * air.CHUNK_S < air.AHEAD_S + 20


def test_a_vibe_from_a_link_plays(url):
    from music.vibe import Vibe

    link = Vibe.of({"energy": 0.2}, ["gamelan"]).to_text()
    with tune_in(url, vibe=link) as answer:
        assert len(heard(answer, SECOND)) == SECOND


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ({"say": " "}, "Say what it should sound like"),
        ({"say": "a" * 10_000}, "10,000"),
        ({"vibe": "nonsense"}, "vibe"),
    ],
)
def test_what_cannot_be_played_is_refused_with_a_sentence(url, query, words):
    answer = tune_in(url, **query)
    assert answer.status_code == 422
    assert words in answer.json()["detail"]


def test_too_many_vibes_at_once_are_refused(url):
    assert tune_in(url, say=["dub"] * 9).status_code == 422


def test_a_slow_listener_skips_ahead_and_hears_no_chunk_twice():
    station = air.Station(b"", iter(()))
    for i in range(300):
        station.chunks.append(bytes([i % 256]))
        station.made += 1
    found, place = station.since(10, 4)
    assert place == 300 - len(station.chunks) + 4
    again, _ = station.since(place, 4)
    assert not set(found) & set(again)
