"""The front door: one ASGI application for the dashboard, its sign-in and its JSON API.

Works as ``python app.py``, ``streamlit run app.py`` and under AppTest. Streamlit runs this file
once as a program, to find `app`, and then again at every click, to draw: only then is there a
context.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

HERE = Path(__file__).parent

if get_script_run_ctx(suppress_warning=True) is not None:
    from pages.parts import frame

    frame.draw()
else:
    from api.routes import dashboard_routes

    app = st.App(HERE / "app.py", routes=dashboard_routes())

    if __name__ == "__main__":
        from api.serve import free_port
        from studio import warm

        port = free_port()
        warm.start()
        app.run(config={"server.port": port})
