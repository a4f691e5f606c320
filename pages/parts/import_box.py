"""The box that takes a listener's own data: files, pasted lines, and how to get them."""

from __future__ import annotations

from concurrent.futures import CancelledError
from pathlib import Path
from typing import Final

import streamlit as st

from library.how_to import GUIDES
from library.report import ImportReport
from music.errors import GhostnotesError
from pages.parts import state, work
from pages.parts.plain import plain
from studio import imports
from studio.imports import Imported
from studio.settings import settings

REPORT: Final = "import_box.report"
ACCEPTED: Final = ["csv", "tsv", "txt", "zip", "gz", "json"]
_SHOWN: Final = 1_000  # rejected rows in a table; the sum above it counts all


def draw(key: str) -> None:
    """Uploader, paste box and instructions; while an import runs, its bar."""
    if job := work.running(work.IMPORT):
        st.markdown("**Reading your music.** You can go to other pages meanwhile.")
        work.bar(job, key)
        return
    files, paste, how = st.tabs(["Drop files", "Paste titles", "How to get your file"])
    with files:
        _files(key)
    with paste, st.form(f"{key}-paste", clear_on_submit=False, border=False):
        text = st.text_area(
            "One a line: artist - title, or a Spotify link",
            placeholder="The Artist - The Title\nhttps://open.spotify.com/track/...",
            max_chars=200_000,
        )
        if st.form_submit_button("Use these"):
            with state.friendly_errors():
                _take(imports.import_pasted(state.owner(), text, state.own_library()))
                st.rerun()
    with how:
        for guide in GUIDES:
            st.markdown(f"**{guide.name}**: {guide.gives}")
            st.markdown("\n".join(f"{i}. {step}" for i, step in enumerate(guide.steps, 1)))
        st.caption("Whatever you drop is read on this machine and goes nowhere.")
    st.page_link(
        "pages/connect.py", label="Or connect Spotify, without a file", icon=":material/link:"
    )


def collect() -> None:
    """Take over an import that ended since the last look, on whatever page that is."""
    job = work.finished(work.IMPORT)
    if job is None:
        return
    try:
        _take(job.result())
        st.toast("Your library is up to date.", icon=":material/check_circle:")
    except CancelledError:
        st.session_state[REPORT] = "Stopped; nothing was changed."
    except GhostnotesError as error:
        st.session_state[REPORT] = error
        st.toast("The import did not work; the Library page says why.", icon=":material/info:")


def show_report() -> None:
    """What the last import did, or why it did nothing, if this visitor made one."""
    done: Imported | GhostnotesError | str | None = st.session_state.get(REPORT)
    if isinstance(done, GhostnotesError):
        st.error(plain(done, 600), icon=":material/info:")
    elif isinstance(done, str):
        st.info(done, icon=":material/block:")
    elif done is not None:
        for report in (*([done.report] if done.report else []), *done.catalogues):
            _account(report, catalogue=report is not done.report)
        for note in done.notes:
            st.caption(plain(note, 300))


def _files(key: str) -> None:
    with st.form(f"{key}-files", clear_on_submit=True, border=False):
        uploads = st.file_uploader(
            "Exportify, Spotify's own exports, any CSV with titles and artists: several at once, "
            "in any order, zips as they are",
            type=ACCEPTED,
            accept_multiple_files=True,
        )
        path = ""
        if not settings().hosted:
            path = st.text_input(
                "Or a file or folder on this machine",
                placeholder="/home/me/Downloads/my_spotify_data",
                help="It is read where it lies. Best for big catalogues and unpacked exports.",
            )
        as_library = st.checkbox(
            "A table of audio features in it (Kaggle and the like) is my library",
            help="Otherwise such a table is a catalogue: it gives your tracks their features and "
            "new tracks to recommend, but is not yours.",
        )
        if st.form_submit_button("Import", type="primary"):
            with state.friendly_errors():
                _start([*uploads, *([Path(path.strip()).expanduser()] if path.strip() else [])],
                       as_library)  # fmt: skip


def _start(uploads: list[object], as_library: bool) -> None:
    owner, own = state.owner(), state.own_library()
    if not uploads:
        st.info("Choose a file first.")
        return
    work.start(
        work.IMPORT,
        lambda progress: imports.import_files(owner, uploads, own, progress, as_library),
    )


def _take(done: Imported) -> None:
    """The library there is now comes into view, and the report is there to be read."""
    st.session_state[REPORT] = done
    if done.library is not None:
        state.show_library(done.library)


def _account(report: ImportReport, catalogue: bool) -> None:
    """One sum that adds up, what there is to note, and what stayed out."""
    kept, merged, rejected = report.n_kept, report.n_merged, report.n_rejected
    what = f"{plain(report.source, 60)}, a catalogue: " if catalogue else ""
    st.success(
        f"{what}{report.n_read:,} rows read = {kept:,} kept + {merged:,} merged + "
        f"{rejected:,} rejected.",
        icon=":material/check_circle:",
    )
    for note in report.notes:
        st.caption(plain(note, 300))
    if report.rejections:
        with st.expander(f"The {rejected:,} rejected rows, each with its reason"):
            for reason, n in report.reasons.items():
                st.markdown(f"- {n:,} × {plain(reason, 200)}")
            st.dataframe(
                [{"file": r.file, "row": r.row, "what": r.what, "reason": r.reason}
                 for r in report.rejections[:_SHOWN]],
                hide_index=True, alt="Rejected rows",
            )  # fmt: skip
            if rejected > _SHOWN:
                st.caption(f"The first {_SHOWN:,} of {rejected:,}.")
