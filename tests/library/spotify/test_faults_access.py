"""Faults of sign-in, limits and access: each survived, told, and never repeated blindly."""

from __future__ import annotations

import threading

import pytest
import requests

from library.auth import READ_SCOPES, sign_in_state
from library.gateway import AppForbiddenError
from music.errors import (
    ForbiddenError,
    InputError,
    NotFoundError,
    RateLimitedError,
    SignInError,
    SpotifyError,
)
from tests.spotify_simulator.answers import error
from tests.spotify_simulator.house import House

TOKEN = "/api/token"  # noqa: S105 (a path)
SAVED = "/v1/me/tracks"


def saved(house: House):
    """Any reading call."""
    return house.service.client(house.visitor).saved(0)


# ---- auth


def test_fault_01_a_wrong_state_signs_nobody_in(house):
    house.simulator.inject(1, "/authorize")
    with pytest.raises(InputError, match="not started in this browser"):
        house.sign_in()


def test_fault_02_saying_no_changes_nothing(house):
    house.simulator.inject(2, "/authorize")
    with pytest.raises(SignInError, match="You said no"):
        house.sign_in()


def test_fault_03_a_code_works_once(house):
    cookie, back = house.answer()
    house.service.sign_in.finish(cookie, back["state"], back["code"])
    with pytest.raises(InputError, match="Start it again"):
        house.service.sign_in.finish(cookie, back["state"], back["code"])
    house.simulator.inject(3, TOKEN)
    with pytest.raises(SignInError, match="Start it again"):
        house.sign_in()


def test_fault_04_a_wrong_verifier_is_refused(house):
    mine, back_to_me = house.answer()
    _, back_to_other = house.answer()
    with pytest.raises(SignInError, match="did not complete"):
        house.service.sign_in.finish(mine, back_to_me["state"], back_to_other["code"])


def test_fault_05_a_redirect_that_is_not_registered(house):
    begun = house.service.sign_in.begin("http://127.0.0.1:8501/elsewhere")
    answer = requests.get(begun.url, allow_redirects=False, timeout=5)
    assert (answer.status_code, answer.text) == (400, "INVALID_CLIENT: Invalid redirect URI")


def test_fault_06_an_unknown_scope_fails_the_sign_in(house):
    with pytest.raises(SignInError, match="rights asked for"):
        house.sign_in(scopes=("user-library-read", "user-read-minds"))


def test_fault_07_fewer_scopes_leave_parts_out(house):
    house.simulator.inject(7, TOKEN)
    house.visitor = house.sign_in(scopes=("user-library-read", "user-top-read"))
    report = house.service.sync(house.visitor)
    assert report.finished
    assert report.skipped == ("playlists", "most played", "last plays")
    assert len(house.service.library(house.visitor)) == 120
    assert "not agreed to" in str(report)


def test_fault_08_a_rotated_refresh_token_is_kept(house):
    house.simulator.inject(8)
    for _ in range(3):
        house.clock.advance(hours=2)
        assert saved(house).rows
    assert house.simulator.accounts.n_refreshes == 3


@pytest.mark.parametrize("number", [9, 10])
def test_fault_09_and_10_a_refresh_answer_may_leave_things_out(house, number):
    house.simulator.inject(number, TOKEN)
    before = house.vault.get(house.visitor)
    house.clock.advance(hours=2)
    assert saved(house).rows
    after = house.vault.get(house.visitor)
    assert after.refresh == before.refresh
    assert after.scopes == before.scopes
    assert after.access != before.access


def test_fault_11_a_revoked_sign_in_is_a_state_and_loses_nothing(house):
    house.service.sync(house.visitor)
    house.simulator.accounts.revoke()
    house.clock.advance(hours=2)
    with pytest.raises(SignInError, match="nothing is lost"):
        saved(house)
    assert house.service.connection(house.visitor).state == "sign in again"
    assert len(house.service.library(house.visitor)) == 120
    assert house.simulator.accounts.n_refreshes == 1, "a dead token is not tried again"
    with pytest.raises(SignInError):
        saved(house)
    assert house.simulator.accounts.n_refreshes == 1


def test_fault_11_six_months_after_consent_the_sign_in_ends(house):
    tokens = house.vault.get(house.visitor)
    days = [0, 149, 150, 181, 182]
    states = [sign_in_state(tokens, tokens.consented_at + 86_400 * day) for day in days]
    assert states == ["signed in", "signed in", "ends soon", "ends soon", "sign in again"]
    house.clock.advance(days=183)
    with pytest.raises(SignInError, match="six months"):
        saved(house)


def test_fault_12_a_token_endpoint_that_is_down_costs_no_sign_in(house):
    house.simulator.inject(12, TOKEN, times=9)
    house.clock.advance(hours=2)
    with pytest.raises(SpotifyError, match="cannot renew"):
        saved(house)
    house.simulator.heal()
    assert saved(house).rows
    house.simulator.inject(16, TOKEN)
    house.clock.advance(hours=2)
    assert saved(house).rows


def test_fault_13_two_threads_renew_once(house):
    house.simulator.inject(13)
    house.simulator.accounts.expire_access()
    errors: list[Exception] = []

    def read() -> None:
        try:
            saved(house)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=read) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert house.simulator.accounts.n_refreshes == 1


def test_fault_14_a_401_in_the_middle_is_renewed_once(house):
    house.simulator.inject(14, SAVED, nth=2)
    assert house.service.sync(house.visitor).finished
    assert house.simulator.accounts.n_refreshes == 1
    house.simulator.inject(14, SAVED, times=5)
    with pytest.raises(SignInError, match="Sign in again"):
        saved(house)


def test_fault_15_a_wrong_clock_does_not_refresh_for_ever(house):
    house.simulator.inject(15, TOKEN)
    house.visitor = house.sign_in()
    for _ in range(5):
        assert saved(house).rows
    assert house.simulator.accounts.n_refreshes == 0


# ---- limits


@pytest.mark.parametrize(("number", "wait_s"), [(16, 2), (17, 5), (18, 5), (21, 1)])
def test_fault_16_17_18_21_a_short_wait_is_waited(house, number, wait_s):
    house.simulator.inject(number, SAVED)
    assert len(saved(house).rows) == 50
    assert house.clock.slept == [wait_s]


@pytest.mark.parametrize(("number", "wait_s"), [(19, 48925), (22, 52531)])
def test_fault_19_and_22_a_spent_quota_is_a_pause_for_everybody(house, number, wait_s):
    house.simulator.world.add_listener("cleo", "Cleo", n_saved=3, n_playlists=0, n_rows=1)
    cleo = house.sign_in("cleo")
    house.simulator.inject(number, SAVED)
    until = house.clock() + wait_s
    with pytest.raises(RateLimitedError, match="Spotify asks for a pause until") as caught:
        saved(house)
    assert caught.value.until.timestamp() == pytest.approx(until)
    assert house.clock.slept == []
    n_calls = len(house.simulator.calls("/v1/"))
    for service in (house.service, house.restarted()):
        for visitor in (house.visitor, cleo):
            with pytest.raises(RateLimitedError):
                service.client(visitor).saved(0)
    assert len(house.simulator.calls("/v1/")) == n_calls, "no call before it is over"
    assert house.service.connection(cleo).paused_until.timestamp() == pytest.approx(until)
    house.clock.advance(seconds=wait_s + 1)
    assert saved(house).rows


@pytest.mark.parametrize("header", ["9" * 40, "-3", "1e9", "Fri, 20 Nov 2026 18:00:00 GMT", ""])
def test_a_strange_retry_after_breaks_nothing(house, header):
    def strange(request, proceed):
        return error(429, "API rate limit exceeded", Retry_After=header)

    house.simulator.inject(strange, SAVED)
    try:
        assert saved(house).rows
    except RateLimitedError as pause:
        days = (pause.until.timestamp() - house.clock()) / 86_400
    else:
        days = 0.0
    assert days <= 7


def test_fault_20_a_429_for_ever_ends_in_a_pause(house):
    house.simulator.inject(20, SAVED, times=99)
    with pytest.raises(RateLimitedError):
        saved(house)
    assert house.clock.slept == [3, 3, 3]
    assert len(house.simulator.calls(SAVED)) == 4
    with pytest.raises(RateLimitedError):
        saved(house)
    assert len(house.simulator.calls(SAVED)) == 4


def test_fault_22_quota_in_the_middle_keeps_what_arrived_and_goes_on_there(house):
    house.simulator.inject(22, SAVED, nth=2)
    report = house.service.sync(house.visitor)
    assert isinstance(report.error, RateLimitedError)
    assert len(house.service.library(house.visitor)) == 50
    house.clock.advance(days=1)
    before = len(house.simulator.calls(SAVED))
    assert house.restarted().sync(house.visitor).finished
    offsets = [r.query["offset"] for r in house.simulator.calls(SAVED)[before:]]
    assert offsets == ["50", "100"]
    assert len(house.service.library(house.visitor)) == 120


# ---- access


@pytest.mark.parametrize("number", [23, 24])
def test_fault_23_and_24_an_optional_endpoint_is_asked_once_a_day(house, number):
    house.simulator.inject(number, "audio-features", times=99)
    ids = ["0" * 22]
    for _ in range(3):
        with pytest.raises(ForbiddenError, match="does not offer audio features"):
            house.service.client(house.visitor).audio_features(ids)
    assert len(house.simulator.calls("audio-features")) == 1
    with pytest.raises(ForbiddenError):
        house.restarted().client(house.visitor).audio_features(ids)
    assert len(house.simulator.calls("audio-features")) == 1
    house.clock.advance(hours=25)
    with pytest.raises(ForbiddenError):
        house.service.client(house.visitor).audio_features(ids)
    assert len(house.simulator.calls("audio-features")) == 2


@pytest.mark.parametrize(
    ("number", "sentence"),
    [(25, "no active Premium"), (26, "not on the app's list"), (27, "Sign in again and agree")],
)
def test_fault_25_26_27_what_concerns_the_whole_app_says_what_to_do(house, number, sentence):
    house.simulator.inject(number, SAVED, times=99)
    with pytest.raises(AppForbiddenError, match=sentence):
        saved(house)
    assert len(house.simulator.calls(SAVED)) == 1
    report = house.service.sync(house.visitor)
    assert isinstance(report.error, ForbiddenError)


def test_fault_26_is_not_remembered_as_a_closed_endpoint(house):
    house.simulator.inject(26, "audio-features")
    with pytest.raises(AppForbiddenError):
        house.service.client(house.visitor).audio_features(["0" * 22])
    with pytest.raises(ForbiddenError, match="does not offer"):
        house.service.client(house.visitor).audio_features(["0" * 22])
    assert len(house.simulator.calls("audio-features")) == 2


@pytest.mark.parametrize("number", [28, 29, 30, 46])
def test_fault_28_29_30_one_closed_playlist_stops_nothing(house, number):
    playlist = house.simulator.world.users["ada"].playlist_ids[1]
    house.simulator.inject(number, f"/playlists/{playlist}/items", times=99)
    report = house.service.sync(house.visitor)
    assert report.finished
    assert report.n_closed == 3  # two are followed, one is this
    library = house.service.library(house.visitor)
    assert playlist not in set(library.playlists["playlist_id"])
    n_calls = len(house.simulator.calls(playlist))
    house.service.sync(house.visitor)
    assert len(house.simulator.calls(playlist)) == n_calls, "not asked again while unchanged"


def test_fault_29_and_30_say_that_nothing_is_there(house):
    for number in (29, 30):
        house.simulator.inject(number, SAVED)
        with pytest.raises(NotFoundError, match="nothing there"):
            saved(house)
        house.simulator.heal()


def test_fault_57_an_unavailable_country_is_a_pause(house):
    house.simulator.inject(57, SAVED, times=99)
    with pytest.raises(RateLimitedError):
        saved(house)
    with pytest.raises(RateLimitedError):
        saved(house)
    assert len(house.simulator.calls(SAVED)) == 1


# ---- the budget


def test_we_stop_by_ourselves_at_500_calls_a_day(house):
    client = house.service.client(house.visitor)
    while house.service.connection(house.visitor).calls_today < 500:
        client.me()
    with pytest.raises(RateLimitedError, match="at most 500 calls"):
        client.me()
    n_calls = len(house.simulator.calls("/v1/"))
    house.simulator.world.add_listener("cleo", "Cleo", n_saved=3, n_playlists=0, n_rows=1)
    cleo = house.sign_in("cleo")
    assert house.service.client(cleo).saved(0).rows, "the budget is per user"
    house.clock.advance(hours=25)
    assert saved(house).rows
    assert len(house.simulator.calls("/v1/")) == n_calls + 2


def test_calls_of_an_account_are_counted_together_but_for_asking_who_it_is(house):
    report = house.service.sync(house.visitor)
    other_browser = house.sign_in()
    house.service.me(other_browser)
    assert house.service.connection(other_browser).calls_today == report.n_calls - 1


def test_read_scopes_are_no_more_than_needed():
    assert not {"user-read-email", "user-read-private"} & set(READ_SCOPES)
    assert not any("modify" in scope for scope in READ_SCOPES)
