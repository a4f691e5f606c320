"""JSON as exports write it: a list of a million objects one at a time, or a document as a whole.

Strict where strangers could play tricks: no name twice in an object, no NaN, no NUL, no nesting
without end, and UTF-8.
"""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from library.opening import MEGABYTE, File
from library.table import encoding_of, not_utf8
from music.errors import InputError

CHUNK: Final = 1 << 20  # characters read at a time
MAX_OBJECT: Final = 4 << 20  # characters of one object in a list; real ones have under 2,000
MAX_DOCUMENT: Final = 128 * MEGABYTE

Pairs = list[tuple[str, Any]]


def json_objects(file: File, keep: Callable[[Pairs], Any]) -> Iterator[Any]:
    """The objects of a list, one after the other, in bounded memory.

    Parameters
    ----------
    keep
        Makes of an object's (name, value) pairs what is wanted of it, so that the rest is gone at
        once.

    Raises
    ------
    InputError
        If the file is no JSON list, is damaged, or ends too early.
    """
    decoder = json.JSONDecoder(object_pairs_hook=_once(keep), parse_constant=_no_constant)
    with file.open() as stream, _sentences(file.name):
        text = _text(stream, file)
        buffer, at = _after_mark(text.read(CHUNK)), 1
        if not buffer.startswith("["):
            raise InputError(f"{file.name} is no JSON list.")
        while True:
            at = _skip(buffer, at, " \t\r\n,")
            if at >= len(buffer):
                buffer, at = _more(text, "", file.name), 0
                continue
            if buffer[at] == "]":
                return
            try:
                value, at = decoder.raw_decode(buffer, at)
            except json.JSONDecodeError:
                if len(buffer) - at > MAX_OBJECT:
                    raise
                buffer, at = _more(text, buffer[at:], file.name), 0
                continue
            yield value


def json_document(file: File) -> Any:
    """A whole document.

    Raises
    ------
    InputError
        If it is no JSON, or too big to be one of the exports we know.
    """
    data = file.read(MAX_DOCUMENT)
    with _sentences(file.name):
        text = data.decode(encoding_of(data[: 64 * 1024], file.name))
        if "\0" in text:
            raise InputError(f"{file.name} holds NUL bytes, so it is damaged.")
        decoder = json.JSONDecoder(object_pairs_hook=_once(dict), parse_constant=_no_constant)
        return decoder.decode(text.strip().lstrip("\ufeff"))


def _text(stream: Any, file: File) -> io.TextIOWrapper:
    return io.TextIOWrapper(stream, encoding=encoding_of(file.head(), file.name))


def _after_mark(text: str) -> str:
    return text.lstrip("\ufeff \t\r\n")


def _more(text: io.TextIOWrapper, left: str, name: str) -> str:
    chunk = text.read(CHUNK)
    if not chunk:
        raise InputError(f"{name} ends in the middle; it may have been cut off, so fetch it again.")
    if "\0" in chunk:
        raise InputError(f"{name} holds NUL bytes, so it is damaged.")
    return left + chunk


def _skip(buffer: str, at: int, blank: str) -> int:
    while at < len(buffer) and buffer[at] in blank:
        at += 1
    return at


def _once(keep: Callable[[Pairs], Any]) -> Callable[[Pairs], Any]:
    """Refuse an object that says a name twice: which of the two is meant nobody knows."""

    def checked(pairs: Pairs) -> Any:
        if len({name for name, _ in pairs}) < len(pairs):
            raise ValueError("an object says the same name twice")
        return keep(pairs)

    return checked


def _no_constant(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


@contextmanager
def _sentences(name: str) -> Iterator[None]:
    try:
        yield
    except UnicodeError as error:
        raise InputError(f"{name} {not_utf8(error)}") from error
    except json.JSONDecodeError as error:
        raise InputError(f"{name} is damaged JSON (line {error.lineno}): {error.msg}.") from error
    except RecursionError as error:
        raise InputError(f"{name} is nested too deeply to be an export.") from error
    except ValueError as error:
        raise InputError(f"{name} is damaged JSON: {error}.") from error
