"""Every page works on first sight, takes a vibe from another, and says errors in a sentence."""

from __future__ import annotations

import pytest

from music.vibe import Vibe
from pages.parts.frame import PAGES
from tests import hostile
from tests.pages.conftest import text_of

PATHS = [path for path, _, _ in PAGES]
VIBE = Vibe.of({"energy": 0.9, "valence": 0.2}, ["techno"], "playlist: Sunday")


@pytest.mark.parametrize("path", PATHS)
def test_a_page_works_on_first_sight(path, visit):
    app = visit(path)
    assert not app.exception
    assert not app.error
    assert len(text_of(app)) > 40


@pytest.mark.parametrize("path", PATHS)
def test_a_page_takes_the_vibe_of_a_link(path, visit):
    app = visit(path, vibe=VIBE.to_text())
    assert not app.exception
    assert not app.error
    assert "Sunday" in text_of(app)


@pytest.mark.parametrize("path", PATHS)
def test_a_broken_link_is_one_sentence(path, visit):
    app = visit(path, vibe="energy=7~1")
    assert not app.exception
    assert any("no vibe" in error.value for error in app.error)


@pytest.mark.parametrize("path", PATHS)
def test_a_page_shows_hostile_names_as_text(path, visit, tmp_path):
    from library.exportify import read
    from studio import services

    library, _ = read(hostile.exportify(tmp_path / "hostile.csv"), "hostile")
    services.store().save_library(services.ME, library)
    app = visit(path)
    assert not app.exception
    said = text_of(app)
    assert "<script>" not in said
    assert "![x](http" not in said


@pytest.mark.parametrize("path", PATHS)
def test_a_page_works_on_one_track_without_features(path, visit):
    from library.pasted import read
    from music.tracks import Library
    from studio import services

    library, _ = read("The Damp - Basement", Library())
    services.store().save_library(services.ME, library)
    app = visit(path)
    assert not app.exception


@pytest.mark.parametrize(("path", "kind"), [("pages/band.py", "band"), ("pages/roast.py", "roast")])
def test_what_is_kept_survives_a_restart(path, kind, visit):
    from studio import services

    app = visit(path)
    app.button(key=f"keep-{kind}").click().run()
    app.button(key=f"keep-{kind}").click().run()
    services.store.cache_clear()
    again = visit(path)
    (title,) = again.selectbox(key=f"shelf-{kind}").options
    shown = again.selectbox(key=f"shelf-{kind}").select_index(0).run()
    assert not shown.exception
    assert title
    shown.button(key=f"drop-{kind}").click().run()
    assert services.store().items(services.ME, kind) == []


def test_a_sentence_becomes_music_and_says_what_was_understood(visit):
    app = visit("pages/hear_it.py")
    app.text_input[0].input("rainy egyptian night with zzyzx").run()
    assert not app.exception
    (line,) = [e.label.replace("\\", "") for e in app.expander if "nderstood" in e.label]
    assert "egypt" in line
    assert "Not understood: zzyzx" in line


def test_a_morph_and_a_roll_keep_playing(visit):
    app = visit("pages/hear_it.py")
    app.text_input[0].input("slow waltz").run()
    app.text_input[1].input("8-bit boss fight").run()
    next(b for b in app.button if b.label == "Roll").click().run()
    assert not app.exception
    assert not app.error


def test_the_page_offers_a_stream_a_year_and_a_blind_game(visit):
    app = visit("pages/hear_it.py")
    app.segmented_control[0].set_value("without end").run()
    assert not app.exception
    app.button(key="own-year-play").click().run()
    app.button(key="side-0-button").click().run()
    assert not app.exception
    assert not app.error


def test_words_that_mean_nothing_are_said_and_still_play(visit):
    app = visit("pages/hear_it.py")
    app.text_input[0].input("qwrtz zblorg").run()
    assert not app.exception
    assert not app.error
    assert "Nothing understood" in " ".join(e.label for e in app.expander)


def test_pasted_titles_become_the_library_in_view(visit):
    app = visit("pages/library.py")
    app.text_area[0].input("The Damp - Basement\nnonsense without a dash\n")
    next(b for b in app.button if b.label == "Use these").click()
    app.run()
    assert not app.exception
    assert "rows read" in app.success[0].value
    assert "who is invented" not in text_of(app)


def test_the_conversation_asks_three_questions_and_then_judges(visit):
    app = visit("pages/roast.py")
    app.segmented_control[0].set_value("talk").run()
    for n in range(3):
        assert not any(button.label == "Keep" for button in app.button)
        app.button(key=f"answer-{n}-0").click().run()
        assert not app.exception
    assert any(button.label == "Keep" for button in app.button)
    assert app.feedback


def test_a_review_of_a_playlist_is_prose_with_a_score(visit):
    app = visit("pages/roast.py")
    app.segmented_control[0].set_value("review").run()
    about = next(box for box in app.selectbox if box.label == "About")
    about.select_index(2).run()
    assert not app.exception
    assert 0 <= float(app.metric[0].value) <= 10
    assert len(text_of(app).split()) > 100


def test_a_dislike_is_remembered_and_moves_the_list(visit):
    from studio import services

    app = visit("pages/recommend.py")
    assert not app.exception
    first = list(app.dataframe[0].value["name"])
    top = app.dataframe[0].value.index[0]
    services.store().set_feedback(services.ME, "track", str(top), "dislike")
    again = visit("pages/recommend.py")
    assert "1 disliked" in text_of(again)
    assert list(again.dataframe[0].value["name"]) != first


@pytest.mark.parametrize("way", ["You, lately", "You, all time", "A playlist"])
def test_a_recommendation_starts_from_the_listener_or_a_playlist(way, visit):
    app = visit("pages/recommend.py")
    app.segmented_control[0].set_value(way).run()
    assert not app.exception
    assert not app.error
    assert len(app.dataframe[0].value) == 25


def test_more_goes_on_where_the_list_ended(visit):
    app = visit("pages/recommend.py")
    first = app.dataframe[0].value.index.tolist()
    next(b for b in app.button if b.label == "25 more").click().run()
    assert not app.exception
    assert app.dataframe[0].value.index.tolist()[:25] == first
    assert len(app.dataframe[0].value) == 50


@pytest.mark.parametrize(
    ("widget", "label", "value"),
    [
        ("slider", "Alike to varied", 1.0),
        ("slider", "Familiar to discovery", 1.0),
        ("slider", "At most by one artist", 1),
        ("slider", "Years", (1900, 1990)),
        ("slider", "Popularity", (0, 20)),
        ("slider", "Chance", 1.0),
        ("selectbox", "Explicit", "only clean"),
        ("select_slider", "Leave out artists I have more tracks of than", 5),
        ("select_slider", "Leave out tracks I played more often than", 3),
    ],
)
def test_every_control_of_a_recommendation_does_something(widget, label, value, visit):
    app = visit("pages/recommend.py")
    first = app.dataframe[0].value.index.tolist()
    next(w for w in getattr(app, widget) if w.label == label).set_value(value).run()
    assert not app.exception
    assert not app.error
    assert app.dataframe[0].value.index.tolist() != first


def test_a_recommendation_leans_to_a_mood_in_words(visit):
    app = visit("pages/recommend.py")
    first = app.dataframe[0].value.index.tolist()
    next(w for w in app.selectbox if w.label == "Lean").set_value("to a mood in words").run()
    next(w for w in app.text_input if w.label == "Mood").set_value("calm and sad").run()
    assert not app.exception
    assert app.dataframe[0].value.index.tolist() != first


def test_what_was_said_of_one_track_can_be_taken_back(visit):
    from studio import services

    tracks = services.demo().library.tracks.index
    for track_id, verdict in zip(tracks, ("like", "block"), strict=False):
        services.store().set_feedback(services.ME, "track", track_id, verdict)
    app = visit("pages/recommend.py")
    assert "1 liked, 0 disliked, 1 blocked" in text_of(app)
    next(m for m in app.multiselect if m.label == "What you said").set_value([0]).run()
    next(b for b in app.button if b.label == "Take these back").click().run()
    assert not app.exception
    assert len(services.store().feedback(services.ME)) == 1


def test_the_recommender_learns_from_the_playlists_in_view(visit):
    from studio import services, taught

    services.demo.cache_clear()
    app = visit("pages/recommend.py")
    next(b for b in app.button if b.label == "Learn now").click().run()
    assert not app.exception
    services.jobs().find("teach-demo").result(120)
    app.run()
    assert "of your playlists taught it" in text_of(app)
    assert taught.has_learned(services.demo())
    next(b for b in app.button if b.label == "Forget what was learned").click().run()
    assert "the weights that ship" in text_of(app)
