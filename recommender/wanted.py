"""Which tracks keep the rules of a playlist, rule by rule, and how a rule may be relaxed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.features import NAMES, Floats
from music.playlist import PlaylistSpec
from music.theory import family_of
from music.tracks import JOIN, percentiles

Flags = npt.NDArray[np.bool_]
# By how much a range widens, step by step, before it is dropped.
_ROOMS: Final = {"popularity": (15.0,), "tempo_bpm": (6.0, 10.0), "duration_s": (30.0, 60.0)}
_FILLER: Final = re.compile(r"\s*\b(?:music|songs?|musik)\b\s*")
_WORD: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Rule:
    """One hard rule over a track table.

    Parameters
    ----------
    name
        In words, for people: ``"years 1990 to 1999"``.
    keeps
        Shape (n_tracks,): which tracks keep it.
    known
        Shape (n_tracks,): of which tracks it can be said at all.
    wider
        A weaker form of it, or nothing; where there is none, relaxing drops the rule.
    core
        What the wish is about: it may become wider, but is never dropped.
    """

    name: str
    keeps: Flags
    known: Flags
    wider: Callable[[], Rule | None] | None = None
    core: bool = False


def exclusions(spec: PlaylistSpec, tracks: pd.DataFrame, owned: Flags) -> list[Rule]:
    """What must not come, whatever happens: these rules are never relaxed."""
    n = len(tracks)
    yes = np.ones(n, dtype=bool)
    rules = []
    if spec.not_genres:
        rules.append(
            Rule("no " + _list(spec.not_genres), ~genre_match(tracks, spec.not_genres), yes)
        )
    if spec.not_themes:
        rules.append(Rule("no " + _list(spec.not_themes), ~_said(tracks, spec.not_themes), yes))
    if spec.artists_not:
        rules.append(Rule("not " + _list(spec.artists_not), ~by(tracks, spec.artists_not), yes))
    for low, high in spec.not_eras:
        year = tracks["year"].to_numpy(dtype=float)
        rules.append(Rule(f"nothing from {low} to {high}", ~_within(year, low, high), yes))
    if spec.explicit is False:
        marked = tracks["explicit"].fillna(False).to_numpy(dtype=bool)
        rules.append(Rule("nothing explicit", ~marked, yes))
    if spec.known is False:
        rules.append(Rule("nothing you have", ~owned, yes))
    if spec.known is True:
        rules.append(Rule("only what you have", owned, yes))
    if spec.artists_only:
        rules.append(Rule("only " + _list(spec.artists_only), by(tracks, spec.artists_only), yes))
    return rules


def limits(spec: PlaylistSpec, tracks: pd.DataFrame) -> Iterator[Rule]:
    """What should hold, the first to be relaxed first."""
    numbers = {"popularity": "popularity", "tempo_bpm": "tempo", "duration_s": "length in seconds"}
    for column, label in numbers.items():
        low, high = getattr(spec, column)
        if (low, high) != (None, None):
            yield _range(tracks[column].to_numpy(dtype=float), low, high, label, _ROOMS[column])
    features = percentiles(tracks) if spec.levels else np.empty((len(tracks), 0))
    for feature, low, high in spec.levels:
        yield _range(features[:, NAMES.index(feature)], low, high, feature, (0.15,))
    year = tracks["year"].to_numpy(dtype=float)
    if spec.years != (None, None):
        yield _range(year, *spec.years, "years", (3.0, 5.0))
    if spec.eras:
        inside = np.logical_or.reduce([_within(year, *era) for era in spec.eras])
        yield Rule("those decades", inside, ~np.isnan(year))
    if spec.keywords:
        yield Rule(
            _list(spec.keywords) + " in the title", _titled(tracks, spec.keywords), _all(tracks)
        )
    if spec.genres:
        yield _genres(spec.genres, tracks)


def genre_match(tracks: pd.DataFrame, genres: Iterable[str], family: bool = False) -> Flags:
    """Tracks with one of the genres: by name, by a genre that contains it, or by its family.

    A word that names a whole family ("rock") takes in everything of it; another one ("bebop") does
    so only if `family` is True. A title may say it too where there are no genres ("christmas").
    """
    wanted = [_bare(genre) for genre in genres]
    cells = tracks["genres"].fillna("").str.casefold()
    known = {cell: _any_genre(cell, wanted, family) for cell in cells.unique()}
    return cells.map(known).to_numpy(dtype=bool)


def by(tracks: pd.DataFrame, artists: Iterable[str]) -> Flags:
    """Tracks one of the artists plays on."""
    names = {name.casefold() for name in artists}
    cells = tracks["artists"].fillna("").str.casefold()
    known = {cell: bool(names & set(cell.split(JOIN))) for cell in cells.unique()}
    return cells.map(known).to_numpy(dtype=bool)


def matched_genre(cell: str, genres: Sequence[str]) -> str | None:
    """The first of a track's genres that is one of the wanted, for the reason line."""
    for genre in cell.split(JOIN):
        if any(_is(genre.casefold(), _bare(want), False) for want in genres):
            return genre
    return None


def _genres(genres: Sequence[str], tracks: pd.DataFrame) -> Rule:
    known = (tracks["genres"].fillna("") != "").to_numpy()
    exact = genre_match(tracks, genres) | (~known & _titled(tracks, [_bare(g) for g in genres]))

    def wider() -> Rule | None:
        kin = genre_match(tracks, genres, family=True)
        name = "the family of " + " and ".join(genres)
        return Rule(name, kin, known, core=True) if kin.sum() > exact.sum() else None

    return Rule("genre " + " or ".join(genres), exact, known, wider, core=True)


def _range(
    values: Floats, low: float | None, high: float | None, label: str, rooms: tuple[float, ...]
) -> Rule:
    """A range, which widens room by room and then goes."""

    def wider() -> Rule | None:
        if not rooms:
            return None
        less = None if low is None else low - rooms[0]
        more = None if high is None else high + rooms[0]
        return _range(values, less, more, label, rooms[1:])

    keeps = _within(values, low, high)
    return Rule(f"{label} {_span(low, high)}", keeps, ~np.isnan(values), wider)


def _within(values: Floats, low: float | None, high: float | None) -> Flags:
    with np.errstate(invalid="ignore"):
        over = np.ones(len(values), dtype=bool) if low is None else values >= low
        under = np.ones(len(values), dtype=bool) if high is None else values <= high
    return np.asarray(over & under & ~np.isnan(values))


def _span(low: float | None, high: float | None) -> str:
    if low is None:
        return f"up to {high:g}"
    return f"from {low:g}" if high is None else f"{low:g} to {high:g}"


def _any_genre(cell: str, wanted: Sequence[str], family: bool) -> bool:
    genres = cell.split(JOIN) if cell else []
    return any(_is(genre, want, family) for genre in genres for want in wanted)


@lru_cache(maxsize=65_536)
def _is(genre: str, want: str, family: bool) -> bool:
    if genre == want or _stems(want) <= _stems(genre):
        return True
    kin = family_of(want)
    return kin is not None and (family or kin == want) and family_of(genre) == kin


@lru_cache(maxsize=1024)
def _stems(genre: str) -> set[str]:
    """The words of a genre without their plural: "sea shanties" is "sea shanty"."""
    return {
        re.sub(r"ies$", "y", word) if len(word) > 5 else re.sub(r"(?<=[a-rt-z])s$", "", word)
        for word in _WORD.findall(genre)
    }


def _bare(genre: str) -> str:
    """A genre without the word "music"."""
    return _FILLER.sub(" ", genre.casefold()).strip() or genre.casefold()


def _titled(tracks: pd.DataFrame, words: Iterable[str]) -> Flags:
    """Tracks whose title holds one of the words (a plural or another ending is fine)."""
    pattern = "|".join(rf"\b{re.escape(word.casefold())}" for word in words)
    return tracks["name"].fillna("").str.casefold().str.contains(pattern, regex=True).to_numpy()


def _said(tracks: pd.DataFrame, words: Iterable[str]) -> Flags:
    """Tracks whose genres or title say one of the words."""
    pattern = "|".join(rf"\b{re.escape(_bare(word))}" for word in words)
    text = tracks["genres"].fillna("") + " " + tracks["name"].fillna("")
    return text.str.casefold().str.contains(pattern, regex=True).to_numpy()


def _all(tracks: pd.DataFrame) -> Flags:
    return np.ones(len(tracks), dtype=bool)


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
