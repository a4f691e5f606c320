"""What a vibe without words plays: each feature climbs a ladder of its own.

No word names a place or a genre, so nothing has to be kept but the four moods themselves. Valence
goes up through the modes from the darkest to the brightest and lifts the register; danceability
goes from free time to four on the floor; acousticness from circuits to strings and wood; energy
from held chords to driven ones. What is unsaid stays with the style whose features lie nearest.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from music.features import index_of
from music.theory import STYLES, Style
from music.vibe import Vibe
from synth.schema import NONE

FELT: Final = ("energy", "valence", "danceability", "acousticness")
# From dark to bright: the church modes by the circle of fifths; the leading note of harmonic minor
# keeps its tonic clear, so it stands for the dark half of plain minor.
_MODES: Final = (
    "phrygian", "harmonic minor", "minor", "dorian", "mixolydian", "major", "major", "lydian",
)  # fmt: skip
_HOMES: Final[Mapping[str, tuple[str, ...]]] = {  # progressions that say at once where home is
    "phrygian": ("phrygian vamp", "minor plagal", "pedal"),
    "harmonic minor": ("minor plagal", "minor drop", "tonic dominant"),
    "minor": ("minor plagal", "minor drop", "lament", "funeral"),
    "dorian": ("dorian vamp", "minor plagal", "minor blues"),
    "mixolydian": ("mixolydian vamp", "amen", "folk"),
    "major": ("folk", "tonic dominant", "hymn", "pachelbel", "axis"),
    "lydian": ("lydian float", "tonic dominant"),
}
_RHYTHMS: Final = (  # from free time to the dance floor; a rung holds equals
    ("none",), ("heartbeat",), ("sleigh",), ("lazy beat", "half time", "boom bap"),
    ("backbeat", "rock", "funk"), ("dembow", "tresillo"), ("disco",),
    ("four on the floor", "techno"),
)  # fmt: skip
_VOICES: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {  # from electric to acoustic
    "melody": (("saw_lead", "pulse25"), ("fm_bell", "pulse50"), ("sine_lead", "pluck_synth"),
               ("vibraphone", "celesta"), ("trumpet", "saxophone"), ("flute", "clarinet"),
               ("violin", "oboe")),
    "accent": (("fm_bell",), ("sine_lead",), ("vibraphone",), ("horn",), ("oboe", "cello")),
    "harmony": (("supersaw", "pluck_synth"), ("pluck_synth",), ("epiano", "organ"), ("piano",),
                ("guitar", "piano"), ("guitar", "harp")),
    "bass": (("acid_bass", "fm_bass"), ("sub_bass", "fm_bass"), ("electric_bass",),
             ("upright_bass",), ("upright_bass", "cello")),
    "texture": (("pad_glass",), ("pad_warm",), ("strings", "pad_warm"), ("strings", "choir")),
    "kit": (("909", "808"), ("808", "lo-fi kit"), ("kit",), ("brushes", "latin"),
            ("cajon", "frame")),
}  # fmt: skip
_COMPS: Final = (  # from held to driven
    ("pad",), ("pad", "block"), ("block", "broken"), ("broken", "strum"), ("strum", "staccato"),
    ("chug", "arp"), ("chug", "tremolo"),
)  # fmt: skip
_BASSES: Final = (  # from lying still to what feet follow
    ("long",), ("long", "root"), ("root", "root fifth"), ("octaves", "eighths"), ("offbeat",),
)  # fmt: skip
_HABITS: Final = (("sparse",), ("hymn", "sparse"), ("song",), ("song", "riff"), ("riff", "runs"))
_SLACK: Final = 0.06  # of a ladder: neighbours may change places, so that equals are not the same


def nearest_style(vibe: Vibe, rng: np.random.Generator) -> str:
    """One style drawn from the three whose features lie nearest to what is said."""
    names = list(STYLES)
    gaps = []
    for name in names:
        gap = 0.01
        for feature in FELT:
            j = index_of(feature)
            gap += vibe.weights[j] * (vibe.features[j] - STYLES[name].features[feature]) ** 2
        gaps.append(gap)
    nearest = np.argsort(gaps, kind="stable")[:3]
    share = 1 / np.array(gaps)[nearest] ** 4
    return names[int(rng.choice(nearest, p=share / share.sum()))]


def names_for(vibe: Vibe, style: Style, rng: np.random.Generator) -> dict[str, str]:
    """Every name of a config that what is said decides; what is unsaid is left out."""
    felt = feelings(vibe, style)
    said = {name for name in FELT if vibe.get(name) is not None}
    names: dict[str, str] = {}
    if "valence" in said:
        scale = _mode(felt["valence"], rng)
        names |= {"scale": scale, "progression": str(rng.choice(_HOMES[scale]))}
    if "danceability" in said:
        names |= {
            "rhythm": _rung(_RHYTHMS, felt["danceability"], rng),
            "bass_line": _rung(_BASSES, felt["danceability"], rng),
        }
    if said & {"danceability", "acousticness"}:
        kit = _rung(_VOICES["kit"], felt["acousticness"], rng)
        names["kit"] = kit if "danceability" in said or style.kit != NONE else NONE
    if "acousticness" in said:
        for layer in ("melody", "accent", "harmony", "bass", "texture"):
            names[layer] = _rung(_VOICES[layer], felt["acousticness"], rng)
        names["accent"] = names["accent"] if style.accent != NONE else NONE
    if "energy" in said:
        names |= {
            "comp": _rung(_COMPS, felt["energy"], rng),
            "habit": _rung(_HABITS, felt["energy"], rng),
        }
    return names


def feelings(vibe: Vibe, style: Style) -> dict[str, float]:
    """The four features as far as they are said, the style's for the rest."""
    weights = {name: vibe.weights[index_of(name)] for name in FELT}
    return {
        name: w * vibe.features[index_of(name)] + (1 - w) * style.features[name]
        for name, w in weights.items()
    }


def levels_for(vibe: Vibe, style: Style) -> dict[str, float]:
    """The levels, each moved by the feature it is the sound of."""
    energy, valence, dance, acoustic = feelings(vibe, style).values()
    live = vibe.get("liveness")
    crowd = 0.0 if live is None else live - 0.5
    levels = {
        "energy": energy,
        "density": 0.05 + 0.9 * energy,
        "brightness": 0.2 + 0.65 * energy + 0.2 * valence - 0.2 * acoustic,
        "register": 0.05 + 0.9 * valence,
        "space": 0.75 - 0.45 * energy - 0.3 * dance + 0.2 * crowd,
        "legato": 0.95 - 0.7 * dance,
        "human": 0.05 + 0.75 * acoustic + 0.2 * crowd,
        "echo": 0.35 * (1 - acoustic) * (1 - dance),
        "swing": style.swing if vibe.get("danceability") is None else 0.0,
    }
    return {name: round(min(max(x, 0.0), 1.0), 3) for name, x in levels.items()}


def _mode(valence: float, rng: np.random.Generator) -> str:
    """Dark modes below the middle, bright ones above, whatever the dice say."""
    half = len(_MODES) // 2
    bright = valence >= 0.5
    rung = _index(2 * (valence - 0.5 * bright), half, rng)
    return _MODES[rung + half * bright]


def _rung(ladder: Sequence[tuple[str, ...]], share: float, rng: np.random.Generator) -> str:
    return str(rng.choice(ladder[_index(share, len(ladder), rng)]))


def _index(share: float, n: int, rng: np.random.Generator) -> int:
    """The rung at a share of the way up, give or take a little."""
    at = share + _SLACK * float(rng.uniform(-1.0, 1.0))
    return min(max(int(at * n), 0), n - 1)
