"""What may be done with rows that came from Spotify's Web API.

Spotify's developer policy restricts analysing its content and feeding it to models. So such rows
enter no fit, no profile, no map and no prompt until the user switches that on, and nothing for
another music service is ever made from them. What the user brought in files is theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

import pandas as pd

from library.merging import merge, same_recordings
from library.spotify_rows import ORIGIN
from music.tracks import Library

CONSENT_SENTENCE: Final = (
    "Ghostnotes may use what Spotify's Web API says about my library on this computer to fit "
    "recommendation models and maps, to compute my taste profile, and in prompts for language "
    "models. Spotify's developer policy restricts this; nothing of it is shared or trained into "
    "anything that is shipped."
)
ATTRIBUTION: Final = "Data from Spotify"


def together(own: Library | None, api: Library) -> Library:
    """The user's own library and what the Web API said, to look at.

    A track that is in both stays exactly the user's own row, so nothing of the Web API hides in
    it; every other row of the API keeps its origin.
    """
    if own is None or own.invented:
        return api
    twins = _twins(own, api)
    rest = replace(
        api,
        tracks=api.tracks[~api.tracks.index.isin([*own.tracks.index, *twins])],
        entries=_called(api.entries, twins),
        plays=_called(api.plays, twins),
    )
    return replace(merge(own, rest), name=own.name)


def allowed_for_analysis(own: Library | None, api: Library, consent: bool) -> Library | None:
    """What may enter a fit, a profile, a map or a prompt.

    Parameters
    ----------
    own
        What the user brought in files; None if nothing.
    api
        What the Web API said.
    consent
        Whether the user agreed to `CONSENT_SENTENCE`.
    """
    return together(own, api) if consent and len(api) else own


def own_tracks(tracks: pd.DataFrame) -> pd.DataFrame:
    """The tracks without those that came from the Web API, whatever the user agreed to.

    What files for another music service are made from.
    """
    return tracks[tracks["origin"] != ORIGIN]


def from_api(tracks: pd.DataFrame) -> bool:
    """Whether any of these tracks came from the Web API, and so has to be attributed."""
    return bool((tracks["origin"] == ORIGIN).any())


def _twins(own: Library, api: Library) -> dict[str, str]:
    """Id in the API -> id of the same recording in the user's own files, where they differ."""
    alias, _ = same_recordings(own, api)
    ours = set(own.tracks.index)
    return {
        (stays if goes in ours else goes): (goes if goes in ours else stays)
        for goes, stays in alias.items()
    }


def _called(rows: pd.DataFrame, twins: dict[str, str]) -> pd.DataFrame:
    """Rows that name their tracks as the user's own files do."""
    if not twins or rows.empty:
        return rows
    ids = rows["track_id"].map(twins).fillna(rows["track_id"])
    return rows.assign(track_id=ids.astype("str"))
