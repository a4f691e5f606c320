"""A playlist's rules one by one, in words, so that each can be seen and taken away."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from music.playlist import PlaylistSpec

_SAID: Final = {
    "genres": "{}", "not_genres": "no {}", "moods": "{}", "not_moods": "not {}",
    "activities": "for {}", "themes": "{}", "not_themes": "no {}",
    "artists_like": "like {}", "artists_only": "only {}", "artists_not": "nothing by {}",
    "songs": "with “{}”", "keywords": "“{}” in the title",
}  # fmt: skip
_UNITS: Final = {
    "years": "{}", "tempo_bpm": "{} BPM", "duration_s": "{} a track", "popularity": "popularity {}",
}  # fmt: skip


@dataclass(frozen=True)
class Chip:
    """One rule: the field it lives in, its value there (None = the whole field), and its words."""

    field: str
    value: Any
    text: str

    @property
    def key(self) -> str:
        """Tells it apart from the other chips of a specification."""
        return f"{self.field}={self.value!r}"


def chips(spec: PlaylistSpec) -> tuple[Chip, ...]:
    """Every rule of a specification that is a word or a range; lengths and order are none.

    >>> [chip.text for chip in chips(PlaylistSpec(genres=("jazz",), years=(None, 1970)))]
    ['jazz', 'up to 1970']
    """
    return tuple(_chips(spec))


def without(spec: PlaylistSpec, chip: Chip) -> PlaylistSpec:
    """The specification with one rule taken away; its vibe stays as it is."""
    left: Any = getattr(PlaylistSpec(), chip.field)
    if chip.value is not None:
        left = tuple(value for value in getattr(spec, chip.field) if value != chip.value)
    return replace(spec, **{chip.field: left})


def _chips(spec: PlaylistSpec) -> Iterator[Chip]:
    for field, words in _SAID.items():
        for value in getattr(spec, field):
            yield Chip(field, value, words.format(value))
    for field, words in _UNITS.items():
        if getattr(spec, field) != (None, None):
            yield Chip(field, None, words.format(_span(field, *getattr(spec, field))))
    for era in spec.eras:
        yield Chip("eras", era, _span("years", *era))
    for era in spec.not_eras:
        yield Chip("not_eras", era, f"not {_span('years', *era)}")
    for feature, low, high in spec.levels:
        share = f"at least {low:.0%}" if high >= 1 else f"at most {high:.0%}"
        yield Chip("levels", (feature, low, high), f"{feature} {share}")
    if spec.explicit is not None:
        yield Chip("explicit", None, "explicit is fine" if spec.explicit else "nothing explicit")
    if spec.known is not None:
        yield Chip("known", None, "only what you have" if spec.known else "only new to you")


def _span(field: str, low: float | None, high: float | None) -> str:
    """A range in words: ``(1990, 1999)`` is "1990 to 1999"."""
    a, b = (None if v is None else _value(field, v) for v in (low, high))
    if a is None or (field == "duration_s" and not low):
        return f"up to {b}"
    if b is None:
        return f"from {a}"
    return a if a == b else f"{a} to {b}"


def _value(field: str, value: float) -> str:
    if field == "duration_s":
        return f"{int(value) // 60}:{int(value) % 60:02d}"
    return f"{value:g}"
