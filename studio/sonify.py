"""A library as music: a short theme for each of its sides, and a year of listening as a minute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pandas as pd

from music.errors import NotFoundError
from music.tracks import vibe_of_tracks
from music.vibe import Vibe
from studio.listener import Listener

if TYPE_CHECKING:
    from synth.audio import Audio

THEME_S: Final = 10.0
MINUTE_S: Final = 60.0
_FEW: Final = 5  # plays; a month with fewer borrows the vibe of the year
_BAR_S: Final = 2.1  # about a bar of the year's tempo: as many bars as fit a minute
_MUTE: Final = dict.fromkeys(("melody", "harmony", "bass", "accent", "kit"), "none") | {
    "texture": "pad_warm"
}
MONTHS: Final = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Theme:
    """One side of a library and its vibe."""

    name: str
    vibe: Vibe
    share: float


@dataclass(frozen=True)
class Year:
    """A year of listening.

    Parameters
    ----------
    year
        Calendar year (UTC).
    plays
        Plays by month, twelve numbers; a play shorter than 30 s is none.
    vibes
        What each month sounded like; a month with hardly a play has the year's.
    """

    year: int
    plays: tuple[int, ...]
    vibes: tuple[Vibe, ...]


def themes(who: Listener) -> list[Theme]:
    """The sides of a library, largest first; each makes a theme of `THEME_S` seconds."""
    return [Theme(facet.name, facet.vibe, facet.share) for facet in who.facets]


def years(who: Listener) -> list[int]:
    """The years with plays, the latest first."""
    heard = _heard(who)
    return sorted((int(y) for y in heard["at"].dt.year.unique()), reverse=True)


def year_of(who: Listener, year: int) -> Year:
    """A year of listening, month by month.

    Raises
    ------
    NotFoundError
        If nothing was played in it.
    """
    heard = _heard(who)
    heard = heard[heard["at"].dt.year == year]
    if heard.empty:
        raise NotFoundError(f"Nothing in this library was played in {year}.")
    tracks = who.library.tracks
    whole = vibe_of_tracks(tracks.loc[heard["track_id"].unique()], str(year))
    plays, vibes = [], []
    for month, name in enumerate(MONTHS, start=1):
        ids = heard.loc[heard["at"].dt.month == month, "track_id"]
        plays.append(len(ids))
        some = vibe_of_tracks(tracks.loc[ids], f"{name} {year}") if len(ids) >= _FEW else whole
        vibes.append(some)
    return Year(year, tuple(plays), tuple(vibes))


def minute_of(year: Year, seed: int = 0) -> Audio:
    """The year as a minute of music, five seconds a month, one beat all through.

    Voices, scale and tempo follow what each month was; how much was played sets density and force,
    and of a month without any only the pad is left.
    """
    from synth.config import config_from_vibe
    from synth.render import render_score
    from synth.tween import journey

    configs = [config_from_vibe(vibe, seed) for vibe in year.vibes]
    tempo = float(np.median([config.tempo_bpm for config in configs]))
    most = max(year.plays)
    walked = []
    for config, plays in zip(configs, year.plays, strict=True):
        full = (plays / most) ** 0.5
        heard = config if plays else config.with_(**_MUTE)
        walked.append(heard.with_(
            tempo_bpm=tempo, root=configs[0].root, seed=seed, metre=configs[0].metre,
            density=round(config.density * full, 3), energy=round(config.energy * full, 3),
        ))  # fmt: skip
    return render_score(journey(walked, round(MINUTE_S / _BAR_S), MINUTE_S))


def _heard(who: Listener) -> pd.DataFrame:
    """Plays of half a minute or more of tracks the library knows."""
    plays = who.library.plays
    return plays[(plays["played_s"] >= 30) & plays["track_id"].isin(who.library.tracks.index)]
