"""The built-in model learns from thumbs: direct preference optimisation, in plain torch.

Pairs are two texts for the same slot, fact and tone, one liked and one not; where a vote has no
counterpart the model's own next draft stands in for it. The shipped weights are never overwritten.

References
----------
Rafailov et al. (2023), Direct Preference Optimization: your language model is secretly a reward
model. NeurIPS.
Pang et al. (2024), Iterative reasoning preference optimization. NeurIPS. (the likelihood term)
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from llm.preference import Vote
from llm.task import Slot, Task
from llm.tiny import END, WEIGHTS, Tiny, kind_token, slot_tokens
from music.errors import InputError, ModelError
from music.profile import Fact

if TYPE_CHECKING:
    import torch
    from transformers import GPT2LMHeadModel

SLOT: Final = Slot("line")
KEEP: Final = 1.0  # weight of the liked text's own likelihood (Pang et al. 2024)


@dataclass(frozen=True)
class Pair:
    """Two texts for the same header, as token ids; the first is liked better."""

    header: tuple[int, ...]
    liked: tuple[int, ...]
    other: tuple[int, ...]


def pairs_of(votes: Sequence[Vote], tiny: Tiny, kind: str, seed: int) -> list[Pair]:
    """Every vote in a pair with its opposite, or with a fresh draft of the model."""
    by_header: dict[tuple[str, ...], dict[bool, list[str]]] = defaultdict(
        lambda: {True: [], False: []}
    )
    tasks: dict[tuple[str, ...], Task] = {}
    for vote in votes:
        task = _task(vote, kind)
        if not tiny.knows(task):
            continue
        header = (kind_token(task), *slot_tokens(task, task.slots[0]))
        by_header[header][vote.liked].append(vote.text)
        tasks[header] = task
    ids, pairs = tiny.tokenizer.get_vocab(), []
    for k, (header, said) in enumerate(sorted(by_header.items())):
        if not said[True] or not said[False]:
            known = {*said[True], *said[False]}
            draft = str(tiny.decoder.draft(tasks[header], seed + k)["line"])
            if draft in known:
                continue
            said[not said[True]].append(draft)  # it stands in for the side that is empty
        tokens = tuple(ids.get(token, ids["<|other|>"]) for token in header)
        for i in range(max(len(said[True]), len(said[False]))):
            liked, other = said[True][i % len(said[True])], said[False][i % len(said[False])]
            pairs.append(Pair(tokens, _ids(tiny, liked), _ids(tiny, other)))
    return pairs


def prefer(
    votes: Sequence[Vote],
    out: Path,
    kind: str = "roast",
    base: Path = WEIGHTS,
    epochs: int = 4,
    beta: float = 0.1,
    learning_rate: float = 5e-5,
    seed: int = 0,
) -> tuple[float, float]:
    """Train a copy of the built-in model towards what is liked.

    Parameters
    ----------
    votes
        Texts as drafts, with placeholders.
    out
        Where the new weights go; a `Tiny` reads them.
    kind
        Which kind of card the votes are on.
    base
        The weights to start from.
    epochs, beta, learning_rate, seed
        As in the paper; a higher beta stays closer to the base.

    Returns
    -------
    tuple of float
        Share of pairs the model agrees with before and after, in [0, 1].

    Raises
    ------
    InputError
        If no vote is on a text the model could write, or `out` is `base`.
    """
    import torch

    if out.resolve() == base.resolve():
        raise InputError("the shipped weights are not overwritten; choose another folder.")
    tiny = Tiny(base)
    pairs = pairs_of(votes, tiny, kind, seed)
    if not pairs:
        raise InputError("none of these votes is on a text the built-in model could write.")
    model, reference = _load(base), _load(base)
    torch.manual_seed(seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=learning_rate, weight_decay=0.0)
    rng = np.random.default_rng(seed)
    with torch.inference_mode():
        anchors = [_gap(reference, pair) for pair in pairs]
    before = sum(float(gap) > 0 for gap in anchors) / len(pairs)
    for _ in range(epochs):
        for k in rng.permutation(len(pairs)):
            pair = pairs[k]
            liked = _log_probability(model, pair.header, pair.liked)
            gap = liked - _log_probability(model, pair.header, pair.other)
            loss = -torch.nn.functional.logsigmoid(beta * (gap - float(anchors[k])))
            # The gap alone may widen while both texts grow unlikely and a third takes over.
            loss = loss - KEEP * liked / len(pair.liked)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
    with torch.inference_mode():
        after = sum(float(_gap(model, pair)) > 0 for pair in pairs) / len(pairs)
    _save(model, base, out)
    return before, after


def _gap(model: GPT2LMHeadModel, pair: Pair) -> torch.Tensor:
    """Log-probability of the liked text minus that of the other."""
    return _log_probability(model, pair.header, pair.liked) - _log_probability(
        model, pair.header, pair.other
    )


def _log_probability(
    model: GPT2LMHeadModel, header: tuple[int, ...], text: tuple[int, ...]
) -> torch.Tensor:
    import torch

    ids = torch.tensor([[*header, *text]])
    logits = model(ids).logits[0, len(header) - 1 : -1]
    return logits.log_softmax(-1)[torch.arange(len(text)), torch.tensor(text)].sum()


def _task(vote: Vote, kind: str) -> Task:
    fact = Fact(vote.fact, "") if vote.fact else None
    return Task(kind, (Slot(SLOT.name, fact=fact),), vote.conditions)


def _ids(tiny: Tiny, text: str) -> tuple[int, ...]:
    return (*tiny.tokenizer.encode(text).ids, tiny.tokenizer.get_vocab()[END])


def _load(folder: Path) -> GPT2LMHeadModel:
    import torch
    from transformers import GPT2LMHeadModel

    if not (folder / "model.safetensors").is_file():
        raise ModelError("no built-in model here; `make train` makes it.")
    torch.set_num_threads(1)
    return GPT2LMHeadModel.from_pretrained(folder, local_files_only=True, dtype=torch.float32)


def _save(model: GPT2LMHeadModel, base: Path, out: Path) -> None:
    from llm.train.loop import save

    out.mkdir(parents=True, exist_ok=True)
    save(model, out)
    shutil.copy(base / "tokenizer.json", out / "tokenizer.json")
