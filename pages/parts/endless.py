"""A player for music without an end: the stream of `api.endless`, opened by the browser."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlencode

from music.vibe import Vibe
from pages.parts.plain import visible
from pages.parts.widget import widget

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
    radio = widget("endless", _HTML, "player.css", "endless.js")
    radio(data={"url": f"{PATH}?{query}", "label": visible(label, 80)}, key=key)
