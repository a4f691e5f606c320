"""Which texts are nearly the same: token Jaccard of 0.6 and more, placeholders left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix

from llm.lines import Line
from llm.score import jaccard

NEAR = 0.6


def near_duplicates(lines: Sequence[Line]) -> list[tuple[str, str]]:
    """The places of every two lines that share most of their words."""
    words = [sorted(set(re.findall(r"[a-z]+", _bare(line.text)))) for line in lines]
    known = {word: i for i, word in enumerate(sorted({w for group in words for w in group}))}
    ends = np.cumsum([0, *map(len, words)])
    columns = [known[w] for group in words for w in group]
    bags = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(lines), len(known)))
    shared = (bags @ bags.T).tocoo()
    size = np.diff(ends)
    alike = shared.data / (size[shared.row] + size[shared.col] - shared.data) >= NEAR
    rows, columns_ = shared.row[alike], shared.col[alike]
    return [
        (lines[i].place, lines[j].place)
        for i, j in zip(rows.tolist(), columns_.tolist(), strict=True)
        if i < j
    ]


def distinct(parts: Iterable[str]) -> list[str]:
    """The parts without near-duplicates of an earlier one; a placeholder counts as a word."""
    kept: list[str] = []
    for part in parts:
        if all(jaccard(part, other) < NEAR for other in kept):
            kept.append(part)
    return kept


def _bare(text: str) -> str:
    return re.sub(r"<\w+>", "", text.casefold())
