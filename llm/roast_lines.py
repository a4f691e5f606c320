"""The grammar's side of a roast: which authored line fills a slot."""

from __future__ import annotations

import re
from typing import Final

import numpy as np

from llm import grammar
from llm.lines import INTENSITIES, PERSONAS, RESERVED, Line, lines, quoted
from llm.task import Card, Slot, Task, fill_in, values_for
from music.profile import Fact

MAX_CHARS: Final = 280
MAX_TOKENS: Final = 80
_LOWER: Final = ("genre", "other")  # what is written small inside a sentence
OWN: Final = 0.8  # how often a persona that has a line of its own says that one


def slot_for(name: str, fact: Fact | None = None) -> Slot:
    """A slot for one line."""
    return Slot(name, max_chars=MAX_CHARS, max_tokens=MAX_TOKENS, min_chars=8, fact=fact)


def fill(task: Task, rng: np.random.Generator) -> Card:
    """Draft a roast from authored lines; no line comes twice, none that the task avoids."""
    intensity = next((c for c in task.conditions if c in INTENSITIES), "tease")
    persona = next((c for c in task.conditions if c in PERSONAS), "critic")
    card: Card = {}
    for slot in task.slots:
        kind = slot.fact.kind if slot.fact else slot.name.split("_")[0]
        values = values_for(task, slot)
        fresh = [
            line
            for line in lines()[kind]
            if line.persona in ("", persona)
            and line.text not in card.values()
            and fill_in(line.text, values).casefold() not in task.avoid
        ]
        choices = _nearest(fresh or list(lines()[kind]), intensity, persona, rng)
        card[slot.name] = choices[int(rng.integers(len(choices)))].text
    return card


def _nearest(
    options: list[Line], intensity: str, persona: str, rng: np.random.Generator
) -> list[Line]:
    """The persona's own lines, mostly, else anybody's; of this intensity, else of the nearest."""
    at = INTENSITIES.index(intensity)
    far = {line: abs(INTENSITIES.index(line.intensity) - at) for line in options}
    own = [line for line in options if line.persona == persona and far[line] < 2]
    if own and (own[0].kind in RESERVED or rng.random() < OWN):
        options = own
    else:
        options = [line for line in options if not line.persona] or options
    near = min(far[line] for line in options)
    return [line for line in options if far[line] == near]


def in_sentence_case(text: str, fact: Fact | None) -> str:
    """A line whose sentences begin with a capital even where they begin with a genre.

    >>> in_sentence_case("dub again. dub.", Fact("one_genre", "", {"genre": "dub"}))
    'Dub again. Dub.'
    """
    for name in _LOWER:
        value = fact.values.get(name, "") if fact else ""
        if value and value[0].islower():
            begins = re.compile(rf"(^|[.?] ){re.escape(value)}\b")
            capital = f"{value[0].upper()}{value[1:]}".replace("\\", r"\\")
            text = begins.sub(rf"\g<1>{capital}", text)
    return text


def example(rng: np.random.Generator) -> Task:
    """A roast task as a listener would cause it, for corpus, prompts and tests."""
    kinds = [kind for kind in lines() if kind not in RESERVED]
    chosen = rng.choice(kinds, int(rng.integers(1, 5)), replace=False)
    facts = [
        Fact(str(kind), str(kind), {name: f"<{name}>" for name in quoted(str(kind))})
        for kind in chosen
    ]
    names = ["opening", "line_1", "line_2", "interlude", "line_3", "line_4", "compliment"]
    told = iter(facts)
    slots = [
        slot_for(name, next(told, None) if name.startswith("line") else None)
        for name in [*names, "sentence"]
    ]
    kept = tuple(slot for slot in slots if slot.fact or not slot.name.startswith("line"))
    conditions = (str(rng.choice(INTENSITIES)), str(rng.choice(list(PERSONAS))))
    return Task("roast", kept, conditions)


grammar.register("roast", grammar.Kind(fill, example, weight=6.0))
