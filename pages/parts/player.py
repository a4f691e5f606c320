"""A round button, a waveform and a loop without a gap: the player every sound here has."""

from __future__ import annotations

import hashlib
import json
from typing import Final

from pages.parts.plain import visible
from pages.parts.widget import widget

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
    player = widget("player", _HTML, "player.css", "player.js")
    player(data=len(header).to_bytes(4, "little") + header + wav, key=key)
