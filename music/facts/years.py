"""Facts from years: where somebody is stuck, what they missed, and the oldest thing they own."""

from __future__ import annotations

from collections.abc import Iterator

from music.evidence import Evidence
from music.facts.common import artist_of, beyond, ids, percent
from music.profile import Fact, fact_kind

ENOUGH = 20
WINDOW = 4  # years
EARLIEST = 1920  # older release dates are nearly always mistakes of a catalogue


@fact_kind("stuck_years")
def stuck_years(evidence: Evidence) -> Iterator[Fact]:
    """Four years that hold a large share of everything."""
    years = evidence.tracks["year"].dropna()
    if len(years) < ENOUGH:
        return
    counts = years.astype(int).value_counts().sort_index()
    spans = {y: int(counts.loc[y : y + WINDOW - 1].sum()) for y in counts.index}
    start = max(spans, key=lambda y: (spans[y], y))
    share, end = spans[start] / len(years), start + WINDOW - 1
    if share < 0.25 or end >= int(years.max()) - 5:
        return  # the last years are where most people are
    values = {"from": str(start), "to": str(end), "percent": percent(share)}
    rows = years.index[years.between(start, end)]
    yield Fact(
        "stuck_years",
        f"{values['percent']} % of your library came out between {start} and {end}.",
        values, ids(rows), beyond(share, 0.28, 0.45), share,
    )  # fmt: skip


@fact_kind("nothing_new")
def nothing_new(evidence: Evidence) -> Iterator[Fact]:
    """Hardly anything of the last five years."""
    years = evidence.tracks["year"].dropna()
    if len(years) < ENOUGH:
        return
    share = float((years > years.max() - 5).mean())
    if share > 0.15:
        return
    values = {"percent": percent(share), "year": str(int(years.median()))}
    rows = evidence.tracks.loc[years.index].sort_values("year").index
    yield Fact(
        "nothing_new",
        f"Only {values['percent']} % of your library is from its last five years.",
        values, ids(rows), beyond(-share, -0.15, -0.02), share,
    )  # fmt: skip


@fact_kind("only_new")
def only_new(evidence: Evidence) -> Iterator[Fact]:
    """Nothing older than a few years."""
    years = evidence.tracks["year"].dropna()
    if len(years) < ENOUGH:
        return
    share = float((years > years.max() - 5).mean())
    if share < 0.7:
        return
    values = {"percent": percent(share), "year": str(int(years.max()) - 4)}
    rows = years.index[years > years.max() - 5]
    yield Fact(
        "only_new", f"{values['percent']} % of your library is from {values['year']} or later.",
        values, ids(rows), beyond(share, 0.65, 0.95), share,
    )  # fmt: skip


@fact_kind("oldest")
def oldest(evidence: Evidence) -> Iterator[Fact]:
    """The one track from another age."""
    dated = evidence.tracks.dropna(subset=["year", "name"]).sort_values("year")
    dated = dated[dated["year"] >= EARLIEST]
    if len(dated) < ENOUGH:
        return
    row, median = dated.iloc[0], float(dated["year"].median())
    gap = median - float(row["year"])
    if gap < 25:
        return
    values = {"track": str(row["name"]), "artist": artist_of(row), "year": str(int(row["year"]))}
    yield Fact(
        "oldest", f"The oldest thing you own is “{values['track']}” from {values['year']}.",
        values, ids(dated.index[:1]), beyond(gap, 30, 90), gap,
    )  # fmt: skip
