"""Thumbs teach which drafts to keep, measurably, and nothing before there are enough."""

from __future__ import annotations

import numpy as np
import pytest

from llm.preference import Preference, Vote, as_lines, as_vote, best_of, read_votes
from llm.task import problems
from music.errors import InputError
from tests.llm.toy import examples as toy_examples
from tests.llm.toy import filler, toy_kind


def fill(task, seed):
    return filler(task, np.random.default_rng(seed))


def votes(n, seed=0):
    """A listener who likes lamps and nothing else."""
    rng, said = np.random.default_rng(seed), []
    while len(said) < n:
        task = toy_examples(rng)
        for slot in task.slots[:-1]:
            text = str(fill(task, int(rng.integers(10**6)))[slot.name])
            said.append(as_vote(task, slot, text, "lamp" in text or "sweet" in text))
    return said[:n]


def test_nothing_is_learned_from_too_little():
    with pytest.raises(InputError, match="6 votes of both kinds, got 3"):
        Preference().fit(votes(3))
    with pytest.raises(InputError, match="both kinds"):
        Preference().fit([Vote(f"line {k}", True) for k in range(20)])
    assert (Preference().score(votes(4)) == 0.5).all()


def test_a_changed_mind_counts():
    said = [
        Vote(f"{word} again", word == "lamp") for word in ("lamp", "sea", "ship", "salt", "rope")
    ]
    changed = [*said, Vote("lamp again", False), Vote("sea again", True), Vote("x", False)]
    before = Preference().fit([*said, Vote("x", False)]).score([Vote("lamp again", True)])
    after = Preference().fit(changed).score([Vote("lamp again", True)])
    assert after < before


def test_it_orders_lines_it_has_not_seen():
    model, fresh = Preference().fit(votes(40)), votes(200, seed=1)
    scores = model.score(fresh)
    liked = np.array([v.liked for v in fresh])
    pairs = scores[liked][:, None] > scores[~liked][None, :]
    assert pairs.mean() > 0.9


def test_the_best_of_four_follows_the_thumbs_and_stays_valid():
    model, rng = Preference().fit(votes(40)), np.random.default_rng(9)
    plain, picked = [], []
    for seed in range(60):
        task = toy_examples(rng)
        card = best_of(fill, task, seed, model)
        assert card == best_of(fill, task, seed, model)
        assert problems(task, card) == []
        for which, into in ((fill(task, seed), plain), (card, picked)):
            lines = [str(which[s.name]) for s in task.slots[:-1]]
            into += ["lamp" in line or "sweet" in line for line in lines]
    assert np.mean(picked) > np.mean(plain) + 0.3


def test_one_draft_is_what_the_backend_said():
    task = toy_examples(np.random.default_rng(0))
    with toy_kind():
        assert best_of(fill, task, 3, Preference(), n=1) == fill(task, 3)


def test_votes_travel_as_json_lines():
    said = votes(12)
    assert read_votes(as_lines(said), "mine.jsonl") == said
    with pytest.raises(InputError, match=r"mine\.jsonl holds no votes"):
        read_votes('{"text": "x"}', "mine.jsonl")
