"""The journal of saves: what is being written to Spotify, and how far it is, on disk."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from sqlalchemy import Engine, Row, select

from library.spotify_tables import SAVES, reading, upsert, writing
from music.errors import NotFoundError

State = Literal["planned", "creating", "filling", "done", "undone"]


@dataclass(frozen=True)
class Save:
    """One playlist on its way to Spotify.

    Parameters
    ----------
    save_id
        Our name for it; also the mark in its description.
    uris
        What it shall hold, in order; rejected ones are struck off.
    state
        "creating" means that it may exist although nobody has said so.
    """

    save_id: str
    name: str
    description: str
    uris: tuple[str, ...]
    rejected: tuple[str, ...] = ()
    playlist_id: str | None = None
    state: State = "planned"

    def with_(self, **changes: Any) -> Save:
        """The same save, further on."""
        return replace(self, **changes)


class Journal:
    """The saves of one account."""

    def __init__(
        self, engine: Engine, account: str, clock: Callable[[], float] = time.time
    ) -> None:
        self._engine, self._account, self._clock = engine, account, clock

    def put(self, save: Save) -> None:
        """Write down how far a save is."""
        row = {
            "account": self._account,
            "save_id": save.save_id,
            "name": save.name,
            "description": save.description,
            "uris": json.dumps(save.uris),
            "rejected": json.dumps(save.rejected),
            "playlist_id": save.playlist_id,
            "state": save.state,
            "at": self._clock(),
        }
        with writing(self._engine) as db:
            upsert(db, SAVES, [row])

    def get(self, save_id: str) -> Save:
        """A save by its id."""
        mine = select(SAVES).filter_by(account=self._account, save_id=save_id)
        with reading(self._engine) as db:
            row = db.execute(mine).first()
        if row is None:
            raise NotFoundError("There is no such save.")
        return _save(row)

    def all(self) -> list[Save]:
        """Every save, the latest first."""
        mine = select(SAVES).filter_by(account=self._account).order_by(SAVES.c.at.desc())
        with reading(self._engine) as db:
            return [_save(row) for row in db.execute(mine)]

    def unfinished(self) -> list[Save]:
        """Saves that were interrupted, the latest first."""
        return [save for save in self.all() if save.state not in ("done", "undone")]


def _save(row: Row[Any]) -> Save:
    return Save(
        row.save_id,
        row.name,
        row.description,
        tuple(json.loads(row.uris)),
        tuple(json.loads(row.rejected)),
        row.playlist_id,
        row.state,
    )
