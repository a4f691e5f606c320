"""Facts from what songs, albums and genres are called, and from what they add up to."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from music.evidence import Evidence
from music.facts.common import beyond, count, has_word, ids, of_genre, percent
from music.profile import Fact, fact_kind
from music.tracks import split

ENOUGH = 20  # tracks before titles are spoken of
HURT = (
    "cry",
    "crying",
    "tears",
    "alone",
    "lonely",
    "goodbye",
    "sorry",
    "hurt",
    "broken",
    "miss you",
)
GUILTY = (
    "nu metal", "eurodance", "post-grunge", "ska punk", "smooth jazz", "yacht rock", "hair metal",
    "crunk", "glee club", "bubblegum pop", "boy band", "happy hardcore", "dubstep", "chiptune",
    "pirate metal", "trance", "talent show", "soft rock", "hands up", "vocaloid",
    "show tunes", "nerdcore", "schlager", "screamo", "emo", "easy listening", "new age", "polka",
    "europop", "phonk", "hyperpop", "brostep",
)  # fmt: skip
DECADES = {
    1960: "sixties", 1970: "seventies", 1980: "eighties", 1990: "nineties", 2000: "noughties",
    2010: "tens",
}  # fmt: skip


def _titled(
    evidence: Evidence, kind: str, has: pd.Series, least: int, what: str, usual: float, much: float
) -> Iterator[Fact]:
    """A fact about the titles that have something in common, with the shortest as an example."""
    n, total = int(has.sum()), int(evidence.tracks["name"].notna().sum())
    if total < ENOUGH or n < least or n < usual * total:
        return
    names = evidence.tracks["name"][has]
    shortest = min(names, key=lambda name: (len(name), name))
    values = {"n": count(n), "track": str(shortest)}
    yield Fact(
        kind, f"{values['n']} of your titles {what}, “{shortest}” for one.", values,
        ids(names.index), beyond(n / total, usual, much), float(n),
    )  # fmt: skip


@fact_kind("love_titles")
def love_titles(evidence: Evidence) -> Iterator[Fact]:
    """Titles with the word love (about one in thirty of all)."""
    has = has_word(evidence.tracks["name"], "love")
    yield from _titled(evidence, "love_titles", has, 10, "say “love”", 0.03, 0.12)


@fact_kind("hurt_titles")
def hurt_titles(evidence: Evidence) -> Iterator[Fact]:
    """Titles that cry, say sorry or say goodbye."""
    has = has_word(evidence.tracks["name"], *HURT)
    what = "cry, say sorry or say goodbye"
    yield from _titled(evidence, "hurt_titles", has, 6, what, 0.01, 0.07)


@fact_kind("questions")
def questions(evidence: Evidence) -> Iterator[Fact]:
    """Titles that end in a question mark."""
    has = evidence.tracks["name"].fillna("").str.contains(r"\?\s*$")
    yield from _titled(evidence, "questions", has, 6, "are questions", 0.01, 0.06)


@fact_kind("shouting")
def shouting(evidence: Evidence) -> Iterator[Fact]:
    """Titles of four letters or more in capitals only."""
    names = evidence.tracks["name"].fillna("")
    has = names.str.isupper() & names.str.contains(r"[A-Z]{4}")
    yield from _titled(evidence, "shouting", has, 10, "are in capitals only", 0.03, 0.2)


@fact_kind("same_title")
def same_title(evidence: Evidence) -> Iterator[Fact]:
    """One title that several artists had the idea for."""
    named = evidence.songs[evidence.tracks["name"].notna() & evidence.tracks["artists"].notna()]
    distinct = pd.Series(named.unique())
    titles = distinct.str.split("\x1f").str[0]
    sizes = titles[titles.str.len() > 2].value_counts()
    if sizes.empty or sizes.iloc[0] < 3:
        return
    n = int(sizes.iloc[0])
    title = min(sizes.index[sizes == n])
    rows = named.index[named.str.split("\x1f").str[0] == title]
    shown = min((str(x) for x in evidence.tracks.loc[rows, "name"]), key=len)
    values = {"track": shown, "n": count(n)}
    yield Fact(
        "same_title", f"You own {n} different songs called “{shown}”.", values, ids(rows),
        beyond(n, 2, 7), float(n),
    )  # fmt: skip


@fact_kind("album_whole")
def album_whole(evidence: Evidence) -> Iterator[Fact]:
    """An album that is there nearly from end to end."""
    known = evidence.tracks.dropna(subset=["album", "artists"])
    if len(known) < ENOUGH:
        return
    pairs = known["album"] + "\x1f" + evidence.artists[known.index]
    sizes = pairs.value_counts()
    n = int(sizes.iloc[0])
    if n < 9:
        return
    album, artist = str(sizes.index[0]).split("\x1f")
    values = {"album": album, "artist": artist, "n": count(n)}
    yield Fact(
        "album_whole", f"You own {n} tracks of the album “{album}” by {artist}.", values,
        ids(known.index[pairs == sizes.index[0]]), beyond(n, 10, 40), float(n),
    )  # fmt: skip


@fact_kind("guilty_genre")
def guilty_genre(evidence: Evidence) -> Iterator[Fact]:
    """A genre that people lower their voice for."""
    counts = evidence.genre_counts
    known = int(evidence.tracks["genres"].notna().sum())
    guilty = counts[counts.index.isin(GUILTY)]
    if known < ENOUGH or guilty.empty or guilty.iloc[0] < 5:
        return
    genre, n = str(guilty.index[0]), int(guilty.iloc[0])
    values = {"genre": genre, "n": count(n)}
    yield Fact(
        "guilty_genre", f"You own {values['n']} tracks of {genre}.", values,
        ids(of_genre(evidence, genre)), beyond(n / known, 0.005, 0.1), float(n),
    )  # fmt: skip


@fact_kind("odd_couple")
def odd_couple(evidence: Evidence) -> Iterator[Fact]:
    """Two genres, both well stocked, with as little energy in common as possible."""
    genres = split(evidence.tracks["genres"]).explode().dropna()
    energy = evidence.tracks["energy"].reindex(genres.index)
    table = energy.groupby(genres.to_numpy()).agg(["mean", "count"])
    table = table[table["count"] >= 12].dropna()
    if len(table) < 4:
        return
    loud, soft = str(table["mean"].idxmax()), str(table["mean"].idxmin())
    gap = float(table["mean"].max() - table["mean"].min())
    if gap < 0.4:
        return
    rows = [*genres.index[genres == loud][:100], *genres.index[genres == soft][:100]]
    sizes = genres.value_counts()
    values = {
        "genre": loud, "other": soft, "n": count(int(sizes[loud])), "m": count(int(sizes[soft])),
    }  # fmt: skip
    yield Fact(
        "odd_couple",
        f"Your library holds {values['n']} tracks of {loud} and {values['m']} of {soft}.",
        values, ids(rows), beyond(gap, 0.4, 1.1), gap,
    )  # fmt: skip


@fact_kind("same_tempo")
def same_tempo(evidence: Evidence) -> Iterator[Fact]:
    """Many songs within three beats a minute of each other (a seventh is common)."""
    tempo = evidence.tracks["tempo_bpm"].dropna()
    if len(tempo) < ENOUGH:
        return
    beats = np.sort(tempo.to_numpy())
    inside = np.searchsorted(beats, beats + 6, side="right") - np.arange(len(beats))
    share, middle = float(inside.max() / len(beats)), float(beats[int(inside.argmax())] + 3)
    if share < 0.16:
        return
    rows = tempo.index[(tempo - middle).abs() <= 3]
    values = {"bpm": count(middle), "percent": percent(share)}
    yield Fact(
        "same_tempo",
        f"{values['percent']} % of your music lies within three beats a minute of {values['bpm']}.",
        values, ids(rows), beyond(share, 0.15, 0.4), share,
    )  # fmt: skip


@fact_kind("missing_decade")
def missing_decade(evidence: Evidence) -> Iterator[Fact]:
    """A decade with almost nothing, between decades that are there."""
    years = evidence.tracks["year"].dropna()
    if len(years) < 100:
        return
    counts = {decade: int(years.between(decade, decade + 9).sum()) for decade in DECADES}
    for decade, n in counts.items():
        before = int((years < decade).sum())
        after = int((years >= decade + 10).sum())
        if min(before, after) >= 5 and n <= 0.01 * len(years):
            rows = years.index[years < decade]
            values = {"decade": DECADES[decade], "n": count(n), "before": count(before)}
            yield Fact(
                "missing_decade",
                f"Of the {values['decade']} you own {values['n']} tracks, of the time before "
                f"{values['before']}.",
                values, ids(rows), beyond(-n / len(years), -0.01, 0.0), float(n),
            )  # fmt: skip
            return
