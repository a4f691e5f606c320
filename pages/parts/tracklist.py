"""The list that was found: a table with reasons, its energy, and what to do with a row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from music.tracks import vibe_of_tracks
from pages.parts import covers, sound, wish_box
from pages.parts.plain import plain, visible
from recommender.ordering import energies

if TYPE_CHECKING:
    from recommender.playlist import Found

ROW: Final = 44
_COLUMNS: Final = covers.COLUMNS | {
    "kept": st.column_config.CheckboxColumn("", width=36, help="Locked: it stays in the list"),
    "name": st.column_config.TextColumn("Title", width=180),
    "artists": st.column_config.TextColumn("Artist", width=140),
    "because": st.column_config.TextColumn("Because", width=400),
    "length": st.column_config.TextColumn("Length", width="small"),
}


def head(name: str, found: Found) -> None:
    """The name, how much it is, and how the energy runs."""
    told, drawn = st.columns([3, 2], vertical_alignment="bottom")
    with told:
        st.subheader(plain(name, 80))
        st.caption(f"{len(found.tracks)} tracks, {found.minutes:.0f} minutes")
    with drawn:
        st.area_chart(
            {"energy": energies(found.tracks)}, height=90, x_label="", y_label="energy",
            color="#6C4AB6",
        )  # fmt: skip


def draw(found: Found) -> list[str]:
    """The table; returns the ticked ids."""
    kept = wish_box.locked()
    table = found.tracks.assign(
        because=list(found.reasons),
        kept=[i in kept for i in found.ids],
        length=[_length(s) for s in found.tracks["duration_s"]],
    )
    event = st.dataframe(
        covers.with_covers(table),
        placeholder="",
        column_config=_COLUMNS,
        column_order=(
            *(("kept",) if kept else ()),
            "cover", "name", "artists", "because", "year", "tempo_bpm", "length", "link",
        ),
        hide_index=True,
        row_height=ROW,
        height=min(ROW * len(table) + 40, 640),
        on_select="rerun",
        selection_mode="multi-row",
        key=f"playlist-table-{hash((*found.ids, *kept)) & 0xFFFFFFFF:x}",
        alt=f"{len(table)} tracks in playing order, each with its reason",
    )  # fmt: skip
    return [found.ids[i] for i in event["selection"]["rows"] if i < len(found.ids)]


def actions(found: Found, ticked: list[str]) -> None:
    """Hear, lock and swap the ticked rows; another mix."""
    kept = set(wish_box.locked())
    all_kept = bool(ticked) and set(ticked) <= kept
    with st.container(horizontal=True):
        if st.button("Unlock" if all_kept else "Lock", icon=":material/lock:", disabled=not ticked):
            (wish_box.unlock if all_kept else wish_box.lock)(ticked)
            st.rerun()
        if st.button("Swap", icon=":material/swap_horiz:", disabled=not ticked):
            wish_box.swap(ticked)
            st.rerun()
        if st.button("Another mix", icon=":material/casino:"):
            wish_box.another_mix()
            st.rerun()
    if not ticked:
        st.caption("Tick rows to lock or swap them, or to hear the mood of one.")
        return
    one = found.tracks.loc[[ticked[0]]]
    title = str(one["name"].iloc[0])
    sound.play_button(
        vibe_of_tracks(one, f"track: {title}"), f"the mood of “{visible(title, 60)}”",
        key=f"playlist-{ticked[0]}",
    )  # fmt: skip
    st.caption("Our synth plays what the figures of the track say; it is not the recording.")


def _length(seconds: float) -> str:
    return "" if seconds != seconds else f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
