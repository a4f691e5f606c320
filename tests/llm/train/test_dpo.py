"""Thumbs move the small model towards what is liked, and leave the shipped weights alone."""

from __future__ import annotations

import numpy as np
import pytest

from llm.preference import as_vote
from llm.task import problems
from llm.tiny import Tiny
from llm.train.dpo import pairs_of, prefer
from music.errors import InputError
from tests.llm.toy import TOY, filler, trained_toy


def lines(tiny, n, seed):
    """Drafts of the model, each with its task and slot."""
    rng, found = np.random.default_rng(seed), []
    while len(found) < n:
        task = TOY.examples(rng)
        card = tiny.decoder.draft(task, int(rng.integers(10**6)))
        found += [(task, slot, str(card[slot.name])) for slot in task.slots[:-1]]
    return found[:n]


def share_liked(tiny, seed):
    return np.mean([text.startswith(("Look", "Listen")) for _, _, text in lines(tiny, 80, seed)])


def test_the_model_writes_more_of_what_is_liked(tmp_path):
    base = trained_toy()[1]
    rng, votes = np.random.default_rng(0), []
    while len(votes) < 50:
        task = TOY.examples(rng)
        card = filler(task, rng)
        votes += [
            as_vote(
                task, slot, str(card[slot.name]), card[slot.name].startswith(("Look", "Listen"))
            )
            for slot in task.slots[:-1]
        ]
    before = (base / "model.safetensors").read_bytes()
    agreed, agrees = prefer(votes, tmp_path, "toy", base, epochs=3, learning_rate=3e-4)
    assert agrees > agreed
    assert (base / "model.safetensors").read_bytes() == before
    mine = Tiny(tmp_path)
    assert share_liked(mine, 5) > share_liked(Tiny(base), 5) + 0.15
    task = TOY.examples(rng)
    assert problems(task, mine.fill(task, 0)) == []


def test_a_vote_alone_meets_a_draft_of_the_model():
    tiny = Tiny(trained_toy()[1])
    task, slot, _ = lines(tiny, 1, 0)[0]
    for liked in (True, False):
        (pair,) = pairs_of([as_vote(task, slot, "A lamp.", liked)], tiny, "toy", 0)
        mine = tuple(tiny.tokenizer.encode("A lamp.").ids)
        assert (pair.liked if liked else pair.other)[:-1] == mine
        assert pair.liked != pair.other


def test_votes_on_what_it_cannot_write_are_told(tmp_path):
    base = trained_toy()[1]
    task, slot, text = lines(Tiny(base), 1, 0)[0]
    with pytest.raises(InputError, match="could write"):
        prefer([as_vote(task, slot, text)], tmp_path, "opera", base)
    with pytest.raises(InputError, match="not overwritten"):
        prefer([as_vote(task, slot, text)], base, "toy", base)
