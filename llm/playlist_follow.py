"""Follow-ups to a wish: "less upbeat", "more 90s", "drop the Coldplay", "undo".

A follow-up changes only what it names. Each keeps the wish before it, so every step can be undone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any, Final

import numpy as np

from llm.lexicon.reading import Match, read
from llm.playlist import Wish, ask_open, check, playlist_from_text, sort_matches, start
from llm.playlist_artists import Gazetteer
from llm.playlist_draft import Draft, either, fold, phrases
from llm.playlist_open import Choose
from llm.playlist_talk import telling
from llm.vibes import blend
from music.features import NAMES
from music.playlist import PlaylistSpec
from music.vibe import Vibe

STEP: Final = 0.2  # what "more" or "less" moves a level, as a percentile
LENGTHEN: Final = 1.5

_UNDO: Final = re.compile(rf"\s*{either('undo')}[.!]*\s*")
_AFRESH: Final = re.compile(rf"\s*{either('afresh')}\b[,.:;!]*\s*")
_MORE, _LESS = phrases("more"), phrases("less")
_EXTRA: Final = re.compile(
    rf"\b(?:(\d{{1,3}})\s+{either('extra')}|{either('add')}\s+(\d{{1,3}}))\b(?:\s+{either('tracks')}\b)?"
)
_LONGER: Final = re.compile(rf"\b(?:{either('make it')} )*{either('longer')}\b")
_SHORTER: Final = re.compile(rf"\b(?:{either('make it')} )*{either('shorter')}\b")
_SOLELY: Final = re.compile(rf"\b{either('solely')}\b")

# What a new value adds to, and what it takes the place in.
_PAIRS: Final = {
    "genres": "not_genres", "moods": "not_moods", "themes": "not_themes", "eras": "not_eras",
    "artists_like": "artists_not", "artists_only": "artists_not",
}  # fmt: skip
_SUMS: Final = ("activities", "keywords", "songs")


def refine(
    wish: Wish,
    text: str,
    artists: Gazetteer | Iterable[str] = (),
    today: date | None = None,
    choose: Choose | None = None,
) -> Wish:
    """The wish after one more sentence.

    Parameters
    ----------
    text
        What to change; "undo" takes the last change back, "start over" forgets everything.
    artists, today, choose
        As in `llm.playlist.playlist_from_text`.

    Returns
    -------
    Wish
        ``parts``, ``notes`` and ``not_understood`` speak of this sentence; a sentence that says
        nothing ("thanks!") leaves the specification as it is.

    Raises
    ------
    InputError
        If there is no text, or too much.
    """
    check(text)
    folded = fold(text)
    if _UNDO.fullmatch(folded):
        return wish.before or replace(wish, parts=(), notes=("There is nothing to undo.",))
    if afresh := _AFRESH.match(folded):
        rest = text[afresh.end() :].strip()
        new = playlist_from_text(rest, artists, today, choose) if rest else Wish(PlaylistSpec())
        return replace(new, before=wish)
    draft = start(text, artists, today or date.today())
    _named(draft)
    lengths = _lengths(draft, wish.spec)
    reading = read(draft.text, scenes=False)
    nudges = [(m, _direction(reading.tokens, m)) for m in reading.matches]
    plain = [m for m, direction in nudges if direction == 0]
    sounding = sort_matches(draft, [m for m, d in nudges if d == 0 or not _is_level(m)])
    vibe = _nudged(wish.spec.vibe, [(m, d) for m, d in nudges if d and _is_level(m)], draft)
    more, unknown = ask_open(draft, reading, choose)
    vibe = _mixed(vibe, [*(m for m in sounding if m in plain), *more])
    spec = merge(wish.spec, {**draft.slots, **lengths}, vibe)
    return Wish(
        spec=replace(spec, text=(*wish.spec.text, *telling(text, draft.parts))),
        parts=tuple(draft.parts),
        not_understood=unknown,
        notes=tuple(draft.notes),
        said=(*wish.said, text),
        before=wish,
    )


def merge(old: PlaylistSpec, new: Mapping[str, Any], vibe: Vibe | None = None) -> PlaylistSpec:
    """A specification with some slots changed.

    What is asked for now is no longer refused, and the other way round; numbers take the place of
    numbers; artists named last stand first.
    """
    slots: dict[str, Any] = {f.name: getattr(old, f.name) for f in fields(old)}
    slots["vibe"] = vibe or old.vibe
    for want, refuse in _PAIRS.items():
        for here, there in ((want, refuse), (refuse, want)):
            fresh = tuple(new.get(here, ()))
            slots[there] = tuple(v for v in slots[there] if v not in fresh)
            held = tuple(v for v in slots[here] if v not in fresh)
            slots[here] = fresh + held if here == "artists_like" else held + fresh
    for name in _SUMS:
        slots[name] = tuple(dict.fromkeys((*slots[name], *new.get(name, ()))))
    levels = {f: (f, low, high) for f, low, high in (*slots["levels"], *new.get("levels", ()))}
    slots["levels"] = tuple(levels.values())
    handled = {*_PAIRS, *_PAIRS.values(), *_SUMS, "levels", "text"}
    slots |= {name: value for name, value in new.items() if name not in handled}
    if "years" in new and old.years != (None, None) and "eras" not in new:
        slots["years"], slots["eras"] = _joined(old, new["years"])
    if "minutes" in new and "n_tracks" not in new:
        slots["n_tracks"] = None
    if "n_tracks" in new and "minutes" not in new:
        slots["minutes"] = None
    return PlaylistSpec(**slots)


def _joined(old: PlaylistSpec, years: tuple[int | None, int | None]) -> tuple[Any, Any]:
    """Both: "more 90s" after the 80s means both; a new bound simply replaces the old."""
    if None in years or None in old.years:
        return years, old.eras
    return (None, None), (*old.eras, old.years, years)


def _named(draft: Draft) -> None:
    """In a follow-up "some songs by X" adds X to what there is, unless it says "only"."""
    if "artists_only" in draft.slots and not _SOLELY.search(draft.text):
        here = draft.slots.pop("artists_only") + draft.slots.get("artists_like", ())
        draft.slots["artists_like"] = tuple(dict.fromkeys(here))


def _lengths(draft: Draft, old: PlaylistSpec) -> dict[str, Any]:
    """Lengths relative to before, "20 more" or "longer": counted from what there was."""
    change = 0
    for match in draft.take(_EXTRA):
        change += int(match[1] or match[2])
    factor = 1.0
    for pattern, by in ((_LONGER, LENGTHEN), (_SHORTER, 1 / LENGTHEN)):
        for _ in draft.take(pattern):
            factor *= by
    if not change and factor == 1.0:
        return {}
    if old.minutes is not None and not change:
        return {"minutes": min(max(old.minutes * factor, 1.0), 6_000.0)}
    n = round((old.n_tracks or 30) * factor) + change
    draft.tell("n_tracks", "longer" if n > (old.n_tracks or 30) else "shorter", f"Now {n} tracks.")
    return {"n_tracks": min(max(n, 1), 1_000)}


def _is_level(match: Match) -> bool:
    return bool(match.concept.features) and match.concept.theme in ("moods", "times", "weather")


def _direction(words: tuple[str, ...], match: Match) -> int:
    """1 after "more" or in a comparative, -1 after "less" or "too", 0 otherwise."""
    before = set(words[max(match.start - 2, 0) : match.start])
    if before & _LESS or match.refused:
        return -1
    comparative = match.said.endswith("er") and match.said != match.concept.name
    return 1 if before & _MORE or comparative else 0


def _nudged(vibe: Vibe, nudges: list[tuple[Match, int]], draft: Draft) -> Vibe:
    """The vibe with some levels moved a step."""
    changes: dict[str, float] = {}
    for match, direction in nudges:
        targets = match.concept.features
        loudest = max(abs(t - 0.5) for t in targets.values())
        for name, target in targets.items():
            if abs(target - 0.5) < loudest:
                continue
            now = changes.get(name, vibe.features[NAMES.index(name)])
            changes[name] = float(np.clip(now + direction * np.sign(target - 0.5) * STEP, 0, 1))
        way = "More" if direction > 0 else "Less"
        draft.tell("vibe", match.said, f"{way} {match.concept.name} than before.", direction < 0)
    return vibe.with_(**changes) if changes else vibe


def _mixed(vibe: Vibe, matches: list[Match]) -> Vibe:
    """The vibe with new concepts in it; what they say about a level counts more than before."""
    if not matches:
        return vibe
    new, avoid = blend(matches, vibe.origin)
    both = vibe.toward(new, 0.6) if any(vibe.weights) or vibe.words else new
    weights = tuple(max(a, b) for a, b in zip(vibe.weights, new.weights, strict=True))
    words = {w: x for w, x in both.words if w not in avoid}
    return Vibe(both.features, weights, Vibe.of(words=words).words, vibe.origin)
