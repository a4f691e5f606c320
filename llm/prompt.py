"""The prompt a general model gets: a template from `llm/prompts`, filled from the task.

Names never enter it: facts are told with their placeholders, and what else comes from outside is
made harmless first. A template is ``<kind>.<style>.txt`` with the holes ``$facts $slots
$conditions`` and, for models that only continue text, ``$examples``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from string import Template
from typing import Final

from llm.safety import harmless
from llm.task import Card, Slot, Task
from music.errors import InputError
from music.profile import Fact

FOLDER: Final = Path(__file__).parent / "prompts"


def styles(kind: str) -> tuple[str, ...]:
    """The styles there are for one kind of card, alphabetically.

    >>> styles("roast")
    ('examples', 'plain', 'scene')
    """
    return tuple(sorted(path.name.split(".")[1] for path in FOLDER.glob(f"{kind}.*.txt")))


def render(task: Task, style: str, examples: Sequence[Card] = ()) -> str:
    """The prompt for a task.

    Parameters
    ----------
    task
        What is to be written.
    style
        One of `styles`.
    examples
        Drafts of other cards of this kind, shown where the template has a hole for them.

    Raises
    ------
    InputError
        If there is no such template.
    """
    path = FOLDER / f"{task.kind}.{style}.txt"
    if not path.is_file():
        known = ", ".join(styles(task.kind)) or "none"
        raise InputError(f"there is no prompt {path.name}; styles for {task.kind!r}: {known}.")
    shown = "\n".join(f"Record:\n{json.dumps(card, ensure_ascii=False)}\n" for card in examples)
    return Template(path.read_text(encoding="utf-8")).substitute(
        conditions=", ".join(harmless(word) for word in task.conditions) or "dry",
        facts=_facts(task),
        slots="\n".join(_describe(task, slot) for slot in task.slots),
        examples=shown,
    )


def veiled(fact: Fact) -> str:
    """The sentence of a fact with placeholders in place of its names and numbers.

    >>> veiled(Fact("one_song", "You played Help 212 times.", {"track": "Help", "n": "212"}))
    'You played <track> <n> times.'
    """
    by_value = {value: name for name, value in fact.values.items() if value.strip()}
    if not by_value:
        return harmless(fact.sentence, 1_000)
    longest_first = sorted(by_value, key=len, reverse=True)
    names = "|".join(rf"(?<!\w){re.escape(value)}(?!\w)" for value in longest_first)
    parts = re.split(f"({names})", fact.sentence)  # text and values take turns
    told = [
        harmless(part, 1_000) if k % 2 == 0 else f"<{by_value[part]}>"
        for k, part in enumerate(parts)
    ]
    return re.sub(r" ([.,;:!?’”\"'])", r"\1", " ".join(filter(None, told)))


def schema(task: Task) -> dict[str, object]:
    """The JSON Schema of a card, for servers that can be held to one."""
    return {
        "type": "object",
        "properties": {slot.name: _slot_schema(slot) for slot in task.slots},
        "required": [slot.name for slot in task.slots if not slot.group],
        "additionalProperties": False,
    }


def _slot_schema(slot: Slot) -> dict[str, object]:
    if slot.kind == "integer":
        return {"type": "integer", "minimum": slot.low, "maximum": slot.high}
    if slot.kind == "choice":
        return {"type": "string", "enum": list(slot.choices)}
    return {"type": "string", "minLength": slot.min_chars, "maxLength": slot.max_chars}


def _facts(task: Task) -> str:
    facts = list(dict.fromkeys(slot.fact.kind for slot in task.slots if slot.fact))
    told = {slot.fact.kind: veiled(slot.fact) for slot in task.slots if slot.fact}
    lines = [f"Fact ({kind}): {told[kind]}" for kind in facts]
    lines += [f"<{name}> stands for the {name.replace('_', ' ')}." for name in task.holes]
    return "".join(f"{line}\n" for line in lines)


def _describe(task: Task, slot: Slot) -> str:
    if slot.kind == "integer":
        return f'- "{slot.name}": a whole number from {slot.low} to {slot.high}'
    if slot.kind == "choice":
        return f'- "{slot.name}": one of {", ".join(slot.choices)}'
    about = f" about the fact {slot.fact.kind}" if slot.fact else ""
    names = sorted({**task.holes, **(slot.fact.values if slot.fact else {})})
    use = f"; may use {' '.join(f'<{name}>' for name in names)}" if names else ""
    tone = f" ({', '.join(map(harmless, slot.conditions))})" if slot.conditions else ""
    return f'- "{slot.name}": text of at most {slot.max_chars} characters{about}{tone}{use}'
