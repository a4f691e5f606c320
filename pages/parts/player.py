"""A round button, a waveform and a loop without a gap: the player every sound here has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import streamlit as st

from pages.parts.plain import visible

_HTML: Final = """
<div class="player" role="group">
  <button type="button" aria-label="Play">
    <svg viewBox="0 0 24 24"><path d="M8 5.5v13l11-6.5z"/></svg>
  </button>
  <span class="label"></span>
  <canvas aria-hidden="true"></canvas>
</div>
"""


def draw(wav: bytes, label: str, *, key: str, autoplay: bool = False, loop: bool = True) -> None:
    """A player for WAV bytes; ``label`` may be text from outside, it is only ever shown."""
    name = hashlib.sha256(wav).hexdigest()[:16]
    header = json.dumps(
        {"label": visible(label, 80), "autoplay": autoplay, "loop": loop, "id": name}
    ).encode()
    _component()(data=len(header).to_bytes(4, "little") + header + wav, key=key)


@lru_cache(maxsize=1)
def _component() -> Callable[..., Any]:
    here = files("pages.parts")
    return st.components.v2.component(
        "ghostnotes.player",
        html=_HTML,
        css=here.joinpath("player.css").read_text(encoding="utf-8"),
        js=here.joinpath("player.js").read_text(encoding="utf-8"),
    )
