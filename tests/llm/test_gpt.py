"""The numpy forward pass is GPT-2, and its cache changes nothing."""

from __future__ import annotations

import numpy as np
import pytest

from llm.gpt import TinyGPT
from music.errors import ModelError
from tests.llm.models import random_gpt


@pytest.fixture(scope="module")
def reference():
    """A random transformers GPT-2 with weights large enough to tell mistakes apart."""
    import torch
    from transformers import GPT2Config, GPT2LMHeadModel

    torch.manual_seed(0)
    config = GPT2Config(
        vocab_size=300, n_positions=64, n_embd=48, n_layer=3, n_head=4, initializer_range=0.2,
        activation_function="gelu_pytorch_tanh", bos_token_id=None, eos_token_id=None,
    )  # fmt: skip
    return GPT2LMHeadModel(config).eval()


def ours(reference) -> TinyGPT:
    state = reference.transformer.state_dict()
    return TinyGPT({name: tensor.numpy() for name, tensor in state.items()}, 4)


def test_it_equals_transformers(reference):
    import torch

    ids = np.random.default_rng(0).integers(300, size=64)
    with torch.no_grad():
        want = reference(torch.tensor(ids[None])).logits[0].numpy()
    np.testing.assert_allclose(ours(reference).logits(list(ids), last=64), want, atol=1e-4)


def test_the_cache_changes_nothing(reference):
    ids = [int(i) for i in np.random.default_rng(1).integers(300, size=30)]
    warm = ours(reference)
    for end in (5, 6, 20, 12, 30, 30):  # forward, back, and the same again
        cold = ours(reference).logits(ids[:end], last=3)
        np.testing.assert_allclose(warm.logits(ids[:end], last=3), cold, atol=1e-4)
    other = [*ids[:10], 7, 7]
    np.testing.assert_allclose(warm.logits(other), ours(reference).logits(other), atol=1e-4)


def test_more_than_the_context_is_refused():
    with pytest.raises(ModelError, match="101 tokens do not fit a context of 100"):
        random_gpt(context=100).logits([1] * 101)
