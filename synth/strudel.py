"""A score as Strudel code: valid by construction, because it is built from our own grids.

Each layer is one mini-notation pattern of one cycle per bar; tones are frequencies, so every tuning
survives. The code is ours; Strudel itself (AGPL) is not bundled.
"""

from __future__ import annotations

import base64
from typing import Final
from urllib.parse import quote

from synth.score import LAYERS, Note, Score

_SOUNDS: Final = {
    "melody": "triangle", "harmony": "sawtooth", "bass": "square", "texture": "sine",
    "accent": "triangle",
}  # fmt: skip
_DRUMS: Final = {"low": "bd", "mid": "sd", "high": "hh", "open": "oh", "bell": "cb"}
_GAINS: Final = {"melody": 0.8, "harmony": 0.35, "bass": 0.7, "texture": 0.25, "accent": 0.5,
                 "drums": 0.8}  # fmt: skip
MAX_BARS: Final = 16


def strudel(score: Score) -> str:
    """Code for strudel.cc that plays the first bars of a score as a loop."""
    bars = max(1, min(MAX_BARS, round(score.bars)))
    cycles = score.tempo_bpm / 60 / score.metre.beats
    lines = ["// made by Ghostnotes", f"setcps({cycles:.5f})", "stack("]
    for layer in LAYERS:
        notes = [n for n in score.notes if n.layer == layer and n.start < bars * score.metre.beats]
        if notes:
            lines += [f"  {part}," for part in _parts(layer, notes, score, bars)]
    return "\n".join([*lines, ")"])


def share_link(score: Score) -> str:
    """The code as a link that opens it in strudel.cc (base64 in the fragment)."""
    code = base64.b64encode(strudel(score).encode("utf-8")).decode("ascii")
    return f"https://strudel.cc/#{quote(code, safe='')}"


def _parts(layer: str, notes: list[Note], score: Score, bars: int) -> list[str]:
    gain = _GAINS[layer]
    if layer == "drums":
        seats = [seat for seat in _DRUMS if any(n.seat == seat for n in notes)]
        return [
            f's("{_pattern([n for n in notes if n.seat == seat], _DRUMS[seat], score, bars)}")'
            f".gain({gain})"
            for seat in seats
        ]
    pattern = _pattern(notes, "", score, bars)
    return [f'freq("{pattern}").s("{_SOUNDS[layer]}").gain({gain}).room(0.3).clip(0.9)']


def _pattern(notes: list[Note], name: str, score: Score, bars: int) -> str:
    """One alternation ``<[..] [..]>`` with a sequence of steps per bar."""
    metre = score.metre
    written = []
    for bar in range(bars):
        steps: dict[int, set[str]] = {}
        for note in notes:
            at = round((note.start - bar * metre.beats) * metre.steps_per_beat)
            if 0 <= at < metre.steps:
                freq_hz = 440.0 * 2 ** ((note.pitch - 69.0) / 12.0)
                steps.setdefault(at, set()).add(name or f"{freq_hz:.2f}")
        written.append(" ".join(_step(steps.get(i, set())) for i in range(metre.steps)))
    return "<" + " ".join(f"[{bar}]" for bar in written) + ">"


def _step(names: set[str]) -> str:
    if not names:
        return "~"
    ranked = sorted(names)
    return ranked[0] if len(ranked) == 1 else f"[{','.join(ranked)}]"
