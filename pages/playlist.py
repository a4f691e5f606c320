"""Playlist: a sentence becomes a list of tracks, with visible rules and a reason for each."""

from __future__ import annotations

import streamlit as st

from music.tracks import vibe_of_tracks
from pages.parts import covers, frame, rules, shelf, sound, state
from pages.parts.plain import plain
from recommender.ordering import energies
from studio import listing

frame.require("pages/playlist.py")
st.title("Playlist")
who = state.listener()
if in_hand := state.vibe_in_hand():
    st.caption(f"In hand: {plain(in_hand.origin or 'a vibe')}. It shapes a wish that says no mood.")

# 1. What goes in
with state.friendly_errors():
    wish = rules.ask(who)
    if wish is None:
        st.stop()
    wish = rules.edit(wish, in_hand)

    # 2. A call into the room
    seed = int(st.session_state.get("playlist.seed", 0))
    keep, drop = rules.kept_and_dropped()
    found = who.finder.find(
        wish.spec, known=who.library.tracks.index, locked=keep, without=drop, seed=seed
    )

    # 3. What comes out
    for note in (*wish.notes, *found.relaxed, *found.notes):
        st.info(plain(note, 300), icon=":material/info:")
    if found.tracks.empty:
        st.stop()
    st.subheader(plain(wish.spec.name, 80))
    st.caption(f"{len(found.tracks)} tracks, {found.minutes:.0f} minutes. Tick rows to keep, swap "
               "or hear them.")  # fmt: skip
    table = found.tracks.assign(because=list(found.reasons))
    event = st.dataframe(
        covers.with_covers(table),
        placeholder="",
        column_config=covers.COLUMNS,
        column_order=("cover", "name", "artists", "because", "year", "tempo_bpm", "link"),
        hide_index=True,
        row_height=44,
        height=min(44 * len(table) + 40, 640),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"playlist-table-{hash(tuple(found.ids)) & 0xFFFFFFFF:x}",
        alt=f"{len(table)} tracks in playing order, each with its reason",
    )
    ticked = [found.ids[i] for i in event["selection"]["rows"] if i < len(found.ids)]
    covers.attribution(table)
    with st.container(horizontal=True):
        rules.table_buttons(ticked)
        st.download_button(
            "CSV", listing.tracks_csv(table), "ghostnotes-playlist.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "M3U", listing.tracks_m3u(table), "ghostnotes-playlist.m3u8", "audio/x-mpegurl",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        shelf.keep_button(
            "playlist", wish.spec.name, {"said": list(wish.said), "tracks": found.ids, "seed": seed}
        )
    if ticked:
        one = found.tracks.loc[[ticked[0]]]
        title = str(one["name"].iloc[0])
        sound.play_button(
            vibe_of_tracks(one, f"track: {title}"), f"the mood of “{title}” (by our synth)",
            key=f"playlist-{ticked[0]}",
        )  # fmt: skip
    st.markdown("#### How the energy runs")
    st.line_chart(energies(found.tracks), height=160, x_label="track", y_label="energy")

    # 4. Where to go next
    state.onward(
        vibe_of_tracks(found.tracks, f"playlist: {wish.spec.name}"),
        ("pages/band.py", "The band these deserve"),
        ("pages/hear_it.py", "Hear them as one vibe"),
        ("pages/recommend.py", "More like these"),
    )
