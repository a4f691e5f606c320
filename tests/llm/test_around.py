"""A sentence may say what is heard around the music; whoever reads it learns why."""

import pytest

from llm.around import around
from llm.lexicon.reading import read
from llm.vibes import vibe_from_text
from music.theory import AMBIENCES


@pytest.mark.parametrize("name", AMBIENCES)
def test_every_word_of_the_table_asks_for_its_own_ambience(name):
    for word in (name, *AMBIENCES[name].words):
        assert [a.ambience for a in [around(read(f"a slow song, {word}"))] if a] == [name], word


@pytest.mark.parametrize(
    ("sentence", "ambience"),
    [
        ("rainy tokyo night", "rain"),
        ("a record player in a rainy city", "vinyl"),
        ("grandma's attic radio", "shellac"),
        ("techno", None),
        ("surf rock", None),
        ("city pop for a long drive", None),
        ("cigales et pastis", "cicadas"),
        ("Lagerfeuer am Strand", "fire"),
        ("lo-fi without rain", "none"),
        ("no thunder, but waves", "surf"),
        ("techno but no cicadas", "none"),
    ],
)
def test_what_sentences_want_around_them(sentence, ambience):
    assert vibe_from_text(sentence).ambience == ambience


def test_the_listener_reads_why_and_the_word_counts_as_understood():
    found = vibe_from_text("a quiet song with cicadas")
    assert found.summary() == "Understood: quiet, sounds like lo-fi. Around it: cicadas."
    assert AMBIENCES["cicadas"].because in [part.because for part in found.parts]
    assert found.not_understood == ()


def test_a_sentence_of_nothing_but_an_ambience_is_understood():
    assert vibe_from_text("cicadas").summary() == "Around it: cicadas."
