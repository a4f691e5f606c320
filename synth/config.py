"""From a vibe to a config and back: words choose the style, features move what the style leaves.

Only style, place, genre and instrument words set scale, rhythm and voices; the nine features set
tempo, force, density, colour and space. A vibe without words goes up the ladders of
`synth.wordless`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from music.features import NAMES, Scale, index_of
from music.theory import INSTRUMENTS, RHYTHMS, SCALES, STYLES, Style, style_for
from music.vibe import Vibe
from synth.schema import MAX_SEED, TEMPO_BPM, MusicConfig
from synth.wordless import FELT, feelings, levels_for, names_for, nearest_style

__all__ = ["MusicConfig", "config_from_style", "config_from_vibe", "vibe_from_config"]

_BLEND_FROM: Final = 0.3  # share from which a second style lends its melody


def config_from_vibe(vibe: Vibe, seed: int = 0) -> MusicConfig:
    """A piece of music for a vibe.

    Parameters
    ----------
    vibe
        What is unsaid (weight 0) is left to the style.
    seed
        Which of many: it picks among a style's scales, rhythms and keys, and is the seed of the
        notes.

    Returns
    -------
    MusicConfig
        Its tempo is the vibe's, if said, within 30 to 240 BPM.
    """
    rng = np.random.default_rng([seed % (MAX_SEED + 1), 5])
    styles = style_for(dict(vibe.words))
    if not styles:
        return _wordless(vibe, seed, rng)
    ranked = list(styles)
    main = STYLES[ranked[0]]
    second = STYLES[ranked[1]] if len(ranked) > 1 and styles[ranked[1]] >= _BLEND_FROM else main
    hints = {name: sum(w * STYLES[s].features[name] for s, w in styles.items()) for name in FELT}
    said = {name: _said(vibe, name, hints[name]) for name in FELT}
    voices = {
        "melody": second.melody,
        "accent": second.accent if second.accent != "none" else main.accent,
        "harmony": main.harmony,
        "bass": main.bass,
        "texture": main.texture,
        "kit": main.kit,
    } | _instruments(vibe)
    rhythm = _pick(main.rhythms, rng)
    progression = _pick(main.progressions, rng)
    return MusicConfig(
        scale=_scale(main, vibe, rng),
        metre=RHYTHMS[rhythm].metre,
        rhythm=rhythm,
        progression=progression,
        comp=main.comp,
        bass_line=main.bass_line,
        habit=second.habit,
        ambience=main.ambience,
        root=int(rng.integers(0, 12)),
        tempo_bpm=_tempo(main, vibe, said["energy"], rng),
        **voices,  # type: ignore[arg-type]
        **_levels(main, said, hints, vibe),  # type: ignore[arg-type]
        seed=seed % (MAX_SEED + 1),
    )


def _wordless(vibe: Vibe, seed: int, rng: np.random.Generator) -> MusicConfig:
    """No word holds a style, so features decide all they are the sound of; see `synth.wordless`."""
    style = STYLES[nearest_style(vibe, rng)]
    names = {name: getattr(style, name) for name in (*_VOICED, "texture")}
    names |= {"scale": _pick(style.scales, rng), "rhythm": _pick(style.rhythms, rng)}
    names |= {"progression": _pick(style.progressions, rng)}
    names |= names_for(vibe, style, rng) | _instruments(vibe)
    return MusicConfig(
        **names,
        metre=RHYTHMS[names["rhythm"]].metre,
        root=int(rng.integers(0, 12)),
        tempo_bpm=_tempo(style, vibe, feelings(vibe, style)["energy"], rng),
        **levels_for(vibe, style),  # type: ignore[arg-type]
        seed=seed % (MAX_SEED + 1),
    )


def config_from_style(style: str, seed: int = 0) -> MusicConfig:
    """A piece in one style of `music.theory.STYLES`, nothing else said."""
    return config_from_vibe(Vibe.of(words=[style]), seed)


def vibe_from_config(config: MusicConfig) -> Vibe:
    """What a config sets out to be: its tempo and energy exactly, the rest from its nearest style.

    Features nobody can know before hearing it (loudness, liveness ...) are unsaid.
    """
    style, agreement = _nearest_style(config)
    tempo = float(Scale.reference().percentiles(_raw_tempo(config.tempo_bpm))[index_of("tempo")])
    brighter = config.brightness - style.brightness
    tonality = 0.08 if SCALES[config.scale].tonality == "major" else -0.08
    usual = SCALES[style.scales[0]].tonality
    shift = 0.0 if SCALES[config.scale].tonality == usual else 2 * tonality
    features = {
        "tempo": tempo,
        "energy": config.energy,
        "valence": style.features["valence"] + shift + 0.2 * brighter,
        "danceability": style.features["danceability"],
        "acousticness": style.features["acousticness"],
        "instrumentalness": 0.3 if config.melody in ("voice", "choir") else 0.8,
    }
    vibe = Vibe.of(features, {style.name: max(0.3, agreement)}, origin="a piece of the synth")
    sure = {"tempo": 1.0, "energy": 1.0}
    weights = [sure.get(n, 0.5 * w) for n, w in zip(NAMES, vibe.weights, strict=True)]
    return Vibe(vibe.features, tuple(weights), vibe.words, vibe.origin)


def _raw_tempo(tempo_bpm: float) -> list[float]:
    raw = [np.nan] * len(NAMES)
    raw[index_of("tempo")] = tempo_bpm
    return raw


def _said(vibe: Vibe, name: str, hint: float) -> float:
    """A feature as far as it is said, the style's hint for the rest."""
    j = index_of(name)
    return vibe.weights[j] * vibe.features[j] + (1 - vibe.weights[j]) * hint


def _pick(candidates: Sequence[str], rng: np.random.Generator) -> str:
    """The first candidate mostly, the further ones now and then."""
    share = np.array([0.9, 0.06, 0.04][: len(candidates)])
    return candidates[int(rng.choice(len(share), p=share / share.sum()))]


def _scale(style: Style, vibe: Vibe, rng: np.random.Generator) -> str:
    """A scale of the style; a said valence prefers its major or its minor ones."""
    chosen = _pick(style.scales, rng)
    valence = vibe.get("valence")
    if valence is None:
        return chosen
    wanted = "major" if valence >= 0.5 else "minor"
    fitting = [s for s in style.scales if SCALES[s].tonality == wanted]
    if fitting:
        return chosen if chosen in fitting else fitting[0]
    return chosen


def _tempo(style: Style, vibe: Vibe, energy: float, rng: np.random.Generator) -> float:
    raw = vibe.raw().get("tempo")
    if raw is not None:
        return round(min(max(raw, TEMPO_BPM[0]), TEMPO_BPM[1]), 3)
    low, high = style.tempo_bpm
    share = 0.5 + 0.5 * (energy - style.features["energy"]) + 0.3 * (rng.random() - 0.5)
    return round(low + (high - low) * min(max(share, 0.0), 1.0), 1)


def _levels(
    style: Style, said: dict[str, float], hints: dict[str, float], vibe: Vibe
) -> dict[str, float]:
    up = {name: said[name] - hints[name] for name in FELT}
    liveness = _said(vibe, "liveness", 0.5) - 0.5
    electronic = style.features["acousticness"] < 0.4
    levels = {
        "energy": said["energy"],
        "density": 0.25 + 0.45 * said["energy"] + 0.3 * up["danceability"],
        "brightness": style.brightness
        + 0.5 * up["energy"]
        + 0.35 * up["valence"]
        - 0.3 * up["acousticness"],
        "space": style.space - 0.4 * up["energy"] - 0.2 * up["danceability"] + 0.2 * liveness,
        "echo": 0.45 * style.space if electronic else 0.0,
        "legato": 0.95 - 0.75 * said["danceability"],
        "swing": style.swing,
        "register": style.register + 0.2 * up["valence"],
        "human": style.human + 0.3 * up["acousticness"] + 0.3 * liveness,
    }
    return {name: round(min(max(x, 0.0), 1.0), 3) for name, x in levels.items()}


def _instruments(vibe: Vibe) -> dict[str, str]:
    """Voices for the instrument words of a vibe: the heaviest word of a role gets it."""
    voices: dict[str, str] = {}
    for word, _ in vibe.words:
        instrument = INSTRUMENTS.get(word.lower())
        if instrument is None:
            continue
        layer = "kit" if instrument.role == "drums" else instrument.role
        if layer in voices and layer == "melody":
            layer = "accent"
        if layer == "kit" and instrument.voice in ("kick", "snare"):
            voices.setdefault("kit", "kit")
        else:
            voices.setdefault(layer, instrument.voice)
    return voices


def _nearest_style(config: MusicConfig) -> tuple[Style, float]:
    """The style that shares most with a config, and how much of it in [0, 1]."""

    def shared(style: Style) -> float:
        parts = (
            2.0 * (config.scale in style.scales),
            2.0 * (config.rhythm in style.rhythms),
            1.0 * (config.progression in style.progressions),
            *(1.0 * (getattr(config, n) == getattr(style, n) != "none") for n in _VOICED),
            0.5 * (style.tempo_bpm[0] <= config.tempo_bpm <= style.tempo_bpm[1]),
        )
        return float(sum(parts))

    best = max(STYLES.values(), key=shared)
    return best, min(1.0, shared(best) / 12.0)


_VOICED: Final = (
    "melody", "harmony", "bass", "texture", "accent", "kit", "comp", "bass_line", "habit",
)  # fmt: skip
