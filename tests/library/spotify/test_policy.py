"""API rows enter no analysis unasked, and a disconnect leaves nothing behind."""

from __future__ import annotations

import threading
from dataclasses import replace

import pandas as pd
import pytest

from library.saving import plan_playlist
from library.spotify_policy import CONSENT_SENTENCE, allowed_for_analysis, own_rows
from library.spotify_rows import link
from library.spotify_tables import writing
from music.errors import SignInError, StoreError
from music.tracks import Library, as_tracks


def merged(house) -> Library:
    """Ada's API library plus one track and one playlist of her own file."""
    api = house.service.library(house.visitor)
    own = as_tracks(pd.DataFrame({"track_id": ["mine"], "name": ["My Song"]}), "exportify")
    row = {"playlist_id": "file:1", "name": "Mine", "origin": "exportify"}
    entry = {"playlist_id": "file:1", "position": 0, "track_id": "mine"}
    return replace(
        api,
        tracks=pd.concat([api.tracks, own]),
        playlists=pd.concat([api.playlists, pd.DataFrame([row])]),
        entries=pd.concat([api.entries, pd.DataFrame([entry])]),
    )


def test_without_consent_only_own_rows_are_analysed(house):
    house.service.sync(house.visitor)
    library = merged(house)
    allowed = allowed_for_analysis(library, consent=False)
    assert list(allowed.tracks.index) == ["mine"]
    assert list(allowed.playlists["playlist_id"]) == ["file:1"]
    assert list(allowed.entries["playlist_id"]) == ["file:1"]
    assert allowed.plays.empty


def test_with_consent_everything_is_but_files_for_other_services_hold_own_rows_only(house):
    house.service.sync(house.visitor)
    library = merged(house)
    assert allowed_for_analysis(library, consent=True) is library
    assert list(own_rows(library).tracks.index) == ["mine"]


def test_consent_is_off_until_said_and_can_be_taken_back(house):
    assert house.service.connection(house.visitor).consent is False
    house.service.set_consent(house.visitor, True)
    assert house.restarted().connection(house.visitor).consent is True
    house.service.set_consent(house.visitor, False)
    assert house.service.connection(house.visitor).consent is False


def test_the_sentence_names_all_three():
    for word in ("fit", "profile", "prompts"):
        assert word in CONSENT_SENTENCE


def test_every_track_links_back_to_spotify():
    assert link("4iV5") == "https://open.spotify.com/track/4iV5"
    assert link("spotify:local:Band:Album:Song:215") == ""


def test_disconnect_deletes_rows_tokens_and_traces(house):
    other_browser = house.sign_in()
    house.service.me(other_browser)
    ben = house.sign_in("ben")
    house.service.sync(house.visitor)
    house.service.sync(ben)
    tracks = [house.simulator.world.song(i).id for i in range(20)]
    house.service.save(house.visitor, plan_playlist("A very private name", tracks))
    gone = house.service.disconnect(house.visitor)
    assert gone.n_left == 0
    assert gone.n_rows > 300
    assert gone.n_sign_ins == 2
    for visitor in (house.visitor, other_browser):
        assert house.service.connection(visitor).state == "signed out"
        with pytest.raises(SignInError):
            house.service.library(visitor)
    assert len(house.service.library(ben)) == 30, "nobody else loses anything"
    database = house.engine.url.database
    house.engine.dispose()
    with open(database, "rb") as file:
        content = file.read()
    account = house.simulator.world.users["ada"].account_id
    song = house.simulator.world.song(3).title
    for trace in ("A very private name", account, song, house.simulator.world.song(3).id):
        assert trace.encode() not in content, trace


def test_a_disconnect_stops_a_sync_that_is_running(house):
    service = house.service
    gone = []

    def disconnect(share: float, text: str) -> None:
        if "saved" in text and not gone:
            thread = threading.Thread(target=lambda: gone.append(service.disconnect(house.visitor)))
            thread.start()
            while house.vault.get(house.visitor) is not None:
                thread.join(0.001)
            gone.append(thread)

    report = service.sync(house.visitor, disconnect)
    assert isinstance(report.error, SignInError)
    gone[0].join()
    assert gone[1].n_left == 0
    assert sum(house.shelf.n_rows().values()) == 0


def test_a_database_that_fails_says_so(house):
    with writing(house.engine) as db:
        db.exec_driver_sql("DROP TABLE spotify_entries")
    report = house.service.sync(house.visitor)
    assert isinstance(report.error, StoreError)
    assert "cannot be used" in str(report.error)


def test_a_disconnect_before_anything_was_synced(house):
    assert house.service.disconnect(house.visitor).n_sign_ins == 1
    assert house.service.connection(house.visitor).state == "signed out"
