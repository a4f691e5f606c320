"""A sign-in is bound to one browser, one use and ten minutes."""

from __future__ import annotations

import pytest

from library.auth import MAX_PENDING, READ_SCOPES, SignIn, SpotifyApp, may_write
from library.auth_check import spotify_app_check, wizard_steps
from library.auth_tokens import TokenEndpoint
from library.vault import MemoryVault
from music.errors import InputError, SignInError
from tests.spotify_simulator.accounts import CLIENT_ID
from tests.spotify_simulator.house import CALLBACK

AGAIN = "not started in this browser"


def test_a_sign_in_gives_a_visitor_with_tokens(house):
    tokens = house.vault.get(house.visitor)
    assert set(READ_SCOPES) < set(tokens.scopes)
    assert may_write(tokens)
    assert not may_write(house.vault.get(house.sign_in(scopes=READ_SCOPES)))
    assert tokens.consented_at == house.clock()


def test_the_address_holds_no_secret(house):
    begun = house.service.sign_in.begin(CALLBACK)
    assert begun.cookie not in begun.url
    assert "code_challenge_method=S256" in begun.url
    assert "verifier" not in begun.url


def test_another_browser_cannot_finish(house):
    _, back = house.answer()
    for cookie in ("", "guess", house.answer()[0]):
        with pytest.raises(InputError, match=AGAIN):
            house.service.sign_in.finish(cookie, back["state"], back["code"])


def test_a_wrong_guess_does_not_spoil_the_sign_in(house):
    cookie, back = house.answer()
    with pytest.raises(InputError, match=AGAIN):
        house.service.sign_in.finish(cookie, "guess", back["code"])
    assert house.service.sign_in.finish(cookie, back["state"], back["code"])


def test_after_ten_minutes_it_is_over(house):
    cookie, back = house.answer()
    house.clock.advance(seconds=601)
    with pytest.raises(InputError, match="ten minutes"):
        house.service.sign_in.finish(cookie, back["state"], back["code"])


def test_who_begins_and_never_ends_fills_nothing(house):
    first = house.answer()
    for _ in range(MAX_PENDING):
        house.service.sign_in.begin(CALLBACK)
    with pytest.raises(InputError, match=AGAIN):
        house.service.sign_in.finish(first[0], first[1]["state"], first[1]["code"])


def test_without_a_client_id_there_is_no_sign_in(house):
    endpoint = TokenEndpoint(house.simulator.url, "", house.clock, house.clock.sleep)
    sign_in = SignIn(SpotifyApp(), MemoryVault(), endpoint, house.clock)
    with pytest.raises(SignInError, match="client id"):
        sign_in.begin(CALLBACK)


def test_every_sign_in_makes_another_visitor(house):
    assert house.sign_in() != house.sign_in()


def test_an_unreachable_token_endpoint_is_said(house):
    cookie, back = house.answer()
    house.simulator.inject(49, "/api/token")
    with pytest.raises(SignInError, match="Start it again"):
        house.service.sign_in.finish(cookie, back["state"], back["code"])


# ---- the wizard's check


def check(house, client_id=CLIENT_ID, uri=CALLBACK):
    return spotify_app_check(client_id, uri, house.simulator.url)


def test_the_steps_name_the_address_to_copy():
    steps = wizard_steps(CALLBACK)
    assert f"`{CALLBACK}`" in steps[1]
    assert "Premium" in steps[0]
    assert "five people" in steps[-1]


def test_a_right_app_works(house):
    assert check(house).works is True
    assert check(house, f"  {CLIENT_ID}\n").works is True


@pytest.mark.parametrize(
    ("client_id", "uri", "sentence"),
    [
        ("", CALLBACK, "32 characters"),
        ("my secret app", CALLBACK, "32 characters"),
        ("f" * 32, CALLBACK, "knows no app"),
        (CLIENT_ID, "http://127.0.0.1:8501/elsewhere", "not among its redirect URIs"),
        (CLIENT_ID, "http://localhost:8501/callback", "refuses localhost"),
        (CLIENT_ID, "http://example.org/callback", "wants https"),
    ],
)
def test_a_wrong_app_is_told_what_is_wrong(house, client_id, uri, sentence):
    found = check(house, client_id, uri)
    assert found.works is False
    assert sentence in found.sentence


@pytest.mark.parametrize("fault", [12, 49])
def test_when_spotify_does_not_answer_nothing_is_claimed(house, fault):
    house.simulator.inject(fault, "/api/token")
    found = check(house)
    assert found.works is None
    assert "not tested" in found.sentence
