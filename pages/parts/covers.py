"""The track table people see: covers drawn from the names, features as bars, links to Spotify."""

from __future__ import annotations

from typing import Final

import pandas as pd
import streamlit as st

from library.spotify_policy import ATTRIBUTION, own_tracks
from llm.cover import track_cover_uri
from music.features import FEATURES
from studio.listing import spotify_links

MOST: Final = 500  # rows with a drawn cover; more would only weigh down the page

_SHARES: Final = ("danceability", "energy", "valence", "acousticness")

COLUMNS: Final = {
    "cover": st.column_config.ImageColumn("", width=44),
    "name": st.column_config.TextColumn("Title", width="medium"),
    "artists": st.column_config.TextColumn("Artist", width="medium"),
    "album": st.column_config.TextColumn("Album"),
    "year": st.column_config.NumberColumn("Year", format="%d"),
    "genres": st.column_config.TextColumn("Genres"),
    **{
        f.column: st.column_config.ProgressColumn(
            f.name.capitalize(), min_value=0.0, max_value=1.0, format="%.2f", width="small"
        )
        for f in FEATURES
        if f.name in _SHARES
    },
    "tempo_bpm": st.column_config.NumberColumn("BPM", format="%.0f"),
    "source": st.column_config.TextColumn("Features", help="Where they come from"),
    "link": st.column_config.LinkColumn("Spotify", display_text="open"),
    "because": st.column_config.TextColumn("Because", width="large"),
    "score": st.column_config.NumberColumn("Score", format="%.2f"),
}
REASONED: Final = COLUMNS | {
    "name": st.column_config.TextColumn("Title", width=160),
    "artists": st.column_config.TextColumn("Artist", width=130),
    "because": st.column_config.TextColumn("Because", width=440),
}
REASONED_ROW: Final = 76  # pixels: three reasons, wrapped
ORDER: Final = (
    "cover", "name", "artists", "album", "year", "genres", *_SHARES, "tempo_bpm", "link",
)  # fmt: skip


def spoken(reasons: pd.Series) -> pd.Series:
    """Reasons for a table cell, which knows no Markdown: no marks around genres."""
    return reasons.str.replace("`", "")


def with_covers(tracks: pd.DataFrame) -> pd.DataFrame:
    """The tracks with a drawn cover and a link to Spotify each."""
    albums = tracks["album"].fillna(tracks["name"]).fillna("")
    artists = tracks["artists"].fillna("")
    covers = [track_cover_uri(f"{a} {b}") for a, b in zip(artists, albums, strict=True)]
    return tracks.assign(cover=covers, link=spotify_links(tracks).to_numpy())


def attribution(tracks: pd.DataFrame) -> None:
    """Say whose data it is where rows came from Spotify's Web API, with a way there."""
    n = len(tracks) - len(own_tracks(tracks))
    if n:
        st.caption(
            f"[{ATTRIBUTION}](https://open.spotify.com): {n:,} of these tracks came from Spotify's "
            "Web API. Each row links to its track there; none of them goes into a file."
        )
