"""What the recommender learned from a listener's own playlists: fitted in a worker, kept on disk.

The weights are remembered across restarts (`recommender.saved`). The trees beside them are not:
they come back when it learns again, which takes seconds and needs no file that could carry code.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from music.errors import InputError
from studio.settings import settings

if TYPE_CHECKING:
    from recommender.catalogue import Catalogue
    from recommender.recommend import Recommender
    from studio.listener import Listener

SUFFIXES: Final = (".npz", ".json")


def teach(listener: Listener, progress: Callable[[float, str], None]) -> Recommender:
    """Learn from the listener's playlists, remember it, and put it into use.

    Raises
    ------
    InputError
        If there are too few playlists that are long enough.
    """
    from recommender.own import playlists_of
    from recommender.saved import save

    progress(0.1, "Learning from your playlists")
    taught = shipped(listener).learned(playlists_of(listener.library))
    progress(0.95, "Writing it down")
    path = _path(listener)
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        about = {"playlists": len(taught.catalogue.playlists), "tracks": len(taught.catalogue)}
        save(taught.weights, path, about)
    listener.use(taught)
    return taught


def recalled(listener: Listener, plain: Recommender) -> tuple[Recommender, str]:
    """The recommender with what was learned before, and why not where that cannot be used."""
    from recommender.learn import feature_names
    from recommender.recommend import Recommender
    from recommender.saved import load

    path = _path(listener)
    if path is None or not any(path.with_suffix(suffix).exists() for suffix in SUFFIXES):
        return plain, ""
    try:
        weights = load(path)
    except InputError as error:
        return plain, f"What was learned before is not used: {error}"
    catalogue = _with_playlists(listener, plain.catalogue)
    if set(weights.few) != set(feature_names(catalogue)):
        return plain, "What was learned before is of another Ghostnotes; learn it again."
    return Recommender(catalogue, weights), ""


def unlearn(listener: Listener) -> None:
    """Go back to the weights that ship, and forget the others."""
    from recommender.recommend import Recommender

    if listener.owner:
        forget(listener.owner)
    listener.use(Recommender(listener.library.tracks))


def forget(owner: str) -> None:
    """Delete what was learned from somebody's playlists."""
    for suffix in SUFFIXES:
        (_folder() / owner).with_suffix(suffix).unlink(missing_ok=True)


def has_learned(listener: Listener) -> bool:
    """Whether the recommender of a listener uses what their playlists taught it."""
    return bool(listener.recommender.catalogue.playlists)


def shipped(listener: Listener) -> Recommender:
    """The recommender of a listener with the weights that ship, which knows no playlist."""
    from recommender.recommend import Recommender

    return Recommender(listener.library.tracks) if has_learned(listener) else listener.recommender


def _with_playlists(listener: Listener, catalogue: Catalogue) -> Catalogue:
    from recommender.own import playlists_of

    return catalogue.beside(playlists_of(listener.library))


def _path(listener: Listener) -> Path | None:
    """Where it is kept; nowhere for those who own nothing here, and on a hosted server."""
    return None if settings().hosted or not listener.owner else _folder() / listener.owner


def _folder() -> Path:
    return settings().home / "models"
