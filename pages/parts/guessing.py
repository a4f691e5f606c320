"""Guess the vibe: a blind game whose results say whether an untrained ear can tell them apart."""

from __future__ import annotations

import json
from typing import Final

import numpy as np
import streamlit as st

from music.theory import STYLES
from pages.parts import player
from synth.config import config_from_style
from synth.render import render

N_CHOICES: Final = 4
_ROUND: Final = "guessing.round"
_LOG: Final = "guessing.log"


@st.fragment
def draw() -> None:
    """One round: listen, choose one of four, be told."""
    number = int(st.session_state.setdefault(_ROUND, 0))
    log: list[dict[str, str | int]] = st.session_state.setdefault(_LOG, [])
    rng = np.random.default_rng([number, 97])
    choices = [str(c) for c in rng.choice(list(STYLES), N_CHOICES, replace=False)]
    answer = choices[int(rng.integers(N_CHOICES))]
    player.draw(_clip(answer, number), f"Round {number + 1}: what is this?", key=f"guess-{number}")
    answered = len(log) > number
    with st.container(horizontal=True):
        for choice in choices:
            if st.button(choice, disabled=answered, key=f"guess-{number}-{choice}"):
                log.append({"round": number, "played": answer, "guessed": choice})
                st.rerun(scope="fragment")
    if answered:
        right = sum(one["played"] == one["guessed"] for one in log)
        said = log[number]["guessed"]
        verdict = "Right" if said == answer else f"It was {answer}"
        st.markdown(f"**{verdict}.** {right} of {len(log)} so far; chance would be one in four.")
        with st.container(horizontal=True):
            if st.button("Next", type="primary"):
                st.session_state[_ROUND] = number + 1
                st.rerun(scope="fragment")
            st.download_button(
                "Results", json.dumps(log, indent=1), "ghostnotes-guesses.json",
                "application/json", icon=":material/download:", on_click="ignore",
            )  # fmt: skip


@st.cache_data(max_entries=8, show_spinner=False)
def _clip(style: str, seed: int) -> bytes:
    return render(config_from_style(style, seed)).wav()
