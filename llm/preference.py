"""What a listener finds funny, learned from thumbs: a small model that picks among drafts.

Votes stay on this machine. With few of them the model knows little and says little: the prior is
that all drafts are equal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from llm.score import words
from llm.task import Card, Slot, Task, draft_of, values_for
from music.errors import InputError

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

N_DRAFTS: Final = 4
MIN_VOTES: Final = 6  # with fewer, or all the same, nothing can be learned
_N_FEATURES: Final = 2**12


@dataclass(frozen=True)
class Vote:
    """One thumb.

    Parameters
    ----------
    text
        The draft of the line, with placeholders: a thumb is about the joke, not about the name.
    liked
        Thumb up or down.
    fact
        The kind of fact it was about, or "".
    conditions
        Its tone: ``("cook", "clerk")``.
    """

    text: str
    liked: bool
    fact: str = ""
    conditions: tuple[str, ...] = ()


class Preference:
    """A logistic model over the words, length, fact and tone of a line.

    Parameters
    ----------
    strength
        Inverse regularisation; higher follows the votes faster and forgets the prior sooner.
    """

    def __init__(self, strength: float = 1.0) -> None:
        self.strength = strength
        self._model: LogisticRegression | None = None

    def fit(self, votes: Iterable[Vote]) -> Preference:
        """Learn from votes; the last vote on a text counts.

        Raises
        ------
        InputError
            If there are fewer than 6, or only thumbs of one kind.
        """
        last = {(v.text, v.fact, v.conditions): v for v in votes}
        chosen = list(last.values())
        if len(chosen) < MIN_VOTES or len({v.liked for v in chosen}) < 2:
            raise InputError(
                f"learning a preference takes {MIN_VOTES} votes of both kinds, got {len(chosen)}."
            )
        from sklearn.linear_model import LogisticRegression

        x = _features([_words_of(v.text, v.fact, v.conditions) for v in chosen])
        model = LogisticRegression(C=self.strength, class_weight="balanced", max_iter=500)
        self._model = model.fit(x, [v.liked for v in chosen])
        return self

    def score(self, lines: Sequence[Vote]) -> npt.NDArray[np.float64]:
        """How likely each line is liked, shape (n,), in [0, 1]; a half before anything is learned.

        `liked` of the lines is not looked at.
        """
        if self._model is None or not lines:
            return np.full(len(lines), 0.5)
        x = _features([_words_of(v.text, v.fact, v.conditions) for v in lines])
        found: npt.NDArray[np.float64] = self._model.predict_proba(x)[:, 1]
        return found


def best_of(
    fill: Callable[[Task, int], Card],
    task: Task,
    seed: int,
    preference: Preference,
    n: int = N_DRAFTS,
) -> Card:
    """Have a card written n times and keep of each line the version that is liked best.

    Parameters
    ----------
    fill
        Writes a card: a backend's ``fill``.
    task, seed
        As for it; the same votes and seed give the same card.
    preference
        What is liked.
    n
        How many versions; 1 changes nothing.
    """
    cards = [fill(task, seed)]
    for k in range(1, n):
        taken = task.avoid | {str(v) for c in cards for v in c.values() if isinstance(v, str)}
        cards.append(fill(replace(task, avoid=taken), seed + 7_919 * k))
    best = dict(cards[0])
    for slot in task.slots:
        if slot.kind != "text" or slot.name not in best:
            continue
        options = [str(card[slot.name]) for card in cards if slot.name in card]
        used = {str(v) for name, v in best.items() if name != slot.name}
        options = [o for o in options if o not in used] or options[:1]
        scores = preference.score([as_vote(task, slot, option) for option in options])
        best[slot.name] = options[int(np.argmax(scores))]
    return best


def as_vote(task: Task, slot: Slot, text: str, liked: bool = True) -> Vote:
    """A line of a card, as it was read, as something to vote on."""
    fact = slot.fact.kind if slot.fact else ""
    draft = draft_of(text, values_for(task, slot))
    return Vote(draft, liked, fact, (*task.conditions, *slot.conditions))


def as_lines(votes: Iterable[Vote]) -> str:
    """Votes as JSON Lines, the form `read_votes` reads."""
    return "".join(json.dumps(asdict(vote), ensure_ascii=False) + "\n" for vote in votes)


def read_votes(text: str, source: str) -> list[Vote]:
    """Votes from JSON Lines; each line needs ``text`` and ``liked``.

    Raises
    ------
    InputError
        Naming the source, if a line is no vote.
    """
    try:
        rows = [json.loads(line) for line in text.splitlines() if line.strip()]
        return [
            Vote(str(r["text"]), bool(r["liked"]), str(r.get("fact", "")),
                 tuple(map(str, r.get("conditions", ()))))
            for r in rows
        ]  # fmt: skip
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"{source} holds no votes: a line needs text and liked.") from error


def _words_of(text: str, fact: str, conditions: tuple[str, ...]) -> list[str]:
    tokens = words(text)
    pairs = [f"{a} {b}" for a, b in pairwise(tokens)]
    length = f"length:{min(len(tokens) // 5, 8)}"
    asked = f"ends:{text.rstrip()[-1:]}"
    return [*tokens, *pairs, length, asked, f"fact:{fact}", *(f"is:{c}" for c in conditions)]


def _features(documents: list[list[str]]) -> npt.NDArray[np.float64]:
    """Hashed word counts, each row scaled to length 1; no vocabulary to keep."""
    from sklearn.feature_extraction import FeatureHasher

    hasher = FeatureHasher(_N_FEATURES, input_type="string")
    x: npt.NDArray[np.float64] = hasher.transform(documents).toarray()
    norm = np.linalg.norm(x, axis=1, keepdims=True)
    return x / np.where(norm > 0, norm, 1.0)
