"""Small models for tests: random weights, real tokenizers, adversaries; made on the spot."""

from __future__ import annotations

import itertools
from functools import cached_property, lru_cache
from importlib.resources import files

import numpy as np

from llm.gpt import TinyGPT
from llm.pieces import pieces_of
from llm.task import Slot, Task
from music.profile import Fact

N_VOCABULARY = 4_096
SPECIAL = ["<|endoftext|>"]


@lru_cache(maxsize=1)
def tokenizer():
    """A byte-level BPE of 4,096 tokens over genre names and invented words."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

    names = files("music.tables").joinpath("genre_names.txt").read_text(encoding="utf-8")
    rng = np.random.default_rng(0)
    syllables = ["".join(s) for s in itertools.product("bdgklmnprstvz", "aeiou", ["", "n", "r"])]
    words = ["".join(rng.choice(syllables, rng.integers(1, 4))) for _ in range(20_000)]
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=N_VOCABULARY,
        special_tokens=SPECIAL,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    made.train_from_iterator([names, " ".join(words), '", "name": "title" {}[]:'], trainer)
    assert made.get_vocab_size() == N_VOCABULARY
    return made


def random_gpt(seed: int = 0, n_layer: int = 2, width: int = 64, context: int = 512) -> TinyGPT:
    """A GPT-2 of the numpy kind with random weights."""
    rng = np.random.default_rng(seed)

    def w(*shape):
        return rng.normal(0, 0.3, shape).astype(np.float32)

    tensors = {
        "wte.weight": w(N_VOCABULARY, width), "wpe.weight": w(context, width),
        "ln_f.weight": 1 + w(width), "ln_f.bias": w(width),
    }  # fmt: skip
    for i in range(n_layer):
        for name, shape in [
            ("ln_1", (width,)), ("ln_2", (width,)), ("attn.c_attn", (width, 3 * width)),
            ("attn.c_proj", (width, width)), ("mlp.c_fc", (width, 4 * width)),
            ("mlp.c_proj", (4 * width, width)),
        ]:  # fmt: skip
            tensors[f"h.{i}.{name}.weight"] = w(*shape)
            tensors[f"h.{i}.{name}.bias"] = w(shape[-1])
    pieces = pieces_of(tokenizer().get_vocab(), [0], N_VOCABULARY)
    return TinyGPT(tensors, 4, pieces)


class Adversary:
    """A "model" whose logits are whatever hurts most."""

    context = 512

    def __init__(self, kind: str) -> None:
        self.kind = kind
        self.pieces = pieces_of(tokenizer().get_vocab(), [0], N_VOCABULARY)

    def logits(self, ids, last=1):
        out = np.zeros((last, N_VOCABULARY), np.float32)
        if self.kind == "nan":
            out[:] = np.nan
        elif self.kind == "infinite":
            out[:, ::2], out[:, 1::2] = np.inf, -np.inf
        elif self.kind == "one token":
            out[:, 70] = 1e9
        elif self.kind == "never closes":
            out[:, [i for i, p in enumerate(self.pieces) if '"' in (p or "")]] = -1e9
        elif self.kind == "always closes":
            out[:, [i for i, p in enumerate(self.pieces) if '"' in (p or "")]] = 1e9
        elif self.kind == "longest tokens":
            out[:] = [len(p or "") for p in self.pieces]
        elif self.kind == "placeholders":
            out[:, [i for i, p in enumerate(self.pieces) if p == "<"]] = 5
        elif self.kind == "spaces":
            out[:, [i for i, p in enumerate(self.pieces) if p == " "]] = 1e9
        return out


class TwoMinds(Adversary):
    """Begins a text with one of two words; after one it knows how to go on, after the other not."""

    KNOWN, UNKNOWN = "kin", "bon"

    def __init__(self) -> None:
        super().__init__("flat")
        ids = {piece: i for i, piece in enumerate(self.pieces)}
        self.known, self.unknown = ids[self.KNOWN], ids[self.UNKNOWN]
        self.close = next(i for i, p in enumerate(self.pieces) if p == '"')

    def logits(self, ids, last=1):
        out = super().logits(ids, last)
        recent = list(ids)[-12:]
        if self.known in recent:
            out[-1, self.known if recent.count(self.known) < 6 else self.close] = 20
        elif self.unknown not in recent:
            out[-1, [self.known, self.unknown]] = 21.5, 20  # four times in five, and once
        return out


class Dictation(Adversary):
    """Wants to say one text and nothing else, in the longest pieces its vocabulary has."""

    def __init__(self, said: str) -> None:
        super().__init__("dictation")
        self.wanted = []
        while said:
            piece = max((p for p in self.pieces if p and said.startswith(p)), key=len)
            self.wanted.append(self.pieces.index(piece))
            said = said.removeprefix(piece)
        self.start = 0

    def logits(self, ids, last=1):
        out = np.zeros((last, N_VOCABULARY), np.float32)
        self.start = self.start or len(ids)
        n = len(ids) - self.start
        closers = [i for i, p in enumerate(self.pieces) if (p or "").startswith('"')]
        out[:, self.wanted[n] if n < len(self.wanted) else closers] = 1e3
        return out


ADVERSARIES = [
    "nan", "infinite", "one token", "never closes", "always closes", "longest tokens", "spaces",
    "placeholders", "flat",
]  # fmt: skip


class JsonScript:
    """Cards as JSON, the way a general model sees them, over the test tokenizer."""

    barred = '"\\'

    @cached_property
    def closers(self):
        return {i: "" for t, i in tokenizer().get_vocab().items() if t.startswith('"')}

    def start(self, task):
        return self.encode("{")

    def before(self, task, slot):
        return self.encode(f'"{slot.name}": "')

    def after(self, slot):
        return self.encode('", ')

    def encode(self, text):
        return tokenizer().encode(text).ids


def band_task(seed: int, n_members: int = 5) -> Task:
    """The shape of a band card: the hardest of all, with groups, choices and many names."""
    rng = np.random.default_rng(seed)
    instruments = ("bass", "oud", "drums", "theremin", "kazoo", "accordion", "voice", "harp", "saw")
    fact = Fact("one_song", "You played X 212 times.", {"track": "X", "n": "212"})
    members = [
        slot
        for k in range(1, n_members + 1)
        for slot in (
            Slot(f"member_{k}_name", "text", 32, 8, 3, group=f"member_{k}" * (k > 1)),
            Slot(
                f"member_{k}_instrument",
                "choice",
                choices=instruments,
                group=f"member_{k}" * (k > 1),
            ),
        )
    ]
    songs = [Slot(f"song_{k}", "text", 40, 8, 2) for k in range(1, 6)]
    return Task(
        "band",
        (
            Slot("name", "text", 40, 8, 2),
            *members,
            *songs,
            Slot("founded", "integer", low=1950, high=2025),
            Slot("size", "integer", low=int(rng.integers(5)), high=6),
            Slot("bio", "text", 160, 48, 10, conditions=("sad",), fact=fact),
        ),
        holes={"genre": "sea-shanty trap"},
        avoid=frozenset({"a", "the damp"}),
    )
