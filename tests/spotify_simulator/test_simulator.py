"""The pretend Spotify is strict where the real one is, and starts by hand."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import requests

from tests.spotify_simulator import FAULTS, FakeClock, Simulator
from tests.spotify_simulator.accounts import CLIENT_ID, SCOPES, Grant

ROOT = Path(__file__).parents[2]


@pytest.fixture
def simulator():
    with Simulator(clock=FakeClock()) as simulator:
        simulator.accounts.access["token"] = Grant("ada", CLIENT_ID, SCOPES, float("inf"), 0.0)
        yield simulator


def get(simulator: Simulator, path: str, **headers: str) -> requests.Response:
    headers = headers or {"Authorization": "Bearer token"}
    return requests.get(simulator.url + path, headers=headers, timeout=5)


def test_there_are_57_faults_each_with_a_title():
    assert list(FAULTS) == list(range(1, 58))
    assert all(fault.title for fault in FAULTS.values())


def test_without_a_token_nothing_is_told(simulator):
    assert get(simulator, "/v1/me", Authorization="Bearer guess").status_code == 401
    assert get(simulator, "/v1/me", Accept="*/*").status_code == 401


def test_the_new_tier_keeps_its_doors_closed(simulator):
    playlist = simulator.world.users["ada"].playlist_ids[5]
    for path in ("/v1/audio-features?ids=a", "/v1/tracks?ids=a", f"/v1/playlists/{playlist}/items"):
        assert get(simulator, path).status_code == 403, path
    assert get(simulator, "/v1/search?q=x&limit=11").json()["error"]["message"] == "Invalid limit"
    assert "items" not in get(simulator, f"/v1/playlists/{playlist}").json()
    assert get(simulator, "/v1/nowhere").status_code == 404


def test_a_fault_strikes_where_and_as_often_as_told(simulator):
    simulator.inject(52, "/v1/me$", nth=2, times=2)
    statuses = [get(simulator, "/v1/me").status_code for _ in range(4)]
    assert statuses == [200, 502, 502, 200]
    assert get(simulator, "/v1/me/tracks").status_code == 200
    assert len(simulator.calls("/v1/me$")) == 4


def test_faults_that_strike_together_are_all_felt(simulator):
    simulator.inject(34, "/v1/me/tracks")
    simulator.inject(38, "/v1/me/tracks")
    first = get(simulator, "/v1/me/tracks").json()["items"][0]
    assert first == {"added_at": None, "track": None}


def test_people_choose_who_they_are(simulator):
    simulator.accounts.who = None
    back = "http://127.0.0.1:8501/callback"
    query = {
        "client_id": CLIENT_ID, "redirect_uri": back, "response_type": "code", "state": "s",
        "code_challenge_method": "S256", "code_challenge": "c",
    }  # fmt: skip
    page = requests.get(f"{simulator.url}/authorize", params=query, timeout=5)
    assert "Agree as Ada" in page.text
    assert "Cancel" in page.text
    no = requests.get(
        f"{simulator.url}/authorize",
        params={**query, "sim_user": ""},
        allow_redirects=False,
        timeout=5,
    )
    assert no.headers["Location"] == f"{back}?error=access_denied&state=s"


def test_it_starts_by_hand():
    command = [
        sys.executable,
        "-m",
        "tests.spotify_simulator",
        "--port",
        "0",
        "--fault",
        "16:/v1/me:2",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        url = first.split(" at ")[1].split(". ")[0]
        assert requests.get(f"{url}/v1/me", timeout=5).status_code == 401
        line = next(line for line in process.stdout if line.strip().endswith("make run"))
        told = dict(word.split("=", 1) for word in line.split()[:-2])
        assert told.pop("GHOSTNOTES_SPOTIFY_CLIENT_ID") == CLIENT_ID
        assert set(told.values()) == {url, f"{url}/v1/"}
        process.terminate()
    help_text = subprocess.run(
        [*command, "--help"], capture_output=True, text=True, cwd=ROOT, check=True
    ).stdout
    assert "429 QUOTA_EXCEEDED" in help_text
