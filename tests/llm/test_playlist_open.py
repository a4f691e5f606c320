"""What rules and lexicon leave open is a choice among known labels, and every answer is told."""

import json
from datetime import date

import numpy as np
import pytest

from benchmarks.playlist_labels import lines
from llm import semantic
from llm.echo import Echo
from llm.playlist import playlist_from_text
from llm.playlist_follow import refine
from llm.playlist_open import (
    NONE,
    SHORTLIST,
    Choice,
    Question,
    _sayings,
    _vectors,
    chooser,
    encoder_choice,
    labels,
    model_choice,
)
from llm.prompt import render, styles
from llm.slots import SlotDecoder
from llm.task import Slot, Task
from tests.llm.models import JsonScript, random_gpt

TODAY = date(2026, 11, 20)
needs_encoder = pytest.mark.skipif(not semantic.available(), reason="needs the extra semantic")


class Clerk:
    """Answers every question the same way and remembers what it was asked."""

    def __init__(self, label: str | None) -> None:
        self.label, self.asked = label, []

    def __call__(self, question: Question) -> Choice | None:
        self.asked.append(question)
        return None if self.label is None else Choice(self.label, "the clerk", 0.8)


def test_only_a_slot_with_a_cue_and_an_unknown_word_is_asked_about():
    clerk = Clerk("cooking")
    playlist_from_text("sad jazz for reading", (), TODAY, clerk)
    playlist_from_text("zblorg", (), TODAY, clerk)
    assert clerk.asked == []
    playlist_from_text("jazz for my sourdough", (), TODAY, clerk)
    assert [(q.kind, q.said) for q in clerk.asked] == [("activities", "sourdough")]


def test_an_answer_becomes_a_rule_and_is_told():
    wish = playlist_from_text("jazz for my sourdough", (), TODAY, Clerk("cooking"))
    assert wish.spec.activities == ("cooking",)
    assert wish.not_understood == ()
    assert any("the clerk took it for the occasion “cooking”" in note for note in wish.notes)
    assert any(part.how == "meaning" for part in wish.parts)


def test_no_answer_leaves_the_words_not_understood():
    wish = playlist_from_text("jazz for my sourdough", (), TODAY, Clerk(None))
    assert wish.spec.activities == ()
    assert wish.not_understood == ("sourdough",)


def test_a_follow_up_is_asked_about_as_well():
    wish = playlist_from_text("jazz", (), TODAY)
    assert refine(wish, "for my sourdough", (), TODAY, Clerk("cooking")).spec.activities == (
        "cooking",
    )


def test_what_the_text_says_outright_is_never_overruled():
    clerk = Clerk("techno")
    wish = playlist_from_text("jazz, some wyrdfolk songs", (), TODAY, clerk)
    assert "jazz" in wish.spec.genres
    assert "techno" not in wish.spec.genres


@needs_encoder
@pytest.mark.parametrize(
    ("text", "slot", "label"),
    [
        ("music for beekeeping", "activities", "gardening"),
        ("songs for brewing kombucha", "activities", "cooking"),
        ("some vaporgoth songs", "genres", "vaporwave"),
    ],
)
def test_the_encoder_knows_what_a_word_is_near(text, slot, label):
    wish = playlist_from_text(text, (), TODAY, encoder_choice)
    assert getattr(wish.spec, slot) == (label,)
    assert any("the sentence encoder" in note for note in wish.notes)


@needs_encoder
def test_the_encoder_does_not_guess_from_letters():
    assert playlist_from_text("music for qwxzv", (), TODAY, encoder_choice).spec.activities == ()


@needs_encoder
@pytest.mark.parametrize("kind", ["genres", "activities"])
def test_the_shipped_vectors_are_those_of_todays_labels(kind):
    fresh = semantic.embed(_sayings(kind)[:3])
    np.testing.assert_allclose(_vectors(kind)[:3], fresh, atol=0.01)
    assert len(_vectors(kind)) == len(labels(kind))


@needs_encoder
def test_a_language_model_chooses_among_the_nearest_labels():
    question = Question("activities", "sourdough", labels("activities"))
    choice = model_choice("echo")(question)  # says the first choice: the nearest
    assert choice == Choice("cooking", "echo", choice.strength)


def test_any_model_chooses_a_known_label_or_none():
    slot = Slot("label", "choice", choices=("cooking", "running", NONE))
    task = Task("playlist", (slot,), conditions=("sourdough", "occasion"))
    for seed in range(20):
        card = SlotDecoder(random_gpt(seed), JsonScript()).fill(task, seed)
        assert card["label"] in slot.choices
    assert Echo().fill(task, 0)["label"] == "cooking"


@pytest.mark.parametrize("style", styles("playlist"))
def test_the_prompt_holds_the_words_and_the_labels(style):
    slot = Slot("label", "choice", choices=("cooking", NONE))
    prompt = render(Task("playlist", (slot,), conditions=("sourdough", "occasion")), style)
    assert "sourdough" in prompt
    assert json.dumps("cooking")[1:-1] in prompt


@needs_encoder
def test_who_answers_depends_on_who_writes():
    assert chooser("grammar") is encoder_choice
    assert chooser("tiny") is encoder_choice
    assert chooser("ollama:llama3.2:1b") is not encoder_choice
    assert len(labels("activities")) > SHORTLIST


@needs_encoder
def test_questions_about_the_labelled_wishes_are_few():
    clerk = Clerk(None)
    for line in lines("prompts.txt"):
        playlist_from_text(line.rpartition("|")[0].strip(), lines("artists.txt"), TODAY, clerk)
    assert 0 < len(clerk.asked) < 0.1 * len(lines("prompts.txt"))
