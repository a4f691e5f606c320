"""Home: one line about the library in view, the band it deserves, and the door for one's own."""

from __future__ import annotations

import streamlit as st

from pages.parts import band_card, frame, import_box, state
from pages.parts.plain import plain
from studio import flows

frame.require("pages/home.py")
import_box.collect()  # so that what has just arrived is what is shown
who = state.listener()
seed = int(st.session_state.setdefault("home.seed", 0))

# 1. The line
if who.library.invented:
    st.caption(f"The library of {plain(who.library.name)}, who is invented.")
with state.friendly_errors():
    line = flows.opening_line(who, seed)
    st.markdown(f"## {plain(line.text, 400)}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button("Another", icon=":material/refresh:"):
            st.session_state["home.seed"] = seed + 1
            st.rerun()
        with st.popover("The evidence", icon=":material/fact_check:"):
            st.markdown(plain(line.fact.sentence, 400) if line.fact else "None was needed.")
        st.page_link("pages/roast.py", label="The whole roast", icon=":material/arrow_forward:")

# 2. The band
st.markdown("#### The band this library deserves")
with state.friendly_errors():
    band = flows.deserved_band(who, seed)
    with st.container(border=True):
        band_card.headline(band, key="home")
    state.onward(
        band.vibe,
        ("pages/band.py", "Meet the band"),
        ("pages/recommend.py", "Real tracks like them"),
        ("pages/map.py", "See the map"),
        ("pages/hear_it.py", "Play with their sound"),
    )

# 3. The figures, and the door
figures = who.figures
with st.container(horizontal=True):
    for name in ("tracks", "artists", "playlists", *["plays"] * bool(figures["plays"])):
        st.metric(name.capitalize(), f"{figures[name]:,}", border=True)
import_box.show_report()
st.markdown("#### Now yours" if who.library.invented else "#### Add to it")
with st.container(border=True):
    import_box.draw("home")
