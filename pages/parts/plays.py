"""The last plays of a library, on the listener's clock."""

from __future__ import annotations

import streamlit as st

from studio import listing
from studio.listener import Listener


def draw(who: Listener) -> None:
    """How many there are, and the latest of them."""
    with st.expander("Plays", icon=":material/history:"):
        st.caption(listing.plays_sentence(who.library))
        if who.library.plays.empty:
            return
        st.dataframe(
            listing.latest_plays(who.library),
            column_config={
                "at": st.column_config.DatetimeColumn(
                    "Played until", format="D MMM YYYY, HH:mm", timezone=who.library.zone
                ),
                "name": st.column_config.TextColumn("Title", width="medium"),
                "artists": st.column_config.TextColumn("Artist", width="medium"),
                "minutes": st.column_config.NumberColumn("Minutes", format="%.1f"),
            },
            hide_index=True,
            height=320,
            alt="The last 500 plays with time, title, artist and minutes",
        )
