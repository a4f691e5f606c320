"""Library: what is in view, row by row, and the door for one's own data."""

from __future__ import annotations

import streamlit as st

from music.tracks import vibe_of_tracks
from pages.parts import covers, features_box, frame, import_box, plays, state
from pages.parts.plain import plain
from recommender.nearest import nearest
from studio import leaving, listing, services

frame.require("pages/library.py")
st.title("Library")

import_box.collect()  # so that what has just arrived is what is shown
who = state.shown()
library = who.library

# 1. What goes in
if library.invented:
    st.markdown(
        f"This is the library of **{plain(library.name)}**, who is invented, as is every band "
        "in it. Bring your own and everything here becomes about you."
    )
import_box.show_report()
with st.container(border=True):
    import_box.draw("library")

# 2. What is there
figures = who.figures
with st.container(horizontal=True):
    for name in ("tracks", "artists", "playlists", "plays"):
        st.metric(name.capitalize(), f"{figures[name]:,}", border=True)
if library.invented or not state.listener().library.invented:
    features_box.draw(state.listener())
else:  # only rows from Spotify, which may not be completed before the yes
    st.caption(listing.coverage_sentence(library))

everything = "All tracks"
playlists = who.playlists()
names = {everything: everything} | {
    str(row.playlist_id): f"{plain(row.name, 60)} ({row.n_tracks:,})"
    for row in playlists.itertuples()
}
chosen = st.selectbox("Playlist", list(names), format_func=names.__getitem__)
tracks = library.tracks if chosen == everything else library.playlist(chosen)
search = st.text_input("Search", placeholder="title, artist, album or genre")
shown = listing.search(tracks, search)
usable = state.usable(shown)
if (
    (in_hand := state.vibe_in_hand())
    and len(usable) == len(shown)
    and st.toggle(f"Nearest to {plain(in_hand.origin or 'what is in hand')} first", value=True)
):
    with state.friendly_errors():
        shown = nearest(shown, in_hand, k=max(len(shown), 1))

first = shown.head(covers.MOST)
covers.attribution(shown)
st.dataframe(
    covers.with_covers(first).assign(
        source=listing.source_words(first, state.listener().uncertainty)
    ),
    placeholder="",
    column_config=covers.COLUMNS,
    column_order=(*covers.ORDER[:-1], "source", covers.ORDER[-1]),
    hide_index=True,
    height=480,
    row_height=44,
    alt=f"{len(shown):,} tracks with title, artist, album, year and audio features",
)
if len(shown) > covers.MOST:
    st.caption(f"The first {covers.MOST:,} of {len(shown):,}; the CSV has all.")
st.download_button(
    "Download as CSV", listing.tracks_csv(shown), "ghostnotes-tracks.csv", "text/csv",
    icon=":material/download:", on_click="ignore",
)  # fmt: skip

plays.draw(who)

# 3. Where to go next
if len(usable):
    origin = "the whole library" if chosen == everything else f"playlist: {names[chosen]}"
    vibe = vibe_of_tracks(usable, origin)
    state.onward(
        vibe,
        ("pages/recommend.py", "More like these"),
        ("pages/band.py", "The band these deserve"),
        ("pages/hear_it.py", "Hear them as one vibe"),
        tracks=usable,
    )

# 4. The way back
with st.expander("Your data"):
    st.markdown("Everything you import stays on this machine, in one folder.")
    back, forget = st.columns(2)
    if not library.invented and back.button("Back to the demo", key="library-demo"):
        state.look_at(services.demo())
        st.rerun()
    if library.invented and state.has_own() and back.button("Back to my library"):
        state.look_at_own()
        st.rerun()
    with forget.popover("Delete my data"):
        st.markdown(
            "Your library, bands, roasts, votes and catalogues here, and all that came from "
            "Spotify; your export files stay."
        )
        if st.button("Delete everything", type="primary"):
            leaving.forget(state.owner(), state.visitor())
            state.forget_own()
            st.session_state.pop(import_box.REPORT, None)
            st.rerun()
