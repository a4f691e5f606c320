"""The text of each token of a vocabulary, for the two ways tokenizers spell bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache


def pieces_of(vocabulary: Mapping[str, int], special: Iterable[int], size: int) -> list[str | None]:
    """The text of each token, by id.

    Parameters
    ----------
    vocabulary
        Token -> id, as the tokenizer spells it: byte-level (``Ġthe``) or SentencePiece (``▁the``).
    special
        Ids that are never text.
    size
        How many logits the model gives; ids beyond the tokenizer's own are None.

    Returns
    -------
    list of str or None
        None for what is no text by itself: special tokens and parts of a multi-byte letter.
    """
    byte_level = any("Ġ" in token for token in vocabulary)
    read = byte_level_text if byte_level else _sentence_piece_text
    found: list[str | None] = [None] * size
    hidden = set(special)
    for token, i in vocabulary.items():
        if i < size and i not in hidden:
            found[i] = read(token)
    return found


def byte_level_text(token: str) -> str | None:
    """A token of a byte-level vocabulary as text; None if its bytes are no whole letters.

    >>> byte_level_text("Ġthe"), byte_level_text("Ã"), byte_level_text("Ã©")
    (' the', None, 'é')
    """
    table = _bytes_by_letter()
    try:
        return bytes(table[letter] for letter in token).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return None


def _sentence_piece_text(token: str) -> str | None:
    if token.startswith("<0x") and token.endswith(">"):
        code = int(token[3:-1], 16)
        return chr(code) if code < 128 else None
    return token.replace("▁", " ")


@lru_cache(maxsize=1)
def _bytes_by_letter() -> dict[str, int]:
    """Byte-level BPE writes printable Latin-1 as itself and shifts the other bytes above 255."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    shifted = [b for b in range(256) if b not in plain]
    return {chr(b): b for b in plain} | {chr(256 + k): b for k, b in enumerate(shifted)}
