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
        "beside_at_one_remove": "together",
        "in_playlists": "together",
        "filed": "filed",
    }

    def __init__(self, playlists: Sequence[Ints], songs: Groups, names: Sequence[str]) -> None:
        self.groups = songs
        self._names = names
        self._holds = incidence(playlists, songs)  # (n_playlists, n_songs)
        self._held_by = sparse.csr_array(self._holds.T)
        self._length = np.asarray(self._holds.sum(axis=1)).ravel()
        self._count = np.asarray(self._holds.sum(axis=0)).ravel()

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """Eight features of each song, shape (n_songs, 8)."""
        return chosen(self.hear_without(seeds, EVERY), only)

    def hear_without(self, seeds: SeedRows, playlist: int) -> Singles:
        """The same as if one playlist did not exist."""
        keep, count = _without(self._holds, self._count, playlist)
        here = np.minimum(self.groups.count(seeds), 3.0)
        overlap = (self._holds @ np.minimum(here, 1.0)) * keep  # seeds in each playlist
        likeness = (self._holds @ (here / np.sqrt(count + 1.0))) * keep  # rare seeds count more
        often = self._held_by @ overlap
        beside = self._held_by @ (likeness / np.sqrt(self._length + 5.0))
        beside /= np.sqrt(count + 2.0) * np.sqrt(max(seeds.count, 1.0))
        remove = walk(self._holds, self._held_by, self._length, likeness, count, keep)
        rare = np.minimum(here, 1.0) / np.sqrt(count + 1.0)
        evenly = self._held_by @ ((self._holds @ rare) * keep)  # a cosine, all playlists alike
        evenly /= np.sqrt(count + 3.0) * np.sqrt(max(seeds.count, 1.0))
        share, drawn = (self._share(here, count, keep, seeds.count, by) for by in (0.0, 3.0))
        filed = count > 0
        columns = [
            10 * beside,
            np.log1p(often),
            np.log1p(20 * evenly),
            share,
            np.log1p(20 * drawn),
            remove,
            np.log1p(count),
            filed,
        ]
        return np.stack(columns, axis=1).astype(np.float32)

    def _share(
        self, here: Floats, count: Floats, keep: Floats, n_seeds: float, drawn_by: float
    ) -> Floats:
        """Share of a seed's playlists that hold a song, mean over the seeds, shape (n_songs,).

        ``drawn_by`` playlists without the song are counted in for each seed: what one playlist says
        is little.
        """
        of_seed = np.minimum(here, 1.0) / np.maximum(count + drawn_by, 1.0)
        return np.asarray(self._held_by @ ((self._holds @ of_seed) * keep) / max(n_seeds, 1.0))

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
        """Four features of each artist, shape (n_artists, 4)."""
        return chosen(self.hear_without(seeds, EVERY), only)

    def hear_without(self, seeds: SeedRows, playlist: int) -> Singles:
        """The same as if one playlist did not exist.

        How well a walk over two playlists reaches an artist; its cosine to the seed artists over
        playlists; the share of their playlists that hold it; and, for the seeds' own artists, how
        many songs of theirs stand together where they stand at all: some are heard one song at a
        time, some by the album.
        """
        keep, count = _without(self._holds, self._count, playlist)
        _, n_songs = _without(self._songs, self._n_songs, playlist)
        here = np.minimum(self.groups.count(seeds), 3.0)
        likeness = (self._holds @ (here / np.sqrt(count + 1.0))) * keep
        reached = walk(self._holds, self._held_by, self._length, likeness, count, keep)
        rare = (self._holds @ (here / np.sqrt(count + 2.0))) * keep / np.sqrt(self._length + 5.0)
        beside = self._held_by @ rare / np.sqrt(count + 2.0) / np.sqrt(max(seeds.count, 1.0))
        share = self._held_by @ ((self._holds @ (here / (count + 2.0))) * keep)
        share /= max(seeds.count, 1.0)
        clump = np.where(here > 0, np.log((n_songs + 1.0) / (count + 1.0)), 0.0)
        columns = [reached, np.log1p(10 * beside), np.log1p(5 * share), clump]
        return np.stack(columns, axis=1).astype(np.float32)

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


def walk(
    holds: sparse.csr_array,
    held_by: sparse.csr_array,
    length: Floats,
    likeness: Floats,
    count: Floats,
    keep: Floats,
) -> Floats:
    """Where one gets from the seeds through a playlist, a song, and another playlist; log scale.

    It reaches songs that share no playlist with a seed but one with a song that does.
    """
    once = held_by @ (likeness / (length + 5.0)) / (count + 1.0)
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
