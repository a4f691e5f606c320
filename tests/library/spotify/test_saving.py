"""A saved playlist holds every track exactly once, in order, whatever fails on the way."""

from __future__ import annotations

import os

import pytest

from library.auth import READ_SCOPES
from library.saving import plan_playlist
from music.errors import InputError, NotFoundError, RateLimitedError, SignInError, SpotifyError
from tests.spotify_simulator import Answer, Request, Row, World
from tests.spotify_simulator.answers import text
from tests.spotify_simulator.faults import applied_then_reset
from tests.spotify_simulator.house import House

PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
EDGES = (1, 100, 101, 250, 1000)
# In full: every length once, each number of chunks with a failure at every position.
BLOCKS = [range(n, n + 100) for n in range(1, 1001, 100)]
EVERY = [(53, block) for block in BLOCKS]
SOME = [(f, block[::50]) for f in (52, applied_then_reset) for block in BLOCKS]
CASES = EVERY + SOME if PROOF else [(f, EDGES) for f in (52, 53, applied_then_reset)]


def songs(house: House, n: int) -> list[str]:
    """Track ids; every seventh song comes twice in the end."""
    numbers = [*range(n - n // 7), *range(n // 7)]
    return [house.simulator.world.song(i).id for i in numbers]


def written(house: House, playlist_id: str) -> list[str]:
    """What stands in a playlist at Spotify."""
    return [row.uri[14:] for row in house.simulator.world.playlists[playlist_id].rows]


def positions(n: int) -> list[int]:
    """At which writes a save of n tracks shall fail: 1 is the creation, then each chunk.

    Lengths around a whole number of chunks and those of the quick run try all; in full the others
    take turns.
    """
    n_writes = 1 + -(-n // 100)
    if n % 100 in (0, 1, 50, 99) or n in EDGES:
        return list(range(1, n_writes + 1))
    return [1 + n % n_writes]


def half_applied(request: Request, proceed) -> Answer:
    """Only the first half of a chunk goes in before the server dies."""
    import json
    from dataclasses import replace

    world: World = half_applied.world
    uris = request.json()
    if isinstance(uris, list):
        playlist = world.playlists[request.path.split("/")[3]]
        part = replace(request, body=json.dumps(uris[: len(uris) // 2]).encode())
        world.insert(playlist, part.json(), int(part.query["position"]))
    return text(502, "Bad gateway")


def test_the_dry_run_says_what_would_happen():
    plan = plan_playlist("  Rainy\nnight ", ["a" * 22, "spotify:local:B:A:S:9", "demo:7", "b" * 22])
    assert plan.name == "Rainy night"
    assert plan.uris == ("spotify:track:" + "a" * 22, "spotify:track:" + "b" * 22)
    assert [left.track_id for left in plan.left_out] == ["spotify:local:B:A:S:9", "demo:7"]
    assert (
        str(plan) == "2 tracks go into a new playlist 'Rainy night'; 2 cannot. 3 calls to Spotify."
    )


@pytest.mark.parametrize(
    ("name", "tracks", "sentence"),
    [
        (" \n", ["a" * 22], "needs a name"),
        ("x", ["demo:1"], "nothing to save"),
        ("x", [], "nothing to save"),
        ("x", ["a" * 22] * 10_001, "10,001"),
    ],
)
def test_what_cannot_be_saved_is_said_before(name, tracks, sentence):
    with pytest.raises(InputError, match=sentence):
        plan_playlist(name, tracks)


def test_a_playlist_costs_what_the_plan_says(house):
    house.service.me(house.visitor)
    plan = plan_playlist("Mine", songs(house, 250))
    before = len(house.simulator.calls("/v1/"))
    saved = house.service.save(house.visitor, plan)
    assert len(house.simulator.calls("/v1/")) - before == plan.n_calls == 1 + 3 + 5
    assert written(house, saved.playlist_id) == songs(house, 250)
    assert saved.link == f"https://open.spotify.com/playlist/{saved.playlist_id}"
    assert [save.state for save in house.service.saves(house.visitor)] == ["done"]
    assert house.simulator.world.playlists[saved.playlist_id].public is False


@pytest.mark.proof
@pytest.mark.parametrize(("fault", "lengths"), [*CASES, (half_applied, EDGES)])
def test_exactly_once_under_a_failure_at_every_batch_position(house, fault, lengths):
    half_applied.world = house.simulator.world
    for n in lengths:
        house.visitor = house.sign_in()  # days pass, and a sign-in lasts half a year
        house.service.me(house.visitor)
        tracks = songs(house, n)
        for position in positions(n):
            house.clock.advance(days=1)  # a new day's budget of calls
            house.simulator.inject(fault, "/playlists", method="POST", nth=position)
            made = house.simulator.world.n_created
            saved = house.service.save(house.visitor, plan_playlist("Mine", tracks))
            assert written(house, saved.playlist_id) == tracks, (n, position)
            assert saved.n_tracks == n
            assert house.simulator.world.n_created == made + 1
            house.simulator.heal()


def test_after_a_lost_answer_we_wait_a_moment_before_we_look(house):
    house.simulator.inject(applied_then_reset, "/items", method="POST")
    house.service.save(house.visitor, plan_playlist("Mine", songs(house, 10)))
    assert house.clock.slept == [2.0]


@pytest.mark.parametrize("nth", [1, 2, 3, 4])
def test_a_save_that_gives_up_can_be_resumed_by_another_process(house, nth):
    house.simulator.inject(53, "/playlists", method="POST", nth=nth)
    house.simulator.inject(52, "/playlists", method="GET", times=99)
    tracks = songs(house, 250)
    with pytest.raises(SpotifyError):
        house.service.save(house.visitor, plan_playlist("Mine", tracks))
    house.simulator.heal()
    (interrupted,) = house.service.saves(house.visitor)
    assert interrupted.state in ("creating", "filling")
    saved = house.restarted().resume_save(house.visitor, interrupted.save_id)
    assert written(house, saved.playlist_id) == tracks
    assert house.simulator.world.n_created == 1


def test_a_pause_in_the_middle_is_told_and_resumed(house):
    tracks = songs(house, 450)
    house.simulator.inject(19, "/items", method="POST", nth=3)
    with pytest.raises(RateLimitedError):
        house.service.save(house.visitor, plan_playlist("Mine", tracks))
    house.clock.advance(days=1)
    (save,) = house.service.saves(house.visitor)
    saved = house.service.resume_save(house.visitor, save.save_id)
    assert written(house, saved.playlist_id) == tracks


def test_a_resumed_save_that_is_done_changes_nothing(house):
    saved = house.service.save(house.visitor, plan_playlist("Mine", songs(house, 30)))
    again = house.service.resume_save(house.visitor, saved.save_id)
    assert again == saved
    assert len(written(house, saved.playlist_id)) == 30


def test_if_somebody_else_changes_the_playlist_we_add_no_more(house):
    world = house.simulator.world

    def meddle(request: Request, proceed) -> Answer:
        ident = request.path.split("/")[3]
        world.playlists[ident].rows.insert(0, Row(world.song(77).uri, None))
        return text(502, "Bad gateway")

    house.simulator.inject(meddle, "/items", method="POST", nth=2)
    with pytest.raises(SpotifyError, match="changed by somebody else"):
        house.service.save(house.visitor, plan_playlist("Mine", songs(house, 150)))


def test_what_reads_back_wrong_is_told(house):
    world = house.simulator.world

    def swallow(request: Request, proceed) -> Answer:
        answer = proceed()
        world.playlists[request.path.split("/")[3]].rows.pop()
        return answer

    house.simulator.inject(swallow, "/items", method="POST")
    with pytest.raises(SpotifyError, match="has 29 tracks where 30 were written"):
        house.service.save(house.visitor, plan_playlist("Mine", songs(house, 30)))


def test_a_track_that_spotify_replaced_is_counted(house):
    world = house.simulator.world

    def relink(request: Request, proceed) -> Answer:
        answer = proceed()
        world.playlists[request.path.split("/")[3]].rows[4] = Row(world.song(500).uri, None)
        return answer

    house.simulator.inject(relink, "/items", method="POST")
    saved = house.service.save(house.visitor, plan_playlist("Mine", songs(house, 30)))
    assert (saved.n_tracks, saved.n_different) == (30, 1)


@pytest.mark.parametrize("fault", [None, 52, 53, applied_then_reset])
def test_undo_takes_it_back(house, fault):
    saved = house.service.save(house.visitor, plan_playlist("Mine", songs(house, 30)))
    if fault is not None:
        house.simulator.inject(fault, "/me/library", method="DELETE")
    house.service.undo_save(house.visitor, saved.save_id)
    assert saved.playlist_id not in house.simulator.world.users["ada"].playlist_ids
    house.service.undo_save(house.visitor, saved.save_id)
    assert len(house.service.saves(house.visitor)) == 1
    with pytest.raises(InputError, match="taken back"):
        house.service.resume_save(house.visitor, saved.save_id)


def test_undo_of_nothing_says_so(house):
    house.service.me(house.visitor)
    with pytest.raises(NotFoundError, match="no such save"):
        house.service.undo_save(house.visitor, "nothing")


def test_nothing_is_written_without_the_users_word(house):
    reader = house.sign_in(scopes=READ_SCOPES)
    with pytest.raises(SignInError, match="Agree to playlists"):
        house.service.save(reader, plan_playlist("Mine", songs(house, 3)))
    assert house.simulator.calls(method="POST", path="/v1/") == []
