"""What tools/eval_sound.py asks of a synth: styles in own or neutral timbre, random configs.

A layer, for the swap test, is what somebody could get wrong at once: a voice with its figure, or a
kit with its rhythm, or the ambience; there are seven. Swapped layers are drawn from all the schema
has for that layer.
"""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from synth.chance import SUITED, rolled
from synth.compose import compose
from synth.config import config_from_style
from synth.drum_voices import DRUMS
from synth.render import render_score
from synth.schema import ENUMS, MusicConfig
from synth.score import Note, Score

RATE = 22_050
TRIO = ["indian wedding", "egyptian summer", "arabian nights"]
STYLES = [
    "8-bit", "indian wedding", "christmas", "funeral", "egyptian summer", "arabian nights",
    "lo-fi", "cyberpunk", "epic battle", "zen garden", "waltz", "reggaeton",
    "gamelan", "flamenco", "tango", "bossa nova", "afrobeat", "dub", "jig", "march", "techno",
    "ambient", "blues", "gospel",
]  # fmt: skip
LAYERS = {
    "melody": ("melody", "habit"), "harmony": ("harmony", "comp"), "bass": ("bass", "bass_line"),
    "texture": ("texture",), "accent": ("accent",), "ambience": ("ambience",),
    "drums": ("kit", "rhythm"),
}  # fmt: skip
PITCHED = frozenset({"melody", "harmony", "bass", "texture", "accent"})
NEUTRAL_PITCHED = "organ"
NEUTRAL_DRUMS = {
    "low": "kick_soft", "mid": "rim", "high": "hat_soft", "open": "hat_soft", "bell": "hat_soft",
}  # fmt: skip


def render(
    style: str, *, seed: int, seconds: float, neutral: bool, tempo_scale: float,
    brightness_scale: float, transpose: int, swap: int,
) -> tuple[int, np.ndarray]:  # fmt: skip
    """One clip of a style, cut to the seconds; see the tool for what the arguments mean."""
    config = config_from_style(style, seed % 2**32)
    config = config.with_(
        tempo_bpm=min(max(config.tempo_bpm * tempo_scale, 30.0), 240.0),
        brightness=min(config.brightness * brightness_scale, 1.0),
        root=(config.root + transpose) % 12,
    )
    config = swapped(config, swap, seed)
    score = compose(config, bars_for(config, seconds, math.ceil))
    if neutral:
        score = neutralised(score)
    samples = render_score(score, sample_rate=RATE).samples
    return RATE, samples[: round(seconds * RATE)]


def random_config(seed: int, seconds: float) -> tuple[int, np.ndarray, np.ndarray]:
    """A loop of any config of the whole schema: the mix, and its pitched layers alone."""
    config = rolled(MusicConfig(), seed=seed)
    score = compose(config, bars_for(config, seconds, round))
    mix = render_score(score, sample_rate=RATE).samples
    stem = render_score(score, sample_rate=RATE, layers=PITCHED).samples
    return RATE, mix, stem


def bars_for(config: MusicConfig, seconds: float, rounding: type[int] | object) -> int:
    """How many bars fill so many seconds."""
    bar_s = compose(config, 1).duration_s
    return max(1, rounding(seconds / bar_s))  # type: ignore[operator]


def swapped(config: MusicConfig, n: int, seed: int) -> MusicConfig:
    """The config with n of its layers replaced by others of the schema."""
    rng = np.random.default_rng([seed, 99])
    changes = {}
    for layer in rng.choice(list(LAYERS), n, replace=False):
        for field in LAYERS[layer]:
            choice = SUITED.get(field, ENUMS[field])
            others = [v for v in choice if v not in (getattr(config, field), "none")]
            changes[field] = str(rng.choice(others))
    return config.with_(**changes)


def neutralised(score: Score) -> Score:
    """The same notes, every pitched layer on one voice and every drum on one of three."""
    bare = score.config.with_(ambience="none")
    return replace(score, config=bare, notes=tuple(_neutral(note) for note in score.notes))


def _neutral(note: Note) -> Note:
    if note.voice not in DRUMS:
        return note._replace(voice=NEUTRAL_PITCHED)
    voice = NEUTRAL_DRUMS[note.seat]
    seat = {"kick_soft": "low", "rim": "mid", "hat_soft": "high"}[voice]
    return note._replace(voice=voice, seat=seat)
