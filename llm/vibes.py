"""A sentence as a vibe, and which of its words were understood.

Every concept of the lexicon is an orthogonal part: colours (moods, weather, times ...) move levels,
settings (genres, places, instruments ...) bring words; several blend by weights, so that a "funeral
clown" is both. What the sentence as a whole resembles is added: authored scenes that share words
with it (`llm.scenes`), and, where it is installed, what a sentence encoder says (`llm.semantic`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm.around import Around, around
from llm.lexicon import COLOURS, Concept
from llm.lexicon.reading import Match, Reading, read
from llm.scenes import as_style, lean
from music.errors import InputError
from music.features import NAMES
from music.theory import AMBIENCES, style_for
from music.vibe import Vibe

MAX_CHARS: Final = 4_000

# How much the words of a theme count when several bring some: a named genre is an order, a party
# only a hint.
WORD_WEIGHT: Final = {
    "genres": 1.4, "events": 0.85, "places": 0.85, "instruments": 0.7, "activities": 0.55,
    "eras": 0.6, "things": 0.75, "people": 0.8, "food": 0.55, "nature": 0.75, "stories": 0.75,
    "everyday": 0.75,
}  # fmt: skip
LEVEL_WEIGHT: Final = {"moods": 1.0, "times": 0.45, "weather": 0.6, "seasons": 0.5}
SETTING_LEVELS: Final = 0.5  # what a genre says about levels gives way to a mood
# What the whole sentence adds, beside a concept's word weights; set on older lists of sentences.
SCENES: Final = 0.6  # shared out by scenes with the same words, if nobody else is asked
SCENES_BESIDE: Final = 0.5  # the same, beside a guess
GUESSED: Final = 1.0  # shared out by a guess that is sure
_DOUBTFUL, _SURE = 0.2, 0.5  # similarities at which a guess counts nothing, and fully
CLOSE: Final = 0.5  # from this cosine on a scene may speak where no concept does
FAINT: Final = 0.25  # of the loudest word: what is only guessed and quieter than this is dropped
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
    ambience
        What is to be heard around the music, one of `music.theory.AMBIENCES`; "none" if the
        sentence refuses it, None if it leaves that to the style.
    """

    vibe: Vibe
    parts: tuple[Part, ...] = ()
    not_understood: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    confidence: float = 0.0
    ambience: str | None = None

    def summary(self) -> str:
        """What was heard, in the listener's own words, then what was guessed and what was missed.

        >>> vibe_from_text("a sad waltz in zzyzx, with rain").summary()
        'Understood: sad, waltz, rain. Around it: rain. Not understood: zzyzx.'
        """
        named = [part for part in self.parts if part.how != "meaning" and part.theme != "ambience"]
        heard = [part.said for part in named if not part.refused]
        refused = [f"no {part.said}" for part in named if part.refused]
        guessed = [f"sounds like {part.concept}" for part in self.parts if part.how == "meaning"]
        told = ", ".join(dict.fromkeys([*heard, *refused, *guessed]))
        line = f"Understood: {told}." if told else "Nothing understood."
        if any(part.theme == "ambience" for part in self.parts):
            line = f"{line if told else ''} Around it: {self.ambience}.".strip()
        missed = ", ".join(self.not_understood)
        return f"{line} Not understood: {missed}." if missed else line


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
    guesses, hints = _hints(reading, guess)
    vibe, avoid = blend(reading.matches, _origin(text), hints)
    parts = [part_of(match) for match in reading.matches]
    guessed = tuple(_guessed(reading, vibe, guesses))
    alone = bool(guessed) and not any(m.concept.words for m in reading.matches)
    heard = around(reading)
    unknown = () if alone else reading.unknown  # beside settings, a guess explains none
    return Understood(
        vibe=vibe,
        parts=(*parts, *_around(heard), *guessed),
        not_understood=tuple(w for w in unknown if heard is None or w not in heard.said.split()),
        avoid=avoid,
        confidence=_confidence(reading, guesses if guessed else ()),
        ambience=None if heard is None else "none" if heard.refused else heard.ambience,
    )


def _around(heard: Around | None) -> Iterator[Part]:
    if heard is not None and not heard.refused:
        because = AMBIENCES[heard.ambience].because
        yield Part(heard.said, heard.ambience, "ambience", because)


Hints = tuple[tuple[Concept, float], ...]


def blend(matches: Iterable[Match], origin: str, hints: Hints = ()) -> tuple[Vibe, tuple[str, ...]]:
    """One vibe of several concepts, and the words they refuse.

    ``hints`` are concepts the whole sentence resembles, with the weight their words have beside
    those that were said.
    """
    said = [(m.concept, _signed(m)) for m in matches]
    avoid = {w for concept, strength in said if strength < 0 for w in concept.words}
    words = _words(said, hints, avoid)
    heard = [(c, min(s, 1.0)) for c, s in hints if words.get(c.name, 0.0) > 0]
    return _levels(Vibe.of(origin=origin), said + heard, words), tuple(sorted(avoid))


def _hints(reading: Reading, guess: Guess | None) -> tuple[Hints, Hints]:
    """What the whole sentence resembles: guesses as they came, and all hints with their weights.

    Without any setting that was said, only a close scene or a guess may speak, and no louder than
    it is sure.
    """
    if not _worth_asking(reading):
        return (), ()
    text = _unrefused(reading)
    guesses = tuple(guess(text)) if guess else ()
    shares, closest = lean(text)
    said = any(m.concept.words and not m.refused for m in reading.matches)
    scenes = [(as_style(i), float(s)) for i, s in enumerate(shares) if s > 0]
    if not said and closest < CLOSE:
        scenes = []
    best = max((s for _, s in guesses), default=0.0)
    sure = min(max((best - _DOUBTFUL) / (_SURE - _DOUBTFUL), 0.0), 1.0)
    whole = sum(s for _, s in guesses)
    hints = [(c, s * (SCENES_BESIDE if guesses else SCENES)) for c, s in scenes]
    hints += [(c, GUESSED * sure * s / whole) for c, s in guesses]
    if not guesses and not said:
        best = closest if scenes else 0.0
        guesses = tuple(sorted(((c, best * s) for c, s in scenes), key=lambda pair: -pair[1]))
    if not said and hints:
        total: dict[str, float] = {}
        for concept, weight in hints:
            total[concept.name] = total.get(concept.name, 0.0) + weight
        loudest = max(total.values())
        hints = [(c, w * best / loudest) for c, w in hints]
    return guesses, tuple(hints)


def _unrefused(reading: Reading) -> str:
    """The sentence without what it refuses."""
    refused = {i for m in reading.matches if m.refused for i in range(m.start, m.end)}
    return " ".join(word for i, word in enumerate(reading.tokens) if i not in refused)


def _guessed(reading: Reading, vibe: Vibe, guesses: Hints) -> Iterator[Part]:
    """The guess to be told: the style that leads, where words or concepts do not explain it."""
    told = {w for m in reading.matches if not m.refused for w in style_for(dict(m.concept.words))}
    leading = next(iter(style_for(dict(vibe.words))), None)
    if leading is None or (leading in told and not reading.unknown):
        return
    said = " ".join(reading.tokens)
    for concept, strength in guesses:
        if leading in style_for(dict(concept.words)):
            yield Part(said, concept.name, concept.theme, concept.because, strength, how="meaning")
            return


def _worth_asking(reading: Reading) -> bool:
    """Whether the whole sentence should be guessed at: never beside a named genre.

    A genre is an order. Places, things and events ("an elephant") mean much by what stands beside
    them, and moods alone bring no style, so only unknown words or such settings are reasons.
    """
    bring = [m.concept.theme for m in reading.matches if m.concept.words and not m.refused]
    return "genres" not in bring and bool(reading.unknown or bring)


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


def _words(
    weighted: list[tuple[Concept, float]], hints: Hints, avoid: set[str]
) -> dict[str, float]:
    """The words of all settings and hints, the strongest at most 1."""
    said: dict[str, float] = {}
    for concept, strength in weighted:
        if strength > 0 and concept.words:
            _add(said, concept, WORD_WEIGHT[concept.theme] * min(strength, 1.0), avoid)
    total = dict(said)
    for concept, weight in hints:
        _add(total, concept, weight, avoid)
    loudest = max([*total.values(), 0.0])
    return {
        word: round(weight / max(loudest, 1.0), 3)
        for word, weight in total.items()
        if word in said or weight >= FAINT * loudest
    }


def _add(total: dict[str, float], concept: Concept, share: float, avoid: set[str]) -> None:
    for word, weight in concept.words.items():
        if word not in avoid:
            total[word] = total.get(word, 0.0) + share * weight


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
