"""A vote by shared words: which styles the authored scenes lean to that resemble a sentence.

The lexicon knows what a word means; a scene (``lexicon/scenes.txt``, ``lexicon/styles.txt``) knows
what several ordinary words mean together. Rare words count more than frequent ones (TF-IDF), and a
word no scene has counts as the rarest, so that gibberish resembles nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files
from typing import Final

import numpy as np
import numpy.typing as npt

from llm.lexicon import MARKS, Concept, concepts, index, key, stem, tokens
from llm.lexicon.reading import plain_words
from music.theory import STYLES, style_for

Floats = npt.NDArray[np.float64]

SECOND: Final = 0.7  # what a scene's further styles weigh beside its first


def lean(text: str) -> tuple[Floats, float]:
    """How scenes that share words with a text lean.

    Parameters
    ----------
    text
        A sentence.

    Returns
    -------
    tuple
        Shares by style in the order of `STYLES`, shape (n_styles,), that sum to 1, or all 0 if no
        scene shares a word; and the cosine in [0, 1] of the scene that is closest.
    """
    table = _table()
    said = set(words_of(text))
    rarity = {word: table.rarity.get(word, table.rarest) for word in said}
    length = np.sqrt(sum(weight**2 for weight in rarity.values()))
    close = np.zeros(len(table.votes))
    for word, weight in rarity.items():
        if word in table.scenes:
            at, share = table.scenes[word]
            close[at] += weight * share / length
    total = close**2 @ table.votes
    whole = float(total.sum())
    return (total / whole if whole else total), float(close.max(initial=0.0))


@lru_cache(maxsize=len(STYLES))
def as_style(number: int) -> Concept:
    """The concept that explains the style at a place in `STYLES`, bringing only that style."""
    name = tuple(STYLES)[number]
    return replace(index()[key(name)], name=name, theme="genres", words={name: 1.0})


def words_of(text: str) -> Iterator[str]:
    """The telling words of a text, as they are compared."""
    for word in tokens(text):
        if word.isalnum() and word not in MARKS and word not in plain_words():
            yield stem(word)


def sayings() -> Iterator[tuple[str, Mapping[str, float]]]:
    """Every authored scene and every concept that brings words, with the styles it stands for."""
    yield from _lines("styles.txt")
    for concept in concepts():
        if styles := style_for(dict(concept.words)):
            yield f"{', '.join(concept.names[:3])}. {concept.because}", styles
    yield from _lines("scenes.txt")


def votes(said: list[tuple[str, Mapping[str, float]]]) -> Floats:
    """What sayings vote for, shape (n_sayings, n_styles)."""
    column = {style: i for i, style in enumerate(STYLES)}
    out = np.zeros((len(said), len(column)))
    for row, (_, styles) in enumerate(said):
        for style, weight in styles.items():
            out[row, column[style]] = weight
    return out


def _lines(name: str) -> Iterator[tuple[str, Mapping[str, float]]]:
    """``style, style: scene; scene``, one after the other."""
    text = files("llm.lexicon").joinpath(name).read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and line[0] != "#":
            styles, scenes = line.split(":", 1)
            first, *others = (style.strip() for style in styles.split(","))
            whole = (1 + SECOND**2 * len(others)) ** 0.5  # every scene votes equally loud
            shares = {first: 1 / whole} | dict.fromkeys(others, SECOND / whole)
            yield from ((scene.strip(), shares) for scene in scenes.split(";"))


class _Table:
    """The scenes by word."""

    def __init__(self, said: list[tuple[str, Mapping[str, float]]]) -> None:
        words = [set(words_of(scene)) for scene, _ in said]
        count = Counter(word for scene in words for word in scene)
        self.votes = votes(said)
        self.rarity = {word: float(np.log(len(said) / n)) for word, n in count.items()}
        self.rarest = float(np.log(len(said)))
        at: dict[str, list[int]] = {word: [] for word in count}
        share: dict[str, list[float]] = {word: [] for word in count}
        for row, scene in enumerate(words):
            length = sum(self.rarity[word] ** 2 for word in scene) ** 0.5
            for word in scene:
                at[word].append(row)
                share[word].append(self.rarity[word] / length)
        self.scenes = {word: (np.array(at[word]), np.array(share[word])) for word in count}


@lru_cache(maxsize=1)
def _table() -> _Table:
    return _Table(list(sayings()))
