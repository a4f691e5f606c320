"""A player for music without an end: the stream of `api.endless`, opened by the browser."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final
from urllib.parse import urlencode

import streamlit as st

from music.vibe import Vibe
from pages.parts.plain import visible

PATH: Final = "/api/endless.wav"
_HTML: Final = """
<div class="player" role="group">
  <button type="button" aria-label="Play">
    <svg viewBox="0 0 24 24"><path d="M8 5.5v13l11-6.5z"/></svg>
  </button>
  <span class="label"></span>
  <span class="told" role="status"></span>
</div>
"""


def draw(vibes: Sequence[Vibe], label: str, *, key: str, seed: int = 0) -> None:
    """A button that tunes in and out; ``label`` is only ever shown."""
    query = urlencode([*(("vibe", vibe.to_text()) for vibe in vibes), ("seed", seed)])
    _component()(data={"url": f"{PATH}?{query}", "label": visible(label, 80)}, key=key)


@lru_cache(maxsize=1)
def _component() -> Callable[..., Any]:
    here = files("pages.parts")
    return st.components.v2.component(
        "ghostnotes.endless",
        html=_HTML,
        css=here.joinpath("player.css").read_text(encoding="utf-8"),
        js=here.joinpath("endless.js").read_text(encoding="utf-8"),
    )
