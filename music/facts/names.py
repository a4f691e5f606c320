"""Facts from titles: live versions, remasters, the longest name."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from music.evidence import Evidence
from music.facts.common import beyond, count, has_word, ids, percent
from music.profile import Fact, fact_kind

ENOUGH = 20
MANY = 60  # of these one may speak, however large the library


def _many(has: pd.Series, usual: float) -> bool:
    """Whether ten tracks and more than usual, or a great many, have something in their titles."""
    n = int(has.sum())
    return n >= 10 and (n >= usual * len(has) or n >= MANY)


@fact_kind("live_versions")
def live_versions(evidence: Evidence) -> Iterator[Fact]:
    """Many recordings with a crowd in them."""
    live = evidence.tracks["name"].fillna("").str.contains(r"[-(\[]\s*live\b", case=False)
    if not _many(live, 0.03):
        return
    values = {"n": count(live.sum()), "percent": percent(float(live.mean()))}
    yield Fact(
        "live_versions", f"{values['n']} of your tracks are live recordings.", values,
        ids(evidence.tracks.index[live]), beyond(float(live.mean()), 0.03, 0.2), float(live.sum()),
    )  # fmt: skip


@fact_kind("remasters")
def remasters(evidence: Evidence) -> Iterator[Fact]:
    """Old songs, polished."""
    polished = has_word(evidence.tracks["name"], "remaster", "remastered")
    if not _many(polished, 0.04):
        return
    values = {"n": count(polished.sum()), "percent": percent(float(polished.mean()))}
    yield Fact(
        "remasters", f"{values['n']} of your tracks are remasters.", values,
        ids(evidence.tracks.index[polished]), beyond(float(polished.mean()), 0.04, 0.25),
        float(polished.sum()),
    )  # fmt: skip


@fact_kind("remixes")
def remixes(evidence: Evidence) -> Iterator[Fact]:
    """Songs that were changed by somebody else: remixes, sped up, slowed."""
    changed = has_word(evidence.tracks["name"], "remix", "sped up", "slowed", "nightcore", "reverb")
    if not _many(changed, 0.04):
        return
    values = {"n": count(changed.sum()), "percent": percent(float(changed.mean()))}
    yield Fact(
        "remixes", f"{values['n']} of your tracks are remixes, sped up or slowed down.", values,
        ids(evidence.tracks.index[changed]), beyond(float(changed.mean()), 0.04, 0.2),
        float(changed.sum()),
    )  # fmt: skip


@fact_kind("long_title")
def long_title(evidence: Evidence) -> Iterator[Fact]:
    """A title longer than some songs."""
    names = evidence.tracks["name"].dropna()
    if len(names) < ENOUGH:
        return
    words = names.str.count(r"\S+")
    best = str(words.idxmax())
    n = int(words.max())
    if n < 10 or len(names[best]) > 120:
        return
    values = {"track": str(names[best]), "n": count(n)}
    yield Fact(
        "long_title", f"The title “{values['track']}” has {n} words.", values, ids([best]),
        beyond(n, 12, 22), float(n),
    )  # fmt: skip
