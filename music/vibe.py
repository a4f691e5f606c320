"""A vibe: one point of taste. Tracks, playlists, sentences, bands and synth patches are all one.

It says how much of each audio feature (as percentiles of the reference population), how sure that
is (weights; 0 = unsaid or unknown), which words and which artists go with it, and where it came
from.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import parse_qsl, quote_plus, urlencode

import numpy as np
import numpy.typing as npt

from music.errors import InputError
from music.features import NAMES, Floats, N, Scale, describe, index_of

MAX_WORDS: Final = 24
MAX_ARTISTS: Final = 24
MAX_ARTIST_TEXT: Final = 1_500  # characters of all artists in a link: links have an end
MAX_TEXT: Final = 8_000
IQR_OF_EVERYTHING: Final = 0.5  # the middle half of percentiles spans half of [0, 1]


@dataclass(frozen=True)
class Vibe:
    """A point in the taste space; build it with `Vibe.of`, `vibe_of` or `vibe_of_tracks`.

    Parameters
    ----------
    features
        Nine percentiles in [0, 1], in the order `music.features.NAMES`; 0.5 where weight is 0.
    weights
        Nine weights in [0, 1]; 0 = unsaid or unknown.
    words
        ``(word, weight)`` pairs, weights in (0, 1], heaviest first: genres, styles, places,
        instruments.
    origin
        Where it came from, for people: ``"playlist: Road trip"``. May hold text from outside, so
        doors escape it.
    artists
        ``(name, weight)`` pairs, weights in (0, 1], heaviest first: the real artists behind it and
        their share of its tracks. Text from outside, as in `origin`.
    """

    features: tuple[float, ...] = (0.5,) * N
    weights: tuple[float, ...] = (0.0,) * N
    words: tuple[tuple[str, float], ...] = ()
    origin: str = ""
    artists: tuple[tuple[str, float], ...] = ()

    def __post_init__(self) -> None:
        for name in ("features", "weights"):
            values = getattr(self, name)
            if len(values) != N or not all(0.0 <= v <= 1.0 for v in values):
                raise InputError(f"a vibe needs {N} {name} in [0, 1], got {values!r}")

    @classmethod
    def of(
        cls,
        features: Mapping[str, float] | None = None,
        words: Iterable[str] | Mapping[str, float] = (),
        origin: str = "",
        weight: float = 1.0,
    ) -> Vibe:
        """A vibe from what is said: ``Vibe.of({"energy": 0.9}, words=["techno"])``.

        Features not named are unsaid (weight 0).
        """
        values, weights = [0.5] * N, [0.0] * N
        for name, value in (features or {}).items():
            j = index_of(name)
            values[j], weights[j] = min(max(float(value), 0.0), 1.0), weight
        return cls(tuple(values), tuple(weights), _words(words), origin)

    def get(self, name: str) -> float | None:
        """The percentile of one feature, or None where it is unsaid."""
        j = index_of(name)
        return self.features[j] if self.weights[j] > 0 else None

    def raw(self) -> dict[str, float]:
        """Raw feature values (tempo in BPM, loudness in dB ...) of what is said."""
        values = Scale.reference().raw(np.array(self.features))
        return {n: float(values[j]) for j, n in enumerate(NAMES) if self.weights[j] > 0}

    def with_(self, **features: float) -> Vibe:
        """The same vibe with some features set: ``vibe.with_(energy=0.9)``."""
        values, weights = list(self.features), list(self.weights)
        for name, value in features.items():
            j = index_of(name)
            values[j], weights[j] = min(max(float(value), 0.0), 1.0), 1.0
        return replace(self, features=tuple(values), weights=tuple(weights))

    def from_(self, origin: str) -> Vibe:
        """The same vibe, said to come from somewhere else."""
        return replace(self, origin=origin)

    def by(self, artists: Mapping[str, float]) -> Vibe:
        """The same vibe with these artists behind it, as many as a link has room for."""
        ranked: list[tuple[str, float]] = []
        room = MAX_ARTIST_TEXT
        for name, weight in sorted(artists.items(), key=lambda pair: (-pair[1], pair[0])):
            room -= len(quote_plus(name))
            if room < 0 or len(ranked) == MAX_ARTISTS:
                break
            if name and weight > 0:
                ranked.append((name, min(float(weight), 1.0)))
        return replace(self, artists=tuple(ranked))

    def bare(self) -> Vibe:
        """What it sounds like, without whose it is: neither origin nor artists."""
        return replace(self, origin="", artists=())

    def distance(self, other: Vibe) -> float:
        """How far apart two vibes are, in [0, 1].

        Root mean square over the features both know, each weighted by the product of its weights;
        where both carry words, half of it is how little their words overlap (1 - cosine).
        """
        w = np.array(self.weights) * np.array(other.weights)
        gap = (np.array(self.features) - np.array(other.features)) ** 2
        sound = float(np.sqrt((w * gap).sum() / w.sum())) if w.sum() > 0 else 0.5
        if not self.words or not other.words:
            return sound
        return 0.5 * sound + 0.5 * (1.0 - _overlap(dict(self.words), dict(other.words)))

    def toward(self, other: Vibe, t: float) -> Vibe:
        """The vibe a share ``t`` in [0, 1] of the way to another; 0 is this one, 1 the other.

        A feature that only one of them says keeps that value and fades in or out by its weight.
        """
        t = min(max(t, 0.0), 1.0)
        a, b = np.array(self.features), np.array(other.features)
        wa, wb = np.array(self.weights) * (1 - t), np.array(other.weights) * t
        total = wa + wb
        mixed = np.where(total > 0, (wa * a + wb * b) / np.where(total > 0, total, 1), 0.5)
        words = _mixed(self.words, other.words, t)
        origin = (
            self.origin
            if t == 0
            else other.origin
            if t == 1
            else (f"{t:.0%} from {self.origin or 'one vibe'} to {other.origin or 'another'}")
        )
        vibe = Vibe(_floats(mixed), _floats(np.minimum(total, 1.0)), _words(words), origin)
        return vibe.by(_mixed(self.artists, other.artists, t))

    def adjectives(self, limit: int = 3) -> list[str]:
        """What stands out, in words: ``["loud", "fast", "sad"]``; empty for a middling vibe."""
        return describe(self.features, self.weights, limit)

    def to_text(self) -> str:
        """The complete vibe as plain text for a link; `Vibe.parse` reads it back exactly.

        >>> Vibe.parse(Vibe.of({"energy": 0.9}, ["dub"], "me").to_text()).words
        (('dub', 1.0),)
        """
        pairs = [
            (n, f"{self.features[j]!r}~{self.weights[j]!r}")
            for j, n in enumerate(NAMES)
            if self.weights[j] > 0
        ]
        pairs += [("word", f"{word}~{weight!r}") for word, weight in self.words]
        pairs += [("artist", f"{name}~{weight!r}") for name, weight in self.artists]
        if self.origin:
            pairs.append(("origin", self.origin))
        return urlencode(pairs)

    @classmethod
    def parse(cls, text: str) -> Vibe:
        """Read `to_text` back.

        Raises
        ------
        InputError
            If the text is no vibe; links come from strangers, so nothing is guessed.
        """
        if len(text) > MAX_TEXT:
            raise InputError(f"this link is no vibe: it has {len(text):,} characters.")
        values, weights, origin = [0.5] * N, [0.0] * N, ""
        words: dict[str, float] = {}
        artists: dict[str, float] = {}
        try:
            for key, value in parse_qsl(text, strict_parsing=bool(text)):
                if key == "origin":
                    origin = value
                    continue
                name, _, weight = value.rpartition("~")
                if key in ("word", "artist"):
                    (words if key == "word" else artists)[name] = float(weight)
                else:
                    j = index_of(key)
                    values[j], weights[j] = float(name), float(weight)
            for named, most in ((words, MAX_WORDS), (artists, MAX_ARTISTS)):
                if len(named) > most or not all(0 < w <= 1 for w in named.values()):
                    raise InputError(f"a vibe carries up to {most} names with weights in (0, 1]")
            said = tuple(words.items()), origin, tuple(artists.items())
            return cls(tuple(values), tuple(weights), *said)
        except (ValueError, InputError) as error:
            raise InputError(f"this link is no vibe: {error}") from error


def vibe_of(
    percentiles: npt.ArrayLike,
    words: Iterable[str] | Mapping[str, float] = (),
    origin: str = "",
    weights: npt.ArrayLike | None = None,
) -> Vibe:
    """The vibe that sums up several points.

    The middle of each feature is its (weighted) median, so that one outlier moves nothing; its
    weight says how far the points agree: 1 when they all say the same, 0 when they spread as widely
    as all music does, or when nobody knows.

    Parameters
    ----------
    percentiles
        Shape (n, 9), in [0, 1]; NaN = unknown. n may be 0.
    weights
        Shape (n,): how much each point counts; all the same if not given.
    """
    points = np.asarray(percentiles, dtype=np.float64).reshape(-1, N)
    w = np.ones(len(points)) if weights is None else np.asarray(weights, dtype=np.float64)
    middle, agreement = [], []
    for column in points.T:
        known = ~np.isnan(column) & (w > 0)
        if not known.any():
            middle.append(0.5)
            agreement.append(0.0)
            continue
        low, mid, high = _weighted_quantiles(column[known], w[known], (0.25, 0.5, 0.75))
        middle.append(mid)
        agreement.append(max(0.05, 1.0 - (high - low) / IQR_OF_EVERYTHING) * known.mean())
    return Vibe(_floats(middle), _floats(agreement), _words(words), origin)


def _weighted_quantiles(values: Floats, weights: Floats, at: tuple[float, ...]) -> list[float]:
    order = np.argsort(values, kind="stable")
    cumulative = np.cumsum(weights[order])
    centres = (cumulative - weights[order] / 2) / cumulative[-1]
    return [float(np.interp(q, centres, values[order])) for q in at]


def _words(words: Iterable[str] | Mapping[str, float]) -> tuple[tuple[str, float], ...]:
    pairs = words.items() if isinstance(words, Mapping) else ((w, 1.0) for w in words)
    clean = {w: min(float(x), 1.0) for w, x in pairs if w and x > 0}
    ranked = sorted(clean.items(), key=lambda pair: (-pair[1], pair[0]))
    return tuple(ranked[:MAX_WORDS])


def _mixed(
    a: tuple[tuple[str, float], ...], b: tuple[tuple[str, float], ...], t: float
) -> dict[str, float]:
    """Names of two vibes, a share ``t`` of the way from one to the other."""
    mixed: dict[str, float] = {}
    for pairs, share in ((a, 1 - t), (b, t)):
        for name, weight in pairs:
            mixed[name] = mixed.get(name, 0.0) + share * weight
    return mixed


def _overlap(a: dict[str, float], b: dict[str, float]) -> float:
    dot = sum(weight * b.get(word, 0.0) for word, weight in a.items())
    norm = np.sqrt(sum(x * x for x in a.values()) * sum(x * x for x in b.values()))
    return float(min(1.0, dot / norm))


def _floats(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(min(max(v, 0.0), 1.0)) for v in values)
