"""A model converted to int8 writes valid cards, like the one it was made of."""

from __future__ import annotations

import numpy as np
import pytest

from llm.backends import write
from llm.fast import Fast, convert
from llm.hf import HuggingFace
from llm.task import Slot, Task, problems
from music.errors import ModelError
from tests.llm.models import band_task
from tests.llm.test_hf import save_model


@pytest.fixture(scope="module", params=["gpt2", "llama chat"])
def converted(request, tmp_path_factory):
    kind, _, chat = request.param.partition(" ")
    folder = tmp_path_factory.mktemp(kind)
    source = save_model(folder / "source", kind, bool(chat))
    assert convert(source, folder / "int8") > 0
    assert sorted(path.name for path in folder.iterdir()) == ["int8", "source"]
    return source, str(folder / "int8")


def test_its_logits_are_nearly_those_of_the_model_it_was_made_of(converted):
    source, int8 = (
        make(name).causal for make, name in zip((HuggingFace, Fast), converted, strict=True)
    )
    ids = source.tokenizer.encode("a band that plays in the kitchen", add_special_tokens=False)
    for n, last in ((2, 1), (3, 1), (len(ids), 1), (len(ids), 3), (2, 1)):
        theirs, ours = source.logits(ids[:n], last), int8.logits(ids[:n], last)
        assert ours.shape == theirs.shape
        for a, b in zip(ours, theirs, strict=True):
            assert np.corrcoef(a, b)[0, 1] > 0.99


def test_cards_are_valid_and_the_same_seed_gives_the_same(converted):
    model = Fast(converted[1])
    for seed in range(2):
        task = band_task(seed)
        card = model.fill(task, seed)
        assert problems(task, card) == []
        assert card == model.fill(task, seed)


def test_what_is_no_converted_model_is_told_and_somebody_else_writes(tmp_path, converted):
    with pytest.raises(ModelError, match="holds no converted model; `ghostnotes models convert`"):
        Fast(str(tmp_path)).fill(band_task(0), 0)
    opening = Task("roast", (Slot("opening"),), ("tease", "critic"))
    assert "holds no converted model" in write(opening, 0, f"fast:{tmp_path}").notes[0]
    with pytest.raises(ModelError, match="is there already"):
        convert(converted[0], tmp_path)
    with pytest.raises(ModelError, match="is not on this machine"):
        convert("nobody/nothing", tmp_path / "x")
