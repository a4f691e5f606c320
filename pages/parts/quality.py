"""How good the recommender is for this listener, and a walk from one song to another."""

from __future__ import annotations

import streamlit as st

from pages.parts import covers, state
from pages.parts.plain import plain, visible
from recommender.own import OwnQuality
from recommender.path import song_path
from studio import flows, services
from studio.jobs import Job
from studio.listener import Listener


def draw_quality(who: Listener) -> None:
    """Hide part of each playlist and ask for it back; measured in a worker when asked."""
    st.caption(
        "Part of each of your playlists is hidden and asked for again, as in research. 1 would be "
        "every hidden track in the first places, in order."
    )
    key = f"quality-{who.key}"
    job = services.jobs().find(key)
    if job is None:
        if st.button("Measure it on my playlists", icon=":material/straighten:"):
            services.jobs().submit(key, lambda progress: flows.measure(who, progress))
            st.rerun()
        return
    _show(job)


@st.fragment(run_every=1.0)
def _show(job: Job[OwnQuality]) -> None:
    if not job.done:
        st.progress(job.progress.share, job.progress.text or "Asking for hidden tracks")
        return
    with state.friendly_errors():
        found = job.result()
        rows = found.table()
        ours = rows[0]
        st.metric("NDCG@100 from 10 seeds", f"{ours['ndcg100']:.2f}", border=True)
        st.caption(found.sentence())
        st.dataframe(
            rows,
            hide_index=True,
            column_config={
                "what": "",
                "ndcg100": st.column_config.NumberColumn("NDCG@100", format="%.3f"),
                "low": st.column_config.NumberColumn("95 % from", format="%.3f"),
                "high": st.column_config.NumberColumn("to", format="%.3f"),
            },
            alt=found.sentence(),
        )


def draw_path(who: Listener) -> None:
    """A playlist that walks from one track to another."""
    tracks = who.library.tracks
    labels = (tracks["name"].fillna("?") + " - " + tracks["artists"].fillna("?")).to_dict()

    def label(track_id: str) -> str:
        return visible(labels[track_id], 80)

    with st.container(horizontal=True):
        start = st.selectbox("From", list(labels), index=None, format_func=label, key="path-from")
        end = st.selectbox("To", list(labels), index=None, format_func=label, key="path-to")
        n = st.slider("Tracks", 4, 30, 12, key="path-n")
    if start is None or end is None:
        return
    with state.friendly_errors():
        path = song_path(tracks, start, end, n)
        st.dataframe(
            covers.with_covers(path), placeholder="", column_config=covers.COLUMNS,
            column_order=("cover", "name", "artists", "tempo_bpm", "energy", "valence", "link"),
            hide_index=True, row_height=44,
            alt=f"{len(path)} tracks from {plain(labels[start])} to {plain(labels[end])}",
        )  # fmt: skip
        covers.attribution(path)
