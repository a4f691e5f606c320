"""Everything Ghostnotes can be told, from the environment: ``GHOSTNOTES_PORT=8600 make run``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

from platformdirs import user_data_dir
from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

VISITOR_COOKIE: Final = "ghostnotes_visitor"  # names a browser's sign-in; see `api.sign_in`


class Settings(BaseSettings):
    """Settings, each read from ``GHOSTNOTES_<NAME>``."""

    model_config = SettingsConfigDict(env_prefix="GHOSTNOTES_", extra="ignore")

    home: Path = Field(
        default_factory=lambda: Path(user_data_dir("ghostnotes", appauthor=False)),
        description="Folder for everything Ghostnotes keeps.",
    )
    database_url: str | None = Field(
        default=None,
        description="A SQLAlchemy URL, e.g. PostgreSQL; without it SQLite in the home folder.",
    )
    port: int = Field(
        default=8501, ge=1, le=65535, description="Where `make run` serves, on 127.0.0.1."
    )
    hosted: bool = Field(
        default=False,
        description="Served to strangers: every visitor is on their own, nothing is kept.",
    )
    backend: str = Field(
        default="grammar",
        description="Who writes: grammar, tiny, hf:MODEL, ollama:MODEL, server:URL#MODEL.",
    )
    hub_url: str = Field(
        default="https://huggingface.co",
        description="Where models are fetched from, once somebody asks for one.",
    )
    public_url: str = Field(
        default="",
        description="Where strangers reach this server: https://... without slash; local without.",
    )
    spotify_client_id: str = Field(
        default="",
        description="The client id of a Spotify app; without it the Connect page takes one.",
    )
    spotify_accounts_url: str = Field(
        default="https://accounts.spotify.com", description="Where people sign in."
    )
    spotify_api_url: str = Field(
        default="https://api.spotify.com/v1/", description="Spotify's Web API."
    )
    spotify_calls_a_day: int = Field(
        default=500, ge=1, description="Calls to Spotify that one account may cost in 24 hours."
    )

    @field_validator("public_url", "hub_url", "spotify_accounts_url")
    @classmethod
    def _without_slash(cls, url: str) -> str:
        return url.rstrip("/")

    @field_validator("spotify_api_url")
    @classmethod
    def _with_slash(cls, url: str) -> str:
        return url.rstrip("/") + "/"

    genrenator_url: str = Field(
        default="", description="Another Genrenator than the public one; asked only if switched on."
    )
    reccobeats_url: str = Field(
        default="https://api.reccobeats.com",
        description="Where audio features may be asked for; only after the listener allowed it.",
    )

    def store_url(self) -> str:
        """The database to open; memory only when hosted without one."""
        if self.database_url:
            return self.database_url
        return "sqlite://" if self.hosted else f"sqlite:///{self.home / 'ghostnotes.sqlite'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
