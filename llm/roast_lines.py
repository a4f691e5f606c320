"""The grammar's side of a roast: which authored line fills a slot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np

from llm import grammar
from llm.lines import INTENSITIES, PERSONAS, RESERVED, SCOPES, Line, far, joke_kinds, lines, quoted
from llm.score import sentences
from llm.task import Card, Slot, Task, fill_in, values_for
from music.profile import Fact

MAX_CHARS: Final = 280
MAX_TOKENS: Final = 80
_LOWER: Final = ("genre", "other")  # what is written small inside a sentence
OWN: Final = 0.8  # how often a persona that has a line of its own says that one
ABOUT: Final = 0.9  # how often a persona ends on a fact, not on a line of its own about nothing


def slot_for(name: str, fact: Fact | None = None) -> Slot:
    """A slot for one line."""
    return Slot(name, max_chars=MAX_CHARS, max_tokens=MAX_TOKENS, min_chars=8, fact=fact)


def fill(task: Task, rng: np.random.Generator) -> Card:
    """Draft a roast from authored lines; no sentence comes twice, none that the task avoids."""
    intensity = next((c for c in task.conditions if c in INTENSITIES), "tease")
    persona = next((c for c in task.conditions if c in PERSONAS), "critic")
    scope = next((scope for scope, hole in SCOPES.items() if hole in task.holes), "")
    heard = {s.casefold() for text in task.avoid for s in sentences(text)}
    card: Card = {}
    for slot in task.slots:
        values = values_for(task, slot)
        options = [
            line for line in _options(slot, scope, persona, rng) if line.needs <= values.keys()
        ]
        choices = _nearest(_fresh(options, values, heard), intensity, persona, rng)
        card[slot.name] = choices[int(rng.integers(len(choices)))].text
        heard |= _sentences(str(card[slot.name]), values)
    return card


def _options(slot: Slot, scope: str, persona: str, rng: np.random.Generator) -> list[Line]:
    """Everything that may stand in a slot, said by anybody or by this persona."""
    part, about = slot.name.split("_")[0], slot.fact.kind if slot.fact else ""
    if part in RESERVED:
        named = lines().get(f"{part} {about or scope}", ())
        general = persona != "critic" and about and rng.random() >= ABOUT
        found = lines()[part] if general or not named else named
    else:
        found = lines()[about]
    mine = [line for line in found if line.persona in ("", persona)]
    if scope not in ("playlist", "track"):
        return mine
    return [line for line in mine if "library" not in line.text.casefold()] or mine


def _fresh(options: list[Line], values: Mapping[str, str], heard: set[str]) -> list[Line]:
    """The lines of which no sentence was heard before; else those not heard as a whole; else all.

    A sentence that is a placeholder and a word or two, "41 % sad.", may be heard again.
    """
    told = {line: _sentences(line.text, values) for line in options}
    return (
        [line for line in options if not told[line] & heard]
        or [line for line in options if not told[line] <= heard]
        or options
    )


def _sentences(text: str, values: Mapping[str, str]) -> set[str]:
    return {sentence.casefold() for sentence in sentences(fill_in(text, values))}


def _nearest(
    options: list[Line], intensity: str, persona: str, rng: np.random.Generator
) -> list[Line]:
    """The persona's own lines, mostly, else anybody's; of this intensity, else of the nearest."""
    is_own = {line: line.persona == persona != "critic" for line in options}
    own = [line for line in options if is_own[line] and far(line, intensity) < 2]
    anybody = [line for line in options if not is_own[line]]
    if own and (not anybody or own[0].kind in RESERVED or rng.random() < OWN):
        options = own
    else:
        options = anybody or options
    near = min(far(line, intensity) for line in options)
    return [line for line in options if far(line, intensity) == near]


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
    chosen = rng.choice(joke_kinds(), int(rng.integers(1, 5)), replace=False)
    facts = [
        Fact(str(kind), str(kind), {name: f"<{name}>" for name in quoted(str(kind))})
        for kind in chosen
    ]
    jokes = [slot_for(f"line_{i}", fact) for i, fact in enumerate(facts, 1)]
    end = [slot_for("compliment", facts[0]), slot_for("sentence", facts[-1])]
    slots = (slot_for("opening"), *jokes[:2], slot_for("interlude"), *jokes[2:], *end)
    conditions = (str(rng.choice(INTENSITIES)), str(rng.choice(list(PERSONAS))))
    hole = str(rng.choice(list(SCOPES.values()), p=(0.4, 0.4, 0.1, 0.1)))
    holes = {name: f"<{name}>" for name in ((hole, "that") if hole == "this" else (hole,))}
    return Task("roast", slots, conditions, holes)


grammar.register("roast", grammar.Kind(fill, example, weight=6.0))
