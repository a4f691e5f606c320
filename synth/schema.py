"""What the synth can play, as one frozen value: enums and levels, every combination in tune.

A config is total: any names of the tables and any levels go together. A dict from anywhere (a
link, a language model, an old file) is repaired to the nearest config or refused with a sentence.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from difflib import get_close_matches
from typing import Any, Final

from music.errors import InputError
from music.theory import AMBIENCES, KITS, METRES, PROGRESSIONS, RHYTHMS, SCALES
from synth.voices import VOICES

NONE: Final = "none"
COMPS: Final = (
    "none", "pad", "block", "stabs", "offbeat", "oompah", "strum", "broken", "alberti", "arp",
    "chug", "tremolo", "montuno", "bossa", "staccato", "interlock", "jhala", "ostinato",
    "tresillo", "unison", "drone",
)  # fmt: skip
BASS_LINES: Final = (
    "none", "root", "root fifth", "walking", "offbeat", "octaves", "eighths", "tumbao", "drone",
    "dub", "long", "oompah", "gallop", "tresillo", "hits", "saidi", "chaal",
)  # fmt: skip
HABITS: Final = (
    "song", "riff", "arpeggio", "ornamented", "sparse", "runs", "call", "hymn", "elaborate",
    "triadic",
)  # fmt: skip
_VOICE_NAMES: Final = (NONE, *VOICES)

ENUMS: Final[Mapping[str, tuple[str, ...]]] = {
    "scale": tuple(SCALES),
    "metre": tuple(METRES),
    "rhythm": tuple(RHYTHMS),
    "progression": tuple(PROGRESSIONS),
    "melody": _VOICE_NAMES,
    "harmony": _VOICE_NAMES,
    "bass": _VOICE_NAMES,
    "texture": _VOICE_NAMES,
    "accent": _VOICE_NAMES,
    "kit": (NONE, *KITS),
    "comp": COMPS,
    "bass_line": BASS_LINES,
    "habit": HABITS,
    "ambience": (NONE, *AMBIENCES),
}
LEVELS: Final = (
    "density", "energy", "brightness", "register", "space", "echo", "legato", "swing", "human",
)  # fmt: skip
TEMPO_BPM: Final = (30.0, 240.0)
MAX_MOTIF: Final = 32
MOTIF_DEGREES: Final = (-14, 21)
MAX_SEED: Final = 2**32 - 1


@dataclass(frozen=True)
class MusicConfig:
    """Everything that decides a piece of music but its length.

    Parameters
    ----------
    scale, metre, rhythm, progression, kit
        Names of the tables in `music.theory`.
    melody, harmony, bass, texture, accent
        The voice of each layer (`synth.voices.VOICES`), or "none".
    comp, bass_line, habit
        How the harmony, the bass and the melody move.
    ambience
        What is heard around the music, softly: rain, a crowd, the dust on a record; or "none".
    root
        Tonic as a pitch class, 0 = C ... 11 = B.
    tempo_bpm
        Felt beats a minute, 30 to 240.
    density, energy, brightness, register, space, echo, legato, swing, human
        Levels in [0, 1]: notes per bar, force, tone colour, height of tune and chords (0.5 as the
        voices like it), reverb, repeats, note length against the gap to the next, lateness of
        off-steps, unevenness of time and force.
    motif
        Scale degrees (0 is the tonic, None a rest) the melody is built from; empty: invented.
    seed
        Which of many pieces; the same config gives the same samples.
    """

    scale: str = "major"
    metre: str = "4/4"
    rhythm: str = "backbeat"
    progression: str = "axis"
    melody: str = "piano"
    harmony: str = "epiano"
    bass: str = "electric_bass"
    texture: str = "pad_warm"
    accent: str = "none"
    kit: str = "kit"
    comp: str = "pad"
    bass_line: str = "root"
    habit: str = "song"
    ambience: str = "none"
    root: int = 0
    tempo_bpm: float = 104.0
    density: float = 0.5
    energy: float = 0.5
    brightness: float = 0.5
    register: float = 0.5
    space: float = 0.35
    echo: float = 0.0
    legato: float = 0.6
    swing: float = 0.0
    human: float = 0.3
    motif: tuple[int | None, ...] = ()
    seed: int = 0

    def __post_init__(self) -> None:
        for name, allowed in ENUMS.items():
            if getattr(self, name) not in allowed:
                raise InputError(f"{name} {getattr(self, name)!r} is not known; {_some(allowed)}.")
        for name in LEVELS:
            if not 0.0 <= getattr(self, name) <= 1.0:
                raise InputError(f"{name} must lie in [0, 1], got {getattr(self, name)!r}.")
        if not TEMPO_BPM[0] <= self.tempo_bpm <= TEMPO_BPM[1]:
            raise InputError(f"tempo_bpm must lie in [30, 240], got {self.tempo_bpm!r}.")
        if not (0 <= self.root <= 11 and 0 <= self.seed <= MAX_SEED):
            raise InputError(f"root lies in 0..11 and seed in 0..{MAX_SEED}.")
        low, high = MOTIF_DEGREES
        if len(self.motif) > MAX_MOTIF or any(
            d is not None and not low <= d <= high for d in self.motif
        ):
            raise InputError(f"motif has at most {MAX_MOTIF} degrees between {low} and {high}.")

    def with_(self, **changes: Any) -> MusicConfig:
        """The same config with some fields changed."""
        return replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, as `from_dict` reads them."""
        return asdict(self) | {"motif": list(self.motif)}

    def to_json(self) -> str:
        """One line of JSON; `from_json` gives the same config back.

        >>> MusicConfig.from_json(MusicConfig(tempo_bpm=90).to_json()).tempo_bpm
        90.0
        """
        return json.dumps(self.to_dict())

    @classmethod
    def from_json(cls, text: str) -> MusicConfig:
        """Read a config from JSON; see `from_dict`."""
        if len(text) > 20_000:
            raise InputError(f"this is no music config: it has {len(text):,} characters.")
        try:
            return cls.from_dict(json.loads(text))
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"this is no music config: it is not JSON ({error}).") from error

    @classmethod
    def from_dict(cls, values: object) -> MusicConfig:
        """The nearest config to a dict: what is missing is default, what is too big is clipped.

        Names are matched without regard to case, and to the closest known name. Unknown keys are
        ignored.

        Raises
        ------
        InputError
            If it is no dict, has no known key at all, or a value has the wrong type.
        """
        if not isinstance(values, Mapping):
            raise InputError(f"a music config is a dict, got {type(values).__name__}.")
        known = {f.name for f in fields(cls)} & {k for k in values if isinstance(k, str)}
        if values and not known:
            raise InputError("this dict has no field of a music config (scale, tempo_bpm ...).")
        return cls(**{name: _repaired(name, values[name]) for name in known})


def _repaired(name: str, value: object) -> Any:
    if name in ENUMS:
        return _nearest_name(name, value)
    if name == "motif":
        return _motif(value)
    if name in LEVELS:
        return _number(name, value, 0.0, 1.0)
    if name == "tempo_bpm":
        return _number(name, value, *TEMPO_BPM)
    if name == "root":
        return int(_number(name, value, -1e9, 1e9)) % 12
    return int(_number(name, value, 0, MAX_SEED))


def _nearest_name(name: str, value: object) -> str:
    allowed = ENUMS[name]
    if value is None and NONE in allowed:
        return NONE
    if not isinstance(value, str) or len(value) > 80:
        raise InputError(f"{name} must be a name, got {str(value)[:40]!r}.")
    text = value.strip().lower()
    if text in allowed:
        return text
    close = get_close_matches(text, allowed, n=1, cutoff=0.6)
    if not close:
        raise InputError(f"{name} {value!r} is not known; {_some(allowed)}.")
    return close[0]


def _number(name: str, value: object, low: float, high: float) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or math.isnan(value):
        raise InputError(f"{name} must be a number, got {str(value)[:40]!r}.")
    return float(min(max(value, low), high))


def _motif(value: object) -> tuple[int | None, ...]:
    if not isinstance(value, list | tuple):
        raise InputError(f"motif must be a list of scale degrees, got {str(value)[:40]!r}.")
    low, high = (float(d) for d in MOTIF_DEGREES)
    return tuple(
        None if d is None else round(_number("a motif degree", d, low, high))
        for d in value[:MAX_MOTIF]
    )


def _some(allowed: tuple[str, ...]) -> str:
    return f"there are {len(allowed)}, such as {', '.join(allowed[:5])}"
