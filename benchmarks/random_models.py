"""Language models of random weights, for what must hold whatever a model says."""

from __future__ import annotations

import time
from functools import lru_cache
from pathlib import Path

import numpy as np

from llm.hf import JsonScript, TorchCausal
from llm.slots import SlotDecoder
from llm.task import Slot, Task

SMALL = 4_096
GPT2 = 50_257
LETTERS = "etaoinshrdlucmfwyp"


@lru_cache(maxsize=2)
def random_tokenizer(size: int) -> object:
    """A byte-level tokenizer of this many tokens, its words invented."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers
    from transformers import PreTrainedTokenizerFast

    rng = np.random.default_rng(0)
    vocabulary = {c: i for i, c in enumerate(sorted(pre_tokenizers.ByteLevel.alphabet()))}
    while len(vocabulary) < size - 1:
        word = "".join(rng.choice(list(LETTERS), int(rng.integers(2, 9))))
        vocabulary.setdefault(("Ġ" if rng.random() < 0.6 else "") + word, len(vocabulary))
    end = "<|endoftext|>"
    vocabulary[end] = len(vocabulary)
    made = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    return PreTrainedTokenizerFast(tokenizer_object=made, eos_token=end)


def random_gpt2() -> tuple[TorchCausal, JsonScript]:
    """GPT-2 of two layers and 4,096 tokens."""
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(vocab_size=SMALL, n_positions=2048, n_embd=64, n_layer=2, n_head=4,
                        bos_token_id=None, eos_token_id=None)  # fmt: skip
    return _ready(GPT2LMHeadModel(config), SMALL)


def random_model(folder: Path) -> None:
    """The same GPT-2 as a folder that ``hf:FOLDER`` reads."""
    causal, _ = random_gpt2()
    causal.model.save_pretrained(folder)
    causal.tokenizer.save_pretrained(folder)


def random_llama() -> tuple[TorchCausal, JsonScript]:
    """Llama of two layers and 4,096 tokens."""
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        vocab_size=SMALL, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=2048,
        bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    return _ready(LlamaForCausalLM(config), SMALL)


def slot_and_plain_ms(n_tokens: int = 120) -> tuple[float, float]:
    """CPU milliseconds a sampled token: by slots, and by transformers' own generate."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(bos_token_id=None, eos_token_id=None)
    causal, script = _ready(GPT2LMHeadModel(config), GPT2)
    slot = Slot("line", max_chars=4_000, max_tokens=n_tokens, min_chars=4 * n_tokens)
    task = Task("roast", (slot,))
    decoder = SlotDecoder(causal, script, 400, 1.0)
    start = torch.tensor([script.start(task)])
    ours, plain = [], []
    for _ in range(3):
        begun = time.process_time()
        n = max(step.n_sampled for step in decoder.steps(task, 0))
        ours.append((time.process_time() - begun) / n * 1e3)
        begun = time.process_time()
        with torch.inference_mode():
            causal.model.generate(
                start, max_new_tokens=n, min_new_tokens=n, do_sample=True, top_p=0.95, top_k=64,
                pad_token_id=0,
            )  # fmt: skip
        plain.append((time.process_time() - begun) / n * 1e3)
    return float(np.median(ours)), float(np.median(plain))


def _ready(model: object, size: int) -> tuple[TorchCausal, JsonScript]:
    import torch

    torch.manual_seed(0)
    torch.set_num_threads(1)
    causal = TorchCausal(model.eval(), random_tokenizer(size))  # type: ignore[attr-defined,arg-type]
    return causal, JsonScript(causal, "A card, in JSON:\n")
