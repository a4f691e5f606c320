"""Recommend: tracks that fit what is in hand, each with reasons that add up to its score."""

from __future__ import annotations

import streamlit as st

from music.tracks import primary_artist, vibe_of_tracks
from pages.parts import (
    covers,
    frame,
    learning,
    quality,
    said,
    saving,
    seeds_picker,
    spotify_suggests,
    state,
    tuning,
)
from pages.parts.plain import plain
from recommender.taste import with_feedback
from studio import listing
from studio.feedback import said_by
from studio.reach import beyond

frame.require("pages/recommend.py")
st.title("Recommend")
who = state.listener()

# 1. What goes in
picked = seeds_picker.draw(who)
if picked is None:
    st.stop()
tuned = tuning.draw(who, state.vibe_in_hand())
source = seeds_picker.source()
told = said_by(state.owner())
question = (picked, tuned, source and source.name, told)
wanted = tuning.shown(question, tuned.n)

# 2. A call or two into the rooms
with state.friendly_errors():
    with st.spinner("Looking around ..."):
        reach = beyond(who, source, picked.seeds)
    found = reach.recommender.recommend(
        with_feedback(picked.seeds, told.likes, told.dislikes),
        n=wanted, exclude=reach.known, seed=tuned.seed,
        per_artist=tuned.per_artist, per_album=tuned.per_album,
        filters=tuned.filters, blocked=told.blocked | tuned.known, wishes=tuned.wishes,
    )  # fmt: skip

    # 3. What comes out
    st.subheader(f"Near {plain(picked.name, 80)}")
    if len(found) < wanted:
        st.info(f"{len(found)} tracks keep every limit; you asked for {wanted}.")
    table = found.tracks().assign(
        score=found.scores, because=covers.spoken(found.frame()["because"])
    )
    event = st.dataframe(
        covers.with_covers(table),
        placeholder="",
        column_config=covers.REASONED,
        column_order=("cover", "name", "artists", "because", "score", "year", "link"),
        hide_index=True,
        row_height=covers.REASONED_ROW,
        height=min(covers.REASONED_ROW * len(table) + 40, 800),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"recommend-{hash(tuple(found.ids)) & 0xFFFFFFFF:x}",
        alt=f"{len(table)} recommended tracks, best first, with reasons and scores",
    )
    ticked = [found.ids[i] for i in event["selection"]["rows"] if i < len(found)]
    covers.attribution(table)
    with st.container(horizontal=True):
        artists = primary_artist(table.loc[ticked]).dropna().unique().tolist()
        tuning.more(question, tuned.n)
        said.buttons(ticked, artists)
        st.download_button(
            "CSV", listing.tracks_csv(found.frame()), "ghostnotes-recommended.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
    said.take_back(who.library.tracks)
    saving.draw(
        "recommend", f"Near {picked.name}", found.ids, f"Recommended near {picked.name}."
    )  # fmt: skip
    spotify_suggests.draw(who, picked.seeds, found.ids)
    st.caption(
        "A score is the sum of its named parts; 0 is the average track it is compared with. "
        "The strongest three parts stand as reasons. Tick rows to say what you think of them."
    )
    with st.expander("Every part of every score"):
        titles = table["name"].fillna("?")
        parts = [
            {"title": title, **one.parts, "score": one.score}
            for title, one in zip(titles, found, strict=True)
        ]
        st.dataframe(parts, hide_index=True, alt="The named parts of each score")

    # 4. Where to go next
    if len(table):
        vibe = vibe_of_tracks(table, f"recommended: near {picked.name}")
        state.onward(
            vibe,
            ("pages/band.py", "The band these deserve"),
            ("pages/hear_it.py", "Hear them as one vibe"),
            ("pages/map.py", "Where they are on the map"),
            tracks=table.loc[ticked or list(table.index)],
        )

with st.expander("Learn from my playlists", icon=":material/school:"):
    learning.draw(who)
with st.expander("How good is this for you?", icon=":material/straighten:"):
    quality.draw_quality(who)
with st.expander("A path from one song to another", icon=":material/route:"):
    quality.draw_path(who)
