"""Synth settings from a sentence by a language model: first the reason in words, then each setting.

The fields come in from outside (the synth's enums and levels), so any backend fills them slot by
slot and cannot name what does not exist. The grammar's way is the lexicon and the style table; free
models read the sentence. What comes back is a plain dict for ``MusicConfig.from_dict``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from llm import grammar
from llm.lexicon import SETTINGS, concepts
from llm.safety import harmless
from llm.task import Card, Slot, Task
from llm.vibes import Understood, vibe_from_text
from music.errors import InputError
from music.profile import Fact
from music.theory import METRES, PROGRESSIONS, RHYTHMS, SCALES, STYLES, Style, style_for

TEMPO_BPM: Final = (30, 240)
STEPS: Final = 10  # a level is asked for in tenths
FIELDS: Final[Mapping[str, Sequence[str]]] = {
    "scale": tuple(SCALES),
    "metre": tuple(METRES),
    "rhythm": tuple(RHYTHMS),
    "progression": tuple(PROGRESSIONS),
}
LEVELS: Final = ("energy", "brightness", "space", "swing")


def settings_task(
    wish: str, fields: Mapping[str, Sequence[str]] = FIELDS, levels: Sequence[str] = LEVELS
) -> Task:
    """The card of settings for a sentence: ``why``, the fields in order, levels, tempo.

    Parameters
    ----------
    wish
        What somebody wants to hear: ``"rainy egyptian night"``.
    fields
        Setting -> the names it may take; ``synth.schema.ENUMS`` for all of them.
    levels
        Settings in [0, 1].

    Raises
    ------
    InputError
        If the sentence is empty.
    """
    if not wish.strip():
        raise InputError("say what it should sound like; the sentence is empty.")
    about = Fact("wish", harmless(wish, 400))
    slots = [Slot("why", max_chars=160, max_tokens=40, min_chars=8)]
    slots += [Slot(n, "choice", choices=tuple(c), fact=about) for n, c in fields.items()]
    slots += [Slot(name, "integer", low=0, high=STEPS, fact=about) for name in levels]
    slots.append(Slot("tempo_bpm", "integer", low=TEMPO_BPM[0], high=TEMPO_BPM[1], fact=about))
    return Task("config", tuple(slots))


def settings(task: Task, card: Card) -> dict[str, str | float]:
    """A filled card as settings: names as they are, levels in [0, 1], tempo in BPM; no ``why``."""
    levels = {slot.name for slot in task.slots if slot.kind == "integer" and slot.high == STEPS}
    return {
        name: float(value) / STEPS if name in levels else value
        for name, value in card.items()
        if name != "why"
    }


def fill(task: Task, rng: np.random.Generator) -> Card:
    """The lexicon's settings: its styles, its levels, and its own sentences as the reason."""
    wish = next((slot.fact.sentence for slot in task.slots if slot.fact), "music")
    understood = vibe_from_text(wish)
    weights = style_for(dict(understood.vibe.words)) or {"lo-fi": 1.0}
    style = STYLES[next(iter(weights))]
    rhythm = str(rng.choice(style.rhythms))
    told = {
        "why": _why(understood, style),
        "metre": RHYTHMS[rhythm].metre,
        "scale": str(rng.choice(style.scales)),
        "rhythm": rhythm,
        "progression": str(rng.choice(style.progressions)),
    }
    return {slot.name: _value(slot, style, understood, told, rng) for slot in task.slots}


def example(rng: np.random.Generator) -> Task:
    """A wish of one or two concepts, at times an odd couple."""
    named = [concept.names for concept in concepts() if concept.words]
    coloured = [concept.names for concept in concepts() if concept.theme not in SETTINGS]
    place, colour = (
        str(rng.choice(names[int(rng.integers(len(names)))])) for names in (named, coloured)
    )
    return settings_task(f"{colour} {place}" if rng.random() < 0.5 else place)


def _value(
    slot: Slot,
    style: Style,
    understood: Understood,
    told: Mapping[str, str],
    rng: np.random.Generator,
) -> str | int:
    if slot.kind == "text":
        return told.get(slot.name, told["why"])
    if slot.kind == "choice":
        wanted = told.get(slot.name, getattr(style, slot.name, None))
        return wanted if wanted in slot.choices else str(rng.choice(slot.choices))
    if slot.name == "tempo_bpm":
        return round(float(rng.uniform(*style.tempo_bpm)))
    said = understood.vibe.get("energy") if slot.name == "energy" else None
    level = said if said is not None else getattr(style, slot.name, style.features["energy"])
    return round(STEPS * float(level))


def _why(understood: Understood, style: Style) -> str:
    """The sentences of what was understood, as many as fit."""
    why = ""
    for part in understood.parts:
        if not part.refused and len(why) + len(part.because) < 158:
            why = f"{why} {part.because}".strip()
    return why or f"Nothing in it says otherwise, so {style.name} it is."


# No share of the corpus: the small model reads no sentences, and would have to guess.
grammar.register("config", grammar.Kind(fill, example, weight=0.0))
