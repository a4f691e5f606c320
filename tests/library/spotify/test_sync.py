"""A sync costs few calls, goes on where it ended, and shows old lists or new ones, never a mix."""

from __future__ import annotations

from concurrent.futures import CancelledError

import pytest

from music.errors import RateLimitedError, SpotifyError
from music.features import FEATURE_COLUMNS
from music.tracks import COLUMNS
from tests.spotify_simulator import Row, World
from tests.spotify_simulator.house import House
from tests.spotify_simulator.world import stamp

SAVED = "/v1/me/tracks"


def sync_ok(house: House):
    """A sync that has to finish."""
    report = house.service.sync(house.visitor)
    assert report.finished, report
    return report


def liked(house: House) -> list[str]:
    """The saved tracks as we have them, in order."""
    return list(house.service.library(house.visitor).playlist("liked").index)


def really_liked(house: House) -> list[str]:
    """The saved tracks as Spotify has them."""
    return [
        row.uri.removeprefix("spotify:track:") for row in house.simulator.world.users["ada"].saved
    ]


def like(house: House, number: int, at: str = "2026-11-20T10:00:00Z") -> None:
    """Ada saves a song."""
    song = house.simulator.world.song(number)
    house.simulator.world.users["ada"].saved.insert(0, Row(song.uri, at))


def test_five_thousand_tracks_and_a_hundred_playlists_cost_311_calls_and_then_4(make_house):
    house = make_house(World.large())
    began = house.clock()
    first = sync_ok(house)
    assert (first.n_calls, first.n_read) == (311, 101)
    library = house.service.library(house.visitor)
    assert len(library) == 5000
    assert len(library.entries) == 5000 + 100 * 80 + 3 * 50
    assert len(library.plays) == 50
    assert house.clock() - began <= 180, "at two calls a second"
    assert max(house.clock.slept) <= 30
    second = sync_ok(house)
    assert (second.n_calls, second.n_unchanged, second.n_read) == (4, 101, 0)
    house.clock.advance(days=8)
    assert sync_ok(house).n_calls <= 10, "also in a week when the top lists are due"
    assert liked(house) == really_liked(house)


@pytest.mark.parametrize("tier", ["dev2026", "devlegacy", "extended"])
def test_every_tier_gives_the_same_library(make_house, tier):
    house = make_house(tier=tier)
    report = sync_ok(house)
    library = house.service.library(house.visitor)
    assert tuple(library.tracks.columns) == COLUMNS
    assert len(library) == 120
    assert report.n_closed == 2  # two of six playlists are only followed
    assert set(library.tracks["origin"]) == {"spotify-api"}
    assert set(library.playlists["origin"]) == {"spotify-api"}
    song = house.simulator.world.song(8)
    row = library.tracks.loc[song.id]
    assert (row["name"], row["artists"], row["year"]) == (song.title, song.artist, song.year)
    assert row["isrc"] == "XXGHO0000008"


def test_the_order_of_every_list_is_spotifys(house):
    sync_ok(house)
    library = house.service.library(house.visitor)
    assert liked(house) == really_liked(house)
    for ident, playlist in house.simulator.world.playlists.items():
        if playlist.owner == "ada":
            assert list(library.playlist(ident).index) == [row.uri[14:] for row in playlist.rows]


def test_newly_saved_tracks_cost_one_call(house):
    sync_ok(house)
    for number in (900, 901):
        like(house, number)
    assert sync_ok(house).n_calls == 3
    assert liked(house) == really_liked(house)
    assert len(liked(house)) == 122


def test_more_new_tracks_than_a_page(house):
    sync_ok(house)
    for number in range(900, 1010):
        like(house, number)
    assert sync_ok(house).n_calls == 5
    assert liked(house) == really_liked(house)


@pytest.mark.parametrize("also_new", [False, True])
def test_a_track_that_is_no_longer_saved_goes(house, also_new):
    sync_ok(house)
    del house.simulator.world.users["ada"].saved[70]
    if also_new:
        like(house, 900)
    sync_ok(house)
    assert liked(house) == really_liked(house)
    library = house.service.library(house.visitor)
    assert set(library.tracks.index) == set(library.entries["track_id"]) | set(
        library.plays["track_id"]
    )


def test_a_track_saved_again_moves_to_the_top(house):
    sync_ok(house)
    saved = house.simulator.world.users["ada"].saved
    saved.insert(0, Row(saved.pop(60).uri, "2026-11-20T10:00:00Z"))
    sync_ok(house)
    assert liked(house) == really_liked(house)


def test_a_changed_playlist_is_read_again_and_no_other(house):
    sync_ok(house)
    world = house.simulator.world
    changed, gone = world.users["ada"].playlist_ids[:2]
    world.insert(world.playlists[changed], [world.song(950).uri], 0)
    world.users["ada"].playlist_ids.remove(gone)
    world.playlists[world.users["ada"].playlist_ids[1]].name = "Renamed"
    before = len(house.simulator.requests)
    assert sync_ok(house).n_read == 1
    read = {r.path for r in house.simulator.requests[before:] if r.path.endswith("/items")}
    assert read == {f"/v1/playlists/{changed}/items"}
    library = house.service.library(house.visitor)
    assert len(library.playlist(changed)) == 61
    assert gone not in set(library.playlists["playlist_id"])
    assert "Renamed" in set(library.playlists["name"])


def test_a_followed_playlist_is_read_once_it_may_be(house):
    world = house.simulator.world
    followed = str(world.users["ada"].playlist_ids[5])
    assert sync_ok(house).n_closed == 2
    assert followed not in set(house.service.library(house.visitor).playlists["playlist_id"])
    world.playlists[followed].collaborative = True
    assert sync_ok(house).n_closed == 1
    assert len(house.service.library(house.visitor).playlist(followed)) == 60
    world.playlists[followed].collaborative = False
    assert sync_ok(house).n_closed == 2
    assert house.service.library(house.visitor).playlist(followed).empty


def test_a_burst_is_free_and_a_stream_keeps_to_two_calls_a_second(house):
    client = house.service.client(house.visitor)
    began = house.clock()
    times = []
    for _ in range(200):
        client.me()
        times.append(house.clock() - began)
    assert times[59] == 0
    busiest = max(sum(start <= t < start + 30 for t in times) for start in times)
    assert busiest <= 60


def test_a_playlist_that_changes_under_our_hands_is_read_once_more(house):
    world = house.simulator.world
    playlist = world.playlists[world.users["ada"].playlist_ids[0]]

    def meanwhile(request, proceed):
        world.insert(playlist, [world.song(950).uri], 0)
        return proceed()

    house.simulator.inject(meanwhile, f"{playlist.id}/items", nth=2)
    sync_ok(house)
    rows = house.service.library(house.visitor).playlist(playlist.id)
    assert list(rows.index) == [row.uri[14:] for row in playlist.rows]


@pytest.mark.parametrize("change", ["added", "removed", "both"])
def test_saved_tracks_that_change_under_our_hands(house, change):
    def meanwhile(request, proceed):
        if change != "removed":
            like(house, 950)
        if change != "added":
            del house.simulator.world.users["ada"].saved[
                10 : 10 + (1 if change == "removed" else 2)
            ]
        return proceed()

    house.simulator.inject(meanwhile, SAVED, nth=2)
    sync_ok(house)
    sync_ok(house)
    assert liked(house) == really_liked(house)


@pytest.mark.parametrize("n_pages", range(1, 14))
def test_a_pause_at_any_call_loses_no_page(house, n_pages):
    house.simulator.inject(19, "/v1/", nth=n_pages)
    report = house.service.sync(house.visitor)
    assert isinstance(report.error, RateLimitedError)
    n_before = len(house.simulator.calls("/v1/"))
    assert n_before == n_pages
    house.clock.advance(seconds=48_926)
    service = house.restarted()
    assert service.sync(house.visitor).finished
    # 21 calls, the one that was refused, and two looks whether the half day changed anything.
    assert len(house.simulator.calls("/v1/")) <= 21 + 1 + 2
    assert liked(house) == really_liked(house)
    assert len(house.service.library(house.visitor).playlists) == 4 + 1 + 3


def test_what_changed_during_a_pause_is_right_too(house):
    house.simulator.inject(19, SAVED, nth=2)
    house.service.sync(house.visitor)
    like(house, 950)
    del house.simulator.world.users["ada"].saved[20]
    house.clock.advance(days=1)
    sync_ok(house)
    sync_ok(house)
    assert liked(house) == really_liked(house)


def test_while_a_list_is_read_again_the_old_one_stands(house):
    sync_ok(house)
    old = liked(house)
    del house.simulator.world.users["ada"].saved[0]
    house.simulator.inject(19, SAVED, nth=3)  # one to look, then the full reading
    assert not house.service.sync(house.visitor).finished
    assert liked(house) == old
    house.clock.advance(days=1)
    sync_ok(house)
    assert liked(house) == really_liked(house)


def test_a_reader_may_cancel_and_go_on(house):
    def stop(share: float, text: str) -> None:
        if "saved" in text:
            raise CancelledError

    with pytest.raises(CancelledError):
        house.service.sync(house.visitor, progress=stop)
    assert len(liked(house)) == 50
    sync_ok(house)
    assert liked(house) == really_liked(house)


def test_progress_rises_to_one(house):
    shares: list[float] = []
    house.service.sync(house.visitor, progress=lambda share, text: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    assert all(0 <= share <= 1 for share in shares)


def test_an_error_stops_the_sync_with_its_sentence(house):
    house.simulator.inject(52, SAVED, times=9)
    report = house.service.sync(house.visitor)
    assert isinstance(report.error, SpotifyError)
    assert "Not finished: Spotify gave an error (502) three times" in str(report)


def test_genres_come_from_the_most_played_artists_where_spotify_says_any(make_house):
    house = make_house(tier="extended")
    sync_ok(house)
    genres = house.service.library(house.visitor).tracks["genres"].dropna()
    assert set(genres) == {"harbour pop", "harbour pop; tin folk"}


def test_two_listeners_share_nothing(house):
    ben = house.sign_in("ben")
    sync_ok(house)
    assert house.service.sync(ben).finished
    mine, his = house.service.library(house.visitor), house.service.library(ben)
    assert (len(mine), len(his)) == (120, 30)
    assert not set(mine.tracks.index) & set(his.tracks.index)


def test_dates_are_utc(house):
    sync_ok(house)
    entries = house.service.library(house.visitor).entries
    first = entries[entries["playlist_id"] == "liked"].iloc[0]
    assert f"{first['added_at']:%Y-%m-%dT%H:%M:%SZ}" == stamp(0)


def test_an_app_without_audio_features_asks_once_a_sign_in(house):
    for days in (0, 30):
        house.clock.advance(days=days)
        like(house, 900 + days)
        sync_ok(house)
        assert len(house.simulator.calls("/v1/audio-features")) == 1
    house.visitor = house.sign_in()
    sync_ok(house)
    assert len(house.simulator.calls("/v1/audio-features")) == 2


def test_an_old_app_gets_audio_features_and_asks_for_each_track_once(make_house):
    house = make_house(tier="extended")
    sync_ok(house)
    tracks = house.service.library(house.visitor).tracks
    assert tracks[list(FEATURE_COLUMNS)].notna().all(axis=None)
    assert set(tracks["provenance"]) == {"s" * 9}
    n_calls = len(house.simulator.calls("/v1/audio-features"))
    assert n_calls == -(-len(tracks) // 100)
    like(house, 900)
    sync_ok(house)
    assert len(house.simulator.calls("/v1/audio-features")) == n_calls + 1
    house.service.disconnect(house.visitor)
    assert sum(house.shelf.n_rows().values()) == 0
