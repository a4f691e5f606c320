"""The documentation page of the API: plain HTML from its own description."""

from __future__ import annotations

from html import escape
from typing import Any

from fastapi import FastAPI
from fastapi.responses import HTMLResponse

STYLE = (
    "body{font:16px/1.5 system-ui,sans-serif;max-width:46rem;margin:3rem auto;padding:0 1rem;"
    "color:#222;background:#fff}code{font-size:1.05em}dt{margin-top:1.2rem}"
    "@media(prefers-color-scheme:dark){body{color:#ddd;background:#161616}a{color:#9bd}}"
)


def add_docs(api: FastAPI) -> None:
    """Serve the page at ``/api/docs``."""

    @api.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return page(api.title, _routes(api.openapi()))


def page(title: str, body: str, status: int = 200) -> HTMLResponse:
    """A small page of our own; ``body`` is HTML, escaped by whoever made it."""
    text = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1>{body}</html>"
    )
    safe = {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
    }
    return HTMLResponse(text, status, headers=safe)


def _routes(schema: dict[str, Any]) -> str:
    rows = [
        f"<dt><code>{method.upper()} {escape(path)}</code></dt>"
        f"<dd>{escape(operation.get('description', ''))}</dd>"
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    link = '<p>Machine-readable: <a href="/api/openapi.json">openapi.json</a></p>'
    return f"<dl>{''.join(rows)}</dl>{link}"
