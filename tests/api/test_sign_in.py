"""Signing in over HTTP: one browser, one use, one visitor; two people never meet."""

from __future__ import annotations

import pytest

from api.sign_in import PENDING_COOKIE, VISITOR_COOKIE
from tests.api.conftest import Browser, Town


def stands(town: Town, browser: Browser) -> dict[str, object]:
    """Where a browser stands with Spotify."""
    return browser.go(f"{town.url}/api/spotify").json()


def callback_address(town: Town, browser: Browser) -> str:
    """Go to Spotify and stop before coming back."""
    to_spotify = browser.go(f"{town.url}/spotify/sign-in")
    return str(browser.go(to_spotify.headers["Location"]).headers["Location"])


def test_a_whole_sign_in(town):
    ada = Browser()
    assert stands(town, ada)["state"] == "signed out"
    answer = town.sign_in(ada, "ada")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    now = stands(town, ada)
    assert (now["state"], now["name"], now["may_write"]) == ("signed in", "Ada", False)


def test_cookies_are_for_the_server_only(town):
    ada = Browser()
    begun = ada.go(f"{town.url}/spotify/sign-in").headers["Set-Cookie"].lower()
    done = town.sign_in(ada, "ada").headers["Set-Cookie"].lower()
    for cookie in (begun, done):
        assert "httponly" in cookie
        assert "samesite=lax" in cookie
    assert "path=/callback" in begun
    assert "max-age=600" in begun


def test_what_comes_back_is_kept_by_no_cache(town):
    answer = town.sign_in(Browser(), "ada")
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_two_people_on_one_server_never_meet(town):
    ada, ben, stranger = Browser(), Browser(), Browser()
    town.sign_in(ada, "ada")
    town.sign_in(ben, "ben")
    assert stands(town, ada)["name"] == "Ada"
    assert stands(town, ben)["name"] == "Ben"
    assert stands(town, stranger)["state"] == "signed out"
    visitors = {b.cookies[VISITOR_COOKIE] for b in (ada, ben)}
    sizes = []
    for visitor in sorted(visitors, key=lambda v: town.service.connection(v).name):
        assert town.service.sync(visitor).finished
        sizes.append(len(town.service.library(visitor)))
    assert sizes == [120, 30]
    ada.post(f"{town.url}/spotify/disconnect", timeout=10)
    assert stands(town, ada)["state"] == "signed out"
    assert stands(town, ben)["name"] == "Ben"


@pytest.mark.parametrize(
    "case", ["replay", "wrong state", "other browser", "no cookie", "no state"]
)
def test_a_forged_answer_is_a_400(town, case):
    ada, other = Browser(), Browser()
    address = callback_address(town, ada)
    if case == "replay":
        assert ada.go(address).status_code == 303
        ada.cookies.set(PENDING_COOKIE, "x")
    if case == "other browser":
        callback_address(town, other)
    if case == "no cookie":
        ada.cookies.clear()
    if case == "wrong state":
        address = address.replace("state=", "state=x")
    if case == "no state":
        address = address.partition("&state=")[0]
    answer = (other if case == "other browser" else ada).go(address)
    assert answer.status_code == 400
    assert "Start it again" in answer.text
    assert VISITOR_COOKIE not in answer.cookies


def test_a_replay_from_the_same_browser_with_its_old_cookie(town):
    ada = Browser()
    address = callback_address(town, ada)
    cookie = ada.cookies[PENDING_COOKIE]
    assert ada.go(address).status_code == 303
    assert PENDING_COOKIE not in ada.cookies
    again = ada.get(address, cookies={PENDING_COOKIE: cookie}, allow_redirects=False, timeout=10)
    assert again.status_code == 400


def test_saying_no_is_told_kindly(town):
    town.simulator.inject(2, "/authorize")
    answer = town.sign_in(Browser(), "ada")
    assert answer.status_code == 403
    assert "You said no to Spotify; nothing was changed." in answer.text


@pytest.mark.parametrize(("fault", "words"), [(25, "no active Premium"), (26, "list of users")])
def test_an_account_that_cannot_use_the_app_learns_why_at_once(town, fault, words):
    town.simulator.inject(fault, "/v1/me")
    ada = Browser()
    answer = town.sign_in(ada, "ada")
    assert answer.status_code == 403
    assert words in answer.text
    assert stands(town, ada)["state"] == "signed out"


@pytest.mark.parametrize("fault", [19, 52])
def test_a_busy_spotify_does_not_spoil_a_sign_in(town, fault):
    town.simulator.inject(fault, "/v1/me", times=9)
    ada = Browser()
    assert town.sign_in(ada, "ada").status_code == 303
    assert stands(town, ada)["state"] == "signed in"


def test_making_playlists_is_asked_for_only_when_wanted(town):
    ada = Browser()
    first = ada.go(f"{town.url}/spotify/sign-in").headers["Location"]
    assert "modify" not in first
    town.sign_in(ada, "ada", "/spotify/sign-in?write=1")
    assert stands(town, ada)["may_write"] is True


def test_a_second_sign_in_ends_the_first(town):
    ada = Browser()
    town.sign_in(ada, "ada")
    before = ada.cookies[VISITOR_COOKIE]
    town.sign_in(ada, "ada")
    assert ada.cookies[VISITOR_COOKIE] != before
    assert town.service.connection(before).state == "signed out"


def test_localhost_is_sent_to_the_address_that_works(town):
    port = town.url.rpartition(":")[2]
    assert Browser().go(f"{town.url}/spotify/sign-in").status_code == 302
    asked = Browser()
    asked.headers["Host"] = f"localhost:{port}"
    answer = asked.go(f"{town.url}/spotify/sign-in")
    assert answer.status_code == 307
    assert answer.headers["Location"] == f"{town.url}/spotify/sign-in?write=0"


def test_a_foreign_host_name_gets_no_sign_in(town):
    browser = Browser()
    browser.headers["Host"] = "evil.example"
    answer = browser.go(f"{town.url}/spotify/sign-in")
    assert answer.status_code == 400
    assert "http://127.0.0.1" in answer.text
    assert answer.cookies.get_dict() == {}


@pytest.mark.parametrize("path", ["sign-out", "disconnect"])
def test_another_site_cannot_sign_anybody_out(town, path):
    ada = Browser()
    town.sign_in(ada, "ada")
    foreign = {"Origin": "https://evil.example"}
    answer = ada.post(f"{town.url}/spotify/{path}", headers=foreign, timeout=10)
    assert answer.status_code == 400
    assert stands(town, ada)["state"] == "signed in"
    own = {"Origin": town.url}
    ada.post(f"{town.url}/spotify/{path}", headers=own, timeout=10, allow_redirects=False)
    assert stands(town, ada)["state"] == "signed out"


def test_what_a_stranger_writes_into_the_address_is_not_run(town):
    answer = Browser().go(f"{town.url}/callback", error="<script>alert(1)</script>", state="x")
    assert answer.status_code == 400
    assert "<script" not in answer.text
