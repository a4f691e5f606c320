"""The playlist page beside a pretend Spotify: search with consent, update what was made, undo."""

import pandas as pd
import pytest

from library.saving import plan_playlist
from music.tracks import Library, as_tracks
from studio import services
from tests.pages.conftest import press, text_of

N_SONGS = 60


@pytest.fixture
def visitor(town) -> str:
    """Ada, whose library is sixty songs that Spotify has."""
    songs = [town.simulator.world.song(i) for i in range(N_SONGS)]
    frame = pd.DataFrame(
        {
            "track_id": [s.id for s in songs], "name": [s.title for s in songs],
            "artists": [s.artist for s in songs], "genres": [s.genre for s in songs],
            "year": [s.year for s in songs], "energy": [(s.number % 10) / 10 for s in songs],
            "duration_s": 200.0,
        }
    )  # fmt: skip
    tracks = as_tracks(frame, "exportify")
    services.store().save_library(services.ME, Library(tracks, name="mine"))
    return town.sign_in("ada")


def settle(app):
    """Wait for what runs beside the page, then draw it again."""
    for queue in (services.jobs(), services.errands()):
        for job in list(queue._jobs.values()):
            job.future.exception(timeout=60)
    return app.run()


def ask(app, text):
    app.text_input[0].input(text)
    press(app, "Find it")


@pytest.fixture
def page(visit, visitor):
    return visit("pages/playlist.py", visitor=visitor)


def test_search_waits_for_consent(page, town, visitor):
    ask(page, "ten jazz songs")
    assert page.toggle(key="playlist-search").disabled
    assert town.simulator.calls("/search") == []


def test_search_brings_tracks_one_does_not_have_and_says_so(page, town, visitor):
    services.spotify().set_consent(visitor, True)
    ask(page, "20 jazz songs that are new to me")
    assert "nothing was put in its place" in page.info[0].value
    page.toggle(key="playlist-search").set_value(True).run()
    settle(page)
    assert not page.exception
    said = text_of(page)
    assert "search offered" in said
    assert "Data from Spotify" in said
    assert set(page.dataframe[0].value["artists"])
    assert len(town.simulator.calls("/search")) <= 30
    n = len(town.simulator.calls("/search"))
    ask(page, "20 jazz songs that are new to me")
    settle(page)
    assert len(town.simulator.calls("/search")) == n


def test_a_playlist_made_here_is_updated_and_put_back(page, town, visitor):
    old = [town.simulator.world.song(i).id for i in range(5)]
    made = services.spotify().save(visitor, plan_playlist("Mine", old)).playlist_id

    def there() -> list[str]:
        return [row.uri[14:] for row in town.simulator.world.playlists[made].rows]

    ask(page, "7 songs")
    page.selectbox(key="updating-which").set_value(made).run()
    settle(page)
    assert "Nothing has happened yet." in text_of(page)
    assert there() == old
    press(page, "Update it")
    assert len(there()) == 7
    assert there() == list(wish_found(page))
    settle(page)
    press(page, "Undo the update")
    assert there() == old


def wish_found(page):
    who = page.session_state["state.view"].listener
    spec = page.session_state["playlist.wish"].spec
    return who.curator.find(spec).ids
