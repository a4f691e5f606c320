"""Band: one that does not exist, from what is in hand, a side of you, or a genre you type."""

from __future__ import annotations

import json

import streamlit as st

from llm.band import Band, band_from_link, invent_band
from pages.parts import band_card, band_link, frame, shelf, state, wanted_genre
from pages.parts.plain import plain
from studio import flows
from studio.cards import band_poster
from studio.settings import settings

frame.require("pages/band.py")
st.title("Band")
who = state.listener()

# 1. What goes in
in_hand = state.vibe_in_hand()
with st.container(horizontal=True, vertical_alignment="bottom"):
    typed = st.text_input(
        "Genre", placeholder="leave empty, or type one that does not exist", max_chars=60
    )
    if st.button("Another band", icon=":material/casino:", type="primary"):
        st.session_state["band.seed"] = st.session_state.get("band.seed", 0) + 1
        band_link.leave()
seed = int(st.session_state.get("band.seed", 0))
ask_web = st.toggle(
    "Let the Genrenator name the genre", disabled=bool(typed.strip()),
    help="Asks binaryjazz.us, a web service of strangers, for an invented genre. Nothing about you "
    "is sent. Off, nothing leaves this machine.",
)  # fmt: skip

# 2. A call into the room
with state.friendly_errors():
    vibe = in_hand or flows.deserved_vibe(who, seed)
    source = "a link" if band_link.opened() else "the library in view"
    st.caption(f"From {plain(vibe.origin or source, 200)}")
    genre = wanted_genre.draw(vibe, seed, typed, ask_web)
    if kept := shelf.chosen("band", "From your shelf"):
        band = Band.from_dict(kept.body)
    elif (link := band_link.opened()) and genre is None:
        band = band_from_link(link, who.artists, settings().backend)
    elif in_hand is None and genre is None:
        band = flows.deserved_band(who, seed)
    else:
        band = invent_band(vibe, seed, who.artists, settings().backend, genre)

    # 3. What comes out
    for note in band.notes:
        st.info(plain(note, 300), icon=":material/info:")
    with st.container(border=True):
        band_card.headline(band, key="band")
    band_card.details(band, key="band")
    st.caption("Fictional: band, people, places and quotes are invented.")
    with st.container(horizontal=True):
        shelf.keep_button("band", band.name, band.to_dict())
        band_link.share(band)
        st.download_button(
            "Card as JSON", json.dumps(band.to_dict(), indent=1, ensure_ascii=False),
            "ghostnotes-band.json", "application/json",
            icon=":material/download:", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            "Poster", lambda: band_poster(band), "ghostnotes-band.png", "image/png",
            icon=":material/image:", on_click="ignore",
        )  # fmt: skip

    # 4. Where to go next
    state.onward(
        band.vibe,
        ("pages/hear_it.py", "Hear them on the desk"),
        ("pages/recommend.py", "Real tracks like them"),
        ("pages/map.py", "Where they would be on the map"),
    )
