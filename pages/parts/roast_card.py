"""A roast as people read it: line by line, each joke with its rows underneath."""

from __future__ import annotations

import streamlit as st

from llm.lines import PERSONAS
from llm.review import Review
from llm.roast import Roast
from music.profile import Fact
from pages.parts import thumb
from pages.parts.plain import plain
from studio.listener import Listener

SHOWN_ROWS = 12


def draw(written: Roast, who: Listener) -> None:
    """The lines, the verdict, the end."""
    for note in written.notes:
        st.info(plain(note, 300), icon=":material/info:")
    st.caption(f"{PERSONAS[written.persona]}, variation {written.seed}")
    end = written.lines[-2:] if written.jokes else ()
    for i, line in enumerate(written.lines[: len(written.lines) - len(end)]):
        if line.fact is None:
            st.markdown(f"*{plain(line.text, 600)}*")
            continue
        st.markdown(f"#### {plain(line.text, 600)}")
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            with st.popover("The evidence", icon=":material/fact_check:", type="tertiary"):
                _evidence(line.fact, who, i)
            thumb.draw(line, written, key=f"thumb-{i}")
    judged, *counted = written.verdict.sentences() or [""]
    if judged:
        with st.container(border=True):
            st.markdown(f"### {plain(judged, 600)}")
            if written.verdict.rule:
                st.caption(f"How basic is counted: {plain(written.verdict.rule, 200)}")
            for sentence in counted:
                st.markdown(plain(sentence, 600))
    for line in end:
        st.markdown(plain(line.text, 600))


def _evidence(fact: Fact, who: Listener, i: int) -> None:
    st.markdown(plain(fact.sentence, 400))
    rows = who.library.tracks.loc[[r for r in fact.rows if r in who.library.tracks.index]]
    st.caption(
        f"{len(rows)} tracks. How unusual: {100 * fact.unusual:.0f} of 100, where 50 is what "
        "half of all listeners would nod at."
    )
    st.dataframe(
        rows.head(SHOWN_ROWS)[["name", "artists", "album", "year"]],
        hide_index=True, key=f"evidence-{i}", alt=f"The tracks behind: {fact.kind}",
    )  # fmt: skip


def draw_review(judged: Review) -> None:
    """A review as a record magazine prints it: the score on the left, the prose on the right."""
    for note in judged.notes:
        st.info(plain(note, 300), icon=":material/info:")
    left, right = st.columns([1, 3], gap="large")
    with left:
        if judged.score is not None:
            st.metric("Score", f"{judged.score:.1f}", border=True)
            st.caption(plain(judged.rule, 300))
    with right:
        st.markdown(f"### {plain(judged.title)}")
        for paragraph in judged.paragraphs:
            st.markdown(plain(paragraph, 2_000))
        with st.expander("The evidence", icon=":material/fact_check:"):
            for fact in judged.facts:
                st.markdown(plain(fact.sentence, 400))


def share_button(written: Roast, who: Listener) -> None:
    """The verdict as a picture; drawn when it is asked for."""
    from studio.cards import roast_card

    st.download_button(
        "Share card", lambda: roast_card(written, who.library.name), "ghostnotes-roast.png",
        "image/png", icon=":material/image:", on_click="ignore",
    )  # fmt: skip
