"""What a visitor looks at: their own files and what Spotify's Web API said, kept apart.

Rows of the Web API are shown, and enter nothing else until the visitor has switched that on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from music.errors import GhostnotesError
from music.tracks import Library
from studio import clock, services
from studio.listener import Listener
from studio.settings import settings


@dataclass(frozen=True)
class View:
    """What is in view.

    Parameters
    ----------
    listener
        What may be analysed: fitted, mapped, summed up in a profile, put into a prompt.
    shown
        What may be looked at; the same unless there are rows that may not be analysed.
    n_held_back
        How many tracks are shown and enter nothing.
    holds_api
        Whether rows of the Web API are among what may be analysed.
    stamp
        Changes when Spotify's part of it does.
    """

    listener: Listener
    shown: Listener
    n_held_back: int = 0
    holds_api: bool = False
    stamp: str = ""


def open_view(
    own: Library | None,
    key: str,
    visitor: str | None,
    zone: str = clock.UNKNOWN,
    owner: str = services.ME,
) -> View:
    """The view of somebody with this library of their own (None = none) and this sign-in.

    Parameters
    ----------
    key
        Tells listeners apart in caches and jobs.
    visitor
        The secret that names a sign-in with Spotify; None without one.
    zone
        The time zone the visitor lives in.
    owner
        Whose earlier look-ups and switches count for what features the rows of the API lack.
    """
    from library.spotify_policy import allowed_for_analysis, together

    stamp = stamp_of(visitor)
    own = None if own is None else replace(own, zone=zone)
    keeper = "" if settings().hosted else owner
    listener = services.demo() if own is None else Listener(own, key, keeper)
    if visitor is None or not stamp:
        return View(listener, listener, stamp=stamp)
    api = services.spotify().library(visitor)
    if not len(api):
        return View(listener, listener, stamp=stamp)
    allowed = allowed_for_analysis(own, api, services.spotify().connection(visitor).consent)
    if allowed is not own and allowed is not None:
        from studio import lookups  # not on the first screen

        whole = lookups.from_here(owner, replace(allowed, zone=zone))
        both = Listener(whole, f"{key}-{stamp}")
        return View(both, both, holds_api=True, stamp=stamp)
    shown = Listener(replace(together(own, api), zone=zone), f"{key}-{stamp}-shown")
    return View(listener, shown, len(shown.library) - (len(own) if own else 0), stamp=stamp)


def stamp_of(visitor: str | None) -> str:
    """What changes when the rows of a visitor, or what they allow, change; "" without a sign-in."""
    if visitor is None:
        return ""
    try:
        return services.spotify().stamp(visitor)
    except GhostnotesError:
        return ""  # the page about Spotify says what is wrong; no other page needs it
