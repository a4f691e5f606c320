"""A small kind of card with text of its own, for tests of corpus, training and evaluation."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from llm import grammar
from llm.grammar import Kind
from llm.task import Slot, Task
from llm.train.__main__ import save
from llm.train.corpus import documents, rows
from llm.train.loop import Recipe, new_model, train
from llm.train.tokenizer import train_tokenizer
from music.profile import Fact

OPENINGS = ["Look", "Listen", "Well", "Friend", "Honestly", "Right", "So", "Now"]
ENDS = {
    "pat": ["that is rather sweet", "nobody minds", "it suits you", "keep at it"],
    "cook": ["a lamp has better taste", "even the shuffle gave up", "the speakers want out"],
}
VERBS = {
    "one_song": ["<track> again, <n> times", "<n> rounds of <track>", "<track> knows you by now"],
    "shanties": ["you sail at <hour>", "ships at <hour> again", "the sea called at <hour>"],
}
VALUES = {"one_song": {"track": "Help", "n": "212"}, "shanties": {"hour": "3 a.m."}}


def filler(task, rng):
    card = {}
    for slot in task.slots:
        if slot.kind == "choice":
            card[slot.name] = str(rng.choice(slot.choices))
            continue
        start, body = rng.choice(OPENINGS), rng.choice(VERBS[slot.fact.kind])
        card[slot.name] = f"{start}, {body}: {rng.choice(ENDS[task.conditions[0]])}."
    return card


def examples(rng):
    kinds = rng.permutation(sorted(VALUES))[: rng.integers(1, 3)]
    lines = [
        Slot(f"line_{k}", fact=Fact(str(kind), "", VALUES[str(kind)]))
        for k, kind in enumerate(kinds)
    ]
    verdict = Slot("verdict", "choice", choices=("guilty", "forgiven"))
    return Task("toy", (*lines, verdict), conditions=(str(rng.choice(sorted(ENDS))),))


TOY = Kind(filler, examples)

RECIPE = Recipe(
    tokens=250_000, width=64, n_layer=2, n_head=2, context=96, batch=12, documents=600,
    vocabulary=700, learning_rate=6e-3,
)  # fmt: skip


@contextmanager
def toy_kind():
    """The grammar knows the toy kind, and only for a while."""
    had = "toy" in grammar._KINDS
    grammar.register("toy", TOY)
    yield
    if not had:
        grammar._KINDS.pop("toy")


@lru_cache(maxsize=1)
def trained_toy():
    """The corpus, weights folder and losses of a 0.1 M parameter model; some seconds, once."""
    folder = Path(tempfile.mkdtemp(prefix="toy-weights-"))
    atexit.register(shutil.rmtree, folder)
    with toy_kind():
        corpus = documents(RECIPE.documents, 0, ["toy"])
    tokenizer = train_tokenizer(corpus, RECIPE.vocabulary)
    model = new_model(RECIPE, tokenizer.get_vocab_size())
    losses = []
    data = rows(corpus, tokenizer, RECIPE.context)
    train(model, data, RECIPE, report=lambda *told: losses.append(told))
    save(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"))
    return corpus, folder, losses
