"""Reading aloud with the voice of the browser; nothing is sent anywhere."""

from __future__ import annotations

from typing import Final

from pages.parts.widget import widget

_HTML: Final = '<button type="button" class="speak">Read aloud</button>'


def draw(text: str, key: str) -> None:
    """A button that reads a text aloud, and stops."""
    widget("speaker", _HTML, "speaker.css", "speaker.js")(data=text, key=key)
