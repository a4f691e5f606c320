"""A sentence that looks for tracks asks for the genres it names, by their own names."""

import pytest

from studio.flows import understand
from studio.sentences import named_in, sought

GENRES = ["folk", "indie folk", "dream pop", "pop", "r&b", "post-punk", "rai"]


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("Indie Folk and dream pop", ["indie folk", "dream pop"]),
        ("folk, then indie folk", ["indie folk", "folk"]),
        ("popular rain", []),
        ("R&B or post-punk?", ["post-punk", "r&b"]),
        ("", []),
    ],
)
def test_genres_are_found_as_whole_words_the_longest_first(sentence, named):
    assert named_in(sentence, GENRES) == named


def test_a_named_genre_leads_and_the_mood_stays():
    vibe = sought("calm indie folk", GENRES)
    assert vibe.words[0] == ("indie folk", 1.0)
    assert vibe.features == understand("calm indie folk").vibe.features


def test_without_a_named_genre_nothing_changes():
    assert sought("a rainy night", GENRES) == understand("a rainy night").vibe
