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
            "Drop the CSV or the zip here as it is.",
        ),
        "Exportify",
    ),
    Guide(
        "Spotify account data",
        "saved tracks, playlists and last year's plays; takes Spotify a few days",
        (
            "Open your [privacy settings](https://www.spotify.com/account/privacy/) at Spotify.",
            "Request **Account data** and wait for the mail.",
            "Drop the zip here as it is.",
        ),
        "Spotify account data",
    ),
    Guide(
        "Extended streaming history",
        "every play since you signed up, to the second; takes Spotify some weeks",
        (
            "Open your [privacy settings](https://www.spotify.com/account/privacy/) at Spotify.",
            "Request **Extended streaming history**, confirm the first mail, wait for the second.",
            "Drop the zip here; addresses, devices and places in it are dropped while it is read.",
        ),
        "an extended streaming history",
    ),
    Guide(
        "TuneMyMusic, Soundiiz, or your own list",
        "titles and artists from any other service or spreadsheet",
        (
            "Export your playlist there as **CSV**.",
            "See that it has a column for the title and one for the artist, or Spotify links.",
            "Drop it here, or paste the lines as *artist - title*.",
        ),
        "a list",
    ),
    Guide(
        "A catalogue of audio features",
        "features for tracks that came without, from a table you hold",
        (
            "Find a CSV with track ids and features, such as TidyTuesday's `spotify_songs.csv`.",
            "See that it has the columns `danceability` to `tempo`.",
            "Drop it here; tracks are found in it by id, then by ISRC, then by name.",
        ),
        "a catalogue",
    ),
)


def markdown(level: int = 3) -> str:
    """All guides as Markdown, each under a heading of this level."""
    parts = []
    for guide in GUIDES:
        steps = "\n".join(f"{n}. {step}" for n, step in enumerate(guide.steps, start=1))
        gives = guide.gives[0].upper() + guide.gives[1:]
        parts.append(f"{'#' * level} {guide.name}\n\n{gives}.\n\n{steps}")
    return "\n\n".join(parts) + "\n"
