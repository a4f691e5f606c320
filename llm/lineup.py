"""Who plays what: instruments that fit a vibe's worlds and that the synth plays as well.

Instrument words come from `music.theory`; a song's vibe carries them, so what stands on the card is
what sounds.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from llm.band_parts import worlds
from music.theory import INSTRUMENTS
from music.vibe import Vibe

MOST: Final = 7
_SIZES: Final = (0.13, 0.17, 0.2, 0.2, 0.15, 0.09, 0.06)  # how often one, two, ... seven play
_ORDER: Final = ("melody", "bass", "drums", "harmony", "texture", "accent")
_WORDLESS: Final = 0.5  # raw instrumentalness above which nobody sings, as Spotify defined it
_BEHIND: Final = frozenset(("backing vocals", "choir"))  # voices that need one in front
_ONE: Final = frozenset(("brass", "double bass", "upright bass", "bass", "sub bass", "acid bass"))
_NO_SINGLE: Final = frozenset(
    ("808", "drone", "percussion", "strings", "horns", "brass", "orchestra", "washboard")
)


def n_members(vibe: Vibe, rng: np.random.Generator) -> int:
    """How many play, 1 to 7; quiet and electronic music needs fewer hands."""
    weights = np.array(_SIZES)
    if (vibe.get("energy") or 0.5) < 0.3 or (vibe.get("acousticness") or 0.5) < 0.15:
        weights = weights * 0.7 ** np.arange(MOST)
    return 1 + int(rng.choice(MOST, p=weights / weights.sum()))


def lineup(vibe: Vibe, names: Sequence[str], n: int, rng: np.random.Generator) -> tuple[str, ...]:
    """The instruments of n members, all different, the leading one first.

    Parameters
    ----------
    vibe
        Instruments among its words play first; very instrumental music has no singer.
    names
        The worlds it lives in.
    n
        1 to 7.
    """
    asked = [word for word, _ in vibe.words if word in INSTRUMENTS][:3]
    wordless = is_wordless(vibe)
    own = _shuffled(names, wordless, rng)
    singers = [word for word in own if INSTRUMENTS[word].family == "voices"]
    singers.sort(key=lambda word: word in _BEHIND)
    chosen = asked[:n]
    if singers and n > 1 and len(chosen) < n and rng.random() < 0.75:
        chosen.append(singers[0])
    while len(chosen) < n:
        sung = any(word in singers and word not in _BEHIND for word in chosen)
        left = [w for w in own if w not in chosen and (sung or w not in _BEHIND)]
        chosen.append(_missing(left or _shuffled(("rock", "quiet"), wordless, rng), chosen))
    return tuple(dict.fromkeys(chosen))


def is_wordless(vibe: Vibe) -> bool:
    """Whether a vibe says that nobody sings.

    >>> is_wordless(Vibe()), is_wordless(Vibe.of({"instrumentalness": 0.98}))
    (False, True)
    """
    return vibe.raw().get("instrumentalness", 0.0) > _WORDLESS


def _shuffled(names: Sequence[str], wordless: bool, rng: np.random.Generator) -> list[str]:
    """The instruments of the worlds in random order, the main world's first."""
    known = worlds()
    found: dict[str, None] = {}
    for name in names:
        found |= dict.fromkeys(map(str, rng.permutation(known[name].sections["plays"])))
    return [w for w in found if not (wordless and INSTRUMENTS[w].family == "voices")]


def _missing(left: Sequence[str], chosen: Sequence[str]) -> str:
    """The instrument that is missing most: a role nobody has yet, in the order of `_ORDER`."""
    taken = {INSTRUMENTS[word].role for word in chosen}
    for role in _ORDER:
        if role not in taken:
            for word in left:
                if INSTRUMENTS[word].role == role:
                    return word
    return left[0]


def single_instrument(instruments: Sequence[str]) -> str | None:
    """The first instrument one can pick up and talk about in the singular; None if there is none.

    >>> single_instrument(("vocals", "bagpipes", "fiddle"))
    'fiddle'
    """
    for word in instruments:
        plural = word.endswith("s") and word not in _ONE
        if not plural and word not in _NO_SINGLE and INSTRUMENTS[word].family != "voices":
            return word
    return None
