"""Every error Ghostnotes raises on purpose; callers catch broadly or narrowly.

::

    GhostnotesError                 one sentence a user can act on
    ├── InputError                  what was handed in cannot be used (a file, a field, an argument)
    ├── NotFoundError               the thing asked for does not exist here
    ├── StoreError                  the library on disk cannot be read or written
    ├── BusyError                   as many are served already as this server can; later it will do
    ├── ModelError                  a language model cannot be loaded or did not answer
    └── SpotifyError                Spotify, or the way there, said no
        ├── SignInError             no valid sign-in (never had one, or it ran out)
        ├── ForbiddenError          this app or account may not do that
        ├── UncertainError          a write was sent and no answer came: it may have happened
        └── RateLimitedError        asked to wait; carries until when

A message names the thing, what was found and what would do. Bugs (TypeError, KeyError of our own)
are not in this family and are meant to fly.
"""

from __future__ import annotations

from datetime import datetime


class GhostnotesError(Exception):
    """Something went wrong that a user can understand; the message is one plain sentence."""


class InputError(GhostnotesError):
    """What was handed in cannot be used; nothing was changed."""


class NotFoundError(GhostnotesError):
    """The thing asked for does not exist here."""


class StoreError(GhostnotesError):
    """The library on disk cannot be read or written."""


class BusyError(GhostnotesError):
    """As many are served already as this server can; the same request may work in a minute."""


class ModelError(GhostnotesError):
    """A language model cannot be loaded or did not answer."""


class SpotifyError(GhostnotesError):
    """Spotify, or the way there, said no."""


class SignInError(SpotifyError):
    """There is no valid sign-in; signing in again loses nothing."""


class ForbiddenError(SpotifyError):
    """Spotify does not let this app or account do that."""


class UncertainError(SpotifyError):
    """A write was sent and its answer was lost: look what is there before sending it again."""


class RateLimitedError(SpotifyError):
    """Spotify asked to wait.

    Parameters
    ----------
    message
        One sentence for the user.
    until
        When calls may resume (timezone-aware), or None if Spotify did not say.
    """

    def __init__(self, message: str, until: datetime | None = None) -> None:
        super().__init__(message)
        self.until = until
