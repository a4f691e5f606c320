"""A list as a file: CSV and M3U, of what the user brought and nothing from Spotify's API."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from library.spotify_policy import own_tracks
from studio import listing

if TYPE_CHECKING:
    from recommender.playlist import Found


def draw(found: Found) -> None:
    """Two download buttons, and a word where tracks stay out."""
    table = own_tracks(found.tracks.assign(because=list(found.reasons)))
    n_out = len(found.tracks) - len(table)
    note = f"{n_out} tracks came from Spotify's API; its terms keep them out of files."
    for label, text, file, mime in (
        ("CSV", listing.tracks_csv, "ghostnotes-playlist.csv", "text/csv"),
        ("M3U", listing.tracks_m3u, "ghostnotes-playlist.m3u8", "audio/x-mpegurl"),
    ):
        st.download_button(
            label, text(table), file, mime, icon=":material/download:", on_click="ignore",
            disabled=table.empty, help=note if n_out else None,
        )  # fmt: skip
