"""A Spotify to test against: accounts and Web API on loopback, in three tiers, with 57 faults.

Written from the facts (endpoints, shapes, limits, errors); every name in it is invented.
"""

from tests.spotify_simulator.answers import Answer, Request
from tests.spotify_simulator.clock import FakeClock
from tests.spotify_simulator.faults import FAULTS, Fault
from tests.spotify_simulator.server import Simulator
from tests.spotify_simulator.world import Playlist, Row, Song, Tier, User, World

__all__ = [
    "FAULTS",
    "Answer",
    "FakeClock",
    "Fault",
    "Playlist",
    "Request",
    "Row",
    "Simulator",
    "Song",
    "Tier",
    "User",
    "World",
]
