"""Faults of data and transport: dirt is kept out, counts add up, a write happens once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from library.saving import plan_playlist
from music.errors import InputError, SpotifyError
from tests.spotify_simulator import FAULTS, World
from tests.spotify_simulator.faults import HOSTILE, applied_then_reset
from tests.spotify_simulator.house import House

SAVED = "/v1/me/tracks"
ITEMS = "/v1/playlists/.*/items"


def n_entries(house: House, playlist: str) -> int:
    entries = house.service.library(house.visitor).entries
    return int((entries["playlist_id"] == playlist).sum())


def first_list(house: House) -> str:
    """The first playlist of Ada; 60 rows, so two pages."""
    return str(house.simulator.world.users["ada"].playlist_ids[0])


def test_every_fault_has_its_test():
    here = Path(__file__).parent
    texts = [path.read_text() for path in here.glob("test_faults_*.py")]
    names = re.findall(r"def test_fault_(\w+)", "\n".join(texts))
    numbers = {int(n) for name in names for n in re.findall(r"(?<!\d)(\d\d)(?!\d)", name)}
    assert numbers == set(FAULTS) == set(range(1, 58))


@pytest.mark.parametrize("number", [31, 32])
@pytest.mark.parametrize("tier", ["dev2026", "devlegacy", "extended"])
def test_fault_31_and_32_a_row_is_read_in_either_form(make_house, tier, number):
    house = make_house(tier=tier)
    house.simulator.inject(number, ITEMS, times=99)
    assert house.service.sync(house.visitor).finished
    assert n_entries(house, first_list(house)) == 60


def test_fault_33_a_null_playlist_is_no_playlist(house):
    house.simulator.inject(33, "/v1/me/playlists", times=9)
    report = house.service.sync(house.visitor)
    assert report.finished
    playlists = house.service.library(house.visitor).playlists
    assert len(playlists) == 3 + 1 + 3  # one of four is null; liked; three top lists


@pytest.mark.parametrize("number", [34, 36])
def test_fault_34_and_36_gone_tracks_and_episodes_count_but_are_no_tracks(house, number):
    house.simulator.inject(number, f"{first_list(house)}/items")
    assert house.service.sync(house.visitor).finished
    assert n_entries(house, first_list(house)) == 59
    house.simulator.heal()
    n_calls = house.service.sync(house.visitor).n_calls
    assert n_calls <= 4, "the count still adds up, so nothing is read again"


def test_fault_35_a_local_file_is_kept_by_its_uri(house):
    house.simulator.inject(35, f"{first_list(house)}/items")
    assert house.service.sync(house.visitor).finished
    tracks = house.service.library(house.visitor).tracks
    local = tracks.loc["spotify:local:Band:Album:Song:215"]
    assert (local["name"], local["artists"], local["duration_s"]) == ("Song", "Band", 215.0)
    plan = plan_playlist("p", [local.name, tracks.index[0]])
    assert len(plan.uris) == 1
    assert "your own disk" in plan.left_out[0].reason


def test_fault_37_a_track_twice_stands_twice_in_a_playlist_and_once_among_the_saved(house):
    house.simulator.inject(37, f"{first_list(house)}/items")
    house.simulator.inject(37, SAVED)
    assert house.service.sync(house.visitor).finished
    library = house.service.library(house.visitor)
    rows = library.entries[library.entries["playlist_id"] == first_list(house)]
    assert rows["track_id"].iloc[0] == rows["track_id"].iloc[1]
    liked = library.entries[library.entries["playlist_id"] == "liked"]
    assert not liked["track_id"].duplicated().any()
    house.simulator.heal()
    assert house.service.sync(house.visitor).n_calls <= 4


def test_fault_38_without_dates_the_order_stays(house):
    house.simulator.inject(38, SAVED, times=99)
    assert house.service.sync(house.visitor).finished
    liked = house.service.library(house.visitor).playlist("liked")
    wanted = [row.uri[14:] for row in house.simulator.world.users["ada"].saved]
    assert list(liked.index) == wanted
    assert house.service.sync(house.visitor).n_calls <= 4


def test_fault_39_missing_fields_are_missing_values(house):
    house.simulator.inject(39, SAVED, times=99)
    assert house.service.sync(house.visitor).finished
    tracks = house.service.library(house.visitor).playlist("liked")
    assert len(tracks) == 120
    assert tracks["name"].notna().all()


def test_fault_40_a_page_without_items_is_an_empty_page(house):
    house.simulator.inject(40, f"{first_list(house)}/items", times=99)
    assert house.service.sync(house.visitor).finished
    assert n_entries(house, first_list(house)) == 0


def test_fault_41_a_total_that_lies_ends_at_the_empty_page(house):
    house.simulator.inject(41, SAVED, times=99)
    assert house.service.sync(house.visitor).finished
    assert len(house.service.library(house.visitor).playlist("liked")) == 120


def test_fault_42_the_token_goes_to_no_other_host(house):
    house.simulator.inject(42, SAVED, times=99)
    assert house.service.sync(house.visitor).finished
    assert len(house.service.library(house.visitor).playlist("liked")) == 120


def test_fault_43_a_list_without_end_ends_at_the_empty_page(house):
    house.simulator.inject(43, SAVED, times=99)
    report = house.service.sync(house.visitor)
    assert report.finished
    assert len(house.simulator.calls(SAVED)) == 4


def test_fault_44_an_empty_library_is_a_library(house):
    house.simulator.inject(44, times=99, path="/v1/me/(tracks|playlists|top)")
    house.simulator.inject(44, "recently-played")
    assert house.service.sync(house.visitor).finished
    library = house.service.library(house.visitor)
    assert (len(library), len(library.entries), len(library.plays)) == (0, 0, 0)


def test_fault_45_nulls_in_a_search_are_left_out(house):
    search = house.service.client(house.visitor).search
    right = search("velvet")
    house.simulator.inject(45, "/v1/search")
    assert search("velvet") == right != []


def test_fault_46_a_search_asks_for_no_more_than_ten(house):
    assert len(house.service.client(house.visitor).search("the")) == 10
    house.simulator.inject(46, "/v1/search")
    with pytest.raises(InputError, match="Invalid limit"):
        house.service.client(house.visitor).search("the")


def test_fault_47_hostile_names_are_only_names(house):
    house.simulator.inject(47, times=99, path="/v1/(me/.+|playlists/)")
    assert house.service.sync(house.visitor).finished
    library = house.service.library(house.visitor)
    clean = " ".join(HOSTILE.split())
    assert set(library.playlist("liked")["name"]) == {clean}
    assert clean in set(library.playlists["name"])


def test_fault_48_a_playlist_of_ten_thousand_rows(house):
    house.simulator.world.users["ada"].playlist_ids = [first_list(house)]
    house.simulator.inject(48, ITEMS, times=999)
    assert house.service.sync(house.visitor).finished
    assert n_entries(house, first_list(house)) == 10_000


@pytest.mark.parametrize("number", [49, 51, 52])
def test_fault_49_51_52_a_read_is_tried_again(house, number):
    house.simulator.inject(number, SAVED, times=2)
    assert len(house.service.client(house.visitor).saved(0).rows) == 50
    assert len(house.simulator.calls(SAVED)) == 3
    assert all(0 < wait < 5 for wait in house.clock.slept)


@pytest.mark.parametrize("number", [49, 51, 52])
def test_fault_49_51_52_three_failures_are_told(house, number):
    house.simulator.inject(number, SAVED, times=99)
    with pytest.raises(SpotifyError, match="three times"):
        house.service.client(house.visitor).saved(0)
    assert len(house.simulator.calls(SAVED)) == 3


def test_fault_50_a_body_that_stops_is_a_broken_connection(make_house):
    house = make_house(timeout_s=(2.0, 0.6))
    house.simulator.inject(50, SAVED)
    assert len(house.service.client(house.visitor).saved(0).rows) == 50
    assert len(house.simulator.calls(SAVED)) == 2


WRITE_FAULTS = [49, 52, 53, 54, applied_then_reset]


@pytest.mark.parametrize("fault", WRITE_FAULTS)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_fault_53_and_54_a_lost_answer_doubles_nothing(house, fault, nth):
    house.simulator.inject(fault, "/playlists", method="POST", nth=nth)
    tracks = [house.simulator.world.song(i).id for i in range(150)]
    saved = house.service.save(house.visitor, plan_playlist("Mine", tracks))
    world = house.simulator.world
    assert [row.uri[14:] for row in world.playlists[saved.playlist_id].rows] == tracks
    assert world.n_created == 1


def test_fault_55_what_reads_back_as_public_is_no_error(house):
    house.simulator.inject(55, "/me/playlists", times=99)
    tracks = [house.simulator.world.song(i).id for i in range(3)]
    assert house.service.save(house.visitor, plan_playlist("Mine", tracks)).n_tracks == 3


def test_fault_56_an_unknown_track_is_left_out_and_named(house):
    world: World = house.simulator.world
    tracks = [world.song(i).id for i in range(120)]
    tracks[7], tracks[111] = "Q" * 22, "R" * 22
    saved = house.service.save(house.visitor, plan_playlist("Mine", tracks))
    assert saved.rejected == ("spotify:track:" + "Q" * 22, "spotify:track:" + "R" * 22)
    written = [row.uri[14:] for row in world.playlists[saved.playlist_id].rows]
    assert written == [t for t in tracks if t not in ("Q" * 22, "R" * 22)]


def test_fault_56_when_spotify_refuses_everything_we_stop(house):
    house.simulator.inject(56, ITEMS, method="POST", times=9999)
    tracks = [house.simulator.world.song(i).id for i in range(100)]
    with pytest.raises(SpotifyError, match="goes on refusing"):
        house.service.save(house.visitor, plan_playlist("Mine", tracks))
