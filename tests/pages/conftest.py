"""Pages under AppTest: each opened the way a visitor opens it, through app.py."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from studio import services
from studio.settings import settings

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(autouse=True)
def _fresh_services() -> Iterator[None]:
    """Each test has its own home, so the services that hold it are made anew."""
    settings.cache_clear()
    services.store.cache_clear()
    yield
    services.store.cache_clear()
    settings.cache_clear()


@pytest.fixture
def visit() -> Callable[..., AppTest]:
    """Open a page as a new visitor, with a link's query parameters if there are any."""

    def open_page(path: str = "pages/home.py", **query: str) -> AppTest:
        app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
        for name, value in query.items():
            app.query_params[name] = value
        app.run()
        if path != "pages/home.py":
            app.switch_page(path)
            for name, value in query.items():
                app.query_params[name] = value
            app.run()
        return app

    return open_page


def text_of(app: AppTest) -> str:
    """Everything a page says in Markdown, titles, captions and toggles."""
    parts = [*app.title, *app.header, *app.subheader, *app.markdown, *app.caption]
    return "\n".join([*(str(p.value) for p in parts), *(t.label for t in app.toggle)])
