"""How the labelled prompts write a specification, so that tests and benchmarks count alike."""

from __future__ import annotations

from pathlib import Path

from llm.lexicon import index, key
from llm.playlist import LEVELS
from music.playlist import PlaylistSpec

PHRASES = Path(__file__).parent.parent / "tests" / "llm" / "phrases"


def lines(name: str) -> list[str]:
    """The rows of a labelled list, without its comments."""
    text = (PHRASES / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def concept(name: str) -> str:
    """The concept a name means, so that synonyms count as one."""
    known = index().get(key(name))
    return {"christmas music": "christmas"}.get(known.name, known.name) if known else name


def _span(low: float | None, high: float | None) -> str:
    return "-".join("" if v is None else f"{v:g}" for v in (low, high))


def slots(spec: PlaylistSpec) -> set[str]:
    """A specification as the labels of ``prompts.txt`` write it."""
    blank, out = PlaylistSpec(), set()
    for slot, letter in (
        ("genres", "x"), ("not_genres", "-x"), ("themes", "x"), ("not_themes", "-x"),
        ("moods", "m"), ("not_moods", "-m"), ("activities", "a"),
    ):  # fmt: skip
        out |= {f"{letter}:{concept(name)}" for name in getattr(spec, slot)}
    for role in ("like", "only", "not"):
        out |= {f"{role}:{name}" for name in getattr(spec, f"artists_{role}")}
    for slot, letter in (("years", "y"), ("tempo_bpm", "bpm"), ("duration_s", "dur")):
        if getattr(spec, slot) != (None, None):
            out.add(f"{letter}:{_span(*getattr(spec, slot))}")
    out |= {f"y:{_span(*era)}" for era in spec.eras}
    out |= {f"-y:{_span(*era)}" for era in spec.not_eras}
    level = {bounds: name for name, bounds in LEVELS.items()}
    out |= {f"lvl:{level[bounds]}" for bounds in spec.levels}
    out |= {f"kw:{word}" for word in spec.keywords}
    if spec.n_tracks not in (blank.n_tracks, None):
        out.add(f"n:{spec.n_tracks}")
    if spec.minutes:
        out.add(f"min:{spec.minutes:g}")
    if spec.per_artist not in (blank.per_artist, None):
        out.add(f"per:{spec.per_artist}")
    if spec.popularity != (None, None):
        out.add("pop:high" if spec.popularity[0] else "pop:low")
    flags = {("explicit", False): "clean", ("explicit", True): "explicit"}
    flags |= {("known", True): "known", ("known", False): "new"}
    out |= {flag for (slot, value), flag in flags.items() if getattr(spec, slot) is value}
    return out | ({f"order:{spec.order}"} if spec.order != blank.order else set())


DEFAULTS = {"n:30", "order:arc", "per:3"}  # said outright they look like nothing said


def labels(text: str) -> set[str]:
    """What a row says must be understood, as a set."""
    out = set()
    for part in filter(None, (p.strip() for p in text.split(";"))):
        slot, _, value = part.partition(":")
        if slot in ("g", "t", "-g", "-t"):
            out.add(f"{slot[:-1]}x:{concept(value)}")
        elif slot in ("m", "a", "-m"):
            out.add(f"{slot}:{concept(value)}")
        elif slot != "name":
            out.add(part)
    return out - DEFAULTS
