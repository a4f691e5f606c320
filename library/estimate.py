"""Estimates of audio features from the averages of an artist and of genres.

What can be known that way (energy, acousticness, valence ...) is estimated with its uncertainty;
tempo and liveness cannot (R2 about 0 on real tracks), nor can key and mode, so they stay missing.

The averages come from three places, each pulling the next towards it where it has few tracks: the
family table that ships (music/tables/families.csv), the genres and the artists of the tracks that
are known, and tables of averages that `library.estimate_train` made of files the user holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from library.matching import fold
from music.errors import InputError
from music.features import NAMES, Floats, N, Scale
from music.theory import family_of
from music.tracks import percentiles, primary_artist, split

NEVER: Final = ("liveness", "tempo")
ESTIMATED: Final = tuple(name for name in NAMES if name not in NEVER)
_CAN: Final = np.array([name in ESTIMATED for name in NAMES])
PRIOR_COLUMNS: Final = ("kind", "name", "n", *NAMES)

# Standard deviation in percentiles where too few tracks are known to measure it: of one artist's
# tracks around their mean, and of one genre's (measured on the shared public playlists).
_USUAL_SD: Final = {"artist": 0.19, "genre": 0.25}


@dataclass(frozen=True)
class Averages:
    """Means of percentiles, one row a name, and how many tracks are behind each.

    ``means`` has shape (n_names, 9); ``counts`` (n_names,).
    """

    names: pd.Index
    means: Floats
    counts: Floats

    def of(self, names: pd.Series) -> tuple[Floats, Floats]:
        """Means (n, 9) and counts (n,) of these names; NaN and 0 where a name is unknown."""
        at = self.names.get_indexer(pd.Index(names))
        means = np.full((len(names), N), np.nan)
        counts = np.zeros(len(names))
        means[at >= 0], counts[at >= 0] = self.means[at[at >= 0]], self.counts[at[at >= 0]]
        return means, counts


class AverageEstimator(BaseEstimator):  # type: ignore[misc]
    """Estimates from averages, the narrow pulled towards the wide.

    Parameters
    ----------
    pull_artist, pull_genre
        How many tracks' worth the genre weighs against an artist's own tracks, and the family
        against a genre's.
    priors
        A table of `library.estimate_train`, columns `PRIOR_COLUMNS`; None = what ships only.

    Attributes
    ----------
    artists_, genres_
        `Averages` of the tracks it was fitted on and of the priors.
    sd_
        Standard deviations in percentiles, shape (2, 9): knowing the artist, knowing the genre.
    """

    def __init__(
        self,
        pull_artist: float = 1.5,
        pull_genre: float = 5.0,
        priors: pd.DataFrame | None = None,
    ) -> None:
        self.pull_artist = pull_artist
        self.pull_genre = pull_genre
        self.priors = priors

    def fit(self, X: pd.DataFrame, y: Any = None) -> AverageEstimator:
        """Learn averages from a track table; estimates in it are not learnt from."""
        known = percentiles(X)
        known[_estimated(X)] = np.nan
        useful = np.flatnonzero(~np.isnan(known).all(axis=1))
        tracks, known = X.iloc[useful], known[useful]
        self.genres_ = self._averages("genre", _genre_rows(tracks), known)
        artist = _artists(tracks)
        rows = pd.DataFrame({"name": artist.to_numpy(), "row": np.arange(len(artist))}).dropna()
        self.artists_ = self._averages("artist", rows, known)
        self.sd_ = self._spread(tracks, known)
        return self

    def predict(self, X: pd.DataFrame) -> Floats:
        """Percentiles, shape (n, 9); NaN for what is never estimated and where nothing is known."""
        means, _ = self._guess(X)
        return means

    def estimate(self, tracks: pd.DataFrame) -> tuple[Floats, Floats]:
        """Raw features and standard deviations in percentiles, both of shape (n, 9)."""
        means, by_artist = self._guess(tracks)
        spread = np.where(by_artist[:, None], self.sd_[0], self.sd_[1])
        return Scale.reference().raw(means), np.where(np.isnan(means), np.nan, spread)

    def _guess(self, tracks: pd.DataFrame) -> tuple[Floats, np.ndarray[Any, Any]]:
        """Percentiles (n, 9), and whether each track's artist is known (n,)."""
        genre = self._by_genre(tracks)
        means, counts = self.artists_.of(_artists(tracks).fillna(""))
        weight = (counts / (counts + self.pull_artist))[:, None]
        base = np.where(np.isnan(genre), means, genre)
        both = np.where(np.isnan(means), base, weight * means + (1 - weight) * base)
        both[:, ~_CAN] = np.nan
        return both, counts > 0

    def _by_genre(self, tracks: pd.DataFrame) -> Floats:
        """The mean over a track's genres, each pulled towards its family, shape (n, 9)."""
        rows = _genre_rows(tracks)
        out = np.full((len(tracks), N), np.nan)
        if rows.empty:
            return out
        means, counts = self.genres_.of(rows["name"])
        family, _ = _families().of(rows["name"].map(_family))
        weight = (counts / (counts + self.pull_genre))[:, None]
        both = np.where(np.isnan(family), means, weight * np.nan_to_num(means)
                        + (1 - weight) * family)  # fmt: skip
        frame = pd.DataFrame(both).groupby(rows["row"].to_numpy()).mean()
        out[frame.index.to_numpy()] = frame.to_numpy()
        return out

    def _averages(self, kind: str, rows: pd.DataFrame, known: Floats) -> Averages:
        """Averages by name over the known tracks, united with the priors of this kind."""
        values = pd.DataFrame(known[rows["row"].to_numpy(dtype=np.intp)], columns=list(NAMES))
        values["name"], values["n"] = rows["name"].to_numpy(), 1.0
        parts = [values]
        if self.priors is not None:
            mine = self.priors[self.priors["kind"] == kind]
            parts.append(mine[["name", "n", *NAMES]])
        every = pd.concat(parts, ignore_index=True)
        n = every["n"].to_numpy()[:, None]
        features = every[list(NAMES)].to_numpy(dtype=np.float64)
        grouped = every["name"].to_numpy()
        sums = pd.DataFrame(np.nan_to_num(features) * n).groupby(grouped).sum()
        weights = pd.DataFrame(~np.isnan(features) * n).groupby(grouped).sum()
        with np.errstate(invalid="ignore", divide="ignore"):
            means = sums.to_numpy() / weights.to_numpy()
        return Averages(pd.Index(sums.index), means, weights.to_numpy().max(axis=1, initial=0))

    def _spread(self, tracks: pd.DataFrame, known: Floats) -> Floats:
        """How far tracks lie from their artist's and from their genre's average, shape (2, 9)."""
        means, counts = self.artists_.of(_artists(tracks).fillna(""))
        alone = counts > 1
        # The mean holds the track itself; n / (n - 1) undoes that.
        factor = (counts[alone] / (counts[alone] - 1))[:, None]
        by_artist = _sd((known - means)[alone] * factor, _USUAL_SD["artist"])
        by_genre = _sd(known - self._by_genre(tracks), _USUAL_SD["genre"])
        return np.stack([by_artist, np.maximum(by_genre, by_artist)])


def check_priors(priors: pd.DataFrame) -> pd.DataFrame:
    """A table of averages as it must be.

    Raises
    ------
    InputError
        If columns are missing or values are no percentiles.
    """
    if absent := [c for c in PRIOR_COLUMNS if c not in priors.columns]:
        raise InputError(f"this is no table of averages: it has no column {absent[0]!r}.")
    values = priors[list(NAMES)].to_numpy(dtype=np.float64)
    with np.errstate(invalid="ignore"):
        if ((values < 0) | (values > 1)).any() or (priors["n"] <= 0).any():
            raise InputError("this is no table of averages: they must be percentiles in [0, 1].")
    return priors[list(PRIOR_COLUMNS)]


def _sd(residuals: Floats, usual: float) -> Floats:
    """Root mean square by feature, held to the usual value where few residuals are known."""
    n = (~np.isnan(residuals)).sum(axis=0)
    square = np.nansum(residuals**2, axis=0)
    out: Floats = np.sqrt((square + 20 * usual**2) / (n + 20))
    return out


def _artists(tracks: pd.DataFrame) -> pd.Series:
    artist = primary_artist(tracks)
    folded = {name: fold(name) for name in artist.dropna().unique()}
    return artist.map(folded).astype("str")


def _genre_rows(tracks: pd.DataFrame) -> pd.DataFrame:
    """One row a genre of a track: ``name`` and the track's position ``row``."""
    lists = split(tracks["genres"])
    rows = np.repeat(np.arange(len(lists)), lists.map(len).to_numpy(dtype=np.intp))
    names = [genre.casefold() for genres in lists for genre in genres]
    return pd.DataFrame({"name": pd.Series(names, dtype="str"), "row": rows})


def _estimated(tracks: pd.DataFrame) -> np.ndarray[Any, Any]:
    words = tracks["provenance"].to_numpy(dtype=f"U{N}")
    return words.view("U1").reshape(-1, N) == "e" if len(words) else np.empty((0, N), dtype=bool)


@lru_cache(maxsize=8192)
def _family(genre: str) -> str:
    return family_of(genre) or ""


@lru_cache(maxsize=1)
def _families() -> Averages:
    """The averages that ship, as percentiles."""
    text = files("music.tables").joinpath("families.csv").read_text("utf-8")
    header, *rows = [line.split(",") for line in text.splitlines() if line[:1] not in ("#", "")]
    at = [header.index(name) for name in NAMES]
    raw = np.array([[float(row[i]) for i in at] for row in rows])
    counts = np.array([float(row[1]) for row in rows])
    return Averages(pd.Index([row[0] for row in rows]), Scale.reference().percentiles(raw), counts)
