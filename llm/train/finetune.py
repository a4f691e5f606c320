"""Any Hugging Face causal model, taught your own text: whole or by LoRA, on whatever is there.

The outcome is a folder that ``hf:FOLDER`` writes with. GPT-2 on 20,000-50,000 reviews is the
documented example: an evening on a free hosted GPU, a night on a laptop.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from llm.train.texts import Texts, read_texts
from music.errors import InputError, ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

N_SAMPLES: Final = 10
SAMPLE_TOKENS: Final = 60
EVALUATIONS: Final = 4  # an epoch


@dataclass(frozen=True)
class Plan:
    """How to fine-tune.

    Parameters
    ----------
    epochs
        Most passes over the text; training stops earlier once the validation loss rises twice.
    subset
        Use only this many texts, for a first try; 0 = all.
    lora
        Train small matrices beside the frozen weights and merge them in the end: a tenth of the
        memory, nearly the quality.
    block
        Tokens a row.
    batch
        Rows a step.
    learning_rate
        Peak; by default 5e-5 for whole models and 2e-4 for LoRA.
    seed
        Of order and samples.
    """

    epochs: float = 3.0
    subset: int = 0
    lora: bool = False
    block: int = 256
    batch: int = 8
    learning_rate: float = 0.0
    seed: int = 0


@dataclass(frozen=True)
class Outcome:
    """What came of it: validation perplexity before and after, and some unedited samples."""

    folder: Path
    n_training: int
    n_validation: int
    dropped: dict[str, int]
    perplexity_before: float
    perplexity_after: float
    epochs: float
    samples: tuple[str, ...]


Progress = Callable[[float, str], None]  # share done in [0, 1], and a line for people


def finetune(
    model: str,
    file: Path,
    out: Path,
    plan: Plan | None = None,
    column: str = "",
    resume: bool = True,
    progress: Progress | None = None,
) -> Outcome:
    """Fine-tune a model on a file of texts.

    Parameters
    ----------
    model
        A Hugging Face id that is on this machine, or a folder.
    file, column
        As for `llm.train.texts.read_texts`.
    out
        Where the model goes; ``out/checkpoints`` holds what resuming needs.
    plan
        How.
    resume
        Go on from the last checkpoint of an interrupted run.
    progress
        Called with the share done and a line.

    Raises
    ------
    InputError
        If the file holds no usable text.
    ModelError
        If the model is not there, or a package for training is missing.
    """
    plan = plan or Plan()
    texts = _some(read_texts(file, column), plan.subset)
    tokenizer, base = _load(model)
    rows = [
        pack(texts.training, tokenizer, plan.block),
        pack(texts.validation, tokenizer, plan.block),
    ]
    trainer = _trainer(base, plan, rows, out, progress)
    before = _perplexity(trainer)
    last = _checkpoint(out) if resume else None
    trainer.train(resume_from_checkpoint=str(last) if last else None)
    after = _perplexity(trainer)
    trained = trainer.model.merge_and_unload() if plan.lora else trainer.model
    trained.save_pretrained(out)
    tokenizer.save_pretrained(out)
    samples = _samples(trained, tokenizer, texts.validation, plan.seed)
    epochs = float(trainer.state.epoch or 0.0)
    counts = len(texts.training), len(texts.validation), texts.dropped
    outcome = Outcome(out, *counts, before, after, epochs, samples)
    _sheet(outcome, plan, model)
    return outcome


def pack(texts: Sequence[str], tokenizer: PreTrainedTokenizerBase, block: int) -> list[list[int]]:
    """Texts as rows of `block` tokens, one after the other with an end between; no padding.

    Of a remainder shorter than a row the last tokens of the row before are shown again.
    """
    end = tokenizer.eos_token_id
    ids: list[int] = []
    for text in texts:
        ids += [
            *tokenizer.encode(text, add_special_tokens=False),
            *([end] if end is not None else []),
        ]
    if len(ids) <= block:
        return [ids]
    rows = [ids[k : k + block] for k in range(0, len(ids) - block + 1, block)]
    return [*rows, ids[-block:]] if len(ids) % block else rows


def _trainer(
    model: PreTrainedModel,
    plan: Plan,
    rows: Sequence[list[list[int]]],
    out: Path,
    progress: Progress | None,
) -> Any:
    for package in ("accelerate", *(["peft"] if plan.lora else [])):
        if find_spec(package) is None:
            raise ModelError(f"fine-tuning needs the package {package}: pip install -e '.[train]'")
    from transformers import (
        EarlyStoppingCallback,
        PrinterCallback,
        Trainer,
        TrainerCallback,
        TrainingArguments,
    )

    if plan.lora:
        from peft import LoraConfig, get_peft_model

        shape = LoraConfig(r=16, lora_alpha=32, lora_dropout=0.05, target_modules="all-linear",
                           task_type="CAUSAL_LM")  # fmt: skip
        model = get_peft_model(model, shape)

    class Tell(TrainerCallback):  # type: ignore[misc]  # transformers carries no types
        def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **_: Any) -> None:
            if progress:
                told = {k: v for k, v in (logs or {}).items() if k in ("loss", "eval_loss")}
                line = ", ".join(f"{k} {v:.3f}" for k, v in told.items())
                progress(state.global_step / max(state.max_steps, 1), line)

    n_steps = max(math.ceil(len(rows[0]) / plan.batch), 1)
    every = max(n_steps // EVALUATIONS, 1)
    arguments = TrainingArguments(
        output_dir=str(out / "checkpoints"),
        num_train_epochs=plan.epochs,
        per_device_train_batch_size=plan.batch,
        per_device_eval_batch_size=plan.batch,
        learning_rate=plan.learning_rate or (2e-4 if plan.lora else 5e-5),
        lr_scheduler_type="cosine",
        warmup_steps=every // 2,
        eval_strategy="steps",
        save_strategy="steps",
        eval_steps=every,
        save_steps=every,
        logging_steps=every,
        save_total_limit=2,
        load_best_model_at_end=True,
        metric_for_best_model="eval_loss",
        greater_is_better=False,
        seed=plan.seed,
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=False,
    )
    trainer = Trainer(
        model=model,
        args=arguments,
        train_dataset=_dataset(rows[0]),
        eval_dataset=_dataset(rows[1]),
        callbacks=[EarlyStoppingCallback(early_stopping_patience=2), Tell()],
    )
    trainer.remove_callback(PrinterCallback)
    return trainer


def _dataset(rows: list[list[int]]) -> list[dict[str, list[int]]]:
    return [{"input_ids": row, "labels": row} for row in rows]


def _perplexity(trainer: Any) -> float:
    return math.exp(min(float(trainer.evaluate()["eval_loss"]), 50.0))


def _load(model: str) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    from llm.hf import load

    tokenizer, base = load(model)
    base.config.use_cache = False
    return tokenizer, base


def _some(texts: Texts, n: int) -> Texts:
    if n < 0:
        raise InputError(f"a subset has at least one text, got {n}.")
    if not n:
        return texts
    held = max(n // 10, 1)
    return Texts(texts.training[:n], texts.validation[:held], texts.n_read, texts.dropped)


def _checkpoint(out: Path) -> Path | None:
    found = list((out / "checkpoints").glob("checkpoint-*"))
    return max(found, key=lambda path: int(path.name.rpartition("-")[2]), default=None)


def _samples(
    model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase, texts: Sequence[str], seed: int
) -> tuple[str, ...]:
    """Continuations of the first words of texts it has not seen."""
    import torch

    torch.manual_seed(seed)
    model.eval()
    samples = []
    for text in texts[:N_SAMPLES]:
        begin = " ".join(text.split()[:4])
        ids = torch.tensor([tokenizer.encode(begin, add_special_tokens=False)]).to(model.device)
        made = model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            max_new_tokens=SAMPLE_TOKENS,
            do_sample=True,
            top_p=0.95,
            temperature=0.9,
            use_cache=True,
            pad_token_id=tokenizer.eos_token_id or 0,
        )
        samples.append(tokenizer.decode(made[0], skip_special_tokens=True))
    return tuple(samples)


def _sheet(outcome: Outcome, plan: Plan, model: str) -> None:
    """A page beside the weights: what was done, what it measures, and unedited samples."""
    dropped = ", ".join(f"{n} {why}" for why, n in outcome.dropped.items()) or "none"
    text = (
        f"# {model}, fine-tuned\n\n"
        f"- texts: {outcome.n_training:,} to learn from, {outcome.n_validation:,} to test; "
        f"dropped: {dropped}\n"
        f"- validation perplexity: {outcome.perplexity_before:,.1f} before, "
        f"{outcome.perplexity_after:,.1f} after {outcome.epochs:.2f} epochs\n"
        f"- plan: `{json.dumps(asdict(plan))}`\n\n## Samples, unedited\n\n"
    )
    text += "".join(f"> {' '.join(sample.split())}\n\n" for sample in outcome.samples)
    (outcome.folder / "SAMPLES.md").write_text(text, encoding="utf-8")
