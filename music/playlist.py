"""`PlaylistSpec`: what a playlist should be: a vibe plus hard limits, a name and an order.

It is the bridge between the room that reads sentences and the room that finds tracks: both know
only this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal, Self

from music.errors import InputError
from music.features import NAMES
from music.vibe import Vibe

Order = Literal["arc", "rising", "falling", "shuffle", "mix"]
Years = tuple[int | None, int | None]


@dataclass(frozen=True)
class PlaylistSpec:
    """A playlist to be found. Limits are hard; the vibe ranks what is left.

    Ranges are ``(low, high)``, both included, None = open. A track whose value is unknown does not
    pass a range that is set.

    Parameters
    ----------
    vibe
        Ranks the tracks: levels and words of the wish.
    n_tracks, minutes
        How long; minutes win where both are given.
    years, eras, not_eras
        ``years`` bounds all; of several ``eras`` a track must lie in one, of ``not_eras`` in none.
    genres, not_genres
        Genre words; a track of one of the wanted is enough, of one refused too much.
    moods, not_moods, activities, themes, not_themes
        What the wish named beside genres (themes: places, events, instruments, weather ...). They
        have shaped the vibe already; refusals of instruments and places are hard where a genre or
        title says them.
    artists_like, artists_only, artists_not
        Artists to be near, the only ones allowed, and those that must not come.
    songs
        Titles named in the wish: put in if they are there, and start from them.
    keywords
        Words a title should hold.
    levels
        ``(feature, low, high)`` in percentiles, for what was said outright ("no vocals").
    popularity
        Range of Spotify's popularity, 0 to 100.
    text
        The telling words of each sentence of the wish, oldest first: searched in titles, artists
        and albums, which is all there is where tracks carry no genres and no features.
    known
        True = only tracks the listener has, False = only new ones, None = both.
    """

    vibe: Vibe = field(default_factory=Vibe)
    name: str = "Ghostnotes"
    n_tracks: int | None = 30
    minutes: float | None = None
    years: Years = (None, None)
    tempo_bpm: tuple[float | None, float | None] = (None, None)
    duration_s: tuple[float | None, float | None] = (None, None)
    explicit: bool | None = None
    per_artist: int | None = 3
    known: bool | None = None
    order: Order = "arc"
    genres: tuple[str, ...] = ()
    not_genres: tuple[str, ...] = ()
    moods: tuple[str, ...] = ()
    not_moods: tuple[str, ...] = ()
    activities: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    not_themes: tuple[str, ...] = ()
    eras: tuple[Years, ...] = ()
    not_eras: tuple[Years, ...] = ()
    artists_like: tuple[str, ...] = ()
    artists_only: tuple[str, ...] = ()
    artists_not: tuple[str, ...] = ()
    songs: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    levels: tuple[tuple[str, float, float], ...] = ()
    popularity: tuple[float | None, float | None] = (None, None)
    text: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.n_tracks is not None and not 1 <= self.n_tracks <= 1_000:
            raise InputError(f"a playlist has 1 to 1,000 tracks, not {self.n_tracks}.")
        if self.minutes is not None and not 0 < self.minutes <= 6_000:
            raise InputError(f"a playlist lasts up to 6,000 minutes, not {self.minutes}.")
        if self.per_artist is not None and self.per_artist < 1:
            raise InputError(f"an artist may come at least once, not {self.per_artist} times.")
        for name in ("years", "tempo_bpm", "duration_s", "popularity"):
            _ordered(name, getattr(self, name))
        for era in (*self.eras, *self.not_eras):
            _ordered("an era", era)
        for feature, low, high in self.levels:
            if feature not in NAMES:
                raise InputError(f"{feature!r} is no audio feature; there are {', '.join(NAMES)}.")
            _ordered(feature, (low, high))

    def says_nothing(self) -> bool:
        """Whether nothing was wished for but a length, an order or a name."""
        empty = PlaylistSpec(
            name=self.name, n_tracks=self.n_tracks, minutes=self.minutes, order=self.order,
            per_artist=self.per_artist, vibe=Vibe(origin=self.vibe.origin), text=self.text,
        )  # fmt: skip
        return self == empty

    def to_dict(self) -> dict[str, Any]:
        """Everything set away from its default as JSON values; see `from_dict`."""
        blank = PlaylistSpec()
        held = {f.name: getattr(self, f.name) for f in fields(self)}
        changed = {name: v for name, v in held.items() if v != getattr(blank, name)}
        return changed | ({"vibe": self.vibe.to_text()} if "vibe" in changed else {})

    @classmethod
    def from_dict(cls, saved: Mapping[str, Any]) -> Self:
        """A specification that `to_dict` wrote, perhaps long ago; unknown fields are left out.

        Raises
        ------
        InputError
            If a field holds what it cannot hold.
        """
        known = {f.name for f in fields(cls)}
        values = {name: _frozen(value) for name, value in saved.items() if name in known}
        try:
            if "vibe" in values:
                values["vibe"] = Vibe.parse(values["vibe"])
            return cls(**values)
        except (TypeError, ValueError, AttributeError) as error:
            raise InputError("These rules are damaged, so they cannot be used again.") from error

    def limits(self) -> tuple[str, ...]:
        """The names of everything set away from its default, for chips on a page."""
        blank = PlaylistSpec()
        return tuple(
            f.name
            for f in fields(self)
            if f.name not in ("vibe", "text") and getattr(self, f.name) != getattr(blank, f.name)
        )


def _frozen(value: Any) -> Any:
    """Lists from JSON as the tuples they were."""
    return tuple(map(_frozen, value)) if isinstance(value, list | tuple) else value


def _ordered(name: str, bounds: tuple[float | None, float | None]) -> None:
    low, high = bounds
    if low is not None and high is not None and low > high:
        raise InputError(f"{name} runs from {low} to {high}: the first must be the smaller.")
