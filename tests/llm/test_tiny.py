"""The shipped weights: small, equal to transformers, and a backend for every kind they learned."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from benchmarks.listeners import listener
from llm.backends import write
from llm.grammar import kinds
from llm.lines import PERSONAS
from llm.roast import roast
from llm.score import self_bleu_4, sentences
from llm.task import Slot, Task, placeholders, problems
from llm.tiny import VOICED, WEIGHTS, Tiny
from music.errors import ModelError

LEARNED = json.loads((WEIGHTS / "metrics.json").read_text(encoding="utf-8"))["kinds"]


@pytest.fixture(scope="module")
def tiny():
    return Tiny()


def test_the_weights_fit_into_the_repository():
    assert (WEIGHTS / "model.safetensors").stat().st_size <= 15_000_000
    card = (WEIGHTS / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert "| valid cards | 1 |" in card


def test_they_equal_transformers(tiny):
    import torch
    from transformers import GPT2LMHeadModel

    theirs = GPT2LMHeadModel.from_pretrained(WEIGHTS, local_files_only=True, dtype=torch.float32)
    ids = [int(i) for i in np.random.default_rng(0).integers(3, 4_000, tiny.model.context)]
    with torch.no_grad():
        want = theirs.eval()(torch.tensor([ids])).logits[0].numpy()
    np.testing.assert_allclose(tiny.model.logits(ids, last=len(ids)), want, atol=1e-4)


@pytest.mark.parametrize("name", LEARNED)
def test_every_card_it_learned_is_valid_and_the_same_by_seed(tiny, name):
    rng = np.random.default_rng(3)
    for seed in range(5):
        task = kinds()[name].examples(rng)
        filled = write(task, seed, "tiny")
        assert problems(task, filled.card) == []
        assert write(task, seed, "tiny") == filled
        draft = tiny.decoder.draft(tiny.able(task), seed)
        for slot in task.slots:
            allowed = {*task.holes, *(slot.fact.values if slot.fact else {})}
            assert placeholders(str(draft.get(slot.name, ""))) <= allowed
            if slot.fact:
                assert not any(c.isdigit() for c in str(draft.get(slot.name, "")))


def test_it_needs_no_torch():
    code = (
        "import sys, numpy as np\n"
        "from llm.backends import write\n"
        "from llm.grammar import kinds\n"
        "task = kinds()['roast'].examples(np.random.default_rng(0))\n"
        "print(write(task, 0, 'tiny').by, {'torch', 'transformers'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["tiny", "set()"]


def test_a_folder_without_weights_is_told(tmp_path):
    task = kinds()["roast"].examples(np.random.default_rng(0))
    with pytest.raises(ModelError, match=r"no built-in model here: model\.safetensors is missing"):
        Tiny(tmp_path).fill(task, 0)


def test_an_opening_does_not_run_into_a_placeholder_that_has_no_value(tiny):
    """It was taught three sorts of opening, and is not told which is wanted."""
    for seed in range(24):
        holes = ({"tracks": "1,979"}, {"this": "a sleigh", "that": "a lamp"})[seed % 2]
        tone = ("pat", "tease", "cook")[seed % 3]
        task = Task("roast", (Slot("opening", max_chars=280, max_tokens=80),), (tone,), holes)
        text = str(write(task, seed, "tiny").card["opening"])
        assert not re.search(r"\s[.,;:?]|,,|“”", text), text


def roast_of(persona):
    rng = np.random.default_rng(5)
    task = kinds()["roast"].examples(rng)
    while not {"opening", "interlude"} <= {slot.name for slot in task.slots}:
        task = kinds()["roast"].examples(rng)
    tone = [c for c in task.conditions if c not in PERSONAS]
    return replace(task, conditions=(*tone, persona))


def test_a_persona_it_has_not_learned_is_heard_all_the_same(tiny):
    task = roast_of("wine")
    written = tiny.fill(task, 1).keys()
    theirs = {slot.name for slot in task.slots if slot.name.startswith(VOICED)}
    assert not theirs & written
    assert len(written) > len(task.slots) - len(theirs) - 2
    filled = write(task, 1, "tiny")
    assert filled.by == "tiny"
    assert any("The grammar writes instead" in note for note in filled.notes)
    assert {"opening", "line_1"} <= tiny.fill(roast_of("critic"), 1).keys()


def test_a_sentence_it_is_lost_in_is_left_out(tiny):
    strict = Tiny()
    strict.__dict__["decoder"] = replace(tiny.decoder, doubt=1e-9)  # nothing is that sure
    task = roast_of("critic")
    assert strict.fill(task, 1) == {}
    assert set(tiny.fill(task, 1)) == {slot.name for slot in task.slots}


def test_two_listeners_rarely_read_the_same_sentences():
    people = [listener(k, hostile=0.0) for k in range(16)]
    texts = [roast(person, k, backend="tiny").to_text() for k, person in enumerate(people)]
    assert self_bleu_4(texts) < 0.33


def test_a_sentence_that_was_heard_is_not_said_again(tiny):
    task = roast_of("critic")
    text = str(tiny.fill(task, 1)["compliment"])
    first = sentences(text)[0]
    again = tiny.fill(replace(task, avoid=frozenset({first.casefold()})), 1)
    assert first not in sentences(str(again.get("compliment", "")))
