"""The page about Spotify: every state a visitor can be in, and what may be done with the rows."""

from __future__ import annotations

import pandas as pd
import pytest

from library.resolve import main_letters
from library.spotify_policy import CONSENT_SENTENCE
from library.spotify_rows import ORIGIN
from pages.parts.frame import PAGES
from studio import imports, services, terminal_sign_in
from studio.settings import settings
from studio.view import open_view
from tests.library.files import csv_bytes, row
from tests.pages.conftest import press, text_of
from tests.pages.test_saving import own_library

BRING, GO_ON, UPDATE = "Bring my library here", "Go on", "Bring it up to date"


def figures(app) -> dict[str, str]:
    return {metric.label: metric.value for metric in app.metric}


def labels(app) -> list[str]:
    return [button.label for button in app.button]


@pytest.fixture
def ada(town) -> str:
    return town.sign_in("ada")


@pytest.fixture
def synced(town, ada) -> str:
    """Ada, with everything here."""
    assert services.spotify().sync(ada).finished
    return ada


# ---- the states


def test_without_a_client_id_the_wizard_is_open_and_nobody_is_asked(visit):
    app = visit("pages/connect.py")
    said = text_of(app)
    for word in ("Premium", "five people", "redirect URI", "/callback"):
        assert word in said
    assert "signed out" not in said


def test_signed_out(visit, town):
    assert "You are signed out" in text_of(visit("pages/connect.py"))
    assert town.simulator.requests == []


def test_signed_in_before_and_after_a_sync(visit, ada):
    app = visit("pages/connect.py", visitor=ada)
    assert "Signed in as **Ada**" in app.success[0].value
    assert figures(app)["Tracks"] == "0"
    press(app, BRING)
    assert figures(app)["Tracks"] == "120"
    assert figures(app)["Calls in 24 hours"].endswith("of 500")
    assert "Complete as of" in text_of(app)
    assert UPDATE in labels(app)


def test_paused_until_a_clock_time_and_then_on(visit, town, ada):
    town.simulator.inject(19, "/v1/me/tracks", nth=2)
    app = visit("pages/connect.py", visitor=ada)
    press(app, BRING)
    assert any("pause until **" in w.value for w in app.warning)
    assert figures(app)["Tracks"] == "50"
    assert next(b for b in app.button if b.label == GO_ON).disabled
    town.end_pause()
    app.run()
    press(app, GO_ON)
    assert figures(app)["Tracks"] == "120"


def test_a_running_sync_shows_how_far_it_is_and_can_be_stopped(visit, town, ada):
    town.simulator.inject(16, "/v1/me/tracks", times=2)  # two seconds each, waited out
    app = visit("pages/connect.py", visitor=ada)
    next(b for b in app.button if b.label == BRING).click().run()
    assert "calls in 24 hours" in text_of(app)
    press(app, "Stop")
    assert any("Stopped. What arrived is kept" in i.value for i in app.info)
    press(app, GO_ON)
    assert figures(app)["Tracks"] == "120"


def test_the_daily_budget_is_a_setting(visit, town, ada, monkeypatch):
    monkeypatch.setenv("GHOSTNOTES_SPOTIFY_CALLS_A_DAY", "5")
    settings.cache_clear()
    services.store.cache_clear()  # a new process
    app = visit("pages/connect.py", visitor=ada)
    press(app, BRING)
    assert any("at most 5 calls" in w.value for w in app.warning)


def test_after_half_a_year_nothing_is_lost(visit, town, synced):
    town.let_half_a_year_pass(synced)
    app = visit("pages/connect.py", visitor=synced)
    assert any("Nothing is lost" in w.value for w in app.warning)
    assert figures(app)["Tracks"] == "120"
    assert next(b for b in app.button if b.label == UPDATE).disabled
    again = town.sign_in("ada")
    app = visit("pages/connect.py", visitor=again)
    assert "Signed in as **Ada**" in app.success[0].value
    assert figures(app)["Tracks"] == "120"


def test_signing_out_keeps_the_library(visit, town, synced):
    app = visit("pages/connect.py", visitor=synced)
    next(b for b in app.button if b.label == "Sign out").click().run()
    assert "You are signed out" in text_of(app)
    assert len(services.spotify().library(town.sign_in("ada"))) == 120


def test_disconnecting_tells_what_went_and_that_nothing_is_left(visit, synced):
    services.spotify().set_consent(synced, True)
    track = services.spotify().library(synced).tracks.index[0]
    store = services.store()
    store.save_item(services.ME, "playlist", "of API rows", {"tracks": [track]})
    store.save_item(services.ME, "band", "of a file", {"name": "The Damp"})
    app = visit("pages/roast.py", visitor=synced)
    app.button(key="keep-roast").click().run()
    app.switch_page("pages/connect.py").run()
    next(b for b in app.button if b.label == "Delete it all").click().run()
    assert not app.exception
    (told,) = [s.value for s in app.success]
    assert "2 kept things" in told
    assert "0 left" in told
    assert "You are signed out" in text_of(app)
    assert [item.title for item in store.items(services.ME)] == ["of a file"]
    assert services.spotify().connection(synced).state == "signed out"
    app.switch_page("pages/library.py").run()
    assert "who is invented" in text_of(app)


# ---- what may be done with the rows


@pytest.mark.parametrize("with_file", [False, True])
def test_without_a_yes_api_rows_are_shown_and_enter_nothing(visit, town, synced, with_file):
    own = own_library(town, 10) if with_file else None
    view = open_view(own, "me", synced)
    analysed = view.listener
    for library in (
        analysed.library,  # what the recommender, the map, the facets and the finder are fitted on
        analysed.recommender.catalogue,
    ):
        assert ORIGIN not in set(library.tracks["origin"])
    ids = set(analysed.library.tracks.index)
    for facts in analysed.profile.facts:
        assert set(facts.rows) <= ids
    assert {i for facet in analysed.facets for i in facet.track_ids} <= ids
    assert set(analysed.quick_map.frame.index) <= ids
    assert len(view.shown.library) == 120
    assert view.n_held_back == 120 - 10 * with_file


def test_with_a_yes_they_are_the_library(town, synced):
    services.spotify().set_consent(synced, True)
    view = open_view(own_library(town, 10), "me", synced)
    assert view.listener is view.shown
    assert len(view.listener.library) == 120
    assert view.holds_api


@pytest.mark.parametrize("wanted", [False, True])
def test_with_a_yes_this_machine_gives_them_features_that_nobody_keeps(synced, wanted):
    api = services.spotify().library(synced).tracks
    table = pd.DataFrame({
        "id": api.index[:40], "name": "x", "artists": "y", "tempo": 120.0,
        **dict.fromkeys(("danceability", "energy", "speechiness", "valence"), 0.5),
    })  # fmt: skip
    imports.import_files(services.ME, [table.to_csv(index=False).encode()])
    song = row(1, **{"Artist Name(s)": api["artists"].iloc[-1]})  # by a band of Spotify's rows
    imports.import_files(services.ME, [csv_bytes([song])])
    imports.set_estimates(services.ME, None, wanted)
    services.spotify().set_consent(synced, True)
    seen = open_view(own_from_store(), services.ME, synced).listener.library.tracks
    letters = main_letters(seen)
    assert letters.value_counts()["k"] == 40
    assert letters[api.index[-1]] == ("e" if wanted else "-")
    assert services.spotify().library(synced).tracks["provenance"].eq("-" * 9).all()
    assert services.store().features(services.ME) is None
    assert len(own_from_store()) == 1


def own_from_store():
    return services.store().load_library(services.ME)


@pytest.mark.parametrize("path", [path for path, _, _ in PAGES if path != "pages/library.py"])
def test_no_other_page_names_a_row_before_the_yes(path, visit, synced):
    app = visit(path, visitor=synced)
    assert not app.exception
    said = text_of(app) + "".join(str(table.value) for table in app.dataframe)
    for name in services.spotify().library(synced).tracks["name"]:
        assert name not in said
    assert app.session_state["state.view"].n_held_back == 120


def test_the_switch_names_all_three_and_changes_every_page_at_once(visit, synced):
    app = visit("pages/connect.py", visitor=synced)
    assert CONSENT_SENTENCE in text_of(app)
    for wanted in (True, False):
        app.switch_page("pages/connect.py").run()
        next(t for t in app.toggle if "analyse" in t.label).set_value(wanted).run()
        assert services.spotify().connection(synced).consent is wanted
        app.switch_page("pages/map.py").run()
        in_view = app.session_state["state.view"].listener.library
        assert in_view.name == "your Spotify library" if wanted else in_view.invented


def test_the_library_page_attributes_links_and_writes_no_file_of_them(visit, synced):
    app = visit("pages/library.py", visitor=synced)
    assert not app.exception
    assert "[Data from Spotify](https://open.spotify.com)" in text_of(app)
    assert app.dataframe[0].value["link"].str.startswith("https://open.spotify.com/track/").all()
    assert figures(app)["Tracks"] == "120"
    assert "No audio features for these 120 tracks" in text_of(app)
    handed_on = [b.label for b in app.button if b.key and b.key.startswith("onward")]
    assert handed_on == [], "what may not be analysed is no vibe for another page"


def test_another_browser_on_this_machine_sees_nothing_of_it(visit, town, synced):
    app = visit("pages/library.py")
    assert "who is invented" in text_of(app)
    assert app.session_state["state.view"].n_held_back == 0
    ben = town.sign_in("ben")
    app = visit("pages/connect.py", visitor=ben)
    assert "Ada" not in text_of(app)
    assert figures(app)["Tracks"] == "0"


# ---- one more source of candidates


ASK = "Ask Spotify (one call)"


def test_an_app_that_may_not_ask_hears_so_once_a_day(visit, town, synced):
    services.spotify().set_consent(synced, True)
    app = visit("pages/recommend.py", visitor=synced)
    for _ in range(2):
        press(app, ASK)
        assert any("does not offer recommendations to this app" in i.value for i in app.info)
    asked = [r for r in town.simulator.requests if "/recommendations" in r.path]
    assert len(asked) == 1


def test_what_spotify_recommends_is_ranked_here_and_shown_as_such(visit, town, synced):
    town.simulator.api.tier = "extended"
    services.spotify().set_consent(synced, True)
    app = visit("pages/recommend.py", visitor=synced)
    press(app, ASK)
    suggested = app.dataframe[1].value
    assert len(suggested) == 25
    assert not set(suggested.index) & set(services.spotify().library(synced).tracks.index)
    assert "25 of these tracks came from Spotify's Web API" in text_of(app)


def test_without_the_yes_spotify_is_not_asked(visit, town, synced):
    services.store().save_library(services.ME, own_library(town))
    app = visit("pages/recommend.py", visitor=synced)
    assert ASK not in labels(app)
    assert any("need your yes" in i.value for i in app.info)


# ---- everything of a user


def test_delete_my_data_deletes_spotify_too(visit, synced):
    in_terminal = settings().home / terminal_sign_in.FILE
    in_terminal.write_text(synced)
    app = visit("pages/library.py", visitor=synced)
    next(b for b in app.button if b.label == "Delete everything").click().run()
    assert not app.exception
    assert not in_terminal.exists()
    assert services.spotify().connection(synced).state == "signed out"
    assert set(services.spotify().forget_everybody().values()) == {0}
