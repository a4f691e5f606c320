"""The routes that `app.py` puts beside the dashboard."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

from api.app import create_api, mounted
from studio.settings import settings

if TYPE_CHECKING:  # loads pandas, sqlalchemy and spotipy; a server starts without them
    from library.spotify_service import SpotifyService


def routes(
    service: Callable[[], SpotifyService] | None = None, public_url: str = "", after: str = "/"
) -> list[BaseRoute]:
    """Health, documentation and sign-in; see `api.app.create_api` for the parameters."""
    return mounted(create_api(service, public_url, after))


def dashboard_routes() -> list[BaseRoute]:
    """The routes beside our own dashboard: signing in leads to its page about Spotify."""
    return routes(_spotify, settings().public_url, after="/connect")


def _spotify() -> SpotifyService:
    """The process's Spotify service; what it needs is loaded when somebody asks."""
    from studio import services

    return services.spotify()
