"""Text from outside, made safe to show: what a track is called must not format, link or load."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

ELLIPSIS: Final = "…"
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")  # every ASCII sign that Markdown may give a meaning
_BIDI: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def visible(text: object, limit: int = 120) -> str:
    """One line of text without control and direction marks, cut at ``limit`` characters."""
    kept = "".join(
        c if unicodedata.category(c)[0] != "C" else " " for c in str(text) if c not in _BIDI
    )
    line = " ".join(kept.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + ELLIPSIS


def plain(text: object, limit: int = 120) -> str:
    r"""Text for a Markdown place that shows exactly itself.

    >>> plain("![x](http://a.b) $5$ :red[hi]")
    '\\!\\[x\\]\\(http\\:\\/\\/a\\.b\\) \\$5\\$ \\:red\\[hi\\]'
    """
    return _PUNCTUATION.sub(r"\\\1", visible(text, limit))
