"""Where a listener lives, as an IANA time zone: plays are kept in UTC and read on their clock."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

UNKNOWN = "UTC"


def known_zone(name: str | None) -> str | None:
    """A zone's name if there is such a zone; a browser may say anything.

    >>> known_zone("Europe/Berlin"), known_zone("../../etc/passwd"), known_zone(None)
    ('Europe/Berlin', None, None)
    """
    if not name:
        return None
    try:
        return UNKNOWN if name in ("Etc/UTC", "Etc/GMT") else ZoneInfo(name).key
    except (ValueError, OSError, LookupError):  # no such zone, no such file, no name at all
        return None


def machine_zone() -> str:
    """The zone of this machine: ``TZ``, else the system's own setting, else a fixed offset."""
    if zone := known_zone(os.environ.get("TZ", "").lstrip(":")):
        return zone
    system = Path("/etc/localtime")
    if system.is_symlink():
        _, _, name = str(system.resolve()).rpartition("zoneinfo/")
        if zone := known_zone(name):
            return zone
    return _fixed(datetime.now(UTC).astimezone())


def _fixed(now: datetime) -> str:
    """Whole hours from Greenwich, whose zones are named the other way round; daylight is lost."""
    offset = now.utcoffset()
    hours = round(offset.total_seconds() / 3600) if offset else 0
    return known_zone(f"Etc/GMT{-hours:+d}") or UNKNOWN if hours else UNKNOWN
