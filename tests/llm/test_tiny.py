"""The shipped weights: small, equal to transformers, and a backend for every kind they learned."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import numpy as np
import pytest

from llm.backends import write
from llm.grammar import kinds
from llm.task import Slot, Task, placeholders, problems
from llm.tiny import WEIGHTS, Tiny
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
        text = str(tiny.fill(task, seed)["opening"])
        assert not re.search(r"\s[.,;:?]|,,|“”", text), text
