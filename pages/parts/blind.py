"""A or B: two writers on the same facts, nobody says whose is whose, and the votes decide."""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm.backends import called
from llm.judge import Pair, decided
from llm.task import Card
from pages.parts import state
from pages.parts.plain import plain
from studio import blind

_OPEN: Final = "blind.open"


def draw() -> None:
    """The game in an expander; nothing is written before somebody opens it."""
    with st.expander("Who writes better? A blind test", icon=":material/balance:"):
        if not st.toggle("Show me two at a time", key=_OPEN):
            st.caption(
                "Two built-in writers joke about the same invented facts: an authored grammar and "
                "a small language model that learned from it. Say which is funnier without knowing "
                "which is which."
            )
        else:
            with state.friendly_errors():
                _play()


@st.fragment
def _play() -> None:
    pair = blind.next_pair(state.owner())
    if pair is None:
        st.markdown("That was the last of them.")
    else:
        _ask(pair)
    _score()


def _ask(pair: Pair) -> None:
    st.caption(f"{pair.number + 1} of {blind.N_PAIRS}")
    for column, letter, card in zip(st.columns(2), "ab", (pair.a, pair.b), strict=True):
        with column, st.container(border=True, height="stretch"):
            _show(card)
            st.button(
                f"{letter.upper()} is funnier", key=f"blind-{letter}", width="stretch",
                on_click=blind.vote, args=(state.owner(), pair.number, letter),
            )  # fmt: skip
    st.button(
        "Neither", key="blind-skip", type="tertiary",
        on_click=blind.vote, args=(state.owner(), pair.number, blind.SKIPPED),
    )  # fmt: skip


def _show(card: Card) -> None:
    for text in card.values():
        st.markdown(plain(text, 600))


def _score() -> None:
    found = blind.standing(state.owner())
    if not found:
        return
    winner = decided(found)
    with st.popover("How it stands", icon=":material/leaderboard:", type="tertiary"):
        st.caption("Knowing this may colour the next vote.")
        for one in found:
            st.markdown(
                f"{called(one.name, begins=True)}: {one.wins} to {one.losses}, strength "
                f"{one.strength:+.2f} (95 %: {one.low:+.2f} to {one.high:+.2f})"
            )
        st.markdown(f"{called(winner, begins=True)} wins." if winner else "Not decided yet.")
        st.button(
            "Forget my votes", key="blind-forget", on_click=blind.start_again, args=(state.owner(),)
        )
