"""Facts from how the music sounds and how long it is."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from music.evidence import Evidence
from music.facts.common import beyond, count, ids, percent
from music.profile import Fact, fact_kind

ENOUGH = 20


def _share(evidence: Evidence, column: str, low: float, high: float) -> tuple[float, pd.Index]:
    """The share of known values within bounds, and the tracks that are."""
    values = evidence.tracks[column].dropna()
    if len(values) < ENOUGH:
        return 0.0, values.index[:0]
    inside = values.between(low, high)
    return float(inside.mean()), values.index[inside]


def _fact(
    kind: str, sentence: str, share: float, rows: pd.Index, common: float, extreme: float
) -> Iterator[Fact]:
    """A fact about a share, if it is anywhere near unusual."""
    if share < common:
        return
    values = {"percent": percent(share), "n": count(len(rows))}
    text = sentence.format(**values)
    yield Fact(kind, text, values, ids(rows), beyond(share, common, extreme), share)


@fact_kind("sad")
def sad(evidence: Evidence) -> Iterator[Fact]:
    """Mostly sad music (valence below 0.3; a quarter of all music is)."""
    share, rows = _share(evidence, "valence", 0, 0.3)
    yield from _fact("sad", "{percent} % of your music is sad.", share, rows, 0.33, 0.7)


@fact_kind("happy")
def happy(evidence: Evidence) -> Iterator[Fact]:
    """Mostly happy music (valence above 0.7; a fifth of all music is)."""
    share, rows = _share(evidence, "valence", 0.7, 1)
    yield from _fact("happy", "{percent} % of your music is happy.", share, rows, 0.33, 0.65)


@fact_kind("fast")
def fast(evidence: Evidence) -> Iterator[Fact]:
    """Much above 150 beats a minute (a sixth of all music is)."""
    share, rows = _share(evidence, "tempo_bpm", 150, 300)
    sentence = "{percent} % of your music is faster than 150 beats a minute."
    yield from _fact("fast", sentence, share, rows, 0.22, 0.5)


@fact_kind("slow")
def slow(evidence: Evidence) -> Iterator[Fact]:
    """Much below 90 beats a minute (a seventh of all music is)."""
    share, rows = _share(evidence, "tempo_bpm", 1, 90)
    sentence = "{percent} % of your music is slower than 90 beats a minute."
    yield from _fact("slow", sentence, share, rows, 0.22, 0.5)


@fact_kind("loud")
def loud(evidence: Evidence) -> Iterator[Fact]:
    """Much with energy above 0.85 (a fifth of all music is)."""
    share, rows = _share(evidence, "energy", 0.85, 1)
    yield from _fact("loud", "{percent} % of your music is at full energy.", share, rows, 0.3, 0.65)


@fact_kind("gentle")
def gentle(evidence: Evidence) -> Iterator[Fact]:
    """Much with energy below 0.35 (a twelfth of all music is)."""
    share, rows = _share(evidence, "energy", 0, 0.35)
    yield from _fact("gentle", "{percent} % of your music barely moves.", share, rows, 0.18, 0.55)


@fact_kind("acoustic")
def acoustic(evidence: Evidence) -> Iterator[Fact]:
    """Much acousticness above 0.6 (a seventh of all music is)."""
    share, rows = _share(evidence, "acousticness", 0.6, 1)
    yield from _fact("acoustic", "{percent} % of your music is acoustic.", share, rows, 0.25, 0.6)


@fact_kind("wordless")
def wordless(evidence: Evidence) -> Iterator[Fact]:
    """Much without a voice (a tenth of all music is)."""
    share, rows = _share(evidence, "instrumentalness", 0.5, 1)
    yield from _fact("wordless", "{percent} % of your music has no voice.", share, rows, 0.18, 0.6)


@fact_kind("minor")
def minor(evidence: Evidence) -> Iterator[Fact]:
    """Mostly minor keys (two fifths of all music is)."""
    share, rows = _share(evidence, "mode", 0, 0)
    sentence = "{percent} % of your music is in a minor key."
    yield from _fact("minor", sentence, share, rows, 0.48, 0.7)


@fact_kind("major")
def major(evidence: Evidence) -> Iterator[Fact]:
    """Nearly all major keys."""
    share, rows = _share(evidence, "mode", 1, 1)
    sentence = "{percent} % of your music is in a major key."
    yield from _fact("major", sentence, share, rows, 0.7, 0.9)


@fact_kind("short")
def short(evidence: Evidence) -> Iterator[Fact]:
    """Much under two and a half minutes."""
    share, rows = _share(evidence, "duration_s", 30, 150)
    sentence = "{percent} % of your tracks end within two and a half minutes."
    yield from _fact("short", sentence, share, rows, 0.2, 0.6)


@fact_kind("long")
def long(evidence: Evidence) -> Iterator[Fact]:
    """The longest track."""
    lasting = evidence.tracks.dropna(subset=["duration_s", "name"]).sort_values("duration_s")
    if len(lasting) < ENOUGH or lasting["duration_s"].iloc[-1] < 480:
        return
    row = lasting.iloc[-1]
    minutes = float(row["duration_s"]) / 60
    values = {"track": str(row["name"]), "minutes": count(minutes)}
    yield Fact(
        "long", f"“{values['track']}” lasts {values['minutes']} minutes.", values,
        ids(lasting.index[-1:]), beyond(minutes, 8, 20), minutes,
    )  # fmt: skip


@fact_kind("explicit")
def explicit(evidence: Evidence) -> Iterator[Fact]:
    """Much with the parental warning."""
    known = evidence.tracks["explicit"].dropna()
    if len(known) < ENOUGH:
        return
    share, rows = float(known.mean()), known.index[known.astype(bool)]
    sentence = "{percent} % of your music carries a parental warning."
    yield from _fact("explicit", sentence, share, rows, 0.25, 0.6)
