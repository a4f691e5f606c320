"""Who listens while a card is written: hears every word, and may stop the writer by raising.

Writers that make a card token by token tell `hear`; whoever wants to show the words, or to stop
them, wraps the call in `listening`. Without a listener nothing happens.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from llm.task import fill_in

Heard = Callable[[str], None]

_HALF = re.compile(r"<[a-z0-9_]*$")  # a placeholder that is still being spelled
_HEARD: ContextVar[Heard | None] = ContextVar("heard", default=None)


@contextmanager
def listening(heard: Heard) -> Iterator[None]:
    """Have every text told to ``heard`` while it grows; what that raises ends the writing."""
    token = _HEARD.set(heard)
    try:
        yield
    finally:
        _HEARD.reset(token)


def hear(text: str, values: Mapping[str, str]) -> None:
    """Tell the listener, if there is one, a text so far, its placeholders filled in."""
    if (heard := _HEARD.get()) is not None:
        heard(fill_in(_HALF.sub("", text), values))
