"""How good the built-in model is, measured on cards it has not seen, beside the grammar it copies.

Agreement is judged by the nearest authored text: a line written for one fact or tone is found
again by its words, and the corpus says which facts and tones that text belongs to.
"""

from __future__ import annotations

import statistics
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from llm.score import copied_share, distinct_2, self_bleu_4, sentences, words
from llm.slots import SENTENCE_CHARS
from llm.task import Card, Task, finished, problems
from llm.tiny import CONDITION, OTHER, Tiny, slot_tokens
from llm.train.corpus import IGNORED, Document, document, in_one_voice, rows

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

N_CARDS: Final = 200
_MARKS: Final = (".", "!", "?", '"', "”", "’", "'", ")", ":")


@dataclass(frozen=True)
class Figure:
    """One measured number."""

    name: str
    value: float
    unit: str = ""
    grammar: float | None = None  # the same number for the grammar, where it has one


def evaluate(tiny: Tiny, corpus: Sequence[Document], seed: int, n: int = N_CARDS) -> list[Figure]:
    """Measure a model.

    Parameters
    ----------
    tiny
        The model.
    corpus
        What it was trained on.
    seed
        Of the new cards; take one that did not make the corpus.
    n
        How many cards.

    Returns
    -------
    list of Figure
        Shares lie in [0, 1]; the same model and seed give the same shares.
    """
    from llm.grammar import kinds

    rng = np.random.default_rng(seed)
    learned = {doc.start for doc in corpus}
    known = {name: kind for name, kind in kinds().items() if f"<|kind:{name}|>" in learned}
    names = rng.choice(sorted(known), n)
    tasks = [in_one_voice(known[str(name)].examples(rng)) for name in names]
    authored = [known[task.kind].filler(task, rng) for task in tasks]
    begun = time.process_time()
    drafts = [tiny.decoder.draft(task, seed + k) for k, task in enumerate(tasks)]
    spent = time.process_time() - begun
    index = _Index.of(corpus)
    loss = held_out_loss(tiny, [document(t, c, rng) for t, c in zip(tasks, authored, strict=True)])
    ours, theirs = _texts(tasks, drafts), _texts(tasks, authored)
    is_valid = [not problems(t, finished(t, c)) for t, c in zip(tasks, drafts, strict=True)]
    ended = [text.endswith(_MARKS) for text in _sentence_texts(tasks, drafts)]
    facts, tones = index.agreement(tasks, drafts)
    facts_g, tones_g = index.agreement(tasks, authored)
    copied = [copied_share(text, index.nearest(text)) for text in ours[:200]]
    whole, single = _novelty(ours, index.texts)
    return [
        Figure("loss on new cards", loss, "nats per token"),
        Figure("valid cards", _mean(is_valid), "share"),
        Figure("sentences that end by themselves", _mean(ended), "share"),
        Figure("texts that fit their fact", facts, "share", facts_g),
        Figure("texts that fit their conditions", tones, "share", tones_g),
        Figure("texts not in the corpus as a whole", whole, "share"),
        Figure("sentences not in the corpus", single, "share"),
        Figure("longest copied run of a text, median", statistics.median(copied), "share"),
        Figure("distinct-2", distinct_2(ours), "share", distinct_2(theirs)),
        Figure("self-BLEU-4", self_bleu_4(ours[:400]), "", self_bleu_4(theirs[:400])),
        Figure("time per card", 1e3 * spent / n, "ms of one core"),
    ]


def held_out_loss(tiny: Tiny, corpus: Iterable[Document]) -> float:
    """Mean cross entropy of the texts of new cards, in nats per token."""
    ids, targets, places = rows(corpus, tiny.tokenizer, tiny.model.context)
    total, n = 0.0, 0
    for row, wanted, place in zip(ids, targets, places, strict=True):
        starts = [*np.flatnonzero(place == 0), len(row)]
        for begin, end in pairwise(starts):
            if end - begin < 2:
                continue  # padding
            logits = tiny.model.logits(row[begin:end].tolist(), last=int(end - begin))
            target = wanted[begin + 1 : end]
            at = np.flatnonzero(target != IGNORED)
            picked = logits[at].astype(float)
            norm = np.log(np.exp(picked - picked.max(1, keepdims=True)).sum(1)) + picked.max(1)
            total += float((norm - picked[np.arange(len(at)), target[at]]).sum())
            n += len(at)
    return total / max(n, 1)


@dataclass(frozen=True)
class _Index:
    """Every authored text with the headers it was seen under, found again by its words."""

    texts: dict[str, set[str]]
    order: list[str]
    vocabulary: dict[str, int]
    matrix: csr_matrix
    sizes: np.ndarray[tuple[int], np.dtype[np.float64]]

    @classmethod
    def of(cls, corpus: Iterable[Document]) -> _Index:
        seen: dict[str, set[str]] = defaultdict(set)
        for doc in corpus:
            for passage in doc.passages:
                seen[passage.text].update(passage.header)
        order = sorted(seen)
        vocabulary: dict[str, int] = {}
        for text in order:
            for word in words(text):
                vocabulary.setdefault(word, len(vocabulary))
        matrix = _bags(order, vocabulary)
        sizes = np.asarray(matrix.sum(axis=1)).ravel()
        return cls(dict(seen), order, vocabulary, matrix, sizes)

    def nearest(self, text: str) -> str:
        """The authored text with the largest Jaccard overlap of words."""
        if text in self.texts:
            return text
        shared = np.asarray((self.matrix @ _bags([text], self.vocabulary).T).todense()).ravel()
        union = self.sizes + len(set(words(text))) - shared
        return self.order[int(np.argmax(shared / np.maximum(union, 1)))]

    def agreement(self, tasks: Sequence[Task], cards: Sequence[Card]) -> tuple[float, float]:
        """Shares of texts whose nearest authored text knows their fact, and their conditions."""
        facts, tones = [], []
        for task, card in zip(tasks, cards, strict=True):
            for slot in task.slots:
                if slot.kind != "text" or slot.name not in card:
                    continue
                belongs = self.texts[self.nearest(str(card[slot.name]))]
                for token in slot_tokens(task, slot):
                    if token.startswith("<|fact:"):
                        facts.append(token in belongs)
                    elif token.startswith(CONDITION) and token != OTHER:
                        tones.append(token in belongs)
        return _mean(facts), _mean(tones)


def _bags(texts: Sequence[str], vocabulary: dict[str, int]) -> csr_matrix:
    from scipy.sparse import csr_matrix

    columns = [sorted({vocabulary[w] for w in words(t) if w in vocabulary}) for t in texts]
    ends = np.cumsum([0, *map(len, columns)])
    flat = np.array([c for row in columns for c in row], np.int64)
    shape = (len(texts), max(len(vocabulary), 1))
    return csr_matrix((np.ones(len(flat)), flat, ends), shape=shape)


def _texts(tasks: Sequence[Task], cards: Sequence[Card]) -> list[str]:
    pairs = zip(tasks, cards, strict=True)
    return [str(c[s.name]) for t, c in pairs for s in t.slots if s.kind == "text" and s.name in c]


def _sentence_texts(tasks: Sequence[Task], cards: Sequence[Card]) -> list[str]:
    pairs = zip(tasks, cards, strict=True)
    return [
        str(c[s.name])
        for t, c in pairs
        for s in t.slots
        if s.kind == "text" and s.max_chars >= SENTENCE_CHARS and s.name in c
    ]


def _novelty(texts: Sequence[str], authored: dict[str, set[str]]) -> tuple[float, float]:
    """Shares of texts and of sentences that no authored text holds."""
    known = {sentence for text in authored for sentence in sentences(text)}
    ours = [sentence for text in texts for sentence in sentences(text)]
    return _mean([text not in authored for text in texts]), _mean([s not in known for s in ours])


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else 1.0
