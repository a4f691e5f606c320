"""The text the built-in model learns from: cards the authored grammar drafts, as tokens.

Names and numbers are placeholders there, so no listener's data can be in it; every condition is one
special token, placed right before the text it steers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
import numpy.typing as npt

from llm.lines import PERSONAS
from llm.task import Card, Task
from llm.tiny import CONDITION, END, OTHER, kind_token, slot_tokens
from music.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

    from llm.grammar import Kind

Ids = npt.NDArray[np.int64]

FORGET: Final = 0.02  # conditions hidden in training, so that `OTHER` means "any"
IGNORED: Final = -100  # what torch's cross entropy leaves out
VOICE: Final = "critic"
_SPECIAL: Final = re.compile(r"<\|[^|]+\|>|<[a-z][a-z0-9_]*>")


@dataclass(frozen=True)
class Passage:
    """One slot of one card: the special tokens before it, and its text."""

    header: tuple[str, ...]
    text: str


@dataclass(frozen=True)
class Document:
    """One card of the corpus."""

    start: str
    passages: tuple[Passage, ...]


def documents(n: int, seed: int, kinds: Sequence[str] = ()) -> list[Document]:
    """Cards as users would cause them, drafted by the grammar.

    Parameters
    ----------
    n
        How many.
    seed
        The same seed gives the same corpus.
    kinds
        Which kinds of card; by default all the grammar has, each by its own weight.
    """
    from llm.grammar import kinds as all_kinds

    known = all_kinds()
    chosen = {name: known[name] for name in (kinds or sorted(known))}
    weights = np.array([kind.weight for kind in chosen.values()], float)
    rng = np.random.default_rng(seed)
    names = rng.choice(list(chosen), n, p=weights / weights.sum())
    return [document(*_example(chosen[str(name)], rng), rng) for name in names]


def document(task: Task, draft: Card, rng: np.random.Generator) -> Document:
    """A task and its draft as the model reads them."""
    passages = [
        Passage(_forgetful(slot_tokens(task, slot), rng), str(draft[slot.name]))
        for slot in task.slots
        if slot.name in draft
    ]
    return Document(kind_token(task), tuple(passages))


def special_tokens(corpus: Iterable[Document]) -> list[str]:
    """Every special token and placeholder in a corpus, sorted, after the three that always are."""
    found: set[str] = set()
    for doc in corpus:
        found.add(doc.start)
        for passage in doc.passages:
            found.update(passage.header)
            found.update(_SPECIAL.findall(passage.text))
    return ["<|pad|>", END, OTHER, *sorted(found - {END, OTHER})]


def rows(corpus: Iterable[Document], tokenizer: Tokenizer, length: int) -> tuple[Ids, Ids, Ids]:
    """The corpus packed into rows of one shape: ids, targets, and the place within each card.

    A card that is longer than a row goes on in the next one, begun anew with its kind. Targets are
    the tokens of texts and their ends; literals cost nothing, for they are never sampled.

    Returns
    -------
    tuple of three ndarrays of int64, shape (n_rows, length)
        Targets are `IGNORED` where there are none; positions start at 0 with each card.
    """
    ids_of = tokenizer.get_vocab()
    pieces: list[tuple[list[int], list[int]]] = []
    for doc in corpus:
        head = [ids_of[doc.start]]
        ids, targets = list(head), [IGNORED]
        for passage in doc.passages:
            header = [ids_of[token] for token in passage.header]
            text = [*tokenizer.encode(passage.text).ids, ids_of[END]]
            if len(ids) + len(header) + len(text) > length and len(ids) > 1:
                pieces.append((ids, targets))
                ids, targets = list(head), [IGNORED]
            ids += header + text
            targets += [IGNORED] * len(header) + text
        pieces.append((ids[:length], targets[:length]))
    return _pack(pieces, length)


def _pack(pieces: list[tuple[list[int], list[int]]], length: int) -> tuple[Ids, Ids, Ids]:
    """First-fit packing: each piece goes into the first open row with room for it."""
    open_rows: list[list[tuple[list[int], list[int]]]] = []
    room: list[int] = []
    first_open = 0
    for piece in pieces:
        size = len(piece[0])
        fits = (k for k in range(first_open, len(room)) if room[k] >= size)
        k = next(fits, len(room))
        if k == len(room):
            open_rows.append([])
            room.append(length)
        open_rows[k].append(piece)
        room[k] -= size
        first_open = max(first_open, len(room) - 40)  # older rows are full enough
    shape = (len(open_rows), length)
    ids, places = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    targets = np.full(shape, IGNORED, np.int64)
    for k, row in enumerate(open_rows):
        at = 0
        for tokens, wanted in row:
            end = at + len(tokens)
            ids[k, at:end], targets[k, at:end] = tokens, wanted
            places[k, at:end] = np.arange(len(tokens))
            at = end
    return ids, targets, places


def in_one_voice(task: Task) -> Task:
    """The task in the voice the small model learns: one persona's, whoever was asked for.

    With all five, a model of this size strays from its fact in every fourth line.
    """
    conditions = tuple(VOICE if c in PERSONAS else c for c in task.conditions)
    return replace(task, conditions=conditions)


def _example(kind: Kind, rng: np.random.Generator) -> tuple[Task, Card]:
    """A task and its draft; of a task for which the grammar runs out of names, another."""
    for _ in range(20):
        task = in_one_voice(kind.examples(rng))
        try:
            return task, kind.filler(task, rng)
        except ModelError:
            continue
    raise ModelError("the grammar failed twenty examples of one kind in a row.")


def _forgetful(header: Sequence[str], rng: np.random.Generator) -> tuple[str, ...]:
    return tuple(
        OTHER if token.startswith(CONDITION) and rng.random() < FORGET else token
        for token in header
    )
