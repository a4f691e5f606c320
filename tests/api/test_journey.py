"""One person's way with Spotify: signed in, paused, resumed, saved, expired, signed in again."""

from __future__ import annotations

from api.sign_in import VISITOR_COOKIE
from library.saving import plan_playlist
from music.errors import RateLimitedError, SignInError
from tests.api.conftest import Browser, Town

WRITE = "/spotify/sign-in?write=1"


def test_a_journey(town: Town):
    ada, service, spotify = Browser(), town.service, town.simulator
    assert town.sign_in(ada, "ada", WRITE).status_code == 303
    visitor = ada.cookies[VISITOR_COOKIE]

    # A quota in the middle of the first sync: what arrived is kept, the page shows until when.
    spotify.inject(22, "/v1/me/tracks", nth=3)
    report = service.sync(visitor)
    assert isinstance(report.error, RateLimitedError)
    assert len(service.library(visitor)) == 100
    assert ada.go(f"{town.url}/api/spotify").json()["paused_until"] is not None
    town.clock.advance(days=1)
    assert service.sync(visitor).finished
    library = service.library(visitor)
    assert len(library) == 120

    # A list becomes a playlist, although Spotify loses an answer on the way.
    spotify.inject(53, "/items", method="POST")
    saved = service.save(visitor, plan_playlist("Rainy", list(library.tracks.index[:110])))
    assert saved.n_tracks == 110
    assert spotify.world.users["ada"].playlist_ids[0] == saved.playlist_id

    # Half a year later: the sign-in ends, the library does not, and a new one finds it.
    town.clock.advance(days=183)
    report = service.sync(visitor)
    assert isinstance(report.error, SignInError)
    assert ada.go(f"{town.url}/api/spotify").json()["state"] == "sign in again"
    assert len(service.library(visitor)) == 120
    town.sign_in(ada, "ada", WRITE)
    again = ada.cookies[VISITOR_COOKIE]
    assert again != visitor
    assert len(service.library(again)) == 120
    assert service.sync(again).finished
    assert saved.playlist_id in set(service.library(again).playlists["playlist_id"])
