"""A track is found by title and artist however it is spelled, and never across versions."""

import pandas as pd
import pytest

from library.matching import Matcher, fold, same_version
from music.tracks import as_tracks

ROWS = [
    ("a", "Löve (feat. Somebody)", "The Damp; Somebody"),
    ("b", "Love - Live", "The Damp"),
    ("c", "Untitled 4", "Sven Is Late"),
    ("d", "Rock 'n' Roll", "Salt & Pepper"),
    ("e", "雨のエスカレーター", "Mariko"),
]
MATCHER = Matcher(as_tracks(pd.DataFrame(ROWS, columns=["track_id", "name", "artists"]), "test"))


@pytest.mark.parametrize(
    ("title", "artist", "found"),
    [
        ("love", "the damp", "a"),
        ("Love (Live)", "The Damp", "b"),
        ("Löve", "The Damp; Whoever", "a"),
        ("Rock n Roll", "Salt and Pepper", "d"),
        ("雨のエスカレーター", "mariko", "e"),
        ("Untitled 4", "Sven Iz Late", "c"),
        ("Untitled 5", "Sven Is Late", None),
        ("Love - Demo", "The Damp", None),
        ("Love", "The Wet", None),
        ("", "", None),
    ],
)
def test_what_is_found(title, artist, found):
    match = MATCHER.find(title, artist)
    assert (match.track_id if match else None) == found


def test_exact_and_near_are_told_apart():
    exact, near = MATCHER.find("LOVE!", "the damp"), MATCHER.find("Untitled 4", "Sven Iz Late")
    assert exact is not None
    assert near is not None
    assert exact.exact
    assert not near.exact


def test_folding_keeps_what_is_only_signs():
    assert fold("???") == "???"
    assert fold("!!!") != fold("???")


def test_numbers_and_version_words_must_agree():
    assert same_version("love", "lovely")
    assert not same_version("part 1", "part 2")
    assert not same_version("love", "love live")
