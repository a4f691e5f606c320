"""A playlist on Spotify becomes another list, is read back, and can be put back as it was."""

from __future__ import annotations

import pytest

from library.saving import plan_playlist
from music.errors import InputError, SignInError, SpotifyError
from tests.spotify_simulator import Row
from tests.spotify_simulator.faults import applied_then_reset
from tests.spotify_simulator.house import House


def songs(house: House, numbers) -> list[str]:
    return [house.simulator.world.song(i).id for i in numbers]


def there(house: House, playlist_id: str) -> list[str]:
    return [row.uri[14:] for row in house.simulator.world.playlists[playlist_id].rows]


@pytest.fixture
def made(house) -> str:
    """A playlist of 30 songs that Ghostnotes made."""
    house.service.me(house.visitor)
    plan = plan_playlist("Mine", songs(house, range(30)))
    return house.service.save(house.visitor, plan).playlist_id


def update(house: House, playlist_id: str, numbers):
    return house.service.plan_update(house.visitor, playlist_id, "Mine", songs(house, numbers))


def test_the_dry_run_writes_nothing_and_knows_the_difference(house, made):
    planned = update(house, made, range(20, 50))
    assert [uri[14:] for uri in planned.before] == songs(house, range(30))
    assert [uri[14:] for uri in planned.after] == songs(house, range(20, 50))
    assert there(house, made) == songs(house, range(30))


@pytest.mark.parametrize("numbers", [range(20, 50), range(5), range(30), range(250)])
def test_the_list_is_what_was_planned_and_undo_brings_the_old_one_back(house, made, numbers):
    planned = update(house, made, numbers)
    change = house.service.update(house.visitor, planned)
    assert there(house, made) == songs(house, numbers)
    house.service.undo_update(house.visitor, change)
    assert there(house, made) == songs(house, range(30))


def test_changes_are_remembered_across_a_restart(house, made):
    change = house.service.update(house.visitor, update(house, made, range(5)))
    house.service = house.restarted()
    (held,) = house.service.updates(house.visitor)
    assert (held.change_id, held.state) == (change, "done")
    house.service.undo_update(house.visitor, change)
    assert [one.state for one in house.service.updates(house.visitor)] == ["undone"]
    house.service.disconnect(house.visitor)
    assert house.shelf.noted("changes") is None


@pytest.mark.parametrize("fault", [52, 53, applied_then_reset])
@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("nth", [1, 2])
def test_every_track_is_there_once_after_a_lost_answer(house, made, fault, method, nth):
    planned = update(house, made, range(250))
    house.simulator.inject(fault, "/playlists/", method=method, nth=nth)
    house.service.update(house.visitor, planned)
    assert there(house, made) == songs(house, range(250))


def test_a_playlist_that_changed_since_the_look_is_left_alone(house, made):
    planned = update(house, made, range(20, 50))
    house.simulator.world.playlists[made].rows.pop()
    with pytest.raises(InputError, match="changed meanwhile"):
        house.service.update(house.visitor, planned)
    assert there(house, made) == songs(house, range(29))


def test_an_update_that_broke_off_can_be_undone(house, made):
    planned = update(house, made, range(250))
    house.simulator.inject(52, "/playlists/", method="POST", nth=1, times=50)
    with pytest.raises(SpotifyError):
        house.service.update(house.visitor, planned)
    house.simulator.heal()
    assert there(house, made) == songs(house, range(100))
    (begun,) = house.service.updates(house.visitor)
    assert begun.state == "begun"
    house.service.undo_update(house.visitor, begun.change_id)
    assert there(house, made) == songs(house, range(30))


def test_an_unknown_track_changes_nothing(house, made):
    tracks = [*songs(house, range(5)), "x" * 22]
    planned = house.service.plan_update(house.visitor, made, "Mine", tracks)
    with pytest.raises(InputError, match="as it was"):
        house.service.update(house.visitor, planned)
    assert there(house, made) == songs(house, range(30))


def test_what_could_not_be_put_back_is_not_touched(house, made):
    house.simulator.world.playlists[made].rows.append(Row("spotify:local:B:A:S:9", None))
    with pytest.raises(InputError, match="local files"):
        update(house, made, range(5))


def test_spotify_that_confirms_nothing_is_told(house, made):
    planned = update(house, made, range(5))
    house.simulator.inject(52, "/playlists/", method="PUT", times=50)
    with pytest.raises(SpotifyError, match="did not confirm"):
        house.service.update(house.visitor, planned)


def test_writing_needs_its_own_yes(make_house):
    from library.auth import READ_SCOPES

    house = make_house()
    house.visitor = house.sign_in(scopes=READ_SCOPES)
    house.service.me(house.visitor)
    with pytest.raises(SignInError, match="once more"):
        house.service.plan_update(house.visitor, "p", "Mine", songs(house, range(3)))
