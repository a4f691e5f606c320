"""How to get each kind of file, in three short steps; shown by pages, terminal and README."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Guide:
    """One kind of file.

    Parameters
    ----------
    name
        What people call it.
    gives
        What it brings, in a few words.
    steps
        Three steps, as Markdown.
    reader
        The name of its entry in `library.importing.READERS`.
    """

    name: str
    gives: str
    steps: tuple[str, str, str]
    reader: str


GUIDES: Final = (
    Guide(
        "Exportify",
        "saved tracks and playlists, with audio features; ready in a minute",
        (
            "Open [exportify.net](https://exportify.net) and sign in with Spotify.",
            "Press **Export** beside *Liked Songs*, or **Export All** for everything.",
            "Drop the CSV or the zip on the Library page as it is.",
        ),
        "Exportify",
    ),
    Guide(
        "Spotify account data",
        "saved tracks, playlists and last year's plays; takes Spotify a few days",
        (
            "Open your [privacy settings](https://www.spotify.com/account/privacy/) at Spotify.",
            "Request **Account data** and wait for the mail.",
            "Drop the zip on the Library page as it is.",
        ),
        "Spotify account data",
    ),
    Guide(
        "Extended streaming history",
        "every play since you signed up, to the second; takes Spotify some weeks",
        (
            "Open your [privacy settings](https://www.spotify.com/account/privacy/) at Spotify.",
            "Request **Extended streaming history**, confirm the first mail, wait for the second.",
            "Drop the zip there; addresses, devices and places in it are dropped while it is read.",
        ),
        "an extended streaming history",
    ),
    Guide(
        "TuneMyMusic, Soundiiz, or your own list",
        "titles and artists from any other service or spreadsheet",
        (
            "Export your playlist there as **CSV**.",
            "See that it has a column for the title and one for the artist, or Spotify links.",
            "Drop it on the Library page, or paste the lines as *artist - title*.",
        ),
        "a list",
    ),
    Guide(
        "A catalogue of audio features",
        "features for tracks that came without, and new tracks to recommend",
        (
            "Find `dataset.csv`, `tracks_features.csv`, `tracks.csv`, `data.csv` or TidyTuesday's.",
            "See that it has ids, titles, artists and the columns `danceability` to `tempo`.",
            "Drop it, or name its path; your tracks are found in it by id, ISRC, then name.",
        ),
        "a catalogue",
    ),
)


def markdown() -> str:
    """All guides as Markdown: a line that says what the file gives, and the steps."""
    parts = []
    for guide in GUIDES:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(guide.steps, start=1))
        parts.append(f"**{guide.name}**: {guide.gives}\n\n{steps}")
    return "\n\n".join(parts) + "\n"
