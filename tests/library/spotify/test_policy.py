"""API rows enter no analysis unasked, and a disconnect leaves nothing behind."""

from __future__ import annotations

import threading
from contextlib import suppress

import pandas as pd
import pytest

from library.saving import plan_playlist
from library.spotify_policy import (
    CONSENT_SENTENCE,
    allowed_for_analysis,
    own_tracks,
    together,
)
from library.spotify_rows import link
from library.spotify_tables import METADATA, writing
from music.errors import RateLimitedError, SignInError, StoreError
from music.tracks import ENTRY_COLUMNS, PLAYLIST_COLUMNS, Library, as_tracks, typed_rows


def own_file(house) -> Library:
    """A file with one song of Ada's Spotify library, one that only she has, and a playlist."""
    shared = house.simulator.world.song(3)
    frame = pd.DataFrame(
        {"track_id": [shared.id, "mine"], "name": ["As I call it", "My Song"], "year": [None, 1999]}
    )
    row = {"playlist_id": "file:1", "name": "Mine", "origin": "exportify"}
    entry = {"playlist_id": "file:1", "position": 0, "track_id": "mine"}
    return Library(
        as_tracks(frame, "exportify"),
        typed_rows(pd.DataFrame([row]), PLAYLIST_COLUMNS),
        typed_rows(pd.DataFrame([entry]), ENTRY_COLUMNS),
        name="Ada's",
    )


@pytest.fixture
def both(house) -> tuple[Library, Library]:
    """Her own library and what the Web API said."""
    house.service.sync(house.visitor)
    return own_file(house), house.service.library(house.visitor)


def test_without_consent_only_the_own_library_is_analysed(both):
    own, api = both
    assert allowed_for_analysis(own, api, consent=False) is own
    assert allowed_for_analysis(None, api, consent=False) is None


def test_with_consent_everything_is_but_files_for_other_services_hold_own_rows_only(both):
    own, api = both
    allowed = allowed_for_analysis(own, api, consent=True)
    assert len(allowed) == len(api) + 1
    assert len(allowed.plays) == len(api.plays)
    assert set(own_tracks(allowed.tracks).index) == set(own.tracks.index)


def test_nothing_of_the_api_hides_in_an_own_row(both):
    own, api = both
    shown = together(own, api)
    pd.testing.assert_frame_equal(shown.tracks.loc[own.tracks.index], own.tracks)
    assert len(shown.playlist("liked")) == 120
    assert shown.name == "Ada's"


@pytest.mark.parametrize("ident", ["local:ada-1", "another0release0of0it1"])
def test_the_same_recording_under_another_id_is_once_there_and_stays_own(house, both, ident):
    _, api = both
    song = api.tracks.iloc[[7]]
    own = Library(
        as_tracks(song.assign(origin="lists").set_axis([ident]).rename_axis("track_id"), "lists")
    )
    shown = together(own, api)
    assert len(shown) == len(api)
    assert song.index[0] not in shown.tracks.index
    assert ident in set(shown.playlist("liked").index)
    pd.testing.assert_frame_equal(shown.tracks.loc[own.tracks.index], own.tracks)


def test_before_a_sync_there_is_only_what_one_brought(both):
    own, _ = both
    assert allowed_for_analysis(own, Library(), consent=True) is own


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


def test_forgetting_everybody_empties_every_table_and_the_vault(house):
    ben = house.sign_in("ben")
    for visitor in (house.visitor, ben):
        house.service.sync(visitor)
    house.simulator.inject(19, "/v1/me")
    with suppress(RateLimitedError):
        house.service.me(ben)
    gone = house.service.forget_everybody()
    assert gone["spotify_sign_ins"] == 2
    assert set(gone) == {*METADATA.tables, "spotify_sign_ins"}
    assert gone["spotify_calls"] > 10
    assert gone["spotify_pauses"] == 1
    assert gone["spotify_tracks"] == 150
    assert set(house.service.forget_everybody().values()) == {0}
    assert house.service.connection(ben).state == "signed out"


def test_the_stamp_changes_when_a_sync_ends_or_a_mind(house):
    seen = [house.service.stamp(house.visitor)]
    for change in (
        lambda: house.service.sync(house.visitor),
        lambda: house.service.set_consent(house.visitor, True),
        lambda: house.clock.advance(seconds=5) or house.service.sync(house.visitor),
        lambda: house.service.set_consent(house.visitor, False),
    ):
        change()
        seen.append(house.service.stamp(house.visitor))
    assert seen[0] == ""
    assert len(set(seen)) == len(seen)
    assert house.service.stamp("a stranger") == ""
