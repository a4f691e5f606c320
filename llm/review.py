"""A humorous review of a library or a playlist, in the manner of a record review.

One thesis from first to last sentence: it is stated, two facts speak for it, then it turns, and a
score with a decimal ends it. The score is counted from the facts, not drawn.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from llm.agreement import apart
from llm.backends import write
from llm.review_parts import HIGH, SPOKEN_FOR, THESES, review_slots, thesis_of
from llm.roast import fingerprint, said, tellable
from llm.roast_lines import in_sentence_case
from llm.task import Card, Filled, Task
from music.profile import Fact, TasteProfile

WORDS: Final = (120, 200)
N_DRAFTS: Final = 24  # drafts tried for the length; three in four fit at once


@dataclass(frozen=True)
class Review:
    """A finished review.

    Parameters
    ----------
    title, paragraphs
        The text; together 120 to 200 words, or a sentence where there was nothing to review.
    score
        0 to 10 with one decimal; None where there was nothing to review.
    rule
        How the score was counted, in a sentence.
    thesis
        What it argues: a key of `llm.review_parts.THESES`, or "".
    facts
        The two facts it rests on, in the order told.
    by, notes
        The backend that wrote it, and its fallbacks in sentences.
    """

    title: str
    paragraphs: tuple[str, ...]
    score: float | None
    rule: str
    thesis: str
    facts: tuple[Fact, ...]
    seed: int
    by: str
    notes: tuple[str, ...] = ()

    def to_text(self) -> str:
        """Title and paragraphs."""
        return "\n\n".join([self.title, *self.paragraphs])

    def to_dict(self) -> dict[str, Any]:
        """Plain values for JSON; the evidence comes along."""
        return asdict(self) | {"text": self.to_text()}


def review(
    profile: TasteProfile,
    seed: int = 0,
    what: str = "this library",
    backend: str = "grammar",
    avoid: Collection[str] = (),
) -> Review:
    """Review a taste.

    Parameters
    ----------
    profile
        The facts of a library, or of a playlist (`music.profile.playlist_profile`).
    seed
        Chooses thesis, evidence and words; the same input gives the same review.
    what
        What is reviewed, as it stands in a sentence: ``"this library"``, ``"“i'm fine”"``.
    backend
        See `llm.backends.backend`.
    avoid
        Reviews already read in this session, or parts of them; no sentence comes again while there
        are others.
    """
    rng = np.random.default_rng([seed, 3, fingerprint(profile)])
    pair = evidence(tellable(profile.facts), rng)
    if pair is None:
        sentence = f"There is too little in {what} to disagree with. Come back with more."
        return Review("Untitled", (sentence,), None, "", "", (), seed, "grammar")
    thesis = thesis_of(pair[0].kind)
    score, rule = score_of(profile)
    conditions = (thesis, "high" if score >= HIGH else "low")
    holes = {"what": what, "score": f"{score:.1f}"}
    task = Task("review", review_slots(pair), conditions, holes, said(avoid))
    filled = _fitting(task, seed + fingerprint(profile), backend)
    card = {
        slot.name: in_sentence_case(str(filled.card[slot.name]), slot.fact) for slot in task.slots
    }
    return Review(
        card["title"], _paragraphs(card), score, rule, thesis, pair, seed, filled.by, filled.notes
    )  # fmt: skip


def evidence(facts: Sequence[Fact], rng: np.random.Generator) -> tuple[Fact, Fact] | None:
    """Two facts for one thesis that go together, the unusual likelier; None if there are none.

    Where no thesis has two, the second fact comes from another: the strongest there is.
    """
    facts = [fact for fact in facts if fact.kind in SPOKEN_FOR]
    pairs = [
        (one, other)
        for i, one in enumerate(facts)
        for other in facts[i + 1 :]
        if not apart(one, other)
    ]
    agreeing = [pair for pair in pairs if pair[1].kind in THESES[thesis_of(pair[0].kind)]]
    pairs = agreeing or pairs
    if not pairs:
        return None
    weights = np.array([0.001 + (one.unusual * other.unusual) ** 4 for one, other in pairs])
    # Every thesis is as likely as its pairs are unusual, not as they are many.
    of = [thesis_of(one.kind) for one, _ in pairs]
    weights /= [of.count(thesis) for thesis in of]
    return pairs[int(rng.choice(len(pairs), p=weights / weights.sum()))]


def score_of(profile: TasteProfile) -> tuple[float, str]:
    """The score, 0 to 10, and its rule: what is unusual earns, what everybody has costs.

    >>> score_of(TasteProfile((), 0, "nobody"))[0]
    3.4
    """
    strongest = [fact.unusual for fact in profile.facts[:8]]
    odd = float(np.mean(strongest)) if strongest else 0.1
    basic = 30 if profile.basic[0] is None else profile.basic[0]
    score = round(float(np.clip(4.1 + 5.4 * odd - 0.04 * basic, 0.1, 9.9)), 1)
    rule = (
        "4.1, plus 5.4 times how unusual the eight strongest facts are "
        f"({odd:.2f}), minus 0.04 for each percent of basic ({basic})."
    )
    return score, rule


def _fitting(task: Task, seed: int, backend: str) -> Filled:
    """The first draft of the right length, or the one that comes nearest."""
    drafts = []
    for i in range(N_DRAFTS):
        filled = write(task, seed * N_DRAFTS + i, backend)
        off = _off(filled.card)
        if not off:
            return filled
        drafts.append((off, i, filled))
    return min(drafts, key=lambda draft: draft[:2])[2]


def _off(card: Card) -> int:
    """By how many words a card is too short or too long."""
    n = sum(len(str(value).split()) for value in card.values())
    return max(WORDS[0] - n, n - WORDS[1], 0)


def _paragraphs(card: dict[str, str]) -> tuple[str, ...]:
    return (
        card["thesis"],
        " ".join(card[name] for name in ("lead_1", "line_1", "lead_2", "line_2")),
        f"{card['turn']} {card['verdict']}",
    )
