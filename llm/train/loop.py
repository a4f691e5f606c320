"""The training loop: made for one CPU core, resumable to the token, the same again by seed.

What makes it fast on a CPU (measured in facts/words.md, 4): rows of one fixed shape, bf16 autocast,
eager attention, logits only where there is a target, a fused AdamW, one thread.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from llm.train.corpus import IGNORED, Ids

if TYPE_CHECKING:
    import torch
    from transformers import GPT2LMHeadModel

SAVE_EVERY_S: Final = 120.0
REPORT_EVERY: Final = 200  # steps
_BLOCK: Final = 256  # target counts are rounded up to this, so that few shapes occur


@dataclass(frozen=True)
class Recipe:
    """Everything that decides what comes out of training.

    Parameters
    ----------
    tokens
        Tokens to train on, texts and literals.
    width, n_layer, n_head, context
        The shape of the model.
    batch
        Rows a step.
    learning_rate
        Its peak; warm-up over 2 % of the tokens, then a cosine down to 5 %.
    documents
        Cards in the corpus.
    seed
        Of corpus, weights and order.
    """

    tokens: int = 16_000_000
    width: int = 256
    n_layer: int = 4
    n_head: int = 4
    context: int = 256
    batch: int = 6
    learning_rate: float = 3e-3
    documents: int = 40_000
    vocabulary: int = 4_096
    seed: int = 7


Report = Callable[[int, float, float], None]  # tokens so far, training loss, CPU seconds


def new_model(recipe: Recipe, vocabulary: int) -> GPT2LMHeadModel:
    """A GPT-2 with fresh weights, drawn from the recipe's seed."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(recipe.seed)
    return GPT2LMHeadModel(
        GPT2Config(
            vocab_size=vocabulary,
            n_positions=recipe.context,
            n_embd=recipe.width,
            n_layer=recipe.n_layer,
            n_head=recipe.n_head,
            activation_function="gelu_pytorch_tanh",  # gelu_new, fused
            attn_implementation="eager",
            embd_pdrop=0.0, attn_pdrop=0.0, resid_pdrop=0.0,
            bos_token_id=None, eos_token_id=None, use_cache=False,
        )
    )  # fmt: skip


def train(
    model: GPT2LMHeadModel,
    data: tuple[Ids, Ids, Ids],
    recipe: Recipe,
    checkpoint: Path | None = None,
    report: Report | None = None,
) -> float:
    """Train in place until the recipe's tokens are consumed.

    Parameters
    ----------
    model
        As `new_model` made it; overwritten by the checkpoint where there is one of this recipe.
    data
        Ids, targets and positions, each (n_rows, context).
    checkpoint
        A folder to save into every two minutes and to resume from.
    report
        Called about every 200 steps.

    Returns
    -------
    float
        CPU seconds spent in this call.
    """
    import torch

    torch.set_num_threads(1)
    optimizer = torch.optim.AdamW(
        model.parameters(),
        lr=recipe.learning_rate,
        betas=(0.9, 0.98),
        weight_decay=0.05,
        fused=True,
    )
    per_step = recipe.batch * data[0].shape[1]
    n_steps = -(-recipe.tokens // per_step)
    first = _resume(model, optimizer, checkpoint, recipe) if checkpoint else 0
    begun, saved, running = time.process_time(), time.monotonic(), 0.0
    model.train()
    for step, rows in enumerate(batches(len(data[0]), recipe, n_steps)):
        if step < first:
            continue
        for group in optimizer.param_groups:
            group["lr"] = recipe.learning_rate * schedule(step * per_step / recipe.tokens)
        now = backward(model, tuple(part[rows] for part in data))
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        running = now if not running else 0.97 * running + 0.03 * now
        is_last = step == n_steps - 1
        if checkpoint and (is_last or time.monotonic() - saved > SAVE_EVERY_S):
            _save(model, optimizer, checkpoint, recipe, step + 1)
            saved = time.monotonic()
        if report and (is_last or (step + 1) % REPORT_EVERY == 0):
            report((step + 1) * per_step, running, time.process_time() - begun)
    model.eval()
    return time.process_time() - begun


def save(model: GPT2LMHeadModel, folder: Path) -> None:
    """Weights as fp16 safetensors, and the configuration, as transformers would read them too."""
    import torch
    from safetensors.torch import save_file

    state = model.transformer.state_dict()
    tensors = {name: tensor.to(torch.float16).contiguous() for name, tensor in state.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    config = {**model.config.to_diff_dict(), "architectures": ["GPT2LMHeadModel"]}
    (folder / "config.json").write_text(json.dumps(config, indent=1, sort_keys=True) + "\n")


def batches(n_rows: int, recipe: Recipe, n_steps: int) -> Iterator[Ids]:
    """Row numbers of each step: every row once an epoch, in an order drawn from the seed."""
    rng = np.random.default_rng(recipe.seed)
    order = np.array([], np.int64)
    for _ in range(n_steps):
        while len(order) < recipe.batch:
            order = np.concatenate([order, rng.permutation(n_rows)])
        yield order[: recipe.batch]
        order = order[recipe.batch :]


def schedule(done: float) -> float:
    """The learning rate as a share of its peak, when a share `done` of the tokens is consumed.

    >>> [round(schedule(x), 2) for x in (0.0, 0.01, 0.02, 1.0)]
    [0.02, 0.5, 1.0, 0.05]
    """
    warm = 0.02
    if done < warm:
        return max(done / warm, 0.02)
    return 0.05 + 0.95 * 0.5 * (1 + float(np.cos(np.pi * min((done - warm) / (1 - warm), 1.0))))


def backward(model: GPT2LMHeadModel, batch: tuple[Ids, ...]) -> float:
    """Mean cross entropy of the targets in a batch of rows, its gradient left in the model.

    The gradient of the logits is softmax minus one-hot, written down here: torch's own
    log-softmax backward took a fifth of every step.
    """
    import torch

    logits, wanted = _logits(model, batch)
    with torch.no_grad():
        real = wanted != IGNORED
        slope = torch.softmax(logits, dim=-1, dtype=torch.float32)
        at = torch.arange(len(wanted)), wanted.clamp(min=0)
        loss = float(-slope[at].clamp(min=1e-30).log()[real].mean())
        slope[at] -= 1.0
        slope *= (real / real.sum())[:, None]
    logits.backward(slope.to(logits.dtype))
    return loss


def loss_of(model: GPT2LMHeadModel, batch: tuple[Ids, ...]) -> float:
    """Mean cross entropy of the targets in a batch of rows."""
    import torch
    from torch.nn.functional import cross_entropy

    with torch.inference_mode():
        logits, wanted = _logits(model, batch)
        return float(cross_entropy(logits.float(), wanted, ignore_index=IGNORED))


def _logits(model: GPT2LMHeadModel, batch: tuple[Ids, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """Logits where there is a target, and the targets; each card sees only itself."""
    import torch
    from torch.nn.functional import pad

    ids, targets, places = (torch.from_numpy(np.ascontiguousarray(part)) for part in batch)
    at_rows, at_columns = torch.nonzero(targets[:, 1:] != IGNORED, as_tuple=True)
    wanted = targets[:, 1:][at_rows, at_columns]
    short = -len(wanted) % _BLOCK
    with torch.autocast("cpu", torch.bfloat16):
        hidden = model.transformer(
            input_ids=ids, position_ids=places, attention_mask=_own_card(places)
        ).last_hidden_state
        logits = model.lm_head(hidden[pad(at_rows, (0, short)), pad(at_columns, (0, short))])
    return logits, pad(wanted, (0, short), value=IGNORED)


def _own_card(places: torch.Tensor) -> torch.Tensor:
    """Additive attention mask, (rows, 1, n, n): 0 for earlier tokens of the same card."""
    import torch

    card = (places == 0).cumsum(dim=1)
    n = places.shape[1]
    sees = (card[:, :, None] == card[:, None, :]) & torch.ones(n, n, dtype=torch.bool).tril()
    return torch.where(sees, 0.0, torch.finfo(torch.bfloat16).min)[:, None].to(torch.bfloat16)


def _save(model: GPT2LMHeadModel, optimizer: Any, folder: Path, recipe: Recipe, steps: int) -> None:
    """Weights and optimizer state as safetensors, then the step, so that a crash loses nothing."""
    from safetensors.torch import save_file

    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"weight.{k}": v for k, v in model.transformer.state_dict().items()}
    for k, state in optimizer.state_dict()["state"].items():
        tensors |= {f"state.{k}.{name}": value for name, value in state.items()}
    fresh = folder / f"step-{steps}.safetensors"
    save_file({k: v.contiguous() for k, v in tensors.items()}, fresh)
    (folder / "at.json").write_text(json.dumps({"steps": steps, "recipe": asdict(recipe)}))
    for old in folder.glob("step-*.safetensors"):
        if old != fresh:
            old.unlink()


def _resume(model: GPT2LMHeadModel, optimizer: Any, folder: Path, recipe: Recipe) -> int:
    """Load a checkpoint of the same recipe; the steps it has done, or 0."""
    from safetensors.torch import load_file

    at = folder / "at.json"
    if not at.is_file():
        return 0
    told = json.loads(at.read_text())
    path = folder / f"step-{told['steps']}.safetensors"
    if told["recipe"] != asdict(recipe) or not path.is_file():
        return 0
    tensors = load_file(path)
    prefix = "weight."
    weights = {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}
    model.transformer.load_state_dict(weights)
    state: dict[int, dict[str, Any]] = {}
    for key, value in tensors.items():
        if key.startswith("state."):
            _, k, name = key.split(".", 2)
            state.setdefault(int(k), {})[name] = value
    optimizer.load_state_dict({**optimizer.state_dict(), "state": state})
    return int(told["steps"])
