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
        """Five features of each song, shape (n_songs, 5)."""
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
        filed = count > 0
        columns = [10 * beside, np.log1p(often), remove, np.log1p(count), filed]
        return np.stack(columns, axis=1).astype(np.float32)

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
    """Artists that share playlists with the seeds' artists, at one remove.

    The direct count was tried and says nothing that sound, genre and the songs do not say.
    """

    features: Mapping[str, str] = {"artist_at_one_remove": "together"}

    def __init__(self, playlists: Sequence[Ints], artists: Groups) -> None:
        self.groups = artists
        self._holds = incidence(playlists, artists)
        self._held_by = sparse.csr_array(self._holds.T)
        self._length = np.asarray(self._holds.sum(axis=1)).ravel()
        self._count = np.asarray(self._holds.sum(axis=0)).ravel()

    def hear(self, seeds: SeedRows, only: Ints | None = None) -> Singles:
        """How well a walk over two playlists reaches an artist, shape (n_artists, 1)."""
        return chosen(self.hear_without(seeds, EVERY), only)

    def hear_without(self, seeds: SeedRows, playlist: int) -> Singles:
        """The same as if one playlist did not exist."""
        keep, count = _without(self._holds, self._count, playlist)
        here = np.minimum(self.groups.count(seeds), 3.0)
        likeness = (self._holds @ (here / np.sqrt(count + 1.0))) * keep
        reached = walk(self._holds, self._held_by, self._length, likeness, count, keep)
        return reached[:, None].astype(np.float32)

    def because(self, part: str, seeds: SeedRows, row: int) -> str | None:
        """In how many playlists the artist is beside an artist of the seeds."""
        mine = self._held_by[[int(self.groups.code[row])]].indices
        theirs = self._holds[mine][:, np.unique(self.groups.code[seeds.rows])]
        shared = int((np.asarray(theirs.sum(axis=1)).ravel() > 0).sum()) if len(mine) else 0
        return f"its artist is beside your seeds' artists in {shared} playlists" if shared else None


def incidence(playlists: Sequence[Ints], groups: Groups) -> sparse.csr_array:
    """Which playlist holds which group, shape (n_playlists, n_groups), 0 or 1."""
    rows = np.repeat(np.arange(len(playlists)), [len(p) for p in playlists])
    columns = groups.code[np.concatenate([*playlists, np.empty(0, np.intp)])]
    shape = (len(playlists), len(groups))
    holds = sparse.csr_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    holds.sum_duplicates()
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
    """Which playlists count (1 or 0), and in how many of those each group is."""
    keep = np.ones(holds.shape[0])
    if playlist == EVERY:
        return keep, count
    keep[playlist] = 0.0
    left = count.copy()
    left[holds[[playlist]].indices] -= 1.0
    return keep, left
