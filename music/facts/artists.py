"""Facts from artists and genres: who is owned, how widely, and how well known they are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from music.evidence import Evidence
from music.facts.common import beyond, count, ids, of_genre, percent
from music.profile import Fact, fact_kind

ENOUGH = 20  # tracks before shares are spoken of
# Genres named after a people or a faith are nobody's odd habit, so none is held up as one.
OF_A_PEOPLE = re.compile(
    r"(?:ish|ese|ian|ean|ani)\b|\b(?:native|indigenous|latin|arab|afro|africa|roma|gypsy|french|german|"
    r"greek|turk|thai|viet|hebrew|islam|sufi|hindu|bhajan|devotional|gospel|worship|praise|church|ccm)",
    re.IGNORECASE,
)


@fact_kind("owned_artist")
def owned_artist(evidence: Evidence) -> Iterator[Fact]:
    """The artist with the most tracks."""
    artists = evidence.artists.dropna()
    if len(artists) < ENOUGH:
        return
    sizes = artists.value_counts()
    artist, n = str(sizes.index[0]), int(sizes.iloc[0])
    share = n / len(artists)
    if share < 0.03 or (n < 12 and share < 0.05):
        return
    values = {"artist": artist, "n": count(n), "percent": percent(share)}
    yield Fact(
        "owned_artist", f"You saved {values['n']} tracks by {artist}.", values,
        ids(artists.index[artists == artist]), beyond(share, 0.05, 0.25), float(n),
    )  # fmt: skip


@fact_kind("one_night_stands")
def one_night_stands(evidence: Evidence) -> Iterator[Fact]:
    """Most artists are there with one track only."""
    sizes = evidence.artists.dropna().value_counts()
    share = float((sizes == 1).mean()) if len(sizes) else 0.0
    if len(sizes) < ENOUGH or share < 0.6:
        return
    lone = evidence.artists.isin(sizes.index[sizes == 1])
    values = {
        "percent": percent(share), "n": count((sizes == 1).sum()), "total": count(len(sizes)),
    }  # fmt: skip
    yield Fact(
        "one_night_stands",
        f"{values['n']} of your {values['total']} artists are there with a single track.",
        values, ids(evidence.tracks.index[lone]), beyond(share, 0.65, 0.95), share,
    )  # fmt: skip


@fact_kind("one_genre")
def one_genre(evidence: Evidence) -> Iterator[Fact]:
    """A genre that is most of the library."""
    counts = evidence.genre_counts
    known = int(evidence.tracks["genres"].notna().sum())
    if known < ENOUGH or counts.empty:
        return
    genre, share = str(counts.index[0]), float(counts.iloc[0]) / known
    if share < 0.12:
        return
    rows = of_genre(evidence, genre)
    values = {"genre": genre, "percent": percent(share), "n": count(counts.iloc[0])}
    yield Fact(
        "one_genre", f"{values['percent']} % of your library is {genre}.", values, ids(rows),
        beyond(share, 0.2, 0.6), share,
    )  # fmt: skip


@fact_kind("many_genres")
def many_genres(evidence: Evidence) -> Iterator[Fact]:
    """More genres than anybody can like."""
    counts = evidence.genre_counts
    telling = [str(genre) for genre in counts.index if not OF_A_PEOPLE.search(str(genre))]
    if len(counts) < 60 or not telling:
        return
    rare = telling[-1]
    values = {"n": count(len(counts)), "genre": rare}
    rows = of_genre(evidence, rare)
    yield Fact(
        "many_genres", f"Your library has {values['n']} genres, {rare} among them.", values,
        ids(rows), beyond(len(counts), 80, 400), float(len(counts)),
    )  # fmt: skip


@fact_kind("famous")
def famous(evidence: Evidence) -> Iterator[Fact]:
    """Mostly songs everybody knows."""
    popularity = evidence.tracks["popularity"].dropna()
    share = float((popularity >= 65).mean()) if len(popularity) else 0.0
    if len(popularity) < ENOUGH or share < 0.3:
        return
    rows = popularity.sort_values(ascending=False).index
    values = {"percent": percent(share), "track": str(evidence.tracks.loc[rows[0], "name"])}
    yield Fact(
        "famous", f"{values['percent']} % of your tracks are hits everybody knows.", values,
        ids(rows), beyond(share, 0.35, 0.75), share,
    )  # fmt: skip


@fact_kind("obscure")
def obscure(evidence: Evidence) -> Iterator[Fact]:
    """Mostly songs nobody knows."""
    popularity = evidence.tracks["popularity"].dropna()
    share = float((popularity < 15).mean()) if len(popularity) else 0.0
    if len(popularity) < ENOUGH or share < 0.25:
        return
    rows = popularity.sort_values().index
    values = {"percent": percent(share), "n": count((popularity < 15).sum())}
    yield Fact(
        "obscure", f"{values['percent']} % of your tracks are known to almost nobody.", values,
        ids(rows), beyond(share, 0.3, 0.8), share,
    )  # fmt: skip
