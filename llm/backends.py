"""Who can write, by name; and writing with a fallback that is always announced.

Names: ``grammar`` and ``tiny`` are built in, ``tiny:FOLDER`` is what ``ghostnotes train`` made of
it from thumbs, ``echo`` is for tests, ``hf:ID-or-folder`` is any Hugging Face model,
``fast:FOLDER`` one in int8, ``ollama:MODEL`` and ``server:URL#MODEL`` are other programs.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Final

from llm.safety import offensive
from llm.score import ungrounded
from llm.task import Backend, Card, Filled, Slot, Task, problems
from music.errors import InputError, ModelError

OLLAMA: Final = "http://127.0.0.1:11434"


def _echo(_: str) -> Backend:
    from llm.echo import Echo

    return Echo()


def _grammar(_: str) -> Backend:
    from llm.grammar import Grammar

    return Grammar()


def _tiny(folder: str) -> Backend:
    from llm.tiny import Tiny

    return Tiny(Path(folder)) if folder else Tiny()


def _hf(model: str) -> Backend:
    from llm.hf import HuggingFace

    return HuggingFace(model)


def _fast(folder: str) -> Backend:
    from llm.fast import Fast

    return Fast(folder)


def _ollama(model: str) -> Backend:
    from llm.server import Server

    return Server(OLLAMA, model, native=True)


def _server(address: str) -> Backend:
    from llm.server import Server

    url, _, model = address.partition("#")
    return Server(url, model)


BACKENDS: Final[dict[str, Callable[[str], Backend]]] = {
    "echo": _echo,
    "grammar": _grammar,
    "tiny": _tiny,
    "hf": _hf,
    "fast": _fast,
    "ollama": _ollama,
    "server": _server,
}
BUILT_IN: Final = ("grammar", "tiny")
WITH_FOLDER: Final = ("tiny",)  # may name a folder, and need not
FREE: Final = (
    "hf",
    "fast",
    "ollama",
    "server",
)  # write what they like, so what they say is checked
CHECKED: Final = ("tiny", *FREE)  # the grammar's lines were read before they were written down
LAST_RESORT: Final = ("tiny", "grammar")


@lru_cache(maxsize=4)  # a model is loaded once
def backend(name: str) -> Backend:
    """The backend of that name; its model is loaded when it first writes.

    Raises
    ------
    InputError
        If there is no such backend, or it lacks its model: ``"hf:"``.
    """
    kind, _, model = name.partition(":")
    if kind not in BACKENDS:
        raise InputError(f"{name!r} is no backend; there are {', '.join(BACKENDS)}.")
    if kind not in WITH_FOLDER and (kind in FREE) != bool(model):
        example = {
            "hf": "hf:openai-community/gpt2",
            "fast": "fast:FOLDER",
            "ollama": "ollama:llama3.2:1b",
        }.get(kind, "server:http://127.0.0.1:8080#model")
        hint = f"needs its model, as in {example!r}" if kind in FREE else "takes no model"
        raise InputError(f"the backend {kind!r} {hint}, got {name!r}.")
    return BACKENDS[kind](model)


def write(task: Task, seed: int, name: str = "grammar") -> Filled:
    """Fill a task with a backend; what it cannot do the next one does, and the result says so.

    A model's lines are checked against the facts: one that names or counts what the facts do not
    hold is asked for again once, then left to the built-in model and the grammar.

    Parameters
    ----------
    task
        What is to be written.
    seed
        The same task, seed and backend give the same card.
    name
        As for `backend`.

    Raises
    ------
    InputError
        If there is no such backend.
    ModelError
        If nobody could fill the card.
    """
    backend(name)
    card: Card = {}
    writers: Counter[str] = Counter()
    notes: list[str] = []
    chain = [name, *(other for other in LAST_RESORT if other != name and name != "grammar")]
    for k, who in enumerate(chain):
        missing = _open(task, card) if card else list(task.slots)
        part, why = _try(who, task, missing, card, seed)
        card |= part
        writers[who] += sum(isinstance(v, str) for v in part.values())
        if not (left := _open(task, card)):
            break
        if why:
            then = f" {called(chain[k + 1], True)} writes instead." if k + 1 < len(chain) else ""
            lines = f"{len(left)} of {len(task.slots)} lines" if part else "this"
            notes.append(f"{called(who, True)} could not write {lines}: {why}{then}")
    if found := [p for p in problems(task, card) if p.endswith("is missing")]:
        raise ModelError(f"nobody could fill this card: {'; '.join(notes + found)}.")
    ordered = {slot.name: card[slot.name] for slot in task.slots if slot.name in card}
    return Filled(ordered, writers.most_common(1)[0][0], tuple(notes))


def called(name: str, begins: bool = False) -> str:
    """A backend's name for people; with a capital where it begins a sentence.

    >>> called("tiny"), called("ollama:qwen3.5:4b")
    ('the built-in model', 'ollama:qwen3.5:4b')
    """
    known = {"tiny": "the built-in model", "grammar": "the grammar"}.get(name, name)
    return known.replace("the ", "The ", 1) if begins else known


def _try(who: str, task: Task, missing: list[Slot], card: Card, seed: int) -> tuple[Card, str]:
    """The good part of what one backend makes of the missing slots, and why the rest is not."""
    is_checked = who.partition(":")[0] in CHECKED
    part: Card = {}
    why = ""
    for attempt in range(2 if is_checked else 1):
        wanted = [slot for slot in missing if slot.name not in part]
        taken = {str(value) for value in (card | part).values()}
        asked = replace(task, slots=tuple(wanted), avoid=task.avoid | taken)
        try:
            answer = backend(who).fill(asked, seed + attempt)
        except ModelError as error:
            return part, str(error)
        for slot in wanted:
            if slot.name not in answer:
                why = why or ("" if slot.group else "it left out what it is not sure of.")
                continue
            value = answer[slot.name]
            flaw = _flaw(asked, slot, value) if is_checked else ""
            if flaw:
                why = flaw
            else:
                part[slot.name] = value
        if not _open(task, card | part):
            break
    return part, why


def _open(task: Task, card: Card) -> list[Slot]:
    """The slots a card still lacks; of a group all or none."""
    begun = {slot.group for slot in task.slots if slot.group and slot.name in card}
    return [s for s in task.slots if s.name not in card and (not s.group or s.group in begun)]


def _flaw(task: Task, slot: Slot, value: str | int) -> str:
    """Why a model's value cannot be shown, as the end of a sentence; "" = it can."""
    if wrong := problems(replace(task, slots=(slot,)), {slot.name: value}):
        return f"{wrong[0]}."
    if not isinstance(value, str) or slot.kind != "text":
        return ""
    if offensive(value):
        return "a word that is not printed here."
    lies = ungrounded(value, task, slot)
    return f"it mentioned {lies[0]!r}, which your library does not hold." if lies else ""
