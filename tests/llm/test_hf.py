"""Any Hugging Face causal model fills valid cards, offline, and a missing one is one sentence."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import pytest

from llm.hf import HuggingFace, TorchCausal, weight_bytes
from llm.prompt import styles
from llm.task import Slot, Task, problems
from music.errors import ModelError
from music.profile import Fact
from tests.llm.models import band_task, tokenizer

END = "<|endoftext|>"
CHAT = "{% for m in messages %}<|user|>{{ m['content'] }}{% endfor %}<|bot|>"


def save_model(folder, kind="gpt2", chat=False):
    """A random GPT-2 or Llama of two layers with the 4,096-token test tokenizer."""
    import torch
    from transformers import (
        GPT2Config,
        GPT2LMHeadModel,
        LlamaConfig,
        LlamaForCausalLM,
        PreTrainedTokenizerFast,
    )

    torch.manual_seed(0)
    if kind == "gpt2":
        config = GPT2Config(vocab_size=4096, n_positions=2048, n_embd=64, n_layer=2, n_head=4,
                            bos_token_id=0, eos_token_id=0)  # fmt: skip
        model = GPT2LMHeadModel(config)
    else:
        config = LlamaConfig(
            vocab_size=4096, hidden_size=64, intermediate_size=128, num_hidden_layers=2,
            num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=2048,
            bos_token_id=0, eos_token_id=0,
        )  # fmt: skip
        model = LlamaForCausalLM(config)
    model.save_pretrained(folder)
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer(), eos_token=END)
    if chat:
        fast.chat_template = CHAT
    fast.save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module", params=["gpt2", "llama chat"])
def folder(request, tmp_path_factory):
    kind, _, chat = request.param.partition(" ")
    return save_model(tmp_path_factory.mktemp(kind), kind, bool(chat))


def test_cards_of_a_real_transformers_model_are_valid(folder):
    model = HuggingFace(folder)
    for seed in range(2):
        task = band_task(seed)
        card = model.fill(task, seed)
        assert problems(task, card) == []
        assert card == model.fill(task, seed)


def test_streaming_comes_in_pieces_and_can_be_stopped(folder):
    stream = HuggingFace(folder).stream(band_task(0), 0)
    pieces = [next(stream) for _ in range(5)]
    stream.close()
    assert all(isinstance(piece, str) and piece for piece in pieces)


def test_the_cache_changes_nothing(folder):
    model = HuggingFace(folder).causal
    fresh = TorchCausal(model.model, model.tokenizer)
    ids = [int(i) for i in np.random.default_rng(0).integers(1, 4096, 60)]
    for end, last in [(40, 1), (60, 4), (50, 2), (20, 5), (60, 1)]:
        fresh._cache, fresh._seen = None, []
        want = fresh.logits(ids[:end], last)
        np.testing.assert_allclose(model.logits(ids[:end], last), want, atol=1e-4)


def test_a_model_sees_placeholders_and_never_a_name(folder):
    fact = Fact(
        "one_song", "You played Zzyzx Road 4711 times.", {"track": "Zzyzx Road", "n": "4711"}
    )
    model = HuggingFace(folder)
    for style in styles("roast"):
        model.style = style
        prompt = model._prompt(Task("roast", (Slot("line", fact=fact),)), 0)
        assert "You played <track> <n> times." in prompt
        assert "Zzyzx" not in prompt
        assert "4711" not in prompt
        assert ("<|bot|>" in prompt) == bool(model.causal.tokenizer.chat_template)


def test_a_model_not_on_this_machine_is_told_at_once():
    with pytest.raises(ModelError, match=r"'nobody/nothing' is not on this machine"):
        HuggingFace("nobody/nothing").fill(band_task(0), 0)


def test_a_folder_without_safetensors_is_told(tmp_path):
    with pytest.raises(ModelError, match=r"holds no causal language model: it has no \*\.safeten"):
        HuggingFace(str(tmp_path)).fill(band_task(0), 0)


def test_a_folder_whose_weights_are_half_missing_is_told(tmp_path):
    from safetensors.numpy import load_file, save_file

    save_model(tmp_path)
    weights = load_file(tmp_path / "model.safetensors")
    kept = {name: x for name, x in weights.items() if ".h.0." not in name}
    save_file(kept, tmp_path / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="is no complete language model"):
        HuggingFace(str(tmp_path)).fill(band_task(0), 0)


def test_code_in_a_model_folder_is_not_run(tmp_path):
    save_model(tmp_path)
    config = json.loads((tmp_path / "config.json").read_text())
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.Config"}}
    (tmp_path / "config.json").write_text(json.dumps(config))
    (tmp_path / "evil.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w')")
    with pytest.raises(ModelError):
        HuggingFace(str(tmp_path)).fill(band_task(0), 0)
    assert not (tmp_path / "ran").exists()


def test_memory_is_known_before_loading(folder):
    assert weight_bytes(folder) > 100_000
    assert weight_bytes("nobody/nothing") is None


def test_a_prompt_too_long_for_the_model_is_told(folder):
    model = HuggingFace(folder, budget=2_040)
    with pytest.raises(ModelError, match="reads 2048 tokens at once, too few"):
        model.fill(band_task(0), 0)


def test_examples_are_dropped_before_the_model_is_refused(folder):
    model = HuggingFace(folder, style="examples")
    task = Task("roast", (Slot("line", max_chars=80),))
    sizes = []
    for budget in (400, 1_700):
        model.budget = budget
        sizes.append(len(model._prompt(task, 0)))
    assert all(a >= b for a, b in pairwise(sizes))
