"""A list becomes a playlist on Spotify: first a dry run, then for real, then undone."""

from __future__ import annotations

import pandas as pd
import pytest

from library.auth import READ_SCOPES
from library.saving import plan_playlist
from music.errors import RateLimitedError
from music.tracks import Library, as_tracks
from studio import services
from tests.pages.conftest import press, text_of


def own_library(town, n: int = 30) -> Library:
    """Ada's songs, as she would have them from an export file of her own."""
    songs = [town.simulator.world.song(i) for i in range(n)]
    frame = pd.DataFrame(
        {
            "track_id": [s.id for s in songs], "name": [s.title for s in songs],
            "artists": [s.artist for s in songs], "year": [s.year for s in songs],
            "genres": ["dream pop" if s.number % 2 else "techno" for s in songs],
        }
    )  # fmt: skip
    return Library(as_tracks(frame, "exportify"))


@pytest.fixture
def recommended(town, visit):
    """The Recommend page of somebody with a file and, if named, a sign-in."""

    def open_page(visitor: str | None):
        services.store().save_library(services.ME, own_library(town))
        app = visit("pages/recommend.py", visitor=visitor)
        assert not app.exception
        return app

    return open_page


def playlists_of_ada(town) -> list[str]:
    """The names of the playlists Ada has made herself, at Spotify."""
    world = town.simulator.world
    mine = (world.playlists[i] for i in world.users["ada"].playlist_ids if i)
    return [p.name for p in mine if not p.name.startswith("List ")]


def test_the_dry_run_needs_no_account(recommended, town):
    app = recommended(None)
    assert "Dry run: " in text_of(app)
    assert "Nothing has happened yet" in text_of(app)
    assert not [b for b in app.button if b.label == "Create on Spotify"]
    assert town.simulator.requests == []


def test_create_says_what_was_read_back_and_undo_takes_it_away(recommended, town):
    app = recommended(town.sign_in("ada"))
    app.text_input(key="saving-recommend-name").set_value("Rainy | night").run()
    press(app, "Create on Spotify")
    assert playlists_of_ada(town) == ["Rainy | night"]
    assert any("tracks read back" in s.value for s in app.success)
    assert not [b for b in app.button if b.label == "Create on Spotify"]
    press(app, "Undo")
    assert playlists_of_ada(town) == []
    assert [b for b in app.button if b.label == "Create on Spotify"]


def test_an_interrupted_save_goes_on_and_puts_nothing_in_twice(recommended, town):
    app = recommended(town.sign_in("ada"))
    town.simulator.inject(19, "/items", method="POST")
    press(app, "Create on Spotify")
    assert any("pause until" in e.value for e in app.error)
    town.end_pause()
    app.run()
    press(app, "Go on")
    assert any("tracks read back" in s.value for s in app.success)
    (name,) = playlists_of_ada(town)
    made = next(p for p in town.simulator.world.playlists.values() if p.name == name)
    uris = [row.uri for row in made.rows]
    assert len(uris) == len(set(uris)) > 5


def test_an_interrupted_save_is_not_forgotten_when_the_list_is_gone(visit, town):
    ada = town.sign_in("ada")
    tracks = [town.simulator.world.song(i).id for i in range(3)]
    town.simulator.inject(19, "/items", method="POST")
    with pytest.raises(RateLimitedError):
        services.spotify().save(ada, plan_playlist("Half", tracks))
    town.end_pause()
    app = visit("pages/connect.py", visitor=ada)
    assert "“Half”, 3 tracks" in text_of(app)
    press(app, "Undo")
    assert playlists_of_ada(town) == []
    assert "“Half”" not in text_of(app)


def test_a_track_that_cannot_go_is_named(visit, town):
    tracks = own_library(town).tracks
    ids = [f"local:{n}" if n % 2 else track_id for n, track_id in enumerate(tracks.index)]
    tracks = tracks.set_axis(pd.Index(ids, name="track_id"))
    services.store().save_library(services.ME, Library(as_tracks(tracks, "x")))
    app = visit("pages/recommend.py")
    (left_out,) = [t.value for t in app.dataframe if "why" in t.value]
    mine = tracks.loc[tracks.index.str.startswith("local:"), "name"]
    assert set(left_out["track"]) <= set(mine)


def test_a_sign_in_that_may_only_read_is_asked_for_one_more_yes(recommended, town):
    app = recommended(town.sign_in("ada", READ_SCOPES))
    assert "one more yes" in text_of(app)
    assert not [b for b in app.button if b.label == "Create on Spotify"]


def test_invented_tracks_are_nothing_for_spotify(visit):
    app = visit("pages/recommend.py")
    assert any("nothing to save" in i.value for i in app.info)
