"""Recommend: tracks that fit what is in hand, each with reasons that add up to its score."""

from __future__ import annotations

import streamlit as st

from music.tracks import vibe_of_tracks
from pages.parts import covers, frame, seeds_picker, state
from pages.parts.plain import plain
from studio import listing

frame.require("pages/recommend.py")
st.title("Recommend")
who = state.listener()

# 1. What goes in
picked = seeds_picker.draw(who)
with st.container(horizontal=True):
    n = st.slider("How many", 5, 100, 25, 5)
    per_artist = st.slider("At most by one artist", 1, 10, 2)
    seed = int(st.number_input("Variation", 0, 999, 0, help="Decides between equal tracks."))
if picked is None:
    st.stop()

# 2. A call or two into the rooms
with state.friendly_errors():
    found = who.recommender.recommend(picked.seeds, n=n, seed=seed, per_artist=per_artist)

    # 3. What comes out
    st.subheader(f"Near {plain(picked.name, 80)}")
    table = found.tracks().assign(score=found.scores, because=found.frame()["because"])
    st.dataframe(
        covers.with_covers(table),
        placeholder="",
        column_config=covers.COLUMNS,
        column_order=("cover", "name", "artists", "because", "score", "year", "tempo_bpm", "link"),
        hide_index=True,
        row_height=44,
        height=min(44 * len(table) + 40, 640),
        alt=f"{len(table)} recommended tracks, best first, with reasons and scores",
    )
    st.caption(
        "A score is the sum of its named parts; 0 is the average track of your library. "
        "The strongest three parts stand as reasons."
    )
    with st.expander("Every part of every score"):
        parts = [{"title": row.name_, **one.parts, "score": one.score}
                 for row, one in zip(table.rename(columns={"name": "name_"}).itertuples(), found,
                                     strict=True)]  # fmt: skip
        st.dataframe(parts, hide_index=True, alt="The named parts of each score")
    st.download_button(
        "Download as CSV", listing.tracks_csv(found.frame()), "ghostnotes-recommended.csv",
        "text/csv", icon=":material/download:", on_click="ignore",
    )  # fmt: skip

    # 4. Where to go next
    if len(table):
        vibe = vibe_of_tracks(table, f"recommended: near {picked.name}")
        state.onward(
            vibe,
            ("pages/band.py", "The band these deserve"),
            ("pages/hear_it.py", "Hear them as one vibe"),
        )
