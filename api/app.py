"""The API: one FastAPI application with health, sign-in and, later, everything a program may ask.

Built once per process and mounted by ``app.py``; its documentation is a page without any script.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from fastapi import FastAPI
from starlette.routing import BaseRoute, Route

from api.docs import add_docs
from api.endless import endless_router
from api.sign_in import sign_in_router

if TYPE_CHECKING:  # loads pandas, sqlalchemy and spotipy; a server starts without them
    from library.spotify_service import SpotifyService


def create_api(
    service: Callable[[], SpotifyService] | None = None, public_url: str = "", after: str = "/"
) -> FastAPI:
    """The API.

    Parameters
    ----------
    service
        Gives the process's Spotify service; called at each request, so the client id may change.
        Without it there are no sign-in routes.
    public_url
        Where strangers reach this server, ``https://...`` without slash; "" for a local one,
        which signs in on 127.0.0.1 only.
    after
        The page a finished sign-in leads to.
    """
    api = FastAPI(
        title="Ghostnotes",
        description="Your music library, as data.",
        docs_url=None,  # the usual page loads a script from elsewhere
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )

    @api.get("/api/health")
    def health() -> dict[str, str]:
        """Say that the server is up."""
        return {"status": "ok"}

    if service is not None:
        api.include_router(sign_in_router(service, public_url.rstrip("/"), after))
    api.include_router(endless_router())
    add_docs(api)
    return api


def mounted(api: FastAPI) -> list[BaseRoute]:
    """The routes under which another ASGI application takes the API in, paths unchanged."""
    paths = ("/callback", "/spotify/{rest:path}", "/api/{rest:path}")
    return [Route(path, api) for path in paths]
