"""The knobs of the synth: every enum and level of a config, starting where the vibe put them."""

from __future__ import annotations

from typing import Any, Final

import streamlit as st

from synth.schema import ENUMS, LEVELS, TEMPO_BPM, MusicConfig

PITCHES: Final = ("C", "C♯", "D", "E♭", "E", "F", "F♯", "G", "A♭", "A", "B♭", "B")
_GROUPS: Final = {  # what belongs together, so that not everything is open at once
    "Harmony": ("scale", "progression", "comp"),
    "Rhythm": ("metre", "rhythm", "bass_line", "habit"),
    "Voices": ("melody", "harmony", "bass", "texture", "accent", "kit", "ambience"),
}
_LABELS: Final = {
    "tempo_bpm": "Tempo (BPM)", "root": "Tonic", "comp": "How chords move",
    "bass_line": "How the bass moves", "habit": "How the tune moves", "melody": "Tune",
    "harmony": "Chords", "accent": "Answering voice", "kit": "Drums", "human": "Human touch",
    "ambience": "Around it",
}  # fmt: skip


def label(field: str) -> str:
    """What a field of the config is called on a page."""
    return _LABELS.get(field, field.replace("_", " ").capitalize())


def draw(config: MusicConfig) -> MusicConfig:
    """The knobs in four tabs; the config they say.

    A new config underneath (another sentence, another variation) resets them, because it is part of
    their keys.
    """
    base = f"knob-{hash(config) & 0xFFFFFFFF:x}"
    turned: dict[str, Any] = {}
    levels, *others = st.tabs(["Levels", *_GROUPS])
    with levels:
        low, high = TEMPO_BPM
        turned["tempo_bpm"] = st.slider(
            label("tempo_bpm"), low, high, float(config.tempo_bpm), key=f"{base}-tempo"
        )
        for name in LEVELS:
            value = float(getattr(config, name))
            turned[name] = st.slider(label(name), 0.0, 1.0, value, 0.05, key=f"{base}-{name}")
    for tab, names in zip(others, _GROUPS.values(), strict=True):
        with tab:
            if names[0] == "scale":
                turned["root"] = st.selectbox(
                    label("root"), range(12), config.root, format_func=PITCHES.__getitem__,
                    key=f"{base}-root",
                )  # fmt: skip
            for name in names:
                options = list(ENUMS[name])
                at = options.index(getattr(config, name))
                turned[name] = st.selectbox(label(name), options, at, key=f"{base}-{name}")
    return config.with_(**turned)
