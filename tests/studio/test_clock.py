"""A listener lives in a zone: the browser's, or the machine's; anything else is no zone."""

import os

import pytest

from studio import clock


@pytest.mark.parametrize(
    "name", [None, "", "Mars/Olympus", "../../etc/passwd", "/etc/passwd", "a\0b"]
)
def test_what_is_no_zone_is_none(name):
    assert clock.known_zone(name) is None


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/Argentina/Ushuaia", "UTC"])
def test_a_zone_is_known_by_its_name(name):
    assert clock.known_zone(name) == name


@pytest.mark.parametrize("told", ["Asia/Tokyo", ":Asia/Tokyo"])
def test_the_machine_says_where_it_stands(monkeypatch, told):
    monkeypatch.setenv("TZ", told)
    assert clock.machine_zone() == "Asia/Tokyo"


def test_without_a_word_there_is_still_a_zone(monkeypatch):
    monkeypatch.delenv("TZ", raising=False)
    assert clock.known_zone(clock.machine_zone())
    assert "TZ" not in os.environ
