"""The built-in model: our own small GPT-2, trained on text the project wrote; no torch needed.

It reads special tokens, not prompts: one for the kind of card, one for each slot, fact and
condition, and it writes placeholders, so it never meets a name and cannot invent one. The weights
in `llm/weights` are made by ``python -m llm.train``; MODEL_CARD.md there says how good they are.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

from llm.gpt import TinyGPT
from llm.lines import PERSONAS
from llm.pieces import pieces_of
from llm.score import sentences
from llm.slots import SENTENCE_CHARS, SlotDecoder
from llm.task import Card, Slot, Task, finished
from music.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

WEIGHTS: Final = Path(__file__).parent / "weights"
BUDGET: Final = 600  # sampled tokens a card
# How it writes sentences: varied where they branch, sure within a phrase. Of drafts in which it
# doubts more than this, in nats a token, most were broken when read.
SENTENCE_TEMPERATURE: Final = 0.9
MIN_P: Final = 0.08
DOUBT: Final = 0.8
# What a persona says in its own words where the model has not learned them.
VOICED: Final = ("opening", "interlude", "nothing", "line_1")
OUT: Final = "<|out|>"
END: Final = "<|end|>"
CONDITION: Final = "<|is:"
OTHER: Final = "<|other|>"  # a condition the model has not met
WISH: Final = "<|slot:wish|>"  # before a sentence that is read, not written


def kind_token(task: Task) -> str:
    """What stands at the beginning of a card."""
    return f"<|kind:{task.kind}|>"


def slot_tokens(task: Task, slot: Slot) -> list[str]:
    """What stands before a text: its slot, its fact, every condition, last of all `OUT`.

    Conditions come last because a small model hardly looks further back (facts/words.md, 4.1).

    >>> slot_tokens(Task("band", ()), Slot("member_2_name", conditions=("sad",)))
    ['<|slot:member_name|>', '<|is:sad|>', '<|out|>']
    """
    fact = [f"<|fact:{slot.fact.kind}|>"] if slot.fact else []
    conditions = [f"{CONDITION}{word}|>" for word in (*task.conditions, *slot.conditions)]
    return [f"<|slot:{re.sub('_[0-9]+', '', slot.name)}|>", *fact, *conditions, OUT]


def wish_of(task: Task) -> str:
    """The sentence a card is about, lower case and without angle brackets; "" = none."""
    about = next((s.fact for s in task.slots if s.fact and s.fact.kind == "wish"), None)
    return re.sub(r"[<>|]", "", about.sentence.casefold()) if about else ""


class TinyScript:
    """Cards as the built-in model was trained on them.

    Parameters
    ----------
    tokenizer
        With the special tokens of the corpus.
    """

    barred = ""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer
        self._ids: Mapping[str, int] = tokenizer.get_vocab()
        self.closers = {self._ids[END]: ""}

    def start(self, task: Task) -> list[int]:
        """The kind of card, and the sentence it is about, if the model was taught to read one."""
        kind, said = self._learned(kind_token(task)), wish_of(task)
        if not said or WISH not in self._ids:
            return [kind]
        return [kind, self._ids[WISH], self._ids[OUT], *self.encode(said), self._ids[END]]

    def before(self, task: Task, slot: Slot) -> list[int]:
        """Slot, fact, conditions; a condition the model has not met is `OTHER`."""
        *tokens, last = slot_tokens(task, slot)
        other = self._ids[OTHER]
        ids = [
            self._ids.get(token, other) if token.startswith(CONDITION) else self._learned(token)
            for token in tokens
        ]
        return [*ids, self._ids[last]]

    def after(self, slot: Slot) -> list[int]:
        """The end of a text."""
        return list(self.closers)

    def encode(self, text: str) -> list[int]:
        """A text with placeholders, each of which is one token."""
        return list(self._tokenizer.encode(text).ids)

    def knows(self, task: Task) -> bool:
        """Whether the model has learned to write such cards, with all their slots and facts."""
        needed = {kind_token(task)} | {t for slot in task.slots for t in slot_tokens(task, slot)}
        return all(t in self._ids for t in needed if not t.startswith(CONDITION))

    def _learned(self, token: str) -> int:
        if token not in self._ids:
            raise ModelError(f"the built-in model has not learned {token.strip('<|>')!r}.")
        return self._ids[token]


class Tiny:
    """The built-in model as a backend.

    Parameters
    ----------
    folder
        Holds ``config.json``, ``model.safetensors`` and ``tokenizer.json``; loaded at first use.
    temperature
        Of choices and names, above 0. Sentences have one of their own.

    Raises
    ------
    ModelError
        At first use, if the folder holds no such model; and for a card it has not learned.
    """

    name = "tiny"

    def __init__(self, folder: Path = WEIGHTS, temperature: float = 0.7) -> None:
        self.folder, self.temperature = folder, temperature
        self._lock = Lock()  # one cache, one card at a time

    def fill(self, task: Task, seed: int) -> Card:
        """Fill every slot it has learned to; what it fills is valid whatever it does.

        Left out, for the next writer, is a sentence in which it was lost in every draft, and one
        that was heard before, in this card or among what the task avoids; and of a
        persona it has not learned the opening, the asides and the first joke: who asked for a wine
        critic is to hear one.

        Raises
        ------
        ModelError
            If it has learned no slot of the task, or there are no weights.
        """
        with self._lock:
            decoder, able, lost = self.decoder, self.able(task), set[str]()
            draft = decoder.draft(able, seed, lost)
        if not self._has_voice(task):
            lost |= {name for name in draft if name.startswith(VOICED)}
        card = finished(able, draft)
        heard = {s.casefold() for text in task.avoid for s in sentences(text)}
        for slot in able.slots:
            if slot.max_chars < SENTENCE_CHARS or slot.name not in card:
                continue
            told = {s.casefold() for s in sentences(str(card[slot.name]))}
            if slot.name in lost or told & heard:
                del card[slot.name]
            else:
                heard |= told
        return card

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card word by word, each ended by a line break."""
        with self._lock:
            yield from self.decoder.stream(self.able(task), seed)

    def able(self, task: Task) -> Task:
        """The task without slots and facts the model was not trained on; all of it if none is."""
        able = [slot for slot in task.slots if self.knows(replace(task, slots=(slot,)))]
        groups = {slot.group for slot in task.slots if slot.group and slot not in able}
        able = [slot for slot in able if slot.group not in groups]
        return replace(task, slots=tuple(able)) if able else task

    def knows(self, task: Task) -> bool:
        """Whether the model was trained on cards like this."""
        return self.script.knows(task)

    def _has_voice(self, task: Task) -> bool:
        known = self.tokenizer.get_vocab()
        return all(f"{CONDITION}{c}|>" in known for c in task.conditions if c in PERSONAS)

    @cached_property
    def decoder(self) -> SlotDecoder:
        """The loaded model behind a slot decoder."""
        return SlotDecoder(
            self.model, self.script, BUDGET, self.temperature,
            sentence_temperature=SENTENCE_TEMPERATURE, min_p=MIN_P, doubt=DOUBT,
        )  # fmt: skip

    @cached_property
    def script(self) -> TinyScript:
        """How cards are written down for it."""
        return TinyScript(self.tokenizer)

    @cached_property
    def model(self) -> TinyGPT:
        """The forward pass with its weights."""
        from safetensors.numpy import load_file

        tensors = load_file(self._file("model.safetensors"))
        config = json.loads(self._file("config.json").read_text(encoding="utf-8"))
        vocabulary = self.tokenizer.get_vocab()
        special = [i for token, i in vocabulary.items() if token.startswith("<|")]
        pieces = pieces_of(vocabulary, special, len(tensors["wte.weight"]))
        return TinyGPT(tensors, int(config["n_head"]), pieces)

    @cached_property
    def tokenizer(self) -> Tokenizer:
        """Its byte-level BPE."""
        from tokenizers import Tokenizer

        return Tokenizer.from_file(str(self._file("tokenizer.json")))

    def _file(self, name: str) -> Path:
        if not (path := self.folder / name).is_file():
            raise ModelError(
                f"no built-in model here: {path.name} is missing; `make train` makes it."
            )
        return path
