"""A GPT-2 forward pass in numpy: what the built-in model runs on, so that nobody waits for torch.

Held equal to transformers by a test. One sequence at a time: at this size numpy's overhead, not
arithmetic, is the cost, and a card is written one token after the other anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from music.errors import ModelError

Floats32 = npt.NDArray[np.float32]


class TinyGPT:
    """A GPT-2 forward pass with a key-value cache.

    Parameters
    ----------
    tensors
        Weights under GPT-2's own names (``h.0.attn.c_attn.weight``), any float type.
    n_head
        Attention heads.
    pieces
        The text of each token (see `llm.pieces`).
    """

    def __init__(
        self,
        tensors: Mapping[str, npt.NDArray[np.floating]],
        n_head: int,
        pieces: Sequence[str | None] = (),
    ) -> None:
        self.pieces = pieces
        w = {name: np.ascontiguousarray(x, np.float32) for name, x in tensors.items()}
        self._embed, self._position = w["wte.weight"], w["wpe.weight"]
        self._unembed = np.ascontiguousarray(self._embed.T)
        self._last = (w["ln_f.weight"], w["ln_f.bias"])
        n_layer = 1 + max(int(name.split(".")[1]) for name in w if name.startswith("h."))
        self._layers = [
            {n.removeprefix(f"h.{i}."): x for n, x in w.items() if n.startswith(f"h.{i}.")}
            for i in range(n_layer)
        ]
        self._n_head = n_head
        self.context, self.width = self._position.shape
        self._seen: list[int] = []
        shape = (n_layer, 2, n_head, self.context, self.width // n_head)
        self._cache = np.empty(shape, np.float32)

    def logits(self, ids: Sequence[int], last: int = 1) -> Floats32:
        """Next-token logits after each of the last `last` ids, shape (last, n_vocabulary).

        What the cache still holds of `ids` is not computed again.

        Raises
        ------
        ModelError
            If `ids` is longer than the context.
        """
        if len(ids) > self.context:
            raise ModelError(f"{len(ids)} tokens do not fit a context of {self.context}.")
        same = 0
        for a, b in zip(ids, self._seen, strict=False):
            if a != b:
                break
            same += 1
        known = min(same, len(ids) - last)
        hidden = self._forward(np.asarray(ids[known:]), known)
        self._seen = list(ids)
        return hidden[-last:] @ self._unembed

    def _forward(self, ids: npt.NDArray[np.int_], known: int) -> Floats32:
        end = known + len(ids)
        x = self._embed[ids] + self._position[known:end]  # (n, width)
        # A position sees itself and what came before: 0 there, -inf later.
        later = np.triu(np.full((len(ids), end), -np.inf, np.float32), k=known + 1)
        for layer, cache in zip(self._layers, self._cache, strict=True):
            x = x + self._attention(_norm(x, *_pair(layer, "ln_1")), layer, cache, known, later)
            h = _norm(x, *_pair(layer, "ln_2")) @ layer["mlp.c_fc.weight"] + layer["mlp.c_fc.bias"]
            x = x + _gelu(h) @ layer["mlp.c_proj.weight"] + layer["mlp.c_proj.bias"]
        return _norm(x, *self._last)

    def _attention(
        self, x: Floats32, layer: dict[str, Floats32], cache: Floats32, known: int, later: Floats32
    ) -> Floats32:
        n, end = len(x), known + len(x)
        qkv = x @ layer["attn.c_attn.weight"] + layer["attn.c_attn.bias"]
        q, k, v = qkv.reshape(n, 3, self._n_head, -1).transpose(1, 2, 0, 3)  # (head, n, size)
        cache[0, :, known:end], cache[1, :, known:end] = k, v
        scores = q @ cache[0, :, :end].transpose(0, 2, 1) / np.float32(np.sqrt(q.shape[-1])) + later
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ cache[1, :, :end]
        joined = mixed.transpose(1, 0, 2).reshape(n, -1)
        out: Floats32 = joined @ layer["attn.c_proj.weight"] + layer["attn.c_proj.bias"]
        return out


def _pair(layer: dict[str, Floats32], name: str) -> tuple[Floats32, Floats32]:
    return layer[f"{name}.weight"], layer[f"{name}.bias"]


def _norm(x: Floats32, weight: Floats32, bias: Floats32) -> Floats32:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + np.float32(1e-5))
    out: Floats32 = centred / spread * weight + bias
    return out


def _gelu(x: Floats32) -> Floats32:
    c = np.float32(np.sqrt(2 / np.pi))
    out: Floats32 = np.float32(0.5) * x * (1 + np.tanh(c * (x + np.float32(0.044715) * x * x * x)))
    return out
