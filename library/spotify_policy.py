"""What may be done with rows that came from Spotify's Web API.

Spotify's developer policy restricts analysing its content and feeding it to models. So such rows
enter no fit, no profile and no prompt until the user switches that on, and nothing for another
music service is ever made from them. What the user brought in files is theirs.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from library.spotify_rows import ORIGIN
from music.tracks import Library

CONSENT_SENTENCE: Final = (
    "Ghostnotes may use what Spotify's Web API says about my library on this computer to fit "
    "recommendation models, to compute my taste profile, and in prompts for language models. "
    "Spotify's developer policy restricts this; nothing of it is shared or trained into anything "
    "that is shipped."
)
ATTRIBUTION: Final = "Data from Spotify"


def allowed_for_analysis(library: Library, consent: bool) -> Library:
    """The part of a library that may enter a fit, a profile or a prompt.

    Parameters
    ----------
    library
        Any library, also a merged one; rows from the Web API have the origin "spotify-api".
    consent
        Whether the user agreed to `CONSENT_SENTENCE`.
    """
    return library if consent else own_rows(library)


def own_rows(library: Library) -> Library:
    """The library without anything that came from the Web API, whatever the user agreed to.

    Also what files for another music service are made from. A track that the user holds in a file
    too has that file as its origin and stays, with its plays.
    """
    own = library.only(library.tracks.index[library.tracks["origin"] != ORIGIN])
    playlists = own.playlists[own.playlists["origin"] != ORIGIN]
    return replace(
        own,
        playlists=playlists.reset_index(drop=True),
        entries=own.entries[own.entries["playlist_id"].isin(playlists["playlist_id"])],
    )
