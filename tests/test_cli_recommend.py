"""Everything the Recommend page can do, a terminal can: controls, feedback, learning, paths."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from cli import app
from studio import services, taught
from studio.settings import settings


@pytest.fixture(autouse=True)
def _fresh_services():
    """Each test has its own home, so the services that hold it are made anew."""
    for cached in (settings, services.store, services.demo):
        cached.cache_clear()
    yield
    for cached in (settings, services.store, services.demo):
        cached.cache_clear()


def ghostnotes(*words: object, code: int = 0) -> str:
    done = CliRunner().invoke(app, [str(word) for word in words])
    assert done.exit_code == code, (done.output, done.exception)
    return done.stdout if code == 0 else done.stderr


def recommended(*words: object, n: int = 10) -> list[dict]:
    return json.loads(ghostnotes("recommend", "-n", n, "--json", *words))


def ids(rows: list[dict]) -> list[str]:
    return [row["Index"] for row in rows]


def test_limits_hold():
    tracks = services.demo().library.tracks
    found = tracks.loc[
        ids(recommended("--years", "1990-1999", "--tempo", "-140", "--minutes", "2-5",
                        "--per-artist", 1, "--clean"))
    ]  # fmt: skip
    assert len(found) == 10
    assert found["year"].between(1990, 1999).all()
    assert (found["tempo_bpm"] <= 140).all()
    assert found["duration_s"].between(120, 300).all()
    assert not found["explicit"].any()
    assert found["artists"].is_unique


@pytest.mark.parametrize(
    "words",
    [
        ("--varied", 0.8), ("--novelty", 1), ("--novelty", -1), ("--chance", 1, "--seed", 3),
        ("--mood", "calm and sad", "--lean", 1), ("--known-artists", 2), ("--popularity", "40-100"),
        ("--side", "folk"), ("--me", "always"), ("--me", "lately"), ("--vibe", "rainy jazz"),
    ],
    ids=str,
)  # fmt: skip
def test_every_control_changes_the_list(words):
    assert ids(recommended(*words)) != ids(recommended())


def test_the_next_ones_go_on_where_the_first_ended():
    whole = ids(recommended(n=10))
    assert ids(recommended(n=4)) + ids(recommended("--skip", 4, n=6)) == whole


def test_seeds_can_be_added_and_taken_away():
    tracks = services.demo().library.tracks
    one, other = tracks.index[0], tracks.index[-1]
    found = recommended("--track", one, "--less", other)
    assert ids(found) != ids(recommended("--track", one))
    assert not {one, other} & set(ids(found))


def test_what_is_said_is_remembered_and_moves_the_list():
    first = recommended()
    artist = first[0]["artists"]
    ghostnotes("say", "block", artist, "--artist")
    ghostnotes("say", "dislike", ids(first)[1])
    said = json.loads(ghostnotes("say", "like", ids(first)[2], "--json"))
    assert said == {"liked": 1, "disliked": 1, "blocked": 1}
    again = recommended()
    assert artist not in [row["artists"] for row in again]
    assert not set(ids(first)[1:3]) & set(ids(again))
    ghostnotes("say", "nothing", artist, "--artist")
    ghostnotes("say", "nothing", *ids(first)[1:3])
    assert ids(recommended()) == ids(first)


def test_what_was_learned_outlives_the_process_and_can_be_forgotten():
    plain = ids(recommended("--side", "folk"))
    assert json.loads(ghostnotes("learn", "--json"))["playlists"] > 10
    assert taught.has_learned(services.demo())
    services.demo.cache_clear()  # as after a restart
    learned = ids(recommended("--side", "folk"))
    assert learned != plain
    assert taught.has_learned(services.demo())
    ghostnotes("learn", "--forget")
    services.demo.cache_clear()
    assert ids(recommended("--side", "folk")) == plain


def test_a_changed_file_of_what_was_learned_is_not_used_and_said():
    ghostnotes("learn")
    file = settings().home / "models" / "demo.npz"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    services.demo.cache_clear()
    assert not taught.has_learned(services.demo())
    assert "not the file that was saved" in services.demo().lesson


def test_a_path_walks_from_one_track_to_another(tmp_path):
    tracks = services.demo().library.tracks
    start, end = tracks.index[3], tracks.index[900]
    walked = json.loads(ghostnotes("path", start, end, "-n", 8, "--json"))
    way = [step["way"] for step in walked]
    assert [walked[0]["track_id"], walked[-1]["track_id"]] == [start, end]
    assert way == sorted(way)
    assert len(way) == 8
    ghostnotes("path", start, end, "--out", tmp_path / "path.csv")
    assert (tmp_path / "path.csv").stat().st_size > 100


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("recommend", "--years", "soon"), "no range"),
        (("recommend", "--years", "2000-1990"), "must be smaller"),
        (("recommend", "--varied", 2), "diversity lies between"),
        (("recommend", "--unknown", "maybe"), "drop or keep"),
        (("recommend", "--me", "sometimes"), "always or lately"),
        (("recommend", "--track", "no such track"), "no track called"),
        (("recommend", "--side", "no such side"), "no side called"),
        (("say", "love", "x"), "like, dislike, block or nothing"),
        (("path", "no such track", "nor this"), "no track called"),
    ],
    ids=str,
)
def test_what_makes_no_sense_is_one_sentence(words, sentence):
    said = " ".join(ghostnotes(*words, code=1).split())
    assert sentence in said
    assert "Traceback" not in said
