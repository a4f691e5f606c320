"""A band as people see it: cover, members, songs that play."""

from __future__ import annotations

import streamlit as st

from llm.band import Band
from llm.cover import cover_svg
from pages.parts.plain import plain
from pages.parts.sound import play_button


def headline(band: Band, *, key: str) -> None:
    """Cover, name, genre, bio and the single: what fits on Home."""
    picture, words = st.columns([1, 2], gap="large")
    picture.image(cover_svg(band.name, band.vibe), width="stretch")
    with words:
        st.markdown(f"### {plain(band.name)}")
        st.markdown(f"*{plain(band.genre.name)}* · fictional")
        st.markdown(plain(band.bio, 400))
        single = band.songs[0]
        play_button(
            single.vibe,
            f"“{single.title}”",
            key=f"{key}-single",
            seed=band.seed,
            primary=True,
        )


def details(band: Band, *, key: str) -> None:
    """Members, songs, and where they play next."""
    left, right = st.columns(2, gap="large")
    with left:
        st.markdown("#### Members")
        for member in band.members:
            st.markdown(f"{plain(member.name)}, {plain(member.instrument)}")
        st.markdown("#### Records")
        for album in band.albums:
            st.markdown(f"{plain(album.title)} ({album.year}, {plain(band.label)})")
        st.markdown("#### Next")
        st.markdown(plain(band.next_show))
        st.markdown("#### For people who like")
        st.markdown(plain(", ".join(band.related), 300))
    with right:
        st.markdown("#### Top songs")
        for i, song in enumerate(band.songs):
            play_button(song.vibe, f"“{song.title}”", key=f"{key}-song-{i}", seed=band.seed + i)
        st.markdown("#### What they write")
        st.markdown(f"“{plain(band.quote, 300)}” {plain(band.critic)}")
