"""Any models side by side: the same fixed cards, and what can be measured about each.

``ghostnotes models compare tiny hf:./gpt2 ollama:llama3.2:1b`` prints what `compare` returns. Each
model runs in a process of its own, so that memory is its own and one crash is one row.
"""

from __future__ import annotations

import multiprocessing
import resource
import time
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.backends import FREE, backend
from llm.knowledge import Question, asked, questions
from llm.score import distinct_2, repeats, ungrounded, words
from llm.task import Card, Slot, Task, problems, values_for
from music.errors import ModelError

N_CARDS: Final = 12
N_QUESTIONS: Final = 200
_MB: Final = 1024.0


@dataclass(frozen=True)
class Report:
    """How one model did on the fixed cards; shares lie in [0, 1], NaN = could not be measured.

    Parameters
    ----------
    name
        The backend.
    valid
        Cards that answer their task, before any repair or fallback.
    grounded
        Lines about a fact that hold no name or number of their own, before repair.
    coherent
        Lines about a fact that speak of it (a value, or a word of its sentence) and do not repeat
        themselves.
    distinct
        Distinct-2 of all texts.
    knows
        Right answers of the music questions; chance is a quarter. NaN for who cannot choose.
    card_s
        Seconds of wall time a card, loaded.
    words_per_s
        Words written in a second.
    load_s
        Seconds until the first card, loading included.
    memory_mb
        Peak memory of the process, in MB; of a server only what is on this side.
    error
        Why it could not be measured, or "".
    """

    name: str
    valid: float = float("nan")
    grounded: float = float("nan")
    coherent: float = float("nan")
    distinct: float = float("nan")
    knows: float = float("nan")
    card_s: float = float("nan")
    words_per_s: float = float("nan")
    load_s: float = float("nan")
    memory_mb: float = float("nan")
    error: str = ""


def compare(
    names: Iterable[str],
    n_cards: int = N_CARDS,
    n_questions: int = N_QUESTIONS,
    kinds: Sequence[str] = ("roast", "band"),
) -> list[Report]:
    """Measure backends on the same cards, one after the other.

    Parameters
    ----------
    names
        As for `llm.backends.backend`.
    n_cards
        Cards each of them writes.
    n_questions
        Music questions for those who can choose among answers; 0 leaves them out.
    kinds
        Which kinds of card.

    Raises
    ------
    InputError
        If a name is no backend.
    """
    chosen = list(names)
    for name in chosen:
        backend(name)  # a wrong name is told before the first model is loaded
    reports = []
    for name in chosen:
        own = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
        with own as pool:
            try:
                report = pool.submit(measure, name, n_cards, n_questions, tuple(kinds)).result()
            except BrokenProcessPool:
                report = Report(name, error="its process ended; most likely memory ran out.")
        reports.append(report)
    return reports


def measure(name: str, n_cards: int, n_questions: int, kinds: Sequence[str]) -> Report:
    """Measure one backend in this process."""
    tasks, who = fixed_tasks(n_cards, kinds), backend(name)
    begun = time.perf_counter()
    try:
        who.fill(tasks[0], 0)
        loaded = time.perf_counter()
        cards = [who.fill(task, k) for k, task in enumerate(tasks)]
        spent = time.perf_counter() - loaded
        right = [asked(who, q) == q.right for q in _questions(name, n_questions)]
    except ModelError as error:
        return Report(name, error=str(error))
    lines = [x for task, card in zip(tasks, cards, strict=True) for x in _lines(task, card)]
    texts = [text for _, _, text in lines]
    about = [line for line in lines if line[1].fact]
    return Report(
        name,
        valid=_mean([not problems(t, c) for t, c in zip(tasks, cards, strict=True)]),
        grounded=_mean([not ungrounded(text, task, slot) for task, slot, text in about]),
        coherent=_mean([_speaks_of(task, slot, text) for task, slot, text in about]),
        distinct=distinct_2(texts),
        knows=_mean(right),
        card_s=spent / len(tasks),
        words_per_s=sum(len(words(text)) for text in texts) / spent,
        load_s=loaded - begun,
        memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / _MB,
    )


def fixed_tasks(n: int, kinds: Sequence[str]) -> list[Task]:
    """The cards everybody gets: examples of the grammar, drawn once and for all by a fixed seed."""
    from llm.grammar import kinds as known

    rng = np.random.default_rng(20_261_120)
    able = {name: kind for name, kind in known().items() if name in kinds}
    if not able:
        raise ModelError(f"the grammar has no examples of {', '.join(kinds)}.")
    names = sorted(able)
    return [able[names[k % len(names)]].examples(rng) for k in range(n)]


def table(reports: Iterable[Report]) -> str:
    """The reports as a Markdown table."""
    head = ("model", "valid", "grounded", "coherent", "distinct-2", "music", "s/card", "words/s",
            "load s", "MB")  # fmt: skip
    lines = [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for r in reports:
        if r.error:
            lines.append(f"| {r.name} | {r.error} |" + " |" * (len(head) - 2))
            continue
        numbers = [f"{r.valid:.0%}", f"{r.grounded:.0%}", f"{r.coherent:.0%}", f"{r.distinct:.2f}",
                   f"{r.knows:.0%}", f"{r.card_s:.2f}", f"{r.words_per_s:.0f}", f"{r.load_s:.1f}",
                   f"{r.memory_mb:.0f}"]  # fmt: skip
        lines.append(
            f"| {r.name} | {' | '.join('' if n.startswith('nan') else n for n in numbers)} |"
        )
    return "\n".join(lines)


def _questions(name: str, n: int) -> list[Question]:
    chooses = name.partition(":")[0] in FREE
    return questions(n) if chooses and n else []


def _lines(task: Task, card: Card) -> list[tuple[Task, Slot, str]]:
    return [
        (task, slot, str(card[slot.name]))
        for slot in task.slots
        if slot.kind == "text" and slot.name in card
    ]


def _speaks_of(task: Task, slot: Slot, text: str) -> bool:
    if slot.fact is None or repeats(text):
        return False
    if any(value and value in text for value in values_for(task, slot).values()):
        return True
    content = {word for word in words(slot.fact.sentence) if len(word) > 3}
    return bool(content & set(words(text)))


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else float("nan")
