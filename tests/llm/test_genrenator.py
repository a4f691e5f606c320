"""The Genrenator names a genre when it can, and nobody misses it when it cannot."""

from __future__ import annotations

import json

import pytest

from llm.genre import invent_genre
from llm.genrenator import genrenator_genre
from music.vibe import Vibe
from tests.genrenator import Host

VIBE = Vibe.of({"energy": 0.9}, ["polka"], origin="playlist: private")


@pytest.fixture
def host():
    with Host() as host:
        yield host


def test_its_name_is_kept_and_explained(host):
    genre = genrenator_genre(VIBE, 1, host.url)
    assert genre.name == "orchestral skip-hop"
    assert "orchestral skip-hop" in genre.why.lower() or "polka" in genre.why.lower()
    assert genre.notes == ()


def test_nothing_about_the_listener_is_sent(host):
    genrenator_genre(VIBE, 1, host.url)
    assert host.asked == ["/genre/"]


@pytest.mark.parametrize(
    ("status", "body", "why"),
    [
        (502, "Bad gateway", "does not answer"),
        (302, "", "status 302"),
        (200, "<html>busy</html>", "no JSON"),
        (200, '["a", "list"]', "no name"),
        (200, '""', "no name"),
        (200, json.dumps("x" * 5000), "too long"),
        (200, '"techno"', "not a new genre"),
        (200, '"<script></script>"', "no name"),
    ],
)
def test_when_it_fails_a_genre_is_coined_here_and_that_is_said(host, status, body, why):
    host.status, host.body = status, body
    genre = genrenator_genre(VIBE, 1, host.url)
    assert genre.name == invent_genre(VIBE, 1).name
    assert why in genre.notes[0]


def test_a_closed_port_is_no_trouble():
    genre = genrenator_genre(VIBE, 1, "http://127.0.0.1:9/")
    assert genre.name == invent_genre(VIBE, 1).name
    assert "does not answer" in genre.notes[0]
