"""Leaving Spotify: everything that came from its Web API goes, and what was made of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Final

from studio import catalogues, playlists, reach, services, spotify_jobs, taught
from studio.settings import settings
from studio.view import stamp_of

MADE_OF_API: Final = "from_spotify"  # in the body of what was kept while API rows were in view
_TRACK_ID: Final = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z]{22}(?![0-9A-Za-z])")


@dataclass(frozen=True)
class Left:
    """What a disconnect deleted; ``n_left`` was counted afterwards."""

    n_sign_ins: int
    n_rows: int
    n_items: int
    n_left: int

    def __str__(self) -> str:
        """What happened, for people."""
        kept = f", {self.n_items} kept things made of them" if self.n_items else ""
        sign_ins = "1 sign-in" if self.n_sign_ins == 1 else f"{self.n_sign_ins} sign-ins"
        return (
            f"Disconnected. Deleted: {self.n_rows:,} rows from Spotify{kept} and {sign_ins}. "
            f"Counted again afterwards: {self.n_left} left."
        )


def disconnect(owner: str, visitor: str) -> Left:
    """Delete what came from Spotify for a visitor: rows, sign-ins, and what was made of the rows.

    Raises
    ------
    SignInError
        If nobody is signed in there.
    """
    spotify = services.spotify()
    forget_fits(spotify.stamp(visitor))
    spotify_jobs.forget(visitor)
    n_items = _drop_items(owner, set(spotify.library(visitor).tracks.index))
    playlists.vectors().forget()  # titles from the API may be among what it has read
    gone = spotify.disconnect(visitor)
    return Left(gone.n_sign_ins, gone.n_rows, n_items, gone.n_left)


def forget_fits(stamp: str) -> None:
    """Forget the maps and figures that were made of a view with API rows (`studio.view`)."""
    if stamp:
        services.jobs().forget(stamp)
        reach.forget(stamp)


def _drop_items(owner: str, api_ids: set[str]) -> int:
    """Delete what was kept of API rows: marked so, or naming a track that came only from there."""
    own = services.store().load_library(owner)
    api_ids -= set() if own is None else set(own.tracks.index)
    made = [
        item
        for item in services.store().items(owner)
        if _is_marked(item.body) or api_ids & set(_TRACK_ID.findall(json.dumps(item.body)))
    ]
    for item in made:
        services.store().delete_item(owner, item.item_id)
    return len(made)


def _is_marked(body: object) -> bool:
    return isinstance(body, dict) and bool(body.get(MADE_OF_API))


def forget(owner: str, visitor: str | None = None) -> dict[str, int]:
    """Delete everything of an owner, and of Spotify: on one's own machine, of everybody on it.

    On a server for strangers only the visitor's part of Spotify goes.

    Returns
    -------
    dict
        How many rows or entries went, by table; sign-ins as ``"spotify_sign_ins"``.

    Raises
    ------
    StoreError
        If anything is left after all.
    """
    from studio import lookups, terminal_sign_in  # scikit-learn and an HTTP server

    if visitor is not None:
        forget_fits(stamp_of(visitor))
        spotify_jobs.forget(visitor)
    taught.forget(owner)
    gone = services.store().forget(owner)
    playlists.vectors().forget()
    if not settings().hosted:
        gone["catalogues"] = catalogues.remove_all()
        lookups.averages_path().unlink(missing_ok=True)
        terminal_sign_in.forget()
        return gone | services.spotify().forget_everybody()
    if visitor is not None and services.spotify().connection(visitor).state != "signed out":
        left = services.spotify().disconnect(visitor)
        gone |= {"spotify_rows": left.n_rows, "spotify_sign_ins": left.n_sign_ins}
    return gone
