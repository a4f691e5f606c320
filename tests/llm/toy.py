"""A small kind of card with text of its own, for tests of corpus, training and evaluation."""

from __future__ import annotations

from llm.grammar import Kind
from llm.task import Slot, Task
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
