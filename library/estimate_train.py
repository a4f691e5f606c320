"""Make a table of averages from files you hold: ``python -m library.estimate_train FOLDER``.

Reads every catalogue CSV in the folder (see `library.catalogue_columns`) and every table of
averages by artist or by genre, packed or not; prints how well the estimates do on artists they have
not seen, and writes one Parquet that `library.estimate.AverageEstimator` takes as ``priors``.

The table stays with you: it holds rows about artists, so it is neither shipped nor committed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from library import catalogue
from library.catalogue_columns import listed
from library.estimate import PRIOR_COLUMNS, AverageEstimator
from library.importing import read_any
from library.matching import fold
from library.opening import File, files_in
from library.sample import Sample
from library.table import open_table
from music.errors import GhostnotesError, InputError
from music.features import FEATURES, NAMES, Floats, Scale, clean_raw
from music.tracks import JOIN, percentiles, primary_artist, split

N_FOLDS: Final = 5
_KINDS: Final = {"artist": ("artists", "artist", "artist_name"), "genre": ("genres", "genre")}


@dataclass(frozen=True)
class Quality:
    """How well estimates do on held-out tracks: R2 by feature, and the share that gets one."""

    name: str
    r2: dict[str, float]
    covered: float

    def __str__(self) -> str:
        parts = ", ".join(f"{name} {value:.2f}" for name, value in self.r2.items())
        return f"{self.name} ({self.covered:.0%} of tracks): {parts}"


def averages_of_tracks(tracks: pd.DataFrame) -> pd.DataFrame:
    """Averages by artist and by genre of a track table, columns `PRIOR_COLUMNS`."""
    values = pd.DataFrame(percentiles(tracks), columns=list(NAMES), index=tracks.index)
    artist = primary_artist(tracks).map(fold, na_action="ignore")
    genre = split(tracks["genres"]).explode().dropna().str.casefold()
    parts = [
        _grouped(values, artist, "artist"),
        _grouped(values.loc[genre.index], genre, "genre"),
    ]
    return pd.concat(parts, ignore_index=True)


def averages_of_table(file: File) -> pd.DataFrame:
    """A table of averages by artist or genre as `PRIOR_COLUMNS`.

    Raises
    ------
    InputError
        If it is none.
    """
    with open_table(file) as table:
        titles = [title.casefold() for title in table.header]
        rows = [row.cells for row in islice(table.rows, 1_000_000)]
    kind = next((k for k, names in _KINDS.items() if set(names) & set(titles)), None)
    if kind is None or not set(NAMES) <= set(titles):
        raise InputError(f"{file.name} holds no averages by artist or genre.")
    name = next(titles.index(title) for title in _KINDS[kind] if title in titles)
    frame = pd.DataFrame([row for row in rows if len(row) == len(titles)], columns=titles)
    raw = frame[list(NAMES)].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=np.float64)
    names = listed(frame.iloc[:, name].astype("str")).str.split(JOIN).str[0]
    folded = names.map(fold if kind == "artist" else str.casefold, na_action="ignore")
    count = frame["count"] if "count" in frame else pd.Series("10", index=frame.index)
    out = pd.DataFrame(Scale.reference().percentiles(clean_raw(raw)), columns=list(NAMES))
    out = out.assign(kind=kind, name=folded, n=pd.to_numeric(count, errors="coerce"))
    return out[list(PRIOR_COLUMNS)].dropna(subset=["name", "n"]).query("n > 0")


def quality(name: str, tracks: pd.DataFrame, priors: pd.DataFrame | None, seed: int) -> Quality:
    """How well a part of the tracks is estimated from the rest; an artist is never in both."""
    from sklearn.model_selection import GroupKFold

    truth = percentiles(tracks)
    guess = np.full_like(truth, np.nan)
    groups = primary_artist(tracks).fillna("").astype("category").cat.codes.to_numpy()
    n_folds = min(N_FOLDS, len(np.unique(groups)))
    if n_folds < 2:
        return Quality(name, {}, 0.0)
    folds = GroupKFold(n_folds, shuffle=True, random_state=seed)
    for train, test in folds.split(truth, groups=groups):
        fitted = AverageEstimator(priors=priors).fit(tracks.iloc[train])
        guess[test] = fitted.predict(tracks.iloc[test])
    known = ~np.isnan(guess) & ~np.isnan(truth)
    return Quality(name, r2_of(truth, guess), float(known.any(axis=1).mean()))


def r2_of(truth: Floats, guess: Floats) -> dict[str, float]:
    """R2 of each feature over the tracks that have a guess; features without any are left out."""
    out = {}
    for j, feature in enumerate(NAMES):
        known = ~np.isnan(guess[:, j]) & ~np.isnan(truth[:, j])
        if known.sum() > 1:
            error = ((truth[known, j] - guess[known, j]) ** 2).sum()
            spread = ((truth[known, j] - truth[known, j].mean()) ** 2).sum()
            if spread > 0:
                out[feature] = float(1 - error / spread)
    return out


def train(folder: Path, seed: int = 0) -> tuple[pd.DataFrame, list[Quality]]:
    """The table of averages from every usable file of a folder, and how well it does.

    Raises
    ------
    InputError
        If no file in the folder can be used.
    """
    tables, track_files = [], []
    for file in files_in(folder):
        try:
            sample = Sample.of(file)
            if catalogue.recognises(sample):
                track_files.append(file)
            elif {f.name for f in FEATURES} <= {t.casefold() for t in sample.header}:
                tables.append(averages_of_table(file))
        except InputError:
            continue  # other files may lie there too
    if not tables and not track_files:
        raise InputError(f"{folder} holds no catalogue and no table of averages.")
    given = _united(tables)
    report, learnt = [], [given]
    for file in track_files:
        library, _ = read_any(file.read())
        report.append(quality(f"{file.name}, shipped table only", library.tracks, None, seed))
        if len(given):
            genres = given[given["kind"] == "genre"]
            report.append(quality(f"{file.name}, with your genres", library.tracks, genres, seed))
        learnt.append(averages_of_tracks(library.tracks))
    return _united(learnt), report


def main(argv: Sequence[str] | None = None) -> int:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path("averages.parquet"))
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(argv)
    try:
        priors, report = train(options.folder, options.seed)
    except GhostnotesError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for line in report:
        if line.covered > 0.05:  # tables without genres say nothing about artists never seen
            sys.stdout.write(f"{line}\n")
    priors.to_parquet(options.out)
    sys.stdout.write(f"{len(priors):,} averages written to {options.out}\n")
    return 0


def _grouped(values: pd.DataFrame, names: pd.Series, kind: str) -> pd.DataFrame:
    groups = values.set_axis(pd.Index(names)).groupby(level=0)
    means = groups.mean().assign(n=groups.size().astype(float), kind=kind)
    return means.rename_axis("name").reset_index()[list(PRIOR_COLUMNS)]


def _united(parts: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """Tables of averages as one, a name that comes again averaged by its counts."""
    kept = [part for part in parts if len(part)]
    if not kept:
        return pd.DataFrame(columns=list(PRIOR_COLUMNS))
    every = pd.concat(kept, ignore_index=True)
    keys = [every["kind"].to_numpy(), every["name"].to_numpy()]
    n = every["n"].to_numpy(dtype=np.float64)
    features = every[list(NAMES)].to_numpy(dtype=np.float64)
    known = ~np.isnan(features)
    sums = pd.DataFrame(np.nan_to_num(features) * n[:, None], columns=list(NAMES))
    weights = pd.DataFrame(known * n[:, None], columns=list(NAMES))
    weight = weights.groupby(keys).sum()
    means = sums.groupby(keys).sum() / weight.where(weight > 0)
    out = means.assign(n=pd.Series(n).groupby(keys).sum())
    return out.rename_axis(["kind", "name"]).reset_index()[list(PRIOR_COLUMNS)]


if __name__ == "__main__":
    raise SystemExit(main())
