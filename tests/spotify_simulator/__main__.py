"""Start the pretend Spotify by hand, to click the dashboard through against it.

::

    python -m tests.spotify_simulator --tier dev2026 --large --fault 16:/v1/me/tracks:3

Then start Ghostnotes with the line it prints. `make simulator ARGS='--large'` is the same.
"""

from __future__ import annotations

import argparse
import time

from tests.spotify_simulator.accounts import CLIENT_ID
from tests.spotify_simulator.faults import FAULTS
from tests.spotify_simulator.server import Simulator
from tests.spotify_simulator.world import World


def main() -> None:
    """Serve until Ctrl-C."""
    args = _arguments()
    world = World.large() if args.large else World.small()
    simulator = Simulator(world, args.tier, time.time, args.port)
    simulator.accounts.who = None  # people choose who they are
    simulator.accounts.clients[CLIENT_ID].add("http://127.0.0.1:8501/callback")
    for text in args.fault:
        number, _, rest = text.partition(":")
        path, _, nth = rest.partition(":")
        simulator.inject(int(number), path, nth=int(nth or 1))
    with simulator:
        _say(simulator)
        try:
            simulator.wait()
        except KeyboardInterrupt:
            print("\nGone.")  # noqa: T201


def _arguments() -> argparse.Namespace:
    faults = "\n".join(f"  {f.number:2}  {f.title}" for f in FAULTS.values())
    parser = argparse.ArgumentParser(
        prog="python -m tests.spotify_simulator",
        description="A pretend Spotify on loopback.",
        epilog=f"Faults:\n{faults}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, default=8899)
    parser.add_argument("--tier", choices=["dev2026", "devlegacy", "extended"], default="dev2026")
    parser.add_argument("--large", action="store_true", help="5,000 songs and 100 playlists")
    parser.add_argument(
        "--fault", action="append", default=[], metavar="N:PATH:NTH", help="let a fault strike"
    )
    return parser.parse_args()


def _say(simulator: Simulator) -> None:
    settings = {
        "CLIENT_ID": CLIENT_ID,
        "ACCOUNTS_URL": simulator.url,
        "API_URL": f"{simulator.url}/v1/",
    }
    line = " ".join(f"GHOSTNOTES_SPOTIFY_{name}={value}" for name, value in settings.items())
    print(  # noqa: T201
        f"Pretend Spotify ({simulator.tier}) at {simulator.url}. Ctrl-C stops it.\n"
        "In another terminal start Ghostnotes so, and open its Spotify page:\n\n"
        f"  {line} make run\n",
        flush=True,
    )


if __name__ == "__main__":
    main()
