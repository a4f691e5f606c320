"""The shelf: bands and roasts somebody kept; they survive a restart."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from library.store import Item
from pages.parts import state
from pages.parts.plain import visible
from studio import leaving, services


def keep_button(kind: str, title: str, body: Mapping[str, Any]) -> None:
    """A button that puts something on the shelf; twice is once."""
    if st.button("Keep", icon=":material/bookmark_add:", key=f"keep-{kind}"):
        kept = {item.title for item in services.store().items(state.owner(), kind)}
        if title not in kept:
            mark = {leaving.MADE_OF_API: True} if state.view().holds_api else {}
            services.store().save_item(state.owner(), kind, title, {**body, **mark})
        st.toast(f"Kept: {visible(title, 60)}", icon=":material/bookmark_added:")


def chosen(kind: str, label: str) -> Item | None:
    """What is taken from the shelf, newest first; None while nothing is."""
    items = services.store().items(state.owner(), kind)
    if not items:
        return None
    titles = {item.item_id: item.title for item in items}
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            label, list(titles), index=None, placeholder=f"{len(titles)} kept",
            format_func=lambda i: visible(titles[i], 60), key=f"shelf-{kind}",
        )  # fmt: skip
        if picked is None:
            return None
        if st.button("Throw away", icon=":material/delete:", key=f"drop-{kind}"):
            services.store().delete_item(state.owner(), picked)
            del st.session_state[f"shelf-{kind}"]
            st.rerun()
    return services.store().item(state.owner(), picked)
