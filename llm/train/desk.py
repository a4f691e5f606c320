"""A small model that sets the synth's desk from a sentence, taught on ``ghostnotes corpus desk``.

The built-in model's shape and loop, a vocabulary of its own, and one thing more to read: the
sentence stands at the beginning of the card. Its weights are made on request and not shipped.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

from llm.settings import settings_task
from llm.task import Slot, Task
from llm.tiny import OUT, WISH, kind_token, slot_tokens, wish_of
from llm.train.corpus import Document, Passage, rows
from llm.train.loop import Recipe, new_model, save, train
from llm.train.tokenizer import train_tokenizer
from music.errors import InputError

FEWEST: Final = 20  # sentences
RECIPE: Final = Recipe(tokens=1_500_000, documents=0, vocabulary=2_048)


def desk_documents(file: Path) -> list[Document]:
    """The rows of a corpus as the model reads them.

    Raises
    ------
    InputError
        Naming the first line that is no row of such a corpus.
    """
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}.") from error
    found = []
    for number, line in enumerate(filter(str.strip, lines), 1):
        try:
            row = json.loads(line)
            card = json.loads(str(row["text"]).splitlines()[-1])
            found.append(desk_document(str(row["wish"]), dict(card)))
        except (ValueError, KeyError, TypeError, IndexError) as error:
            raise InputError(
                f"line {number} of {file.name} is no row of `ghostnotes corpus desk`."
            ) from error
    if len(found) < FEWEST:
        raise InputError(f"{file.name} holds {len(found)} sentences; {FEWEST} are the fewest.")
    return found


def desk_document(wish: str, card: dict[str, str | int]) -> Document:
    """A sentence and its settings: the sentence is read first, then come reason and settings."""
    slots = settings_task(wish, {}, ()).slots
    about = next(slot.fact for slot in slots if slot.fact)
    task = Task("config", tuple(Slot(n, fact=None if n == "why" else about) for n in card))
    passages = [Passage((WISH, OUT), wish_of(task))]
    for slot in task.slots:
        passages.append(Passage(tuple(slot_tokens(task, slot)), str(card[slot.name])))
    return Document(kind_token(task), tuple(passages))


def train_desk(
    file: Path,
    folder: Path,
    report: Callable[[int, float, float], None] | None = None,
    recipe: Recipe = RECIPE,
) -> int:
    """Train on a corpus and write the weights; the number of sentences learned.

    Raises
    ------
    InputError
        If the file is no such corpus.
    """
    corpus = desk_documents(file)
    tokenizer = train_tokenizer(corpus, recipe.vocabulary)
    data = rows(corpus, tokenizer, recipe.context)
    size = tokenizer.get_vocab_size()
    model = new_model(replace(recipe, documents=len(corpus)), size)
    train(model, data, recipe, None, report)
    folder.mkdir(parents=True, exist_ok=True)
    save(model, folder)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    return len(corpus)
