"""A terminal signs in through the dashboard's own address, once, and keeps its secret to itself."""

import json
import socket
import stat
import threading
import time

import pandas as pd
import pytest
import requests
from typer.testing import CliRunner

import cli
from music.errors import InputError, SignInError
from music.tracks import Library, as_tracks
from studio import services
from studio.settings import settings
from studio.terminal_sign_in import FILE, visitor
from tests.spotify_simulator import Simulator
from tests.spotify_simulator.accounts import CLIENT_ID


@pytest.fixture
def town(monkeypatch):
    """Settings that point at a pretend Spotify, and a free port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with Simulator(clock=time.time) as simulator:
        monkeypatch.setenv("GHOSTNOTES_PORT", str(port))
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_CLIENT_ID", CLIENT_ID)
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_ACCOUNTS_URL", simulator.url)
        monkeypatch.setenv("GHOSTNOTES_SPOTIFY_API_URL", f"{simulator.url}/v1/")
        for service in (settings, services.store, services.vault):
            service.cache_clear()
        simulator.accounts.who = "ada"
        yield simulator
        for service in (settings, services.store, services.vault):
            service.cache_clear()


def browser(url: str) -> None:
    """Somebody opens the address, agrees, and is sent back."""
    threading.Thread(target=requests.get, args=(url,), kwargs={"timeout": 10}).start()


def test_signing_in_once_is_enough(town):
    told: list[str] = []

    def tell(url: str) -> None:
        told.append(url)
        browser(url)

    first = visitor(tell, 20)
    assert services.spotify().connection(first).may_write
    assert visitor(tell, 20) == first
    assert len(told) == 1
    mode = (settings().home / FILE).stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_a_sentence_becomes_a_playlist_on_spotify(town):
    visitor(browser, 20)
    songs = [town.world.song(i) for i in range(30)]
    frame = pd.DataFrame(
        {
            "track_id": [s.id for s in songs], "name": [s.title for s in songs],
            "artists": [s.artist for s in songs], "genres": "techno",
        }
    )  # fmt: skip
    services.store().save_library(services.ME, Library(as_tracks(frame, "exportify")))
    done = CliRunner().invoke(cli.app, ["playlist", "twelve techno songs", "--create", "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    made = next(p for p in town.world.playlists.values() if told["link"].endswith(p.id))
    assert [row.uri[14:] for row in made.rows] == [row["track_id"] for row in told["tracks"]]


def test_nobody_who_comes_back_is_an_answer(town):
    with pytest.raises(SignInError, match="nothing was created"):
        visitor(lambda url: None, 0.2)


def test_a_port_that_is_taken_says_so(town):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", settings().port))
        taken.listen()
        with pytest.raises(InputError, match="is taken"):
            visitor(lambda url: None, 1)


def test_without_a_client_id_nothing_is_tried(monkeypatch):
    monkeypatch.delenv("GHOSTNOTES_SPOTIFY_CLIENT_ID", raising=False)
    for service in (settings, services.store, services.vault):
        service.cache_clear()
    with pytest.raises(InputError, match="client id"):
        visitor(lambda url: None, 1)
