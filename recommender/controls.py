"""What a listener may demand: hard filters, a block list, and what is already known."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt
import pandas as pd

from music.errors import InputError
from music.playlist import PlaylistSpec
from music.tracks import estimated
from recommender.artists import artist_keys

Flags: TypeAlias = npt.NDArray[np.bool_]
Range: TypeAlias = tuple[float | None, float | None]
OPEN: Range = (None, None)


@dataclass(frozen=True)
class Filters:
    """Hard limits; both ends of a range are included, None is open.

    Parameters
    ----------
    explicit
        False: only clean tracks; True: only explicit ones; None: both.
    unknown
        What happens to a track whose value is unknown where a limit is set: ``"drop"`` it or
        ``"keep"`` it. An estimated tempo counts as unknown.
    """

    years: Range = OPEN
    tempo_bpm: Range = OPEN
    duration_s: Range = OPEN
    popularity: Range = OPEN
    explicit: bool | None = None
    unknown: Literal["drop", "keep"] = "drop"

    def __post_init__(self) -> None:
        for name in ("years", "tempo_bpm", "duration_s", "popularity"):
            low, high = getattr(self, name)
            if low is not None and high is not None and low > high:
                raise InputError(f"{name} runs from {low} to {high}: the first must be smaller.")

    @classmethod
    def of(cls, spec: PlaylistSpec) -> Filters:
        """The hard limits of a playlist to be made."""
        return cls(spec.years, spec.tempo_bpm, spec.duration_s, explicit=spec.explicit)

    def allow(self, tracks: pd.DataFrame) -> Flags:
        """Which tracks keep every limit, shape (n,)."""
        allowed = np.ones(len(tracks), dtype=bool)
        tempo = tracks["tempo_bpm"].mask(estimated(tracks, "tempo").fillna(False).astype(bool))
        for values, (low, high) in (
            (tracks["year"], self.years),
            (tempo, self.tempo_bpm),
            (tracks["duration_s"], self.duration_s),
            (tracks["popularity"], self.popularity),
        ):
            if low is not None or high is not None:
                allowed &= self._within(values, low, high)
        if self.explicit is not None:
            same = (tracks["explicit"] == self.explicit).fillna(self.unknown == "keep")
            allowed &= same.to_numpy(dtype=bool)
        return allowed

    def _within(self, values: pd.Series, low: float | None, high: float | None) -> Flags:
        x = values.to_numpy(dtype=np.float64)
        fits = (x >= (-np.inf if low is None else low)) & (x <= (np.inf if high is None else high))
        return np.asarray(fits | (np.isnan(x) & (self.unknown == "keep")))


@dataclass(frozen=True)
class Blocked:
    """Tracks and artists that must never come; every version of a track is meant.

    Parameters
    ----------
    artists
        Names, compared without case.
    """

    track_ids: frozenset[str] = frozenset()
    artists: frozenset[str] = field(default_factory=frozenset)

    @classmethod
    def of(cls, track_ids: Iterable[str] = (), artists: Iterable[str] = ()) -> Blocked:
        """A block list from any collections."""
        return cls(frozenset(track_ids), frozenset(a.casefold().strip() for a in artists))

    @classmethod
    def known(cls, tracks: pd.DataFrame, artists_over: int | None = None) -> Blocked:
        """What somebody has already: all their tracks, and artists they have many tracks of.

        Parameters
        ----------
        artists_over
            An artist with more tracks than this is known; None: no artist is.
        """
        counts = artist_keys(tracks).value_counts()
        known = counts.index[counts > artists_over] if artists_over is not None else ()
        return cls(frozenset(tracks.index), frozenset(known))

    def __or__(self, other: Blocked) -> Blocked:
        return Blocked(self.track_ids | other.track_ids, self.artists | other.artists)

    def to_json(self) -> str:
        """A text that `from_json` reads back, for the store."""
        return json.dumps({name: sorted(ids) for name, ids in asdict(self).items()})

    @classmethod
    def from_json(cls, text: str) -> Blocked:
        """Read `to_json` back.

        Raises
        ------
        InputError
            If the text is no block list.
        """
        try:
            said = json.loads(text)
            return cls.of([str(t) for t in said["track_ids"]], [str(a) for a in said["artists"]])
        except (ValueError, KeyError, TypeError) as error:
            raise InputError(f"this is no block list: {error}") from error
