"""The roast as a conversation on the page: it looks, asks three questions, and judges."""

from __future__ import annotations

from typing import Final

import streamlit as st

from llm.dialogue import Dialogue
from llm.roast import Roast
from music.profile import TasteProfile
from pages.parts.plain import plain

_ANSWERS: Final = "conversation.answers"


def draw(
    profile: TasteProfile, seed: int, intensity: str, persona: str, writer: str
) -> Roast | None:
    """The conversation so far; the roast at its end, None while a question is open."""
    key = (profile.name, profile.n_tracks, seed, intensity, persona)
    held = st.session_state.get(_ANSWERS)
    answers: tuple[str, ...] = held[1] if held and held[0] == key else ()
    talk = Dialogue(profile, seed, intensity, persona, writer, answers)
    with st.chat_message("assistant", avatar=":material/local_fire_department:"):
        for look in talk.looks:
            st.caption(plain(look, 300))
    for turn in talk.turns:
        _says(turn.question.text)
        with st.chat_message("user", avatar=":material/person:"):
            st.markdown(plain(turn.answer or "(says nothing)", 400))
        _says(turn.reply)
    if (question := talk.question) is not None:
        _says(question.text)
        _ask(talk, question.labels, key)
        return None
    if talk.summing_up:
        _says(talk.summing_up)
    if answers and st.button("From the beginning", icon=":material/undo:"):
        del st.session_state[_ANSWERS]
        st.rerun()
    return talk.verdict()


def _says(text: str) -> None:
    with st.chat_message("assistant", avatar=":material/local_fire_department:"):
        st.markdown(plain(text, 600))


def _ask(talk: Dialogue, labels: tuple[str, ...], key: tuple[object, ...]) -> None:
    """Buttons for the usual answers, and a line for any other."""
    n = len(talk.answers)
    said = None
    with st.container(horizontal=True):
        for i, label in enumerate(labels):
            if st.button(label, key=f"answer-{n}-{i}"):
                said = label
    with st.form(f"answer-{n}", border=False, clear_on_submit=True):
        own = st.text_input("Or in your own words", max_chars=400, key=f"answer-text-{n}")
        if st.form_submit_button("Say it"):
            said = own
    if said is not None:
        st.session_state[_ANSWERS] = (key, talk.answer(said).answers)
        st.rerun()
