"""The shape of a band card as JSON, version 1: published as docs/band.schema.json, and checked.

Fields are never renamed or removed within a version; a new one would be optional.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any, Final

from music.errors import InputError
from music.theory import INSTRUMENTS

VERSION: Final = 1
_MOST_CHARS: Final = 1_000
_MOST_VIBE: Final = 8_000

Schema = dict[str, Any]


def _text(most: int = _MOST_CHARS, **more: object) -> Schema:
    return {"type": "string", "minLength": 1, "maxLength": most, **more}


def _many(items: Schema, least: int, most: int) -> Schema:
    return {"type": "array", "items": items, "minItems": least, "maxItems": most}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _integer(low: int, high: int) -> Schema:
    return {"type": "integer", "minimum": low, "maximum": high}


def band_schema() -> Schema:
    """The JSON Schema (draft 2020-12) of `Band.to_dict`."""
    vibe = {
        "type": "string",
        "maxLength": _MOST_VIBE,
        "description": "A vibe in its link form: feature=percentile~weight and word=word~weight.",
    }
    year = _integer(1900, 2200)
    card = _object(
        version={"const": VERSION},
        fictional={"const": True, "description": "No such band, member, venue or critic exists."},
        name=_text(),
        seed=_integer(0, 2**31 - 1),
        town=_text(),
        founded=year,
        label=_text(),
        tour_date=_text(10, format="date"),
        venue=_text(),
        bio=_text(),
        genre=_object(name=_text(), why=_text(), words=_many(_text(), 0, 24)),
        vibe=vibe,
        members=_many(_object(name=_text(), instrument={"enum": sorted(INSTRUMENTS)}), 1, 7),
        songs=_many(_object(title=_text(), vibe=vibe), 5, 5),
        albums=_many(_object(title=_text(), year=year), 1, 4),
        related=_many(_text(), 3, 3),
        quote=_object(text=_text(), critic=_text()),
        hooks=_many(_text(), 0, 2),
        written_by=_text(),
        notes=_many(_text(), 0, 20),
    )
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Ghostnotes: the card of a band that does not exist",
        **card,
    }


def checked(card: object) -> Mapping[str, Any]:
    """The card, if it has the published shape.

    Raises
    ------
    InputError
        Naming the first field that is wrong.
    """
    if isinstance(card, Mapping) and card.get("version") != VERSION:
        raise InputError(
            f"this band card has version {card.get('version')!r}; only {VERSION} is known."
        )
    _check(card, band_schema(), "the card")
    assert isinstance(card, Mapping)  # noqa: S101  # `_check` has just seen to it
    return card


@contextmanager
def reading() -> Iterator[None]:
    """Turn a date or a vibe that cannot be read into the sentence of a bad card."""
    try:
        yield
    except InputError as error:
        text = str(error)
        said = text if "band card" in text else f"this is no band card: {text}"
        raise InputError(said) from error


def _check(value: Any, schema: Schema, where: str) -> None:
    """The part of JSON Schema that the published schema uses."""
    if "const" in schema and value != schema["const"]:
        raise InputError(f"{where} is {value!r}, not {schema['const']!r}.")
    if "enum" in schema and value not in schema["enum"]:
        raise InputError(f"{where} is {str(value)[:40]!r}, which is not in the list.")
    kind = schema.get("type")
    if kind == "object":
        _check_object(value, schema, where)
    elif kind == "array":
        if not isinstance(value, list) or not (
            schema["minItems"] <= len(value) <= schema["maxItems"]
        ):
            raise InputError(f"{where} is no list of {schema['minItems']}-{schema['maxItems']}.")
        for k, item in enumerate(value):
            _check(item, schema["items"], f"{where}[{k}]")
    elif kind == "integer":
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        if not is_whole or not schema["minimum"] <= value <= schema["maximum"]:
            raise InputError(
                f"{where} is no whole number from {schema['minimum']} to {schema['maximum']}."
            )
    elif kind == "string":
        _check_text(value, schema, where)


def _check_object(value: Any, schema: Schema, where: str) -> None:
    if not isinstance(value, Mapping):
        raise InputError(f"{where} is no object.")
    if missing := [name for name in schema["required"] if name not in value]:
        raise InputError(f"{where} lacks {missing[0]!r}.")
    if extra := [str(name) for name in value if name not in schema["properties"]]:
        raise InputError(f"{where} has an unknown field {extra[0][:40]!r}.")
    for name, part in schema["properties"].items():
        _check(value[name], part, name if where == "the card" else f"{where}.{name}")


def _check_text(value: Any, schema: Schema, where: str) -> None:
    low, high = schema.get("minLength", 0), schema["maxLength"]
    if not isinstance(value, str) or not low <= len(value) <= high:
        raise InputError(f"{where} is no text of {low} to {high:,} characters.")
    if schema.get("format") == "date":
        try:
            date.fromisoformat(value)
        except ValueError as error:
            raise InputError(f"{where} is {value!r}, no date.") from error
