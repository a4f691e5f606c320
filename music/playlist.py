"""`PlaylistSpec`: what a playlist should be: a vibe plus hard limits, a name and an order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from music.errors import InputError
from music.vibe import Vibe

Order = Literal["arc", "rising", "falling", "shuffle", "mix"]


@dataclass(frozen=True)
class PlaylistSpec:
    """A playlist to be found. Limits are hard; the vibe ranks what is left.

    Ranges are ``(low, high)``, both included, None = open. A track whose value is unknown does not
    pass a range that is set.
    """

    vibe: Vibe = field(default_factory=Vibe)
    name: str = "Ghostnotes"
    n_tracks: int | None = 30
    minutes: float | None = None
    years: tuple[int | None, int | None] = (None, None)
    tempo_bpm: tuple[float | None, float | None] = (None, None)
    duration_s: tuple[float | None, float | None] = (None, None)
    explicit: bool | None = None
    per_artist: int | None = 3
    known: bool | None = None
    order: Order = "arc"

    def __post_init__(self) -> None:
        if self.n_tracks is not None and not 1 <= self.n_tracks <= 1_000:
            raise InputError(f"a playlist has 1 to 1,000 tracks, not {self.n_tracks}.")
        if self.minutes is not None and not 0 < self.minutes <= 6_000:
            raise InputError(f"a playlist lasts up to 6,000 minutes, not {self.minutes}.")
        for name in ("years", "tempo_bpm", "duration_s"):
            low, high = getattr(self, name)
            if low is not None and high is not None and low > high:
                raise InputError(
                    f"{name} runs from {low} to {high}: the first must be the smaller."
                )
