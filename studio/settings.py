"""Everything Ghostnotes can be told, from the environment: ``GHOSTNOTES_PORT=8600 make run``."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from platformdirs import user_data_dir
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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

    def store_url(self) -> str:
        """The database to open; memory only when hosted without one."""
        if self.database_url:
            return self.database_url
        return "sqlite://" if self.hosted else f"sqlite:///{self.home / 'ghostnotes.sqlite'}"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()
