"""Loading what the first page needs while the browser is still opening."""

from __future__ import annotations

import threading


def start() -> None:
    """Begin in the background; a page that comes earlier simply waits for the rest."""
    threading.Thread(target=_load, name="ghostnotes-warm", daemon=True).start()


def _load() -> None:
    from studio import flows, services

    flows.deserved_band(services.listener_of(services.ME))
