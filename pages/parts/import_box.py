"""The box that takes a listener's own data: files, pasted lines, and how to get them."""

from __future__ import annotations

from typing import Final

import streamlit as st

from library.how_to import GUIDES
from library.report import ImportReport
from pages.parts import state
from pages.parts.plain import plain
from studio import flows

REPORT: Final = "import_box.report"
ACCEPTED: Final = ["csv", "zip", "gz", "json"]


def draw(key: str) -> None:
    """Uploader, paste box and instructions; a finished import is in view at once."""
    files, paste, how = st.tabs(["Drop files", "Paste titles", "How to get your file"])
    with files, st.form(f"{key}-files", clear_on_submit=True, border=False):
        uploads = st.file_uploader(
            "Exportify, Spotify's own exports, any CSV with titles and artists; zips as they are",
            type=ACCEPTED,
            accept_multiple_files=True,
        )
        if st.form_submit_button("Import", type="primary") and uploads:
            with state.friendly_errors(), st.spinner("Reading ..."):
                _finish(flows.import_files(list(uploads), state.own_library()))
    with paste, st.form(f"{key}-paste", clear_on_submit=False, border=False):
        text = st.text_area(
            "One a line: artist - title, or a Spotify link",
            placeholder="The Artist - The Title\nhttps://open.spotify.com/track/...",
            max_chars=200_000,
        )
        if st.form_submit_button("Use these"):
            with state.friendly_errors():
                _finish(flows.import_pasted(text, state.own_library()))
    with how:
        for guide in GUIDES:
            st.markdown(f"**{guide.name}**: {guide.gives}")
            st.markdown("\n".join(f"{i}. {step}" for i, step in enumerate(guide.steps, 1)))
        st.caption("Whatever you drop is read on this machine and goes nowhere.")


def show_report() -> None:
    """What the last import did, if this visitor made one."""
    report: ImportReport | None = st.session_state.get(REPORT)
    if report is None:
        return
    kept, merged, rejected = report.n_kept, report.n_merged, report.n_rejected
    st.success(
        f"{report.n_read:,} rows read = {kept:,} kept + {merged:,} merged + {rejected:,} rejected.",
        icon=":material/check_circle:",
    )
    for note in report.notes:
        st.caption(plain(note, 300))
    if report.rejections:
        with st.expander(f"The {rejected:,} rejected rows, each with its reason"):
            st.dataframe(
                [{"file": r.file, "row": r.row, "what": r.what, "reason": r.reason}
                 for r in report.rejections[:1000]],
                hide_index=True, alt="Rejected rows",
            )  # fmt: skip


def _finish(done: tuple[object, ImportReport]) -> None:
    library, report = done
    state.keep_library(library)
    st.session_state[REPORT] = report
    st.rerun()
