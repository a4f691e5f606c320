"""What rules and lexicon leave open: asked of a model, as a choice among labels that are known.

Only a slot that is empty is asked about, and only where the text has a cue for it: "wyrdfolk
songs", "for my sourdough". Whoever answers chooses a label or none; nothing can be invented, and
every answer is told in a note.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Final, Literal

import numpy as np

from llm import semantic
from llm.backends import FREE, backend
from llm.lexicon import Concept, concepts, index, key
from llm.lexicon.reading import Match
from llm.playlist_draft import either
from llm.task import Slot, Task

Kind = Literal["genres", "activities"]

NONE: Final = "none of these"
SHORTLIST: Final = 8  # labels a language model chooses among
SHIPPED: Final = "labels.npz"
_SAYING: Final[Mapping[Kind, str]] = {"genres": "{} songs", "activities": "music for {}"}
# The cosine that is sure enough: of words the encoder knows whole, and of words it must spell.
_FLOOR: Final[Mapping[Kind, tuple[float, float]]] = {
    "genres": (0.66, 0.74),
    "activities": (0.52, 0.64),
}
_NAMED: Final[Mapping[Kind, str]] = {"genres": "genre", "activities": "occasion"}
_WORD: Final = r"[^\W\d_]{3,}"
_CUES: Final[Mapping[Kind, re.Pattern[str]]] = {
    "genres": re.compile(
        rf"\b((?:{_WORD}[\s-]){{0,2}}{_WORD})\s+(?:music|musik|musique|musica|beats|{either('tracks')})\b"
    ),
    "activities": re.compile(
        rf"\b(?:for|while|during|fur|beim|pour|pendant|para)\s+"
        rf"(?:a |an |the |my |our |some |das |die |den |mein |le |la |les |mon |ma |el |mi )?"
        rf"({_WORD}(?:\s{_WORD}){{0,2}})"
    ),
}


@dataclass(frozen=True)
class Question:
    """An open slot: its kind, what the text said there, and the labels it may take."""

    kind: Kind
    said: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """A label, who chose it, and how sure, in [0, 1]."""

    label: str
    by: str
    strength: float


Choose = Callable[[Question], "Choice | None"]


def questions(text: str, unknown: Collection[str], filled: Collection[str]) -> list[Question]:
    """What to ask about a text: open slots with a cue that holds a word nobody knew.

    Parameters
    ----------
    text
        Folded; what was read is gone.
    unknown
        Words that are neither concepts nor plain speech.
    filled
        Slots that need nothing more.
    """
    asked = []
    for kind, cue in _CUES.items():
        if kind in filled:
            continue
        for match in cue.finditer(text):
            words = match[1].split()
            if any(word in unknown for word in words):
                asked.append(Question(kind, match[1], labels(kind)))
                break
    return asked


def answered(question: Question, choice: Choice) -> Match:
    """An answer as if the lexicon had said it."""
    concept: Concept = index(scenes=False)[key(choice.label)]
    return Match(concept, question.said, 0, 0, "meaning", choice.strength)


def note(question: Question, choice: Choice) -> str:
    """The sentence that says a model was asked, and what it said."""
    return (
        f"“{question.said}” is in no list of mine; {choice.by} took it for the "
        f"{_NAMED[question.kind]} “{choice.label}”. Drop that rule if it is wrong."
    )


@lru_cache(maxsize=2)
def labels(kind: Kind) -> tuple[str, ...]:
    """Every label a slot may take."""
    return tuple(concept.name for concept in concepts() if concept.theme == kind)


def encoder_choice(question: Question) -> Choice | None:
    """The built-in answer: the label whose meaning is nearest, if it is near enough.

    Raises
    ------
    ModelError
        If the extra ``semantic`` is not installed.
    """
    label, strength = _nearest(question)[0]
    whole, spelt = _FLOOR[question.kind]
    floor = whole if semantic.knows_a_word_of(question.said) else spelt
    return Choice(label, "the sentence encoder", strength) if strength >= floor else None


def model_choice(name: str) -> Choose:
    """A language model that chooses among the nearest labels, slot by slot.

    Parameters
    ----------
    name
        A backend that reads text: ``"hf:MODEL"``, ``"ollama:MODEL"``, ``"server:URL#MODEL"``.
    """

    def choose(question: Question) -> Choice | None:
        near = _nearest(question)[:SHORTLIST]
        slot = Slot("label", "choice", choices=(*(label for label, _ in near), NONE))
        task = Task("playlist", (slot,), conditions=(question.said, _NAMED[question.kind]))
        label = str(backend(name).fill(task, 0)["label"])
        return None if label == NONE else Choice(label, name, dict(near)[label])

    return choose


def chooser(name: str) -> Choose | None:
    """Who answers open slots where this backend writes; None where nobody can.

    The built-in writers read no sentences, so beside them the sentence encoder answers.
    """
    if not semantic.available():
        return None
    if name.partition(":")[0] in FREE:
        return model_choice(name)
    return encoder_choice


def _nearest(question: Question) -> list[tuple[str, float]]:
    asked = semantic.embed([_SAYING[question.kind].format(question.said)])[0]
    likeness = _vectors(question.kind) @ asked
    order = np.argsort(-likeness, kind="stable")
    return [(question.labels[i], float(likeness[i])) for i in order]


def _sayings(kind: Kind) -> list[str]:
    return [_SAYING[kind].format(label) for label in labels(kind)]


@lru_cache(maxsize=2)
def _vectors(kind: Kind) -> semantic.Floats32:
    """The labels of a slot as vectors, shape (n_labels, 384); shipped, so nobody waits."""
    said = _sayings(kind)
    with files("llm.lexicon").joinpath(SHIPPED).open("rb") as file:
        shipped = np.load(file, allow_pickle=False)
        if str(shipped[f"{kind}_stamp"]) == semantic.stamp(said):
            return np.asarray(shipped[kind].astype(np.float32) / 127)
    return semantic.embed(said)  # the lexicon has changed since: a second or two


def ship() -> None:
    """Write the labels' vectors beside the lexicon."""
    kinds: tuple[Kind, ...] = ("genres", "activities")
    said = {kind: _sayings(kind) for kind in kinds}
    vectors = {kind: np.round(semantic.embed(said[kind]) * 127).astype(np.int8) for kind in kinds}
    with Path(str(files("llm.lexicon").joinpath(SHIPPED))).open("wb") as file:
        np.savez_compressed(
            file,
            genres=vectors["genres"],
            genres_stamp=semantic.stamp(said["genres"]),
            activities=vectors["activities"],
            activities_stamp=semantic.stamp(said["activities"]),
        )


if __name__ == "__main__":
    ship()
