"""The port `python app.py` serves on."""

from __future__ import annotations

import os
import socket
import sys

from studio.settings import settings


def free_port() -> int:
    """The port that was asked for, or an end with a sentence if somebody has it."""
    port = int(os.environ.get("PORT") or settings().port)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            sys.exit(
                f"Port {port} is taken, perhaps by another Ghostnotes. Close that one, or choose "
                f"another port: make run PORT={port + 1}"
            )
    return port
