"""Audio features for a library: the chain of sources that this machine has, and who may be asked.

Nothing here touches the network unless `ask_reccobeats` is called with a number that somebody has
seen and allowed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pandas as pd

from library.resolve import CacheSource, CatalogueSource, FeatureSource, Resolved, resolve
from music.errors import InputError
from music.features import FEATURE_COLUMNS
from music.tracks import Library, mostly_estimated
from studio import catalogues, services
from studio.jobs import Progress
from studio.settings import settings

if TYPE_CHECKING:
    from library.reccobeats import Request

ESTIMATES: Final = "estimates"  # the name of the switch in the store


@dataclass(frozen=True)
class Filled:
    """A library with its gaps filled, and what to say about it.

    ``found`` is what came from far away, for the cache.
    """

    library: Library
    found: pd.DataFrame
    notes: tuple[str, ...]


def wants_estimates(owner: str) -> bool:
    """Whether gaps shall be filled with estimates; not unless somebody said so."""
    return bool(services.store().get_state(owner, ESTIMATES, False))


def fill(
    owner: str,
    library: Library,
    progress: Progress | None = None,
    more: Sequence[FeatureSource] = (),
) -> Filled:
    """Fill a library's gaps from earlier look-ups, catalogues and ``more``, not by estimates."""
    known = services.store().features(owner)
    near: list[FeatureSource] = [CacheSource(known)] if known is not None else []
    near += [CatalogueSource(index) for index in catalogues.held()]
    resolved = resolve(library.tracks, [*near, *more], progress=progress)
    return Filled(replace(library, tracks=resolved.tracks), resolved.found, resolved.notes)


def estimate(library: Library, wanted: bool) -> Library:
    """The library with every gap that can be estimated filled, or with no estimate at all."""
    tracks = resolve(library.tracks, []).tracks  # estimates of before are gone
    return replace(library, tracks=_estimated(tracks) if wanted else tracks)


def from_here(owner: str, library: Library) -> Library:
    """A library that is only in view, with what this machine knows; nothing of it is kept."""
    filled = fill(owner, library).library
    return estimate(filled, wanted=True) if wants_estimates(owner) else filled


def can_be_estimated(library: Library) -> int:
    """How many tracks without features of their own an estimate would reach."""
    return int(mostly_estimated(estimate(library, wanted=True).tracks).sum())


def uncertainty(library: Library) -> pd.DataFrame:
    """Standard deviations of a library's estimates, in percentiles; missing where none is one."""
    if not library.tracks["provenance"].str.contains("e", regex=False).any():
        return pd.DataFrame(index=library.tracks.index[:0], columns=list(FEATURE_COLUMNS))
    return _guessed(resolve(library.tracks, []).tracks).uncertainty


def reccobeats_host() -> str:
    """Who would be asked."""
    from library.reccobeats import ReccoBeats

    return ReccoBeats(url=settings().reccobeats_url).host


def reccobeats_request(library: Library) -> Request:
    """Who would be sent how many track ids, to be shown before anything is."""
    from library.reccobeats import ReccoBeats

    lacking = library.tracks[_lacks(library.tracks)]
    return ReccoBeats(url=settings().reccobeats_url).request(lacking)


def ask_reccobeats(owner: str, library: Library, allowed_ids: int, progress: Progress) -> Filled:
    """Fill gaps at ReccoBeats too; it gets at most so many track ids, and nothing else."""
    from library.reccobeats import ReccoBeats

    source = ReccoBeats(allowed_ids, settings().reccobeats_url, progress.pause, progress)
    return fill(owner, library, progress, more=[source])


def _lacks(tracks: pd.DataFrame) -> pd.Series:
    """Which tracks have a gap, estimates aside."""
    return tracks["provenance"].str.contains("[-e]")


def _estimated(tracks: pd.DataFrame) -> pd.DataFrame:
    return _guessed(tracks).tracks


def _guessed(tracks: pd.DataFrame) -> Resolved:
    from library.estimate import AverageEstimator  # scikit-learn: not on the first screen

    return resolve(tracks, [], AverageEstimator(priors=_averages()).fit(tracks))


def averages_path() -> Path:
    """Where averages lie that the listener made of tables they hold."""
    return settings().home / "averages.parquet"


def _averages() -> pd.DataFrame | None:
    """Those averages, if there are any; read again only when the file changed."""
    path = averages_path()
    return None if settings().hosted or not path.is_file() else _read(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _read(path: Path, changed_ns: int) -> pd.DataFrame:
    from library.estimate import check_priors

    try:
        return check_priors(pd.read_parquet(path))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read; make the averages again.") from error
