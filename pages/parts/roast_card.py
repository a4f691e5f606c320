"""A roast as people read it: line by line, each joke with its rows underneath."""

from __future__ import annotations

import streamlit as st

from llm.lines import PERSONAS
from llm.roast import Roast
from music.profile import Fact
from pages.parts.plain import plain
from studio.listener import Listener

SHOWN_ROWS = 12


def draw(written: Roast, who: Listener) -> None:
    """The lines, the verdict, the end."""
    st.caption(f"{PERSONAS[written.persona]}, variation {written.seed}")
    end = written.lines[-2:] if written.jokes else ()
    for i, line in enumerate(written.lines[: len(written.lines) - len(end)]):
        if line.fact is None:
            st.markdown(f"*{plain(line.text, 600)}*")
            continue
        st.markdown(f"#### {plain(line.text, 600)}")
        with st.expander("The evidence", icon=":material/fact_check:"):
            _evidence(line.fact, who, i)
    for sentence in written.verdict.sentences():
        with st.container(border=True):
            st.markdown(f"### {plain(sentence, 600)}")
            if written.verdict.rule:
                st.caption(f"How basic is counted: {plain(written.verdict.rule, 200)}")
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
