"""Evidence from who made it: the same artist, the same album, artists who appear together."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from music.tracks import primary_artist
from recommender.seeds import Ints, SeedRows
from recommender.witness import Groups, Singles, chosen

_GUESTS: Final = re.compile(
    r"\b(?:feat\.?|ft\.?|featuring|with)\s+([^)\]-]+)"
    r"|[-(\[]\s*([^-()\[\]]+?)\s+(?:remix|edit|mix|rework|flip|vip)\b",
    re.IGNORECASE,
)
_AND: Final = re.compile(r",|;|&|/|\band\b|\bx\b|\bvs\.?(?=\s)", re.IGNORECASE)


class SameArtist:
    """Seeds by the same artist count more the more there are, but each adds less.

    They count more when the seeds stay with few artists, and when the artist is heard seldom: of
    three songs two in the seeds say more than of three hundred.
    """

    features: Mapping[str, str] = {
        "same_artist_again": "artist",
        "same_artist_of_many": "artist",
        "same_artist_rare": "artist",
        "same_artist_loyal": "artist",
        "artist_songs": "standing",
    }

    def __init__(self, artists: Groups) -> None:
        self.groups = artists
        self._log_size = np.log(np.maximum(artists.size, 1))

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Five features of the artist, shape (n_artists, 5)."""
        count = self.groups.count(seeds)
        here = count > 0
        again = np.log1p(count)
        distinct, worth = int(here.sum()), float(count.sum())
        loyal = 1.0 - (distinct - 1) / max(worth - 1, 1.0) if worth > 1.5 else 0.5
        columns = [
            again,
            again * np.log(max(worth, 1.0)),
            here * np.log1p(self.groups.size),
            here * min(max(loyal, 0.0), 1.0),
            self._log_size,
        ]
        return chosen(np.stack(columns, axis=1).astype(np.float32), only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """How many seeds are by the artist, or that a vibe has the artist behind it."""
        if part != "artist":
            return None
        artist = self.groups.code[row]
        same = int((self.groups.code[seeds.rows] == artist).sum())
        if same:
            return f"same artist as {same} of your {len(seeds.rows)} seeds"
        behind = np.unique(self.groups.of_seeds(seeds)[0])
        return f"by one of {len(behind)} artists asked for" if artist in behind else None


class SameAlbum:
    """A seed from the same album."""

    features: Mapping[str, str] = {"same_album": "album"}

    def __init__(self, albums: Groups) -> None:
        self.groups = albums

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """1 where a seed is from the album, shape (n_albums, 1)."""
        met = np.unique(self.groups.code[seeds.rows])
        if only is not None:
            return np.isin(only, met).astype(np.float32)[:, None]
        here = np.zeros((len(self.groups), 1), dtype=np.float32)
        here[met] = 1.0
        return here

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """How many seeds are from the album."""
        same = int((self.groups.code[seeds.rows] == self.groups.code[row]).sum())
        return f"from the same album as {same} of your {len(seeds.rows)} seeds" if same else None


class Standing:
    """The place of a song among its artist's songs: the best known ones are picked more often."""

    features: Mapping[str, str] = {"place_in_artist": "standing"}

    def __init__(self, tracks: pd.DataFrame, songs: Groups, artists: Groups) -> None:
        self.groups = songs
        fame = tracks["popularity"].rank(pct=True).fillna(0.5).to_numpy()
        ranks = pd.Series(fame).groupby(artists.code).rank(method="average", ascending=False)
        self._place = ranks.to_numpy() - 1.0
        self._of = artists.size[artists.code]
        self._known = tracks["popularity"].notna().to_numpy()
        self._log_place: Singles = np.log1p(self._place).astype(np.float32)[:, None]

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Log of the place, the same for all seeds, shape (n_songs, 1)."""
        return chosen(self._log_place, only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """The place among the artist's songs in this catalogue, where fame is known."""
        if not self._known[row] or self._of[row] < 2:
            return None
        return f"number {self._place[row] + 1:.0f} of {self._of[row]} songs by its artist, by fame"


class Guests:
    """Artists who appear on each other's songs ("feat.", remixes, joint names)."""

    features: Mapping[str, str] = {"guests": "guests"}

    def __init__(self, tracks: pd.DataFrame, artists: Groups) -> None:
        self.groups = artists
        self._links = _links(tracks, artists)

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Log of how many seed artists one has appeared with, shape (n_artists, 1)."""
        here = (self.groups.count(seeds) > 0).astype(np.float32)
        met = np.log1p(self._links @ here) * (1 - here)
        return chosen(np.asarray(met, dtype=np.float32)[:, None], only)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """How many seed artists this one has appeared with, and one of them."""
        met = self._links[[self.groups.code[row]]].indices
        shared = np.intersect1d(met, self.groups.of_seeds(seeds)[0])
        if not len(shared):
            return None
        first, whose = self.groups.names[shared[0]], "your seeds'" if len(seeds.rows) else "the"
        return f"has appeared with {len(shared)} of {whose} artists ({first})"


def artist_keys(tracks: pd.DataFrame) -> pd.Series:
    """The first artist of each track, casefolded; missing where unknown."""
    return primary_artist(tracks).str.casefold().str.strip()


def album_keys(tracks: pd.DataFrame) -> pd.Series:
    """Album and artist of each track, casefolded; missing where the album is unknown."""
    return (tracks["album"].str.casefold() + "\x1f" + artist_keys(tracks).fillna("")).where(
        tracks["album"].notna()
    )


def _links(tracks: pd.DataFrame, artists: Groups) -> sparse.csr_array:
    """Who has appeared with whom, shape (n_artists, n_artists), symmetric, 0 or 1."""
    number = {name: i for i, name in enumerate(artists.names) if len(name) > 2}
    cells = tracks["artists"].fillna("").str.casefold()
    titles = tracks["name"].fillna("").str.casefold()
    suspects = np.flatnonzero(
        cells.str.contains(_AND).to_numpy()
        | titles.str.contains(r"feat|ft|with|mix|edit|rework|flip|vip").to_numpy()
    )
    pairs = set()
    for row in suspects:
        host = int(artists.code[row])
        for name in _guests(cells.iloc[row], titles.iloc[row]):
            guest = number.get(name)
            if guest is not None and guest != host:
                pairs |= {(host, guest), (guest, host)}
    a, b = np.array(sorted(pairs), dtype=np.intp).reshape(-1, 2).T
    ones = np.ones(len(a), dtype=np.float32)
    return sparse.csr_array((ones, (a, b)), shape=(len(artists), len(artists)))


def _guests(cell: str, title: str) -> list[str]:
    said = [cell] + [match.group(1) or match.group(2) for match in _GUESTS.finditer(title)]
    return [name.strip() for text in said for name in _AND.split(text)]
