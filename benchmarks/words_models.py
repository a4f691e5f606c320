"""Words by models people bring: int8 beside float, and a desk set by whoever writes."""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from benchmarks.random_models import GPT2, random_tokenizer
from benchmarks.table import Row
from llm.task import Slot, Task
from studio.desk_writer import right_styles

PHRASES = Path(__file__).parent.parent / "tests" / "llm" / "phrases" / "styles.txt"
N_TOKENS = 60
PROOF = os.environ.get("GHOSTNOTES_PROOF") == "1"
DESK = Path(__file__).parent.parent / "out" / "desk"  # from `ghostnotes train --desk`
N_WISHES = 3_000


def rows() -> Iterator[Row]:
    """Every row."""
    yield from knowledge()
    yield from int8()
    yield from desk()


def int8() -> Iterator[Row]:
    """GPT-2's size at random weights: CPU time a sampled token and size, as float and as int8."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    from llm.fast import Fast, convert
    from llm.hf import HuggingFace, weight_bytes

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        source, small = Path(folder) / "gpt2", Path(folder) / "int8"
        GPT2LMHeadModel(GPT2Config()).save_pretrained(source)
        random_tokenizer(GPT2).save_pretrained(source)  # type: ignore[attr-defined]
        n_bytes = convert(str(source), small)
        plain = _token_ms(HuggingFace(str(source)))
        quick = _token_ms(Fast(str(small)))
        size = weight_bytes(str(source)) or 1
    yield Row("GPT-2 size in int8: CPU a sampled token", quick, "ms", peer=f"float {plain:.0f}")
    yield Row("GPT-2 size in int8: weights", n_bytes / 1e6, "MB", peer=f"float {size / 1e6:.0f}")


def _token_ms(model: object) -> float:
    """CPU milliseconds a sampled token of one line, behind the prompt every model gets."""
    task = Task("roast", (Slot("line_1", max_chars=4_000, max_tokens=N_TOKENS, min_chars=200),))
    decoder = model._decoder(task, 0)  # type: ignore[attr-defined]
    times = []
    for seed in range(3):
        begun = time.process_time()
        n = max(step.n_sampled for step in decoder.steps(task, seed))
        times.append((time.process_time() - begun) / n * 1e3)
    return float(np.median(times))


def knowledge() -> Iterator[Row]:
    """The music questions, put to a model that knows nothing: what chance scores on them."""
    from benchmarks.random_models import random_model
    from llm.hf import HuggingFace
    from llm.knowledge import N_CHOICES, asked, questions

    with tempfile.TemporaryDirectory() as folder:
        random_model(Path(folder))
        who = HuggingFace(folder)
        right = [asked(who, question) == question.right for question in questions()]
    yield Row(f"music knowledge, {len(right)} questions, free model", float(np.mean(right)),
              "share", better="more",
              peer=f"GPT-2 of 2 layers at random weights; chance {1 / N_CHOICES:.2f}")  # fmt: skip


def desk() -> Iterator[Row]:
    """How often settings from a sentence lie in a style that is accepted for it."""
    lines = PHRASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|") for line in lines if "|" in line and not line.startswith("#")]
    phrases = {said.strip(): {s.strip() for s in styles.split(",")} for said, styles in pairs}
    name = f"desk set from a sentence, accepted style of {len(phrases)}"
    yield Row(f"{name}: lexicon and grammar", right_styles("grammar", phrases), "share",
              better="more")  # fmt: skip
    if PROOF and not DESK.is_dir():
        _teach()
    if DESK.is_dir():
        yield Row(f"{name}: small model", right_styles(f"tiny:{DESK}", phrases), "share",
                  better="more", peer="4M parameters, taught by `train --desk`")  # fmt: skip


def _teach() -> None:
    """Half an hour: a corpus as ``ghostnotes corpus desk`` writes it, and a model taught on it."""
    from llm.train.desk import train_desk
    from studio.desk_writer import corpus

    DESK.parent.mkdir(exist_ok=True)
    file = DESK.with_suffix(".jsonl")
    file.write_text("".join(f"{json.dumps(row)}\n" for row in corpus(N_WISHES)), "utf-8")
    train_desk(file, DESK)
