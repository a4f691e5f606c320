"""Facts from plays: what was played how often, when, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from music.evidence import Evidence
from music.facts.common import (
    MONTHS,
    artist_of,
    beyond,
    count,
    has_word,
    ids,
    percent,
)
from music.profile import Fact, fact_kind

ENOUGH = 100  # plays before habits are spoken of
CHRISTMAS = ("christmas", "xmas", "santa", "noel", "weihnacht", "navidad", "jingle", "sleigh")


@fact_kind("one_song")
def one_song(evidence: Evidence) -> Iterator[Fact]:
    """One song played again and again."""
    plays = evidence.counted
    sizes = plays.groupby("track_id").size()
    if len(plays) < ENOUGH or sizes.max() < 40:
        return
    best = str(sizes.idxmax())
    row = evidence.tracks.loc[[best]].iloc[0]
    values = {"track": str(row["name"]), "artist": artist_of(row), "n": count(sizes.max())}
    yield Fact(
        "one_song", f"You played “{values['track']}” {values['n']} times.", values, (best,),
        beyond(sizes.max(), 60, 180), float(sizes.max()),
    )  # fmt: skip


@fact_kind("one_artist")
def one_artist(evidence: Evidence) -> Iterator[Fact]:
    """One artist takes a large share of all plays."""
    plays = evidence.counted
    shares = plays["artist"].value_counts(normalize=True)
    if len(plays) < ENOUGH or shares.empty or shares.iloc[0] < 0.1:
        return
    artist, share = str(shares.index[0]), float(shares.iloc[0])
    rows = plays.loc[plays["artist"] == artist, "track_id"]
    values = {"artist": artist, "percent": percent(share), "n": count(len(rows))}
    yield Fact(
        "one_artist", f"{values['percent']} % of your plays are {artist}.", values, ids(rows),
        beyond(share, 0.12, 0.4), share,
    )  # fmt: skip


@fact_kind("skips")
def skips(evidence: Evidence) -> Iterator[Fact]:
    """Songs left within seconds."""
    plays = evidence.plays
    left = plays[plays["played_s"] < 30]
    share = len(left) / max(len(plays), 1)
    if len(plays) < ENOUGH or share < 0.15:
        return
    values = {"percent": percent(share), "seconds": count(left["played_s"].median())}
    yield Fact(
        "skips",
        f"You leave {values['percent']} % of songs, usually after {values['seconds']} seconds.",
        values, ids(left["track_id"].value_counts().index), beyond(share, 0.2, 0.4), share,
    )  # fmt: skip


@fact_kind("night")
def night(evidence: Evidence) -> Iterator[Fact]:
    """A genre that belongs to the small hours."""
    plays = evidence.counted.dropna(subset="genre")
    late = plays[plays["at"].dt.hour.isin((2, 3, 4))]
    if len(plays) < ENOUGH or len(late) < 25:
        return
    at_night = late["genre"].value_counts(normalize=True)
    always = plays["genre"].value_counts(normalize=True)
    lift = (at_night / always.reindex(at_night.index)).where(at_night > 0.1).dropna()
    if lift.empty or lift.max() < 2:
        return
    genre = str(lift.idxmax())
    rows = late[late["genre"] == genre]
    values = {"genre": genre, "percent": percent(at_night[genre]), "n": count(len(rows))}
    yield Fact(
        "night",
        f"Between two and five in the morning {values['percent']} % of what you play is {genre}.",
        values, ids(rows["track_id"]), beyond(float(lift[genre]), 2, 6), float(lift[genre]),
    )  # fmt: skip


@fact_kind("phase")
def phase(evidence: Evidence) -> Iterator[Fact]:
    """A genre that came for a few days and never again."""
    plays = evidence.counted.dropna(subset="genre")
    sizes = plays["genre"].value_counts()
    codes, at = plays["genre"].to_numpy(), plays["at"]
    for genre in sizes[(sizes >= 25) & (sizes < len(plays) / 3)].index:
        of_genre = plays[codes == genre]
        when = at[codes == genre]
        middle = when.sort_values().iloc[len(when) // 2]
        near = of_genre[(when - middle).abs() <= pd.Timedelta(days=10)]
        if len(near) / len(of_genre) < 0.9:
            continue
        days = (near["at"].max() - near["at"].min()).days + 1
        values = {
            "genre": str(genre), "days": count(days), "n": count(len(near)),
            "month": MONTHS[middle.month - 1], "year": str(middle.year),
        }  # fmt: skip
        yield Fact(
            "phase",
            f"For {values['days']} days in {values['month']} {values['year']} you played "
            f"{genre} {values['n']} times, and hardly ever again.",
            values, ids(near["track_id"]), beyond(1 / days, 1 / 21, 1 / 10), float(days),
        )  # fmt: skip


@fact_kind("out_of_season")
def out_of_season(evidence: Evidence) -> Iterator[Fact]:
    """Christmas music in summer."""
    tracks = evidence.tracks
    festive = has_word(tracks["genres"], *CHRISTMAS) | has_word(tracks["name"], *CHRISTMAS)
    plays = evidence.counted
    plays = plays[plays["track_id"].isin(tracks.index[festive])]
    summer = plays[plays["at"].dt.month.isin((5, 6, 7, 8))]
    if len(summer) < 3:
        return
    month = MONTHS[int(summer["at"].dt.month.mode().iloc[0]) - 1]
    values = {"n": count(len(summer)), "month": month}
    yield Fact(
        "out_of_season",
        f"You played Christmas songs {values['n']} times between May and August, most in {month}.",
        values, ids(summer["track_id"]), beyond(len(summer), 2, 15), float(len(summer)),
    )  # fmt: skip


@fact_kind("busiest_day")
def busiest_day(evidence: Evidence) -> Iterator[Fact]:
    """The day with the most music in it."""
    plays = evidence.counted
    if len(plays) < ENOUGH:
        return
    hours = plays.groupby(plays["at"].dt.floor("D"))["played_s"].sum() / 3600
    day, most = pd.Timestamp(str(hours.idxmax())), float(hours.max())
    if most < 5:
        return
    date = f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    rows = plays.loc[plays["at"].dt.floor("D") == day, "track_id"]
    values = {"date": date, "hours": count(most), "n": count(len(rows))}
    yield Fact(
        "busiest_day", f"On {date} you listened for {values['hours']} hours.", values, ids(rows),
        beyond(most, 6, 16), most,
    )  # fmt: skip


@fact_kind("never_played")
def never_played(evidence: Evidence) -> Iterator[Fact]:
    """Tracks that are owned and never listened to."""
    if len(evidence.library.plays) < ENOUGH or len(evidence.tracks) < 50:
        return
    played = np.zeros(len(evidence.tracks), dtype=bool)
    played[evidence.play_rows[evidence.play_rows >= 0]] = True
    share = 1 - float(played.mean())
    if share < 0.1:
        return
    rows = evidence.tracks.index[~played]
    values = {"percent": percent(share), "n": count(len(rows))}
    yield Fact(
        "never_played", f"{values['n']} tracks in your library were never played.", values,
        ids(rows), beyond(share, 0.3, 0.8), float(share),
    )  # fmt: skip
