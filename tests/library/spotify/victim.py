"""A process to kill: reads jobs, one a line, and does each in a fork of itself.

Forking skips the second that imports take, so that hundreds of deaths fit in a test.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

from library.auth import SpotifyApp
from library.saving import plan_playlist
from library.spotify_service import SpotifyService
from library.vault import FileVault
from tests.spotify_simulator.accounts import CLIENT_ID
from tests.spotify_simulator.house import open_engine


def main() -> None:
    """Fork for each job; say the child's pid, then how it ended."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            _do(json.loads(line))
            os._exit(0)
        _say(child)
        _, status = os.waitpid(child, 0)
        _say(os.waitstatus_to_exitcode(status))


def _say(number: int) -> None:
    print(number, flush=True)  # noqa: T201


def _do(job: dict[str, Any]) -> None:
    app = SpotifyApp(CLIENT_ID, f"{job['url']}/v1/", job["url"])
    engine = open_engine(Path(job["database"]))
    service = SpotifyService(
        app,
        engine,
        FileVault(Path(job["vault"])),
        clock=lambda: job["now"],
        sleep=lambda seconds: None,
    )
    if job["what"] == "sync":
        service.sync(job["visitor"])
    else:
        service.save(job["visitor"], plan_playlist("Mine", job["tracks"]))


if __name__ == "__main__":
    main()
