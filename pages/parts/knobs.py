"""The knobs of the synth: every enum and level of a config, starting where the vibe put them."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from synth.schema import ENUMS, LEVELS, TEMPO_BPM, MusicConfig

PITCHES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")


def draw(config: MusicConfig) -> MusicConfig:
    """The knobs in an expander; the config they say.

    A new config underneath (another sentence, another variation) resets them, because it is part of
    their keys.
    """
    with st.expander("Knobs", icon=":material/tune:"):
        base = f"knob-{hash(config) & 0xFFFFFFFF:x}"
        turned: dict[str, Any] = {}
        low, high = TEMPO_BPM
        first, second = st.columns(2)
        turned["tempo_bpm"] = first.slider(
            "Tempo (BPM)", low, high, float(config.tempo_bpm), key=f"{base}-tempo"
        )
        turned["root"] = second.selectbox(
            "Tonic", range(12), config.root, format_func=PITCHES.__getitem__, key=f"{base}-root"
        )
        for i, name in enumerate(ENUMS):
            options = list(ENUMS[name])
            column = (first, second)[i % 2]
            at = options.index(getattr(config, name))
            label = name.replace("_", " ").capitalize()
            turned[name] = column.selectbox(label, options, at, key=f"{base}-{name}")
        for i, name in enumerate(LEVELS):
            column = (first, second)[i % 2]
            value = float(getattr(config, name))
            turned[name] = column.slider(
                name.capitalize(), 0.0, 1.0, value, 0.05, key=f"{base}-{name}"
            )
        return config.with_(**turned)
