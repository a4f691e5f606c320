"""The hops of the idea on real playlists: what leaves one page arrives on the next.

Measured each time: the share of the 20 tracks found that have the genre of the playlist one began
with. On tt that is the playlist's own label, which nothing that is measured can see; on pp one of
its three commonest artist genres. The tracks of the playlist itself cannot be found again.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.recommender_data import read
from benchmarks.table import Row
from llm.band import invent_band
from music.tracks import vibe_of_tracks
from music.vibe import Vibe
from recommender.nearest import nearest
from recommender.recommend import Recommender
from recommender.seeds import Seeds
from studio.sentences import sought

EVERY = 4  # one playlist in so many is asked; a fourth of them takes a minute
N_FOUND = 20
MUST_BY_SOUND, MUST_BY_WORDS, MOST_LOST = 0.50, 0.79, 0.05

Found = Callable[[str], Sequence[str]]


@dataclass(frozen=True)
class Walk:
    """Playlists to start from, and what counts as arriving."""

    tracks: pd.DataFrame
    playlists: Mapping[str, list[str]]
    same: Callable[[str, str], bool]
    n_words: int

    def vibe(self, name: str) -> Vibe:
        """A playlist as a vibe, as every page makes it."""
        return vibe_of_tracks(self.tracks.loc[self.playlists[name]], "", self.n_words)

    def near(self, name: str, vibe: Vibe) -> list[str]:
        """The tracks nearest to a vibe, none of the playlist's own."""
        rest = self.tracks.drop(index=self.playlists[name])
        return nearest(rest, vibe, N_FOUND).index.tolist()

    def share(self, found: Found, names: Sequence[str] | None = None) -> float:
        """Mean share of what was found that has the genre of the playlist."""
        names = self.names if names is None else names
        return float(np.mean([np.mean([self.same(t, n) for t in found(n)]) for n in names]))

    @property
    def names(self) -> list[str]:
        """The playlists that are asked."""
        return sorted(self.playlists)[::EVERY]

    def by_chance(self) -> float:
        """The share among tracks drawn at random."""
        drawn = self.tracks.index[np.random.default_rng(0).integers(0, len(self.tracks), 200)]
        return self.share(lambda _: drawn.tolist())


def hops() -> Iterator[Row]:
    """All of them."""
    tt, pp = by_sound(), by_words()
    more = {"better": "more"}
    for name, walk, must in (("tt", tt, MUST_BY_SOUND), ("pp", pp, MUST_BY_WORDS)):
        how = "words and sound" if walk.n_words else "sound alone"
        straight = walk.share(lambda n, w=walk: w.near(n, w.vibe(n)))
        chance = f"by chance {walk.by_chance():.3f}"
        said = f"{name} playlist -> vibe -> tracks, {how}"
        yield Row(said, straight, "share of 20", must, peer=chance, **more)
        yield from _through_a_band(name, walk, straight)
    yield from _from_a_sentence(pp)


def _through_a_band(name: str, walk: Walk, straight: float) -> Iterator[Row]:
    """Playlist -> band -> link -> tracks, against playlist -> tracks, near a vibe and as seeds."""
    bands = {n: invent_band(walk.vibe(n), seed).vibe for seed, n in enumerate(walk.names)}
    vibes = {n: Vibe.parse(vibe.to_text()) for n, vibe in bands.items()}
    near = walk.share(lambda n: walk.near(n, vibes[n]))
    yield Row(f"{name} playlist -> band -> tracks, lost", straight - near, "share of 20", MOST_LOST,
              peer=f"{near:.3f} for {straight:.3f}")  # fmt: skip
    recommender = Recommender(walk.tracks)

    def ask(seeds: Seeds, n: str) -> list[str]:
        return recommender.recommend(seeds, N_FOUND, exclude=walk.playlists[n]).ids

    by_band = walk.share(lambda n: ask(Seeds(vibe=vibes[n]), n))
    by_tracks = walk.share(lambda n: ask(Seeds(dict.fromkeys(walk.playlists[n], 1.0)), n))
    bare = walk.share(lambda n: ask(Seeds(vibe=vibes[n].bare()), n))
    yield Row(f"{name} playlist -> band -> recommended, lost", by_tracks - by_band, "share of 20",
              MOST_LOST, peer=f"{by_band:.3f} for {by_tracks:.3f} from the playlist's tracks; "
              f"{bare:.3f} if the band forgets its artists")  # fmt: skip


def _from_a_sentence(walk: Walk) -> Iterator[Row]:
    """The title somebody gave a playlist as a sentence -> vibe -> tracks like the playlist."""
    genres = {g for cell in walk.tracks["genres"].dropna().unique() for g in cell.split("; ")}
    read_as = {n: sought(n, genres) for n in sorted(walk.playlists)}
    understood = [n for n, vibe in read_as.items() if vibe.words or any(vibe.weights)]
    share = walk.share(lambda n: walk.near(n, read_as[n]), understood)
    told = f"{len(understood)} of {len(read_as)} titles say something"
    said = f"{told}; by chance {walk.by_chance():.3f}"
    yield Row("pp title of a playlist -> tracks", share, "share of 20", peer=said, better="more")
    named = {n: sought(f"something like {' and '.join(_top(walk, n))}", genres) for n in walk.names}
    share = walk.share(lambda n: walk.near(n, named[n]))
    straight = walk.share(lambda n: walk.near(n, walk.vibe(n)))
    said = f"from the playlist itself {straight:.3f}"
    yield Row(
        "pp sentence with its genres -> tracks", share, "share of 20", peer=said, better="more"
    )


def _top(walk: Walk, name: str) -> list[str]:
    genres = walk.tracks.loc[walk.playlists[name], "genres"].str.split("; ").explode()
    return [str(g) for g in genres[genres != ""].value_counts().index[:2]]


def by_sound() -> Walk:
    """Playlists of tt, whose genre is a label that was left out of the tracks."""
    raw = pd.read_csv(f"{os.environ['GHOSTNOTES_DATA']}/tt_playlists_dev.csv.gz", dtype=str)
    of_song = raw.groupby("track_id")["playlist_genre"].agg(set).to_dict()
    of_list = raw.groupby("playlist_id")["playlist_genre"].agg(set).to_dict()
    data = read("tt")
    playlists = {**data.known, **data.asked}
    return Walk(data.tracks, playlists, lambda t, n: bool(of_song[t] & of_list[n]), 0)


def by_words() -> Walk:
    """Playlists of pp, whose artists have genres."""
    data = read("pp")
    genres = data.tracks["genres"].fillna("").str.split("; ").map(set).to_dict()
    playlists = {n: ids for n, ids in {**data.known, **data.asked}.items() if _told(ids, genres)}
    top = {n: _commonest([genres[t] for t in ids]) for n, ids in playlists.items()}
    return Walk(data.tracks, playlists, lambda t, n: bool(genres[t] & top[n]), 8)


def _told(ids: Sequence[str], genres: Mapping[str, set[str]]) -> bool:
    return any(genres[t] - {""} for t in ids)


def _commonest(songs: Sequence[set[str]]) -> set[str]:
    counts = pd.Series([g for song in songs for g in song if g]).value_counts()
    return set(counts.head(3).index)
