"""Two hundred questions about music, made from our own tables, to see what a free model knows.

Only reported, never a gate: a model can be funny about flamenco and not know its scale.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from llm.task import Backend, Slot, Task
from music.profile import Fact
from music.theory import INSTRUMENTS, PLACES, RHYTHMS, SCALES, STYLES, family_of

N_CHOICES: Final = 4
_SEED: Final = 1_913


@dataclass(frozen=True)
class Question:
    """A question with four answers, one of them right."""

    text: str
    choices: tuple[str, ...]
    right: str


def questions(n: int = 200) -> list[Question]:
    """The first n of a fixed, shuffled list; places, instruments, scales, metres, tempi, names."""
    return list(_all()[:n])


def asked(who: Backend, question: Question, seed: int = 0) -> str:
    """What a backend answers: one of the choices, whoever it is."""
    about = Fact("question", question.text)
    slot = Slot("answer", "choice", choices=question.choices, fact=about)
    return str(who.fill(Task("quiz", (slot,)), seed).get("answer", ""))


@lru_cache(maxsize=1)
def _all() -> tuple[Question, ...]:
    rng = np.random.default_rng(_SEED)
    made = [question for topic in (_places, _instruments, _scales, _metres, _tempi, _genres)
            for question in topic(rng)]  # fmt: skip
    return tuple(made[int(k)] for k in rng.permutation(len(made)))


def _places(rng: np.random.Generator) -> Iterator[Question]:
    """Only places one style stands for, so that the other answers are wrong."""
    clear = {place: max(weights, key=weights.__getitem__) for place, weights in PLACES.items()
             if max(weights.values()) >= 0.8}  # fmt: skip
    for place in sorted(clear)[::3]:
        others = [style for style in sorted(STYLES) if style not in PLACES[place]]
        yield _question(f"Which style of music belongs to {place}?", clear[place], others, rng)


def _instruments(rng: np.random.Generator) -> Iterator[Question]:
    families = sorted({i.family for i in INSTRUMENTS.values()})
    for name in sorted(INSTRUMENTS)[::2]:
        family = INSTRUMENTS[name].family
        if family in name or name == "musical saw":  # played by an electronic voice, made of steel
            continue
        others = [f for f in families if f != family]
        yield _question(f"Which family of instruments has the {name}?", family, others, rng)


def _scales(rng: np.random.Generator) -> Iterator[Question]:
    counts = sorted({len(scale.cents) for scale in SCALES.values()})
    for name in sorted(SCALES):
        n = len(SCALES[name].cents)
        others = [str(k) for k in counts if k != n]
        yield _question(f"How many tones has the scale {name}?", str(n), others, rng)


def _metres(rng: np.random.Generator) -> Iterator[Question]:
    metres = sorted({rhythm.metre for rhythm in RHYTHMS.values()})
    for name in sorted(RHYTHMS):
        metre = RHYTHMS[name].metre
        others = [m for m in metres if m != metre]
        yield _question(f"In which metre is the rhythm {name}?", metre, others, rng)


def _tempi(rng: np.random.Generator) -> Iterator[Question]:
    for name, style in sorted(STYLES.items()):
        low, high = style.tempo_bpm
        around = [(low + high) / 2 * factor for factor in (0.45, 0.6, 1.5, 2.0)]
        others = [_bpm(tempo) for tempo in around if not low <= tempo <= high]
        yield _question(f"Which tempo suits {name}?", _bpm((low + high) / 2), others, rng)


def _genres(rng: np.random.Generator) -> Iterator[Question]:
    """A style's other names: which style is meant by them."""
    for name, style in sorted(STYLES.items()):
        told = [w for w in style.words if name not in w and w not in name and family_of(w) != name]
        others = [other for other in sorted(STYLES) if other != name]
        if told:
            yield _question(f"Which style is closest to {told[0]}?", name, others, rng)


def _question(text: str, right: str, others: list[str], rng: np.random.Generator) -> Question:
    wrong = rng.choice(sorted(set(others) - {right}), N_CHOICES - 1, replace=False)
    choices = [right, *map(str, wrong)]
    return Question(text, tuple(choices[int(k)] for k in rng.permutation(N_CHOICES)), right)


def _bpm(tempo: float) -> str:
    return f"about {5 * round(tempo / 5)} beats a minute"
