"""Roast and Band: thumbs, blind pairs, nothing said twice, and a web service only on request."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from llm.tiny import WEIGHTS
from studio import blind, services, thumbs
from studio.settings import settings
from tests.genrenator import Host
from tests.llm.test_hf import save_model
from tests.llm.test_hub import Hub
from tests.pages.conftest import text_of


def test_a_thumb_under_a_joke_is_remembered(visit):
    app = visit("pages/roast.py")
    app.feedback[0].set_value(1).run()
    assert not app.exception
    assert [vote.liked for vote in thumbs.votes(services.ME)] == [True]
    assert "1 thumb." in text_of(app)
    again = visit("pages/roast.py")
    assert again.feedback[0].value == 1


def test_no_joke_comes_twice_in_a_visit(visit):
    app = visit("pages/roast.py")
    read = []
    for _ in range(6):
        jokes = [m.value for m in app.markdown if m.value.startswith("#### ")]
        assert not set(jokes) & set(read)
        read += jokes
        next(b for b in app.button if b.label == "Again").click().run()
    assert not app.exception


def test_blind_pairs_hide_who_wrote_and_keep_the_votes(visit):
    app = visit("pages/roast.py")
    app.toggle(key="blind.open").set_value(True).run()
    for key in ("blind-a", "blind-b", "blind-skip"):
        app.button(key=key).click().run()
        assert not app.exception
    assert blind.votes(services.ME) == {0: "a", 1: "b", 2: "skip"}
    assert sum(one.wins for one in blind.standing(services.ME)) == 2


def test_the_genrenator_is_asked_only_when_switched_on_and_once(visit, monkeypatch):
    with Host() as web:
        monkeypatch.setenv("GHOSTNOTES_GENRENATOR_URL", web.url)
        settings.cache_clear()
        app = visit("pages/band.py")
        assert web.asked == []
        app.toggle[0].set_value(True).run()
        assert "orchestral skip-hop" in text_of(app).replace("\\", "")
        app.run()
        assert web.asked == ["/genre/"]
    next(b for b in app.button if b.label == "Another band").click().run()
    assert not app.exception
    assert "The Genrenator could not be used" in " ".join(i.value for i in app.info)


def test_the_link_of_a_band_opens_it_on_another_server(visit, monkeypatch, tmp_path):
    app = visit("pages/band.py")
    next(b for b in app.button if b.label == "Another band").click().run()
    link = urlsplit(app.code[0].value).query
    assert {"seed", "hook", "vibe"} <= set(parse_qs(link))
    monkeypatch.setenv("GHOSTNOTES_HOME", str(tmp_path / "elsewhere"))
    for service in (settings, services.store, services.jobs):
        service.cache_clear()
    other = visit("pages/band.py", **parse_qs(link))
    assert not other.exception
    assert card(other) == card(app)
    assert urlsplit(other.code[0].value).query == link
    next(b for b in other.button if b.label == "Another band").click().run()
    assert card(other) != card(app)


def test_a_broken_link_of_a_band_is_one_sentence(visit):
    app = visit("pages/band.py", seed="-1", vibe="")
    assert not app.exception
    assert "seed is -1" in app.error[0].value.replace("\\", "")


def card(app):
    """What is written on the card."""
    return [m.value for m in app.markdown]


def test_a_model_that_is_not_here_is_offered_and_nothing_is_fetched_unasked(
    visit, monkeypatch, tmp_path
):
    web = Hub(save_model(tmp_path / "critic"))
    monkeypatch.setenv("GHOSTNOTES_HUB_URL", web.url)
    monkeypatch.setenv("GHOSTNOTES_BACKEND", "hf:toy/critic")
    settings.cache_clear()
    app = visit("pages/roast.py")
    assert web.asked == []
    next(b for b in app.button if b.label == "Ask what it weighs").click().run()
    assert not app.exception
    assert "licence mit" in text_of(app)
    assert any(b.label.startswith("Fetch ") for b in app.button)
    assert len(web.asked) == 1
    web.close()
    app = visit("pages/roast.py")
    next(b for b in app.button if b.label == "Ask what it weighs").click().run()
    assert "cannot be reached from here" in app.warning[0].value


def test_more_mean_is_one_step(visit):
    app = visit("pages/roast.py")
    next(b for b in app.button if b.label == "More mean").click().run()
    assert app.session_state["roast.intensity"] == "cook"
    assert next(b for b in app.button if b.label == "More mean").disabled
    assert not app.exception


def test_a_model_of_ones_own_writes_in_a_worker(visit, tmp_path, monkeypatch):
    for file in WEIGHTS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    monkeypatch.setenv("GHOSTNOTES_BACKEND", f"tiny:{tmp_path}")
    settings.cache_clear()
    app = visit("pages/roast.py")
    assert not app.exception
    assert "is writing" in text_of(app)
    for job in list(services.jobs()._jobs.values()):
        job.result(60)
    app.run()
    assert "is writing" not in text_of(app)
    assert app.feedback


def test_a_model_that_is_none_is_one_sentence(visit, monkeypatch):
    monkeypatch.setenv("GHOSTNOTES_BACKEND", "gpt5")
    settings.cache_clear()
    app = visit("pages/roast.py")
    assert not app.exception
    assert "'gpt5' is no backend" in app.error[0].value.replace("\\", "")


def test_a_model_may_set_the_desk_and_says_why(visit, monkeypatch):
    app = visit("pages/hear_it.py")
    app.session_state["desk.sentence"] = "a waltz for ghosts"
    app.session_state["desk.writer"] = "grammar"
    app.run()
    assert not app.exception
    assert "(set by the grammar)" in text_of(app).replace("\\", "")
