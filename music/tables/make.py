"""Compute the frozen tables from the shared data: ``python -m music.tables.make DATA_FOLDER``.

Only facts go in: percentiles, averages over genre families and plain genre names. No row of a
track, artist or playlist does, because the sources state no licence.
"""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from music.features import FEATURES, N_LEVELS, NAMES, clean_raw

HERE = Path(__file__).parent
SOURCE_NAMES = {f.column: f.name for f in FEATURES}

# Family -> the substrings of a genre name that put it there; the first family that matches wins.
FAMILIES = {
    line.split(":")[0].strip(): [word.strip() for word in line.split(":")[1].split(",")]
    for line in (HERE / "families.txt").read_text(encoding="utf-8").splitlines()
    if line and not line.startswith("#")
}


def scale_table(data: Path) -> pd.DataFrame:
    """101 percentiles of the nine features over the distinct tracks of the public playlists."""
    frames = []
    for name, key in (("tt_playlists_dev", "track_id"), ("pp_playlists_dev", "id")):
        frame = pd.read_csv(data / f"{name}.csv.gz").drop_duplicates(key)
        frames.append(frame[list(NAMES)])
    raw = clean_raw(pd.concat(frames).to_numpy(dtype=float))
    table = np.nanpercentile(raw, np.linspace(0, 100, N_LEVELS), axis=0)
    return pd.DataFrame(table.round(6), columns=list(NAMES))


def family_of(genre: str) -> str | None:
    """The family of a genre name, or None."""
    padded = f" {genre} "
    return next((f for f, words in FAMILIES.items() if any(w in padded for w in words)), None)


def family_table(genres: pd.DataFrame) -> pd.DataFrame:
    """Mean and spread of the nine features over the genres of each family."""
    genres = genres.assign(family=genres["genres"].map(family_of)).dropna(subset="family")
    grouped = genres.groupby("family")[list(NAMES)]
    table = grouped.mean().join(grouped.std().add_suffix("_sd")).round(3)
    table.insert(0, "n_genres", grouped.size())
    return table[table["n_genres"] >= 3]


def main(data: Path) -> None:
    """Write scale.csv, families.csv and genre_names.txt beside this file."""
    today = date.today().isoformat()
    scale = scale_table(data)
    head = (
        "# Percentiles 0..100 of nine audio features over the distinct tracks of 330 + 243 public\n"
        f"# playlists (TidyTuesday 2020-01-21; editorial playlists 2023). Computed {today}\n"
        "# by music/tables/make.py; tempo in BPM, loudness in dB.\n"
    )
    (HERE / "scale.csv").write_text(head + scale.to_csv(index=False), encoding="utf-8")
    genres = pd.read_csv(data / "features_by_genre.csv.gz")
    head = (
        "# Mean and deviation of nine audio features over the genres of each family, from a\n"
        "# public table of 2,973 genre averages (Kaggle, 160k tracks 1921-2020). Computed\n"
        f"# {today} by music/tables/make.py; families are ours (families.txt).\n"
    )
    (HERE / "families.csv").write_text(head + family_table(genres).to_csv(), encoding="utf-8")
    names = sorted(genres["genres"].str.strip().unique())
    text = "# Names of real genres, from the same table; an invented genre must not be one.\n"
    (HERE / "genre_names.txt").write_text(text + "\n".join(names) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
