"""A sentence as a vibe, and which of its words were understood.

Every concept of the lexicon is an orthogonal part: colours (moods, weather, times ...) move levels,
settings (genres, places, instruments ...) bring words; several blend by weights, so that a "funeral
clown" is both. Words the lexicon lacks may be asked of a sentence encoder (`llm.semantic`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.lexicon import COLOURS, Concept
from llm.lexicon.reading import Match, Reading, read
from music.errors import InputError
from music.features import NAMES
from music.vibe import Vibe

MAX_CHARS: Final = 4_000

# How much the words of a theme count when several bring some: a named genre is an order, a party
# only a hint.
WORD_WEIGHT: Final = {
    "genres": 1.0, "events": 0.95, "places": 0.85, "instruments": 0.8, "activities": 0.55,
    "eras": 0.5, "things": 0.75, "people": 0.75, "food": 0.75, "nature": 0.75, "stories": 0.75,
    "everyday": 0.75,
}  # fmt: skip
LEVEL_WEIGHT: Final = {"moods": 1.0, "times": 0.45, "weather": 0.6, "seasons": 0.5}
SETTING_LEVELS: Final = 0.5  # what a genre says about levels gives way to a mood
GUESSED: Final = 0.45  # what a sure guess weighs beside everything the lexicon says together
_DOUBTFUL, _SURE = 0.2, 0.5  # similarities at which a guess counts nothing, and fully
TRUST: Final = {"name": 1.0, "spelling": 0.85, "meaning": 0.6}


@dataclass(frozen=True)
class Part:
    """One thing that was understood: the words, the concept, and why it sounds like that."""

    said: str
    concept: str
    theme: str
    because: str
    strength: float = 1.0
    refused: bool = False
    how: str = "name"


@dataclass(frozen=True)
class Understood:
    """What a sentence means for music.

    Parameters
    ----------
    vibe
        Levels and words; all weights 0 if nothing was understood.
    parts
        What was understood, in the order of the sentence.
    not_understood
        Words that mean nothing here, in order.
    avoid
        Style, genre and instrument words the sentence refuses.
    confidence
        Share of the meaningful words that were understood, in [0, 1].
    """

    vibe: Vibe
    parts: tuple[Part, ...] = ()
    not_understood: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    confidence: float = 0.0


Guess = Callable[[str], Iterable[tuple[Concept, float]]]


def vibe_from_text(text: str, guess: Guess | None = None) -> Understood:
    """Turn a sentence into a vibe.

    Parameters
    ----------
    text
        Up to 4,000 characters, in English, German, French or Spanish (other words are reported).
    guess
        Asked when words were not understood: from a text to ``(concept, similarity)`` pairs, see
        `llm.semantic.guess`. Without it only the lexicon speaks.

    Raises
    ------
    InputError
        If there is no text or too much of it.

    Examples
    --------
    >>> understood = vibe_from_text("a sad waltz")
    >>> understood.vibe.words, understood.vibe.get("valence")
    ((('waltz', 1.0),), 0.08)
    """
    if not text.strip():
        raise InputError("Say what it should sound like: a place, a mood, a genre, an instrument.")
    if len(text) > MAX_CHARS:
        raise InputError(
            f"A vibe fits in {MAX_CHARS:,} characters; this text has {len(text):,}. "
            "Say it in a sentence or two."
        )
    reading = read(text)
    guesses = tuple(guess(text)) if guess and _worth_asking(reading) else ()
    vibe, avoid = blend(reading.matches, _origin(text), guesses)
    parts = [part_of(match) for match in reading.matches]
    known = {part.concept for part in parts}
    parts += [
        Part(text, c.name, c.theme, c.because, s, how="meaning")
        for c, s in guesses
        if c.name not in known
    ]
    alone = bool(guesses) and not any(m.concept.words for m in reading.matches)
    return Understood(
        vibe=vibe,
        parts=tuple(parts),
        not_understood=()
        if alone
        else reading.unknown,  # beside settings, a guess explains no word
        avoid=avoid,
        confidence=_confidence(reading, guesses),
    )


def blend(
    matches: Iterable[Match], origin: str, guesses: Iterable[tuple[Concept, float]] = ()
) -> tuple[Vibe, tuple[str, ...]]:
    """One vibe of several concepts, and the words they refuse."""
    said = [(m.concept, _signed(m)) for m in matches]
    guessed = list(guesses)
    avoid = {w for concept, strength in said if strength < 0 for w in concept.words}
    words = _words([*said, *_beside(said, guessed)], avoid)
    return _levels(Vibe.of(origin=origin), said + guessed, words), tuple(sorted(avoid))


def _worth_asking(reading: Reading) -> bool:
    """Whether the whole sentence should be guessed at: never beside a named genre.

    A genre is an order. Places, things and events ("an elephant") mean much by what stands beside
    them, and moods alone bring no style, so only unknown words or such settings are reasons.
    """
    bring = [m.concept.theme for m in reading.matches if m.concept.words and not m.refused]
    return "genres" not in bring and bool(reading.unknown or bring)


def _beside(
    said: list[tuple[Concept, float]], guessed: list[tuple[Concept, float]]
) -> list[tuple[Concept, float]]:
    """Guesses with the strength they have beside what the lexicon said, if it said anything."""
    whole = sum(
        WORD_WEIGHT[c.theme] * min(s, 1.0) * sum(c.words.values())
        for c, s in said
        if s > 0 and c.words
    )
    if not whole or not guessed:
        return guessed
    best = max(similarity for _, similarity in guessed)
    sure = min(max((best - _DOUBTFUL) / (_SURE - _DOUBTFUL), 0.0), 1.0)
    share = GUESSED * sure * whole / sum(similarity for _, similarity in guessed)
    return [(concept, share * similarity) for concept, similarity in guessed]


def part_of(match: Match) -> Part:
    """What a match tells the listener."""
    concept = match.concept
    return Part(
        match.said, concept.name, concept.theme, concept.because, match.strength, match.refused,
        match.how,
    )  # fmt: skip


def _signed(match: Match) -> float:
    strength = match.strength * TRUST[match.how]
    return -strength if match.refused else strength


def _words(weighted: list[tuple[Concept, float]], avoid: set[str]) -> dict[str, float]:
    """The words of all settings, the strongest at most 1."""
    total: dict[str, float] = {}
    for concept, strength in weighted:
        if strength > 0 and concept.words:
            share = WORD_WEIGHT[concept.theme] * min(strength, 1.0)
            for word, weight in concept.words.items():
                if word not in avoid:
                    total[word] = total.get(word, 0.0) + share * weight
    top = max([*total.values(), 1.0])
    return {word: round(weight / top, 3) for word, weight in total.items()}


def _levels(vibe: Vibe, weighted: list[tuple[Concept, float]], words: Mapping[str, float]) -> Vibe:
    """Blend the targets of all parts, feature by feature."""
    pull, weight = np.zeros(len(NAMES)), np.zeros(len(NAMES))
    for concept, strength in weighted:
        share = LEVEL_WEIGHT.get(concept.theme, SETTING_LEVELS)
        for name, target in _targets(concept, strength).items():
            j, w = NAMES.index(name), share * min(abs(strength), 1.0)
            pull[j] += w * target
            weight[j] += w
    said = weight > 0
    values = np.where(said, pull / np.where(said, weight, 1.0), 0.5)
    return Vibe(
        tuple(float(round(v, 3)) for v in np.clip(values, 0.0, 1.0)),
        tuple(float(round(w, 3)) for w in np.minimum(weight, 1.0)),
        Vibe.of(words=words).words,
        vibe.origin,
    )


def _targets(concept: Concept, strength: float) -> Mapping[str, float]:
    """Where a part wants the levels; "very" goes further out, "not sad" to the other side.

    A refusal turns round only what the concept says loudest: who does not want it sad has not asked
    for it fast. A refused setting ("no jazz") says nothing about levels.
    """
    if strength < 0:
        if concept.theme not in COLOURS or not concept.features:
            return {}
        loudest = max(abs(t - 0.5) for t in concept.features.values())
        strong = {n: t for n, t in concept.features.items() if abs(t - 0.5) == loudest}
        return {name: 0.5 - 0.75 * (target - 0.5) for name, target in strong.items()}
    reach = 1.2 if strength > 1 else 0.6 if strength <= 0.5 else 1.0
    return {n: 0.5 + reach * (target - 0.5) for n, target in concept.features.items()}


def _confidence(reading: Reading, guesses: tuple[tuple[Concept, float], ...]) -> float:
    understood = sum(TRUST[m.how] for m in reading.matches)
    missing = len(reading.unknown)
    if guesses:
        understood += missing * TRUST["meaning"] * max(s for _, s in guesses)
    whole = len(reading.matches) + missing
    return round(min(understood / whole, 1.0), 2) if whole else 0.0


def _origin(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= 80 else line[:79] + '…'}”"
