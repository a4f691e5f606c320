"""Facts from how plays follow each other: in a row, at night, after years, and not at all."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from music.evidence import Evidence
from music.facts.common import beyond, count, date, ids, month_of, percent, title_of
from music.profile import Fact, fact_kind

ENOUGH = 200  # plays before habits are spoken of
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@fact_kind("in_a_row")
def in_a_row(evidence: Evidence) -> Iterator[Fact]:
    """One song again and again without anything between (three times happens to everybody)."""
    heard = evidence.heard
    if len(heard) < ENOUGH:
        return
    starts = np.flatnonzero(np.diff(heard.row, prepend=-1))
    lengths = np.diff(starts, append=len(heard))
    best = int(lengths.argmax())
    n, at = int(lengths[best]), int(starts[best])
    if n < 5:
        return
    row = int(heard.row[at])
    values = title_of(evidence, row) | {"n": count(n), "date": date(int(heard.day[at]))}
    yield Fact(
        "in_a_row",
        f"On {values['date']} you played “{values['track']}” {n} times in a row.",
        values, ids([evidence.tracks.index[row]]), beyond(n, 5, 20), float(n),
    )  # fmt: skip


@fact_kind("top_ten")
def top_ten(evidence: Evidence) -> Iterator[Fact]:
    """Ten songs are a large share of all plays (a tenth is common)."""
    heard = evidence.heard
    counts = np.bincount(heard.row, minlength=1)
    total = int((counts > 0).sum())
    if len(heard) < ENOUGH or total < 40:
        return
    best = np.argsort(-counts, kind="stable")[:10]
    share = float(counts[best].sum() / len(heard))
    if share < 0.08:
        return
    values = {"percent": percent(share), "total": count(total)}
    yield Fact(
        "top_ten",
        f"You played {values['total']} different songs; ten of them are {values['percent']} % "
        "of your plays.",
        values, ids(evidence.tracks.index[best]), beyond(share, 0.1, 0.4), share,
    )  # fmt: skip


@fact_kind("left_artist")
def left_artist(evidence: Evidence) -> Iterator[Fact]:
    """Somebody who was played a lot and then, for half a year or more, not once."""
    heard, names = evidence.heard, evidence.artists
    if len(heard) < ENOUGH or int(heard.day[-1] - heard.day[0]) < 300:
        return
    codes, artists = names.factorize()
    who = codes[heard.row]
    counts = np.bincount(who[who >= 0], minlength=len(artists))
    last = np.zeros(len(artists), dtype=np.int64)
    np.maximum.at(last, who[who >= 0], heard.day[who >= 0])
    gone = (last < heard.day[-1] - 180) & (counts >= 20)
    if not gone.any():
        return
    best = int(np.where(gone, counts, 0).argmax())
    values = {
        "artist": str(artists[best]), "n": count(counts[best]), **month_of(int(last[best])),
    }  # fmt: skip
    yield Fact(
        "left_artist",
        f"You played {values['artist']} {values['n']} times, until {values['month']} "
        f"{values['year']}, and never again.",
        values, ids(evidence.tracks.index[codes == best]), beyond(counts[best], 25, 120),
        float(counts[best]),
    )  # fmt: skip


@fact_kind("one_hit")
def one_hit(evidence: Evidence) -> Iterator[Fact]:
    """Several tracks saved of somebody, and one of them is nearly all that is played."""
    heard = evidence.heard
    if len(heard) < ENOUGH:
        return
    counts = np.bincount(heard.row, minlength=len(evidence.tracks))
    codes, artists = evidence.artists.factorize()
    if not len(artists):
        return
    known = codes >= 0
    owned = np.bincount(codes[known], minlength=len(artists))
    played = np.bincount(codes[known], weights=counts[known], minlength=len(artists))
    best = np.zeros(len(artists))
    np.maximum.at(best, codes[known], counts[known])
    fits = (owned >= 4) & (best >= 15) & (best > 0.7 * played)
    if not fits.any():
        return
    who = int(np.where(fits, best, 0).argmax())
    row = int(np.where(codes == who, counts, -1).argmax())
    share = float(best[who] / played[who])
    values = title_of(evidence, row) | {
        "n": count(best[who]), "percent": percent(share), "owned": count(owned[who]),
    }  # fmt: skip
    yield Fact(
        "one_hit",
        f"You saved {values['owned']} tracks by {values['artist']}; {values['percent']} % of the "
        f"plays go to “{values['track']}”.",
        values, ids([evidence.tracks.index[row]]), beyond(share * best[who], 15, 100), share,
    )  # fmt: skip


@fact_kind("skipped_song")
def skipped_song(evidence: Evidence) -> Iterator[Fact]:
    """The song that is started most often and left within thirty seconds."""
    played_s = evidence.library.plays["played_s"].to_numpy()
    known = evidence.play_rows >= 0
    if known.sum() < ENOUGH:
        return
    left = known & (played_s < 30)
    counts = np.bincount(evidence.play_rows[left], minlength=len(evidence.tracks))
    started = np.bincount(evidence.play_rows[known], minlength=len(evidence.tracks))
    row = int(np.where(counts >= 0.5 * started, counts, 0).argmax())
    n = int(counts[row])
    if n < 6:
        return
    values = title_of(evidence, row) | {"n": count(n), "total": count(started[row])}
    yield Fact(
        "skipped_song",
        f"You started “{values['track']}” {values['total']} times and left it within thirty "
        f"seconds {n} times.",
        values, ids([evidence.tracks.index[row]]), beyond(n, 6, 25), float(n),
    )  # fmt: skip


@fact_kind("silence")
def silence(evidence: Evidence) -> Iterator[Fact]:
    """The longest time without any music, between plays."""
    heard = evidence.heard
    if len(heard) < ENOUGH:
        return
    gaps = np.diff(heard.day)
    at, days = int(gaps.argmax()), int(gaps.max()) - 1
    if days < 5:
        return
    row = int(heard.row[at + 1])
    values = title_of(evidence, row) | {"days": count(days), **month_of(int(heard.day[at]))}
    yield Fact(
        "silence",
        f"In {values['month']} {values['year']} you played nothing for {days} days, then "
        f"“{values['track']}”.",
        values, ids([evidence.tracks.index[row]]), beyond(days, 6, 40), float(days),
    )  # fmt: skip


@fact_kind("small_hours")
def small_hours(evidence: Evidence) -> Iterator[Fact]:
    """Much between midnight and five, UTC (about one play in twenty is common)."""
    heard = evidence.heard
    late = heard.hour < 5
    share = float(late.mean()) if len(heard) else 0.0
    if len(heard) < ENOUGH or share < 0.08:
        return
    rows = np.unique(heard.row[late])
    values = {"percent": percent(share), "n": count(late.sum())}
    yield Fact(
        "small_hours",
        f"{values['percent']} % of your plays are between midnight and five in the morning (UTC).",
        values, ids(evidence.tracks.index[rows]), beyond(share, 0.08, 0.35), share,
    )  # fmt: skip


@fact_kind("weekday")
def weekday(evidence: Evidence) -> Iterator[Fact]:
    """One day of the week has more music than the others (a seventh would be even)."""
    heard = evidence.heard
    if len(heard) < ENOUGH or int(heard.day[-1] - heard.day[0]) < 60:
        return
    counts = np.bincount(heard.weekday, minlength=7)
    best = int(counts.argmax())
    share = float(counts[best] / len(heard))
    if share < 0.18:
        return
    rows = np.unique(heard.row[heard.weekday == best])
    values = {"day": DAYS[best], "percent": percent(share), "other": DAYS[int(counts.argmin())]}
    yield Fact(
        "weekday",
        f"{values['percent']} % of your plays are on a {values['day']}, the fewest on a "
        f"{values['other']}.",
        values, ids(evidence.tracks.index[rows]), beyond(share, 0.17, 0.3), share,
    )  # fmt: skip


@fact_kind("new_year")
def new_year(evidence: Evidence) -> Iterator[Fact]:
    """The first song of a year, if it was played on its first day."""
    heard = evidence.heard
    if len(heard) < ENOUGH:
        return
    years = heard.day.astype("datetime64[D]").astype("datetime64[Y]")
    firsts = np.flatnonzero(years[1:] != years[:-1]) + 1
    on_the_day = [
        int(at) for at in firsts
        if heard.day[at] == years[at].astype("datetime64[D]").astype(np.int64)
    ]  # fmt: skip
    if not on_the_day:
        return
    row = int(heard.row[on_the_day[-1]])
    values = title_of(evidence, row) | {"year": str(years[on_the_day[-1]])}
    yield Fact(
        "new_year", f"The first song you played in {values['year']} was “{values['track']}”.",
        values, ids([evidence.tracks.index[row]]), 0.6, float(values["year"]),
    )  # fmt: skip
