"""Small components of our own for the browser, each made known to Streamlit once."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Any

import streamlit as st


@cache
def widget(name: str, html: str, css: str, js: str) -> Callable[..., Any]:
    """A component; call it with ``data`` and ``key``.

    Parameters
    ----------
    css, js
        Names of files beside this one; the script exports a function that gets the data.
    """
    here = files("pages.parts")
    return st.components.v2.component(
        f"ghostnotes.{name}",
        html=html,
        css=here.joinpath(css).read_text(encoding="utf-8"),
        js=here.joinpath(js).read_text(encoding="utf-8"),
    )
