"""The link of a band: seed, hooks, genre and vibe in the address, so that it opens anywhere."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlencode

import streamlit as st

from llm.band import Band

_KEYS: Final = ("seed", "hook", "genre", "vibe")


def opened() -> str | None:
    """What the address says about a band, as `llm.band.band_from_link` reads it; None = nothing."""
    if "seed" not in st.query_params:
        return None
    return urlencode([(key, value) for key in _KEYS for value in st.query_params.get_all(key)])


def leave() -> None:
    """Let go of the band in the address; the vibe stays."""
    for key in ("seed", "hook", "genre"):
        st.query_params.pop(key, None)


def share(band: Band) -> None:
    """The address of this band, to copy."""
    here = st.context.url
    page = here.partition("?")[0] if isinstance(here, str) else "/band"  # AppTest has mocks
    with st.popover("Link", icon=":material/link:"):
        st.markdown("Opens this band on any Ghostnotes; who you are is not in it.")
        st.code(f"{page}?{band.link()}", language=None, wrap_lines=True)
