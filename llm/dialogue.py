"""The roast as a conversation: it looks, asks three questions about your rows, then judges.

A `Dialogue` is a value: who is judged, the seed, and what was answered so far. Everything said
follows from that, so a page, a terminal or a link can hold it and go on later.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from llm.lines import INTENSITIES
from llm.questions import STANCES, Voice, prompts, voice
from llm.roast import Roast, pick_facts, roast, tellable
from llm.roast_lines import in_sentence_case
from llm.safety import clean_name, offensive
from llm.task import fill_in
from music.profile import Fact, TasteProfile

N_QUESTIONS: Final = 3
N_LOOKS: Final = 5
MAX_ANSWER: Final = 400  # characters of a free answer that are read
_LONG: Final = 25  # words
_YES: Final = re.compile(
    r"\b(yes|yeah|yep|guilty|true|admit|of course|sure|i did|i do|it was me|busted|sorry|ok)\b"
)
_NO: Final = re.compile(
    r"\b(no|nope|never|not me|wrong|deny|false|did ?n[o']t|was ?n[o']t|is ?n[o']t|do ?n[o']t)\b"
)


@dataclass(frozen=True)
class Question:
    """One question with its buttons; `fact` is what it is about, None for small talk."""

    text: str
    labels: tuple[str, str, str]
    fact: Fact | None = None


@dataclass(frozen=True)
class Turn:
    """A question that was answered.

    ``stance`` is how the answer was taken: one of `llm.questions.STANCES`, or ``"question"``,
    ``"long"``, ``"rude"``, ``"silence"`` for free text that is none of them.
    """

    question: Question
    answer: str
    stance: str
    reply: str


@dataclass(frozen=True)
class Dialogue:
    """A conversation about one library, as far as it has come.

    Parameters
    ----------
    profile, seed, intensity, persona, backend
        As for `llm.roast.roast`.
    answers
        What was said to the questions so far: a button's label, or free text.
    """

    profile: TasteProfile
    seed: int = 0
    intensity: str = "tease"
    persona: str = "critic"
    backend: str = "grammar"
    answers: tuple[str, ...] = ()

    @property
    def _voice(self) -> Voice:
        return voice(self.persona)

    @cached_property
    def looks(self) -> tuple[str, ...]:
        """What it mutters while it reads, in order; shown one by one with the progress."""
        options = self._voice.talk["look" if self.profile.n_tracks else "look empty"]
        rng = np.random.default_rng([self.seed, 11])
        first, *rest = options
        size = min(N_LOOKS - 1, len(rest))
        chosen = sorted(rng.choice(len(rest), size, replace=False).tolist())
        values = {"tracks": f"{self.profile.n_tracks:,}"}
        return tuple(fill_in(text, values) for text in (first, *(rest[i] for i in chosen)))

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """The questions it will ask; about facts as far as there are any."""
        if not self.profile.n_tracks:
            return ()
        rng = np.random.default_rng([self.seed, 12])
        askable = [fact for fact in tellable(self.profile.facts) if fact.kind in prompts()]
        spoken = self._voice
        asked = [_about(fact, spoken) for fact in pick_facts(askable, N_QUESTIONS, rng)]
        small = rng.permutation(len(spoken.talk["ask"]))[: N_QUESTIONS - len(asked)]
        return (*asked, *(_small(int(i), spoken) for i in small))

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """What was asked, answered and said back."""
        said: list[Turn] = []
        for question, answer in zip(self.questions, self.answers, strict=False):
            stance = stance_of(answer, question.labels)
            # The comeback to an excuse answers the one on the button, not one made up.
            own = stance == "excuse" and not _is_button(answer, question.labels[2])
            reply = self._reply(question, stance, said, own)
            said.append(Turn(question, answer, stance, reply))
        return tuple(said)

    @property
    def question(self) -> Question | None:
        """The question that waits for an answer; None when it is time for the verdict."""
        left = self.questions[len(self.answers) :]
        return left[0] if left else None

    def answer(self, text: str) -> Dialogue:
        """The conversation after an answer; a button's label or anything else."""
        if self.question is None:
            return self
        clean = "".join(c if c.isprintable() else " " for c in text)[:MAX_ANSWER].strip()
        return replace(self, answers=(*self.answers, clean))

    @property
    def tone(self) -> str:
        """How hard the verdict hits: softer if most was admitted, harder if most was denied."""
        at = INTENSITIES.index(self.intensity)
        step = {"admit": -1, "deny": 1}.get(self.mood, 0)
        return INTENSITIES[min(max(at + step, 0), len(INTENSITIES) - 1)]

    @property
    def mood(self) -> str:
        """``"admit"``, ``"deny"`` or ``"mixed"``: what two answers or more had in common."""
        stances = [turn.stance for turn in self.turns]
        return next((s for s in ("admit", "deny") if stances.count(s) >= 2), "mixed")

    @property
    def summing_up(self) -> str:
        """The sentence between the answers and the verdict; "" if nothing was asked."""
        if not self.questions:
            return ""
        options = self._voice.talk[f"end {self.mood}"]
        return options[self.seed % len(options)]

    def verdict(self) -> Roast | None:
        """The roast, once everything is answered: what was denied is brought up again.

        Facts that were admitted are not told again; those denied come first.
        """
        if self.question is not None:
            return None
        settled = {_kind(turn) for turn in self.turns if turn.stance == "admit"}
        denied = {_kind(turn) for turn in self.turns if turn.stance == "deny"}
        told = tuple(fact for fact in self.profile.facts if fact.kind not in settled)
        profile = replace(self.profile, facts=told)
        heard = [turn.reply for turn in self.turns]
        return roast(
            profile, self.seed, self.tone, self.persona, self.backend, avoid=heard, first=denied
        )

    def _reply(
        self, question: Question, stance: str, before: Sequence[Turn], is_own: bool = False
    ) -> str:
        spoken = self._voice
        if question.fact and stance in STANCES and not is_own and not spoken.comes_back:
            replies = prompts()[question.fact.kind].replies
            return _filled(replies[STANCES.index(stance)], question.fact)
        heard = {turn.reply for turn in before}
        options = [text for text in spoken.talk[f"on {stance}"] if text not in heard]
        options = options or list(spoken.talk[f"on {stance}"])
        rng = np.random.default_rng([self.seed, 13, len(before)])
        return options[int(rng.integers(len(options)))]


def stance_of(answer: str, labels: tuple[str, str, str]) -> str:
    """How an answer is taken; a button by its place, free text by what it says.

    >>> stance_of("never, that was my sister", ("It helps.", "Not me.", "It is good."))
    'deny'
    """
    said = answer.casefold().replace("’", "'").strip()
    for stance, label in zip(STANCES, labels, strict=True):
        if _is_button(answer, label):
            return stance
    if not said:
        return "silence"
    if offensive(answer):
        return "rude"
    yes, no = _YES.search(said), _NO.search(said)
    if yes and (not no or yes.start() < no.start()):
        return "admit"
    if no:
        return "deny"
    if said.endswith("?"):
        return "question"
    return "long" if len(said.split()) > _LONG else "excuse"


def _is_button(answer: str, label: str) -> bool:
    said = answer.casefold().replace("’", "'").strip()
    return said.rstrip(".") == label.casefold().rstrip(".")


def _about(fact: Fact, spoken: Voice) -> Question:
    a, b, c = (_filled(label, fact) for label in prompts()[fact.kind].labels)
    return Question(_filled(spoken.asks[fact.kind], fact), (a, b, c), fact)


def _small(i: int, spoken: Voice) -> Question:
    a, b, c = (spoken.talk[stance][0] for stance in STANCES)
    return Question(spoken.talk["ask"][i], (a, b, c))


def _kind(turn: Turn) -> str:
    return turn.question.fact.kind if turn.question.fact else ""


def _filled(text: str, fact: Fact) -> str:
    values = {name: clean_name(value) for name, value in fact.values.items()}
    return in_sentence_case(fill_in(text, values), fact)
