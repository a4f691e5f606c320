"""A byte-level BPE of our own, with every condition, fact and placeholder as one token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from llm.train.corpus import Document, special_tokens

if TYPE_CHECKING:
    from tokenizers import Tokenizer

VOCABULARY: Final = 4_096


def train_tokenizer(corpus: Iterable[Document], size: int = VOCABULARY) -> Tokenizer:
    """A tokenizer for a corpus; the same corpus gives the same one.

    Parameters
    ----------
    corpus
        Documents; their special tokens come first in the vocabulary.
    size
        Tokens in all, special ones included.
    """
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

    corpus = list(corpus)
    made = Tokenizer(models.BPE())
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[AddedToken(t, special=True) for t in special_tokens(corpus)],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        min_frequency=2,
        show_progress=False,
    )
    made.train_from_iterator((p.text for doc in corpus for p in doc.passages), trainer)
    return made
