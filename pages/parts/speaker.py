"""Reading aloud with the voice of the browser; nothing is sent anywhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

import streamlit as st

_HTML: Final = '<button type="button" class="speak">Read aloud</button>'
_CSS: Final = """
.speak { border: 1px solid var(--st-border-color); border-radius: 999px; padding: 0.45rem 1rem;
  background: transparent; color: var(--st-text-color); font: inherit; cursor: pointer; }
.speak:focus-visible { outline: 3px solid var(--st-primary-color); }
"""
_JS: Final = """
export default function ({ data, parentElement }) {
  const button = parentElement.querySelector(".speak");
  const quiet = () => { speechSynthesis.cancel(); button.textContent = "Read aloud"; };
  button.onclick = () => {
    if (button.textContent === "Stop") return quiet();
    const speech = new SpeechSynthesisUtterance(data);
    speech.lang = "en";
    speech.onend = quiet;
    button.textContent = "Stop";
    speechSynthesis.speak(speech);
  };
  return quiet;
}
"""


def draw(text: str, key: str) -> None:
    """A button that reads a text aloud, and stops."""
    _component()(data=text, key=key)


@lru_cache(maxsize=1)
def _component() -> Callable[..., Any]:
    return st.components.v2.component("ghostnotes.speaker", html=_HTML, css=_CSS, js=_JS)
