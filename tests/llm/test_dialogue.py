"""The conversation looks, asks about rows, hears the answer, and judges by it."""

from __future__ import annotations

import re

import pytest

from library.demo import demo_library
from llm.dialogue import N_QUESTIONS, Dialogue, stance_of
from llm.lines import PERSONAS, RESERVED, lines, quoted
from llm.questions import STANCES, parse_prompts, prompts, talk, voice
from llm.safety import offensive
from llm.task import placeholders
from music.errors import InputError
from music.profile import taste_profile
from music.tracks import Library

EBBA = taste_profile(demo_library())
BY_KIND = {fact.kind: fact for fact in EBBA.facts}


def talked(seed: int, place: int, **settings: str) -> Dialogue:
    dialogue = Dialogue(EBBA, seed, **settings)
    while dialogue.question is not None:
        dialogue = dialogue.answer(dialogue.question.labels[place])
    return dialogue


@pytest.mark.parametrize("kind", prompts())
def test_a_question_quotes_only_what_its_fact_offers(kind):
    assert kind in set(lines()) - set(RESERVED)
    prompt = prompts()[kind]
    known = set(BY_KIND[kind].values) if kind in BY_KIND else set(quoted(kind))
    for text in (prompt.ask, *prompt.labels, *prompt.replies):
        assert placeholders(text) <= known
        assert not re.search(r"\d|!", text)
        assert not offensive(text)
    assert len({*prompt.labels}) == len({*prompt.replies}) == 3
    assert all(len(label) < 40 for label in prompt.labels)


@pytest.mark.parametrize("persona", [name for name in PERSONAS if name != "critic"])
def test_every_persona_asks_and_answers_in_words_of_its_own(persona):
    own, critic = voice(persona), voice("critic")
    for kind, ask in own.asks.items():
        assert ask != critic.asks[kind]
        assert placeholders(ask) <= set(quoted(kind))
        assert "?" in ask or ask[-1] == "."
        assert not re.search(r"\d|!", ask)
        assert not offensive(ask)
    for part in {*own.talk} - {"look empty", *STANCES}:
        assert not set(own.talk[part]) & set(critic.talk[part])
        assert not any(re.search(r"\d|!", text) or offensive(text) for text in own.talk[part])
    said = talked(2, 1, persona=persona)
    assert {turn.reply for turn in said.turns} <= set(own.talk["on deny"])
    assert len({turn.reply for turn in said.turns}) == N_QUESTIONS
    assert said.summing_up in own.talk["end deny"]


def test_it_asks_three_questions_about_three_things_it_found():
    for seed in range(40):
        asked = Dialogue(EBBA, seed).questions
        assert len(asked) == N_QUESTIONS == len({q.fact.kind for q in asked})
        for question in asked:
            assert question.fact in EBBA.facts
            numbers = set(re.findall(r"\d+", question.text))
            assert numbers <= set(re.findall(r"\d+", " ".join(question.fact.values.values())))


def test_it_mutters_while_it_reads_and_not_always_the_same():
    looks = {Dialogue(EBBA, seed).looks for seed in range(20)}
    assert len(looks) > 10
    assert all(len(set(one)) == len(one) == 5 for one in looks)


def test_every_answer_gets_its_own_reply():
    start = Dialogue(EBBA, 3)
    replies = {start.answer(label).turns[0].reply for label in start.question.labels}
    assert len(replies) == 3


def test_the_verdict_waits_for_the_answers():
    dialogue = Dialogue(EBBA, 1)
    for _ in range(N_QUESTIONS):
        assert dialogue.verdict() is None
        dialogue = dialogue.answer("well")
    assert dialogue.question is None
    assert dialogue.verdict().jokes
    assert dialogue.answer("one more thing") == dialogue


def test_what_is_denied_comes_back_and_what_is_admitted_does_not():
    for seed in range(12):
        asked = {q.fact.kind for q in Dialogue(EBBA, seed).questions}
        denied = [joke.fact.kind for joke in talked(seed, 1).verdict().jokes]
        admitted = {joke.fact.kind for joke in talked(seed, 0).verdict().jokes}
        assert set(denied[:N_QUESTIONS]) == asked
        assert not admitted & asked


def test_honesty_softens_and_denial_hardens():
    assert [talked(0, place).tone for place in range(3)] == ["pat", "cook", "tease"]
    assert talked(0, 1, intensity="cook").tone == "cook"
    assert len({talked(0, place).summing_up for place in range(3)}) == 3


@pytest.mark.parametrize(
    ("said", "stance"),
    [
        ("yes, all of it", "admit"),
        ("No. Never.", "deny"),
        ("it wasn't me", "deny"),
        ("my flatmate has a boat", "excuse"),
        ("what do you want from me?", "question"),
        ("well " * 30, "long"),
        ("   ", "silence"),
        ("It helps", "admit"),
    ],
)
def test_free_text_is_understood(said, stance):
    assert stance_of(said, ("It helps.", "Not mine.", "It is good.")) == stance


def test_free_text_of_any_kind_gets_a_reply():
    dialogue = Dialogue(EBBA, 2)
    for text in ("", "<script>alert(1)</script>", "so it is\n" * 5000):
        dialogue = dialogue.answer(text)
        assert dialogue.turns[-1].reply
        assert len(dialogue.answers[-1]) <= 400
        assert dialogue.answers[-1].isprintable()
    assert [turn.stance for turn in dialogue.turns] == ["silence", "excuse", "long"]
    assert dialogue.verdict() is not None


def test_the_same_answers_give_the_same_conversation():
    assert talked(4, 2).turns == talked(4, 2).turns
    assert talked(4, 2).verdict() == talked(4, 2).verdict()


def test_an_empty_library_is_judged_without_questions():
    dialogue = Dialogue(taste_profile(Library()))
    assert dialogue.question is None
    assert dialogue.looks
    assert dialogue.summing_up == ""
    assert len(dialogue.verdict().lines) == 1


def test_few_facts_leave_room_for_small_talk():
    few = taste_profile(demo_library().only(demo_library().tracks.index[:6]))
    asked = Dialogue(few, 0).questions
    assert len(asked) == N_QUESTIONS
    assert any(question.fact is None for question in asked)


@pytest.mark.parametrize("text", ["ask: x\n", "== skips\nask: x\n", "== skips\nadmit: x\n"])
def test_a_mistake_is_named_with_its_file(text):
    with pytest.raises(InputError, match=r"facts\.txt:\d"):
        parse_prompts(text, "facts.txt")


def test_every_stance_has_talk():
    assert all(talk()[f"on {stance}"] for stance in (*STANCES, "question", "long", "rude"))


def test_an_excuse_of_ones_own_is_not_answered_as_if_it_were_the_one_on_the_button():
    asked = Dialogue(EBBA, seed=0)
    button = asked.question.labels[2]
    as_offered = asked.answer(button).turns[0]
    own = asked.answer("my cat sat on the remote").turns[0]
    assert as_offered.stance == own.stance == "excuse"
    assert own.reply in talk()["on excuse"]
    assert as_offered.reply not in talk()["on excuse"]
