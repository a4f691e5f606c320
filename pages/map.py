"""Map: every track by how it sounds; what a lasso catches goes anywhere."""

from __future__ import annotations

import streamlit as st

from music.tracks import mostly_estimated, vibe_of_tracks
from pages.parts import covers, frame, state, taste_map
from studio import listing

frame.require("pages/map.py")
st.title("Map")
who = state.listener()

if not len(who.library):
    st.info("There are no tracks here yet.")
    st.page_link("pages/library.py", label="Import some", icon=":material/upload:")
    st.stop()

# 1. and 2. The map; t-SNE replaces the first picture when a worker has it
st.caption(
    "Near means alike, by sound and genre. Draw a box or a lasso with the tools above the map, or "
    "click a dot: the selection appears below and can go anywhere."
)
if n_guessed := int(mostly_estimated(who.library.tracks).sum()):
    st.caption(
        f"{n_guessed:,} dots are hollow: their features are estimated from genre and artist "
        "averages, so their place is a guess."
    )
with state.friendly_errors():
    selected = taste_map.draw(who, state.vibe_in_hand())

    # 3. What was caught
    caught = who.library.tracks.loc[who.library.tracks.index.isin(selected)]
    if caught.empty:
        st.stop()
    st.subheader(f"{len(caught):,} selected")
    vibe = vibe_of_tracks(caught, f"a corner of the map, {len(caught):,} tracks")
    listed, shape = st.tabs(["Tracks", "Against all music"])
    with listed:
        st.dataframe(
            covers.with_covers(caught.head(covers.MOST)), placeholder="",
            column_config=covers.COLUMNS, column_order=covers.ORDER,
            hide_index=True, row_height=44, alt=f"The {len(caught):,} selected tracks",
        )  # fmt: skip
    with shape:
        taste_map.draw_shape(caught, vibe)
    covers.attribution(caught)
    st.download_button(
        "Download as CSV", listing.tracks_csv(caught), "ghostnotes-selection.csv", "text/csv",
        icon=":material/download:", on_click="ignore",
    )  # fmt: skip

    # 4. Where to go next
    state.onward(
        vibe,
        ("pages/recommend.py", "More like these"),
        ("pages/playlist.py", "A playlist from these"),
        ("pages/band.py", "The band these deserve"),
        ("pages/hear_it.py", "Hear them as one vibe"),
        tracks=caught,
    )
