"""No token, code or verifier ever stands in a log, an error, a report or the database."""

from __future__ import annotations

import logging
import traceback
from contextlib import suppress

import pytest

from library.saving import plan_playlist
from music.errors import GhostnotesError, UncertainError
from tests.spotify_simulator import FAULTS

ANYTHING = "."


def said(error: BaseException) -> str:
    """All that an error and the one behind it can tell, attributes included."""
    behind = error.__cause__ or error.__context__
    return (
        "".join(traceback.format_exception(error))
        + repr(vars(error))
        + repr(behind and vars(behind))
    )


@pytest.fixture
def everything_logged(caplog):
    """All logs of all libraries, at the lowest level there is."""
    caplog.set_level(logging.DEBUG)
    for name in ("spotipy", "spotipy.client", "spotipy.oauth2", "urllib3", "requests", "library"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


@pytest.mark.parametrize("number", [11, 12, 14, 16, 23, 25, 26, 30, 49, 51, 52, 53])
def test_a_fault_tells_no_secret(house, everything_logged, number):
    service = house.service
    house.simulator.inject(number, ANYTHING, times=50)
    house.clock.advance(hours=2)
    tracks = [house.simulator.world.song(i).id for i in range(3)]
    for attempt in (
        lambda: service.client(house.visitor).saved(0),
        lambda: service.save(house.visitor, plan_playlist("Mine", tracks)),
        lambda: service.sync(house.visitor),
    ):
        try:
            told = repr(attempt())
        except GhostnotesError as error:
            told = said(error)
        assert "SECRET" not in told
    assert "SECRET" not in everything_logged.text
    assert house.visitor not in everything_logged.text


def test_a_whole_sync_and_save_tells_no_secret(house, everything_logged):
    assert house.service.sync(house.visitor).finished
    tracks = [house.simulator.world.song(i).id for i in range(3)]
    house.service.save(house.visitor, plan_playlist("Mine", tracks))
    assert "SECRET" not in everything_logged.text
    assert house.visitor not in everything_logged.text


def test_the_database_holds_no_secret(house):
    house.service.sync(house.visitor)
    house.engine.dispose()
    with open(house.engine.url.database, "rb") as file:
        content = file.read()
    assert b"SECRET" not in content
    assert house.visitor.encode() not in content


def test_the_foreign_error_does_not_hang_on_ours(house):
    """An error of requests would carry the whole request, header and all."""
    house.simulator.inject(49, "/v1/", times=9)
    with pytest.raises(UncertainError) as caught:
        house.service.client(house.visitor).create_playlist("x", "")
    assert caught.value.__cause__ is None
    assert caught.value.__context__ is None


def test_every_fault_that_can_strike_a_read_ends_in_our_own_errors(house):
    for number in FAULTS:
        if number in (1, 50):
            continue
        house.simulator.inject(number, "/v1/me/tracks")
        house.clock.advance(days=1)
        with suppress(GhostnotesError):  # any other error flies
            house.service.client(house.visitor).saved(0)
        house.simulator.heal()
