"""Evidence from playlists: what people have put beside the seeds before.

Everything is told in terms of playlists, never of pairs of songs: how much a playlist overlaps with
the seeds, and what else it holds. So one playlist can be left out exactly, which is how the weights
are learned: each playlist is continued as if it had never been seen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
from scipy import sparse

from music.features import Floats
from recommender.seeds import Ints, SeedRows
from recommender.witness import Groups, Singles, chosen

EVERY: Final = -1  # leave no playlist out


class Together:
    """Songs that share playlists with the seeds, directly and at one remove.

    Parameters
    ----------
    playlists
        Rows of the catalogue, one array a playlist.
    songs
        Which tracks are versions of one song.
    names
        Shape (n_songs,): what to call each song in a reason.
    """

    features: Mapping[str, str] = {
        "beside": "together",
        "beside_often": "together",
        "beside_evenly": "together",
        "beside_share": "together",
        "beside_share_drawn": "together",
        "beside_artist": "together",
        "beside_at_one_remove": "together",
        "in_playlists": "together",
        "filed": "filed",
    }

    def __init__(
        self, playlists: Sequence[Ints], songs: Groups, artists: Groups, names: Sequence[str]
    ) -> None:
        self.groups, self._artists = songs, artists
        self._names = names
        self._holds = incidence(playlists, songs)  # (n_playlists, n_songs)
        self._held_by = sparse.csr_array(self._holds.T)
        self._length = np.asarray(self._holds.sum(axis=1)).ravel()
        self._count = np.asarray(self._holds.sum(axis=0)).ravel()
        self._holds_artist = incidence(playlists, artists)
        self._artist_count = np.asarray(self._holds_artist.sum(axis=0)).ravel()

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Nine features of each song, shape (n_songs, 9)."""
        return chosen(self.hear_without(seeds, EVERY), only)

    def hear_without(self, seeds: SeedRows, playlist: int) -> Singles:
        """The same as if one playlist did not exist."""
        keep, count = _without(self._holds, self._count, playlist)
        worth = max(seeds.count, 1.0)
        overlap, likeness, evenly, share, drawn = self._reached(seeds, count, keep)
        artist = self._artists_reached(seeds, playlist, keep)
        given = [
            10 / np.sqrt(worth) * likeness / np.sqrt(self._length + 5.0),
            overlap,
            20 / np.sqrt(worth) * evenly,  # a cosine, all playlists alike
            share / worth,
            20 / worth * drawn,
            20 * artist,
            likeness / (self._length + 5.0),
        ]
        told = spread(self._held_by, given)  # the songs of what was reached
        told[0] /= np.sqrt(count + 2.0)
        told[2] /= np.sqrt(count + 3.0)
        for row in (told[1], told[2], told[4], told[5]):
            np.log1p(row, out=row)
        told[6] = walk(told[6], self._holds, self._held_by, self._length, count, keep)
        return np.vstack([told, np.log1p(count), count > 0], dtype=np.float32).T

    def _reached(self, seeds: SeedRows, count: Floats, keep: Floats) -> Floats:
        """What the seeds give to the playlists they are in, shape (5, n_playlists).

        One each; more where the song is rare, and where it counts for several; one each less its
        rarity; its share of the song's playlists; and the same share with three playlists more, as
        what one playlist says is little.
        """
        worth = np.minimum(self.groups.count(seeds), 3.0)
        songs = np.flatnonzero(worth)
        worth, known = worth[songs], count[songs]
        each = np.minimum(worth, 1.0)
        given = [
            each,
            worth / np.sqrt(known + 1.0),
            each / np.sqrt(known + 1.0),
            each / np.maximum(known, 1.0),
            each / (known + 3.0),
        ]
        return spread(sparse.csr_array(self._held_by[songs].T), given) * keep

    def _artists_reached(self, seeds: SeedRows, playlist: int, keep: Floats) -> Floats:
        """Share of the playlists of a seed's artist that each is, mean over them, (n_playlists,).

        A seed in no playlist has an artist in some: that is what one seed can be told by.
        """
        _, count = _without(self._holds_artist, self._artist_count, playlist)
        artists, worth = self._artists.of_seeds(seeds)
        given = worth / (count[artists] + 1.0) / max(float(worth.sum()), 1.0)
        here = np.bincount(artists, given, minlength=len(count))
        return np.asarray((self._holds_artist @ here) * keep)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """The seed it is beside most often, and in how many playlists.

        That a song is in no playlist yet is no reason to like it, so nothing is said of that.
        """
        song = int(self.groups.code[row])
        mine = self._held_by[[song]].indices
        if part == "filed" or not len(mine) or not len(seeds.rows):
            return None
        together = np.asarray(self._holds[mine].sum(axis=0)).ravel()[self.groups.code[seeds.rows]]
        best = int(together.argmax())
        if not together[best]:
            return None
        name, n = self._names[seeds.rows[best]], int(together[best])
        return f"appears beside “{name}” in {n} of your playlists"


class ArtistsTogether:
    """Artists that share playlists with the seeds' artists, directly and at one remove."""

    features: Mapping[str, str] = {
        "artist_at_one_remove": "together",
        "artist_beside": "together",
        "artist_beside_share": "together",
        "artist_beside_lift": "together",
        "same_artist_in_clumps": "artist",
    }

    def __init__(self, playlists: Sequence[Ints], artists: Groups) -> None:
        self.groups = artists
        self._songs = incidence(playlists, artists, how_often=True)  # (n_playlists, n_artists)
        self._holds = incidence(playlists, artists)
        self._held_by = sparse.csr_array(self._holds.T)
        self._length = np.asarray(self._holds.sum(axis=1)).ravel()
        self._count = np.asarray(self._holds.sum(axis=0)).ravel()
        self._n_songs = np.asarray(self._songs.sum(axis=0)).ravel()

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Five features of each artist, shape (n_artists, 5)."""
        return chosen(self.hear_without(seeds, EVERY), only)

    def hear_without(self, seeds: SeedRows, playlist: int) -> Singles:
        """The same as if one playlist did not exist.

        How well a walk over two playlists reaches an artist; its cosine to the seed artists over
        playlists; the share of their playlists that hold it; how much oftener it is beside them
        than chance would have it; and, for the seeds' own artists, how many songs of theirs stand
        together where they stand at all: some are heard one song at a time, some by the album.
        """
        keep, count = _without(self._holds, self._count, playlist)
        _, n_songs = _without(self._songs, self._n_songs, playlist)
        here = np.minimum(self.groups.count(seeds), 3.0)
        each, worth = np.minimum(here, 1.0), max(seeds.count, 1.0)
        given = [
            here / np.sqrt(count + 1.0),
            here / np.sqrt(count + 2.0),
            here / (count + 2.0),
            each,
        ]
        likeness, rare, share, often = spread(self._holds, given) * keep
        long = self._length + 5.0
        once, beside, share, often = spread(
            self._held_by, [likeness / long, rare / np.sqrt(long), share, often]
        )
        reached = walk(once, self._holds, self._held_by, self._length, count, keep)
        beside /= np.sqrt(count + 2.0) * np.sqrt(worth)
        by_chance = float(each @ count) * count / max(float(keep.sum()), 1.0)
        lift = np.log((often + 0.5) / (by_chance + 0.5))
        clump = np.where(here > 0, np.log((n_songs + 1.0) / (count + 1.0)), 0.0)
        told = [reached, np.log1p(10 * beside), np.log1p(5 * share / worth), lift, clump]
        return np.stack(told, dtype=np.float32).T

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """In how many playlists the artist is beside an artist of the seeds."""
        if part != "together":
            return None
        mine = self._held_by[[int(self.groups.code[row])]].indices
        theirs = self._holds[mine][:, np.unique(self.groups.code[seeds.rows])]
        shared = int((np.asarray(theirs.sum(axis=1)).ravel() > 0).sum()) if len(mine) else 0
        return f"its artist is beside your seeds' artists in {shared} playlists" if shared else None


def incidence(
    playlists: Sequence[Ints], groups: Groups, how_often: bool = False
) -> sparse.csr_array:
    """Which playlist holds which group (or how often), shape (n_playlists, n_groups)."""
    rows = np.repeat(np.arange(len(playlists)), [len(p) for p in playlists])
    columns = groups.code[np.concatenate([*playlists, np.empty(0, np.intp)])]
    shape = (len(playlists), len(groups))
    holds = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    holds.sum_duplicates()
    if not how_often:
        holds.data[:] = 1.0
    return holds


def spread(matrix: sparse.csr_array, given: Sequence[Floats]) -> Floats:
    """The product of a matrix with several vectors, in one pass over it; shape (n_given, n)."""
    return np.ascontiguousarray((matrix @ np.stack(given, axis=1)).T)


def walk(
    reached: Floats,
    holds: sparse.csr_array,
    held_by: sparse.csr_array,
    length: Floats,
    count: Floats,
    keep: Floats,
) -> Floats:
    """Where one gets from the seeds through a playlist, a song, and another playlist; log scale.

    It reaches songs that share no playlist with a seed but one with a song that does.

    Parameters
    ----------
    reached
        How well the first playlists reach each song.
    """
    once = reached / (count + 1.0)
    twice = held_by @ ((holds @ once) * keep / (length + 5.0)) / np.sqrt(count + 1.0)
    return np.asarray(np.log1p(30.0 * twice / max(float(twice.max(initial=0.0)), 1e-12)))


def _without(holds: sparse.csr_array, count: Floats, playlist: int) -> tuple[Floats, Floats]:
    """Which playlists count (1 or 0), and what is left of the counts of each group."""
    keep = np.ones(holds.shape[0])
    if playlist == EVERY:
        return keep, count
    keep[playlist] = 0.0
    left = count.copy()
    mine = holds[[playlist]]
    left[mine.indices] -= mine.data
    return keep, left
