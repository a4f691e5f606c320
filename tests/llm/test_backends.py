"""A backend is a name; when one cannot write, another does and says so."""

from __future__ import annotations

import pytest

from llm import backends
from llm.backends import BACKENDS, backend, write
from llm.echo import Echo
from llm.task import Slot, Task, problems
from llm.tiny import WEIGHTS
from music.errors import InputError, ModelError
from music.profile import Fact

FACT = Fact("one_song", "You played Help 212 times.", {"track": "Help", "n": "212"})
LINES = Task("roast", tuple(Slot(f"line_{k}", fact=FACT) for k in range(3)))


class Broken:
    name = "hf:broken"

    def fill(self, task, seed):
        raise ModelError("it has no weights.")

    def stream(self, task, seed):
        raise ModelError("it has no weights.")


@pytest.fixture
def speakers(monkeypatch):
    """Backends of the test under names of free models."""
    said = {
        "hf": Broken(),
        "tiny": Broken(),
        "grammar": Echo({"line_1": "All <n> times, <track>."}),
    }
    for kind in said:
        monkeypatch.setitem(BACKENDS, kind, lambda _, kind=kind: said[kind])
    backend.cache_clear()
    yield said
    backend.cache_clear()


def test_an_unknown_name_is_one_clear_sentence():
    with pytest.raises(InputError, match="'gpt5' is no backend; there are echo, grammar, tiny"):
        backend("gpt5")
    with pytest.raises(InputError, match="needs its model, as in 'hf:openai-community/gpt2'"):
        backend("hf")
    with pytest.raises(InputError, match="takes no model"):
        backend("grammar:7b")


def test_what_training_made_of_the_small_model_can_write(tmp_path):
    opening = Task("roast", (Slot("opening"),), ("tease", "critic"))
    for file in WEIGHTS.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    assert write(opening, 1, f"tiny:{tmp_path}").card == write(opening, 1, "tiny").card
    missing = write(opening, 1, f"tiny:{tmp_path / 'nowhere'}")
    assert missing.by == "tiny"
    assert "no built-in model here" in missing.notes[0]


def test_every_fallback_is_announced(speakers):
    filled = write(LINES, 1, "hf:broken")
    assert filled.by == "grammar"
    assert filled.card["line_1"] == "All 212 times, Help."
    assert filled.notes == (
        "hf:broken could not write this: it has no weights. The built-in model writes instead.",
        "The built-in model could not write this: it has no weights. The grammar writes instead.",
    )


def test_what_goes_as_asked_needs_no_note(speakers):
    assert write(LINES, 1, "grammar").notes == ()


def test_a_lie_is_replaced_and_the_rest_stays(speakers):
    speakers["hf"] = liar = Echo(
        {
            "line_0": "Ringo quit after 9 plays.",
            "line_1": "Help, <n> times?",
            "line_2": "Why <track>.",
        }
    )
    filled = write(LINES, 1, "hf:liar")
    assert filled.card["line_1"] == "Help, 212 times?"
    assert filled.card["line_0"] == "line 0"  # the grammar's
    assert filled.by == "hf:liar"
    assert "1 of 3 lines: it mentioned '9', which your library does not hold" in filled.notes[0]
    assert len(liar.asked) == 2  # asked once more, for that line only
    assert [slot.name for slot in liar.asked[1][0].slots] == ["line_0"]


def test_the_built_in_model_is_checked_like_any_other(speakers):
    said = {"line_0": "So Ringo heard <track>.", "line_1": "Help, <n> times?", "line_2": "Why."}
    speakers["tiny"] = Echo(said)
    filled = write(LINES, 1, "tiny")
    assert filled.card["line_0"] == "line 0"  # the grammar's
    assert filled.card["line_1"] == "Help, 212 times?"
    assert "it mentioned 'Ringo', which your library does not hold" in filled.notes[0]


def test_a_group_is_filled_whole_or_not_at_all(speakers):
    member = (
        Slot("name", max_chars=5, group="m"),
        Slot("age", "integer", low=1, high=9, group="m"),
    )
    task = Task("band", member)
    speakers["hf"] = Echo({"name": "far too long a name", "age": 4})
    card = write(task, 0, "hf:long").card
    assert set(card) == {"name", "age"}
    assert problems(task, card) == []


def test_when_nobody_can_write_it_says_why(speakers):
    speakers["grammar"] = Broken()
    with pytest.raises(ModelError, match=r"nobody could fill this card: .*it has no weights"):
        write(LINES, 1, "tiny")


def test_the_order_of_a_card_is_that_of_its_task(speakers):
    assert list(write(LINES, 1, "hf:broken").card) == [slot.name for slot in LINES.slots]


def test_names_are_for_people():
    assert backends.called("tiny") == "the built-in model"
