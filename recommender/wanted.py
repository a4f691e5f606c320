"""Which tracks keep the rules of a playlist, rule by rule, and how a rule may be relaxed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from music.features import NAMES, Floats
from music.playlist import PlaylistSpec
from music.tracks import JOIN
from recommender.lookup import Flags, Lookup, bare, is_genre

# By how much a range widens, step by step, before it is dropped.
_ROOMS: Final = {"popularity": (15.0,), "tempo_bpm": (6.0, 10.0), "duration_s": (30.0, 60.0)}


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


def exclusions(spec: PlaylistSpec, tracks: Lookup, owned: Flags) -> list[Rule]:
    """What must not come, whatever happens: these rules are never relaxed."""
    yes = np.ones(len(tracks), dtype=bool)
    rules = []
    if spec.not_genres:
        rules.append(Rule("no " + _list(spec.not_genres), ~tracks.of_genre(spec.not_genres), yes))
    if spec.not_themes:
        rules.append(Rule("no " + _list(spec.not_themes), ~tracks.said(spec.not_themes), yes))
    if spec.artists_not:
        rules.append(Rule("not " + _list(spec.artists_not), ~tracks.by(spec.artists_not), yes))
    for low, high in spec.not_eras:
        within = _within(tracks.number("year"), low, high)
        rules.append(Rule(f"nothing from {low} to {high}", ~within, yes))
    if spec.explicit is False:
        rules.append(Rule("nothing explicit", ~tracks.explicit, yes))
    if spec.known is False:
        rules.append(Rule("nothing you have", ~owned, yes))
    if spec.known is True:
        rules.append(Rule("only what you have", owned, yes))
    if spec.artists_only:
        rules.append(Rule("only " + _list(spec.artists_only), tracks.by(spec.artists_only), yes))
    return rules


def limits(spec: PlaylistSpec, tracks: Lookup) -> Iterator[Rule]:
    """What should hold, the first to be relaxed first."""
    numbers = {"popularity": "popularity", "tempo_bpm": "tempo", "duration_s": "length in seconds"}
    for column, label in numbers.items():
        low, high = getattr(spec, column)
        if (low, high) != (None, None):
            yield _range(tracks.number(column), low, high, label, _ROOMS[column])
    for feature, low, high in spec.levels:
        yield _range(tracks.percentiles[:, NAMES.index(feature)], low, high, feature, (0.15,))
    year = tracks.number("year")
    if spec.years != (None, None):
        yield _range(year, *spec.years, "years", (3.0, 5.0))
    if spec.eras:
        inside = np.logical_or.reduce([_within(year, *era) for era in spec.eras])
        yield Rule("those decades", inside, ~np.isnan(year))
    if spec.keywords:
        yes = np.ones(len(tracks), dtype=bool)
        yield Rule(_list(spec.keywords) + " in the title", tracks.titled(spec.keywords), yes)
    if spec.genres:
        yield _genres(spec.genres, tracks)


def matched_genre(cell: str, genres: Sequence[str]) -> str | None:
    """The first of a track's genres that is one of the wanted, for the reason line."""
    for genre in cell.split(JOIN):
        if any(is_genre(genre.casefold(), bare(want), False) for want in genres):
            return genre
    return None


def _genres(genres: Sequence[str], tracks: Lookup) -> Rule:
    known = tracks.has_genre
    exact = tracks.of_genre(genres)
    if not known.all():
        exact |= ~known & tracks.titled(map(bare, genres))

    def wider() -> Rule | None:
        kin = tracks.of_genre(genres, family=True)
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


def _list(names: Iterable[str]) -> str:
    return ", ".join(names)
