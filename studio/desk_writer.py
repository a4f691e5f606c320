"""The synth's desk set by a language model from a sentence: the reason first, then each setting.

The vibe's own way to a config (`synth.config.config_from_vibe`) is the default; this is the other
way, for models that read. `corpus` makes the text such a model can learn it from.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from llm import settings as desk
from llm.backends import called, write
from llm.grammar import Grammar
from llm.prompt import render
from llm.settings import example, settings_task
from llm.task import Card, Task
from music.theory import STYLES
from music.vibe import Vibe
from studio import flows
from synth.analysis import analyse
from synth.config import config_from_style
from synth.render import render as play
from synth.schema import ENUMS, MusicConfig

FIELDS: Final = {
    name: ENUMS[name]
    for name in ("metre", "scale", "rhythm", "progression", "melody", "harmony", "kit")
}
CANDIDATES: Final = 3  # configs tried for one sentence of the corpus
TRIAL_BARS: Final = 4
TRIAL_RATE: Final = 22_050


@dataclass(frozen=True)
class Setting:
    """A desk somebody set.

    Parameters
    ----------
    config
        What to play.
    why
        The writer's reason, written before the settings.
    by
        Who wrote most of it.
    notes
        What a fallback did, in sentences for people.
    """

    config: MusicConfig
    why: str
    by: str
    notes: tuple[str, ...] = ()


def set_by(writer: str, wish: str, seed: int = 0) -> Setting:
    """Have a backend set the desk.

    Parameters
    ----------
    writer
        As for `llm.backends.backend`; whoever has not learned to set a desk hands on, and says so.
    wish
        ``"rainy egyptian night"``.
    seed
        The same sentence, seed and backend give the same config.

    Raises
    ------
    InputError
        If the sentence is empty, or there is no such backend.
    """
    task = settings_task(wish, FIELDS)
    filled = write(task, seed, writer)
    values = desk.settings(task, filled.card) | {"seed": seed}
    return Setting(
        MusicConfig.from_dict(values), str(filled.card["why"]), called(filled.by), filled.notes
    )


def corpus(n: int, seed: int = 0, candidates: int = CANDIDATES) -> Iterator[dict[str, str]]:
    """Sentences with settings, to learn from: of a few candidates the one that sounds most like it.

    Sentences are concepts of the lexicon and blends of two. Each candidate is played and listened
    to; the one whose sound lies nearest to what the sentence means is kept.

    Yields
    ------
    dict
        ``text`` (prompt and card, what a model is trained on), ``wish``, ``distance``.
    """
    rng = np.random.default_rng(seed)
    for k in range(n):
        task = settings_task(wish := _wish(rng), FIELDS)
        wanted = flows.understand(wish).vibe
        cards = [Grammar().fill(task, seed + 7_919 * k + c) for c in range(candidates)]
        far = [_distance(task, card, wanted) for card in cards]
        best = int(np.argmin(far))
        record = json.dumps(cards[best], ensure_ascii=False)
        yield {
            "text": f"{render(task, 'plain')}\n{record}",
            "wish": wish,
            "distance": f"{far[best]:.3f}",
        }


def right_styles(writer: str, phrases: dict[str, set[str]], seed: int = 0) -> float:
    """Share of phrases whose settings lie in a style that is accepted for them, in [0, 1].

    A config's style is the one that shares most of rhythm, scale, metre and progression with it.
    """
    hits = [
        bool(_styles_of(set_by(writer, phrase, seed).config) & accepted)
        for phrase, accepted in phrases.items()
    ]
    return float(np.mean(hits)) if hits else float("nan")


def _wish(rng: np.random.Generator) -> str:
    """A sentence of the lexicon's words; a name with nothing harmless in it is passed over."""
    while True:
        about = next(slot.fact for slot in example(rng).slots if slot.fact)
        if about.sentence.strip():
            return about.sentence


def _distance(task: Task, card: Card, wanted: Vibe) -> float:
    config = MusicConfig.from_dict(desk.settings(task, card))
    audio = play(config, bars=TRIAL_BARS, sample_rate=TRIAL_RATE)
    heard, _ = analyse(audio.samples, audio.sample_rate)
    return float(wanted.distance(heard))


def _styles_of(config: MusicConfig) -> set[str]:
    """The styles that share most with a config; several where they are equally near."""
    shared = {
        name: sum(
            getattr(config, field) == value
            for field, value in (
                ("metre", config_from_style(name).metre),
                *(("rhythm", r) for r in style.rhythms),
                *(("scale", s) for s in style.scales),
                *(("progression", p) for p in style.progressions),
            )
        )
        for name, style in STYLES.items()
    }
    most = max(shared.values())
    return {name for name, n in shared.items() if n == most}
