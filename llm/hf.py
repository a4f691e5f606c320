"""Any Hugging Face causal model as a backend: GPT-2, SmolLM, Qwen, Llama, or your own folder.

The model continues a JSON record that the slot decoder keeps in form, so any model will do; better
ones are only funnier. It reads facts with placeholders, never a name. Weights are safetensors only,
code from a model folder is never run, and nothing is downloaded unless asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np

from llm.pieces import pieces_of
from llm.prompt import render
from llm.slots import Logits, SlotDecoder
from llm.task import Card, Slot, Task
from music.errors import ModelError

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerBase

SMALL: Final = 200_000_000  # parameters below which a second thread only hurts (facts/words.md, 3)
N_EXAMPLES: Final = 2


class HuggingFace:
    """A causal language model, by its id on the Hub or its folder on this machine.

    Parameters
    ----------
    model
        ``"openai-community/gpt2"``, ``"HuggingFaceTB/SmolLM2-360M-Instruct"``, ``"./my-model"``.
    style
        Which prompt (see `llm.prompt.styles`); by default ``"examples"`` for a model that only
        continues text, ``"plain"`` for one with a chat template.
    budget
        Most tokens sampled for one card.
    temperature
        Above 0.
    half
        Compute in bfloat16: half the memory, and no faster at this size.
    download
        Whether a model that is not on this machine may be fetched from the Hub.

    Raises
    ------
    ModelError
        At first use, if the model is not there, is no causal model or has no safetensors.
    """

    def __init__(
        self,
        model: str,
        style: str = "",
        budget: int = 400,
        temperature: float = 0.8,
        half: bool = False,
        download: bool = False,
    ) -> None:
        self.name = f"hf:{model}"
        self.model_id, self.style, self.budget = model, style, budget
        self.temperature, self.half, self.download = temperature, half, download
        self._lock = Lock()

    def fill(self, task: Task, seed: int) -> Card:
        """Fill every slot of the task; the card is valid whatever the model does."""
        with self._lock:
            return self._decoder(task, seed).fill(task, seed)

    def stream(self, task: Task, seed: int) -> Iterator[str]:
        """The texts of the card word by word; stop asking and the model stops."""
        with self._lock:
            yield from self._decoder(task, seed).stream(task, seed)

    @cached_property
    def causal(self) -> TorchCausal:
        """The loaded model."""
        tokenizer, model = load(self.model_id, self.half, self.download)
        return TorchCausal(model, tokenizer)

    def _decoder(self, task: Task, seed: int) -> SlotDecoder:
        script = JsonScript(self.causal, self._prompt(task, seed))
        return SlotDecoder(self.causal, script, self.budget, self.temperature)

    def _prompt(self, task: Task, seed: int) -> str:
        """The longest prompt that leaves room for the card: with examples, fewer, or none."""
        tokenizer = self.causal.tokenizer
        is_chat = bool(getattr(tokenizer, "chat_template", None))
        style = self.style or ("plain" if is_chat else "examples")
        examples = _examples(task, seed) if style == "examples" else []
        for n in range(len(examples), -1, -1):
            prompt = render(task, style, examples[:n])
            if is_chat:
                prompt = tokenizer.apply_chat_template(
                    [{"role": "user", "content": prompt}],
                    add_generation_prompt=True,
                    tokenize=False,
                    enable_thinking=False,  # Qwen's; other templates ignore it
                )
            if len(tokenizer.encode(prompt)) + self.budget <= self.causal.context:
                return prompt
        raise ModelError(
            f"{self.model_id} reads {self.causal.context} tokens at once, too few for this card."
        )


def load(
    model: str, half: bool = False, download: bool = False
) -> tuple[PreTrainedTokenizerBase, PreTrainedModel]:
    """A tokenizer and a causal model, by id or folder; parameters as for `HuggingFace`.

    Raises
    ------
    ModelError
        If the model is not there, is incomplete, is no causal model or has no safetensors.
    """
    import torch
    from safetensors import SafetensorError
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # loading is told by whoever asked for it
    folder = Path(model).expanduser()
    source = str(folder) if folder.is_dir() else model
    offline = folder.is_dir() or not download
    options: dict[str, Any] = {"local_files_only": offline, "trust_remote_code": False}
    try:
        tokenizer = AutoTokenizer.from_pretrained(source, **options)
        loaded, info = AutoModelForCausalLM.from_pretrained(
            source,
            use_safetensors=True,
            output_loading_info=True,
            dtype=torch.bfloat16 if half else torch.float32,
            **options,
        )
    except (OSError, ValueError, ImportError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelError(_why_not(model, folder, offline, error)) from error
    if info["missing_keys"]:
        n = len(info["missing_keys"])
        raise ModelError(f"{model} is no complete language model: {n} of its tensors are missing.")
    if loaded.num_parameters() < SMALL:
        torch.set_num_threads(1)
    return tokenizer, loaded.eval()


def weight_bytes(model: str) -> int | None:
    """What the weights of a local folder take in memory as stored; None for an id on the Hub."""
    folder = Path(model).expanduser()
    sizes = [path.stat().st_size for path in folder.glob("*.safetensors")]
    return sum(sizes) if sizes else None


class Tokenized(Protocol):
    """What a `JsonScript` needs of a model."""

    tokenizer: PreTrainedTokenizerBase
    closers: dict[int, str]


class TorchCausal:
    """A transformers model as a `llm.slots.Causal`: logits, with the cache kept between calls."""

    def __init__(self, model: PreTrainedModel, tokenizer: PreTrainedTokenizerBase) -> None:
        self.tokenizer = tokenizer
        self.model = model
        config = model.config.get_text_config()
        self.context = int(getattr(config, "max_position_embeddings", 2_048))
        vocabulary, special = tokenizer.get_vocab(), tokenizer.all_special_ids
        self.pieces: Sequence[str | None] = pieces_of(vocabulary, special, config.vocab_size)
        self.closers = closers_of(self.pieces)
        self._seen: list[int] = []
        self._cache: Any = None

    def logits(self, ids: Sequence[int], last: int = 1) -> Logits:
        """Next-token logits after each of the last `last` ids, shape (last, n_vocabulary)."""
        import torch

        known = self._keep(min(_shared(ids, self._seen), len(ids) - last))
        with torch.inference_mode():
            out = self.model(
                torch.tensor([list(ids[known:])]),
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=last,
            )
        self._cache, self._seen = out.past_key_values, list(ids)
        found: Logits = out.logits[0, -last:].float().numpy()
        return found

    def _keep(self, n: int) -> int:
        """Shorten the cache to its first n positions; from nothing where it cannot be cut."""
        if self._cache is not None and n == len(self._seen):
            return n
        layers = getattr(self._cache, "layers", [])
        # Sliding windows and recurrent states have forgotten what a cut would need.
        if n == 0 or not layers or not all(type(x).__name__ == "DynamicLayer" for x in layers):
            self._cache, self._seen = None, []
            return 0
        self._cache.crop(
            n - len(self._seen)
        )  # negative: how many to remove (5.23 refuses a length)
        return n


def closers_of(pieces: Sequence[str | None]) -> dict[int, str]:
    """Tokens that close a JSON string, each with what it still adds to it: ``."`` a full stop."""
    heads = {i: piece.partition('"')[0] for i, piece in enumerate(pieces) if piece and '"' in piece}
    return {i: head for i, head in heads.items() if head in ("", ".", "!", "?", "…")}


class JsonScript:
    """A card as a JSON record behind a prompt.

    Parameters
    ----------
    causal
        Whose tokens.
    prompt
        Everything before the record.
    """

    barred = '"\\{}[]'

    def __init__(self, causal: Tokenized, prompt: str) -> None:
        self._tokenizer = causal.tokenizer
        is_chat = bool(getattr(causal.tokenizer, "chat_template", None))  # begins documents itself
        self._start = list(causal.tokenizer.encode(prompt, add_special_tokens=not is_chat))
        self.closers = causal.closers

    def start(self, task: Task) -> list[int]:
        """The prompt, and the brace that opens the record."""
        return [*self._start, *self.encode("{")]

    def before(self, task: Task, slot: Slot) -> list[int]:
        """The key, and a quote before text."""
        return self.encode(f'"{slot.name}": ' + '"' * (slot.kind != "integer"))

    def after(self, slot: Slot) -> list[int]:
        """The end of the value."""
        return self.encode('"' * (slot.kind != "integer") + ",\n")

    def encode(self, text: str) -> list[int]:
        """The tokens of a text, without any that begin or end a document."""
        return list(self._tokenizer.encode(text, add_special_tokens=False))


def _examples(task: Task, seed: int) -> list[Card]:
    """Cards of the same kind, drafted by the grammar about other facts."""
    from llm.grammar import kinds

    kind = kinds().get(task.kind)
    if kind is None:  # nobody has written text for it
        return []
    rng = np.random.default_rng(seed)
    return [kind.filler(kind.examples(rng), rng) for _ in range(N_EXAMPLES)]


def _why_not(model: str, folder: Path, offline: bool, error: Exception) -> str:
    if folder.is_dir():
        has_weights = any(folder.glob("*.safetensors"))
        reason = "it has no *.safetensors" if not has_weights else str(error).split("\n")[0][:200]
        return f"the folder {model} holds no causal language model: {reason}."
    if offline:
        return (
            f"the model {model!r} is not on this machine: no folder of that name, and not in the "
            "Hugging Face cache. Fetch it (`ghostnotes models fetch`), or give a folder."
        )
    return (
        f"the model {model!r} could not be fetched or loaded: {str(error).split(chr(10))[0][:200]}"
    )


def _shared(a: Sequence[int], b: Sequence[int]) -> int:
    """How many ids two sequences begin with in common."""
    n = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        n += 1
    return n
