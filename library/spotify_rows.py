"""One row as the Web API sends it -> one row as we keep it, whatever its age, tier and dirt."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Final, Literal

from music.features import FEATURES
from music.tracks import JOIN

ORIGIN: Final = "spotify-api"  # marks rows that the policy switch guards
Kind = Literal["track", "local", "episode", "gone"]
Json = dict[str, Any]
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")


@dataclass(frozen=True)
class ApiRow:
    """A row of a playlist, of the saved tracks or of the plays.

    Parameters
    ----------
    kind
        "gone" is a row whose track does not exist any more; it still counts.
    track
        Columns of a track table, with ``track_id``; empty unless kind is "track" or "local".
    uri
        What a playlist would take; "" for a gone row.
    at
        ISO time it was added or played; None if Spotify does not say.
    """

    kind: Kind
    uri: str = ""
    at: str | None = None
    track: Json = field(default_factory=dict)


def api_row(row: object, at: str = "added_at") -> ApiRow:
    """Read one row; ``at`` names the key of its time. Never raises: dirt becomes "gone"."""
    if not isinstance(row, dict):
        return ApiRow("gone")
    moment = clean_text(row.get(at)) or None
    inner = row.get("item")
    if not isinstance(inner, dict):
        inner = row.get("track")  # before 2026; today it may also be a mere boolean
    if not isinstance(inner, dict):
        return ApiRow("gone", at=moment)
    uri = clean_text(inner.get("uri"))
    if inner.get("type") == "episode" or uri.startswith("spotify:episode:"):
        return ApiRow("episode", uri, moment)
    track = api_track(inner)
    if track is None:
        return ApiRow("gone", at=moment)
    local = uri.startswith("spotify:local:") or bool(row.get("is_local") or inner.get("is_local"))
    return ApiRow("local" if local else "track", uri, moment, track)


def api_track(track: object) -> Json | None:
    """A track object as columns of a track table; None where there is nothing to identify it.

    A local file has no id and is known by its URI.
    """
    if not isinstance(track, dict):
        return None
    ident = clean_text(track.get("id")) or clean_text(track.get("uri"))
    if not ident:
        return None
    album = track.get("album")
    album = album if isinstance(album, dict) else {}
    return {
        "track_id": ident,
        "name": clean_text(track.get("name")),
        "artists": JOIN.join(artist_names(track)),
        "album": clean_text(album.get("name")),
        "isrc": _isrc(track.get("external_ids")),
        "year": _year(album.get("release_date")),
        "duration_s": _seconds(track.get("duration_ms")),
        "popularity": _number(track.get("popularity")),
        "explicit": track["explicit"] if isinstance(track.get("explicit"), bool) else None,
    }


def api_features(row: Json) -> Json:
    """Audio features as columns of a track table; what is missing or no number is None."""
    named = {f.column: row.get(f.name) for f in FEATURES}
    named |= {name: row.get(name) for name in ("key", "mode", "time_signature")}
    return {column: _number(value) for column, value in named.items()}


def artist_names(track: Json) -> list[str]:
    """The names of a track's artists; a name may not hold the separator of our own cells."""
    artists = track.get("artists")
    rows = artists if isinstance(artists, list) else []
    names = (clean_text(a.get("name")) for a in rows if isinstance(a, dict))
    return [name.replace(JOIN, ", ") for name in names if name]


def link(track_id: str) -> str:
    """Where a track can be opened in Spotify; "" for a local file."""
    return "" if ":" in track_id else f"https://open.spotify.com/track/{track_id}"


def clean_text(value: object) -> str:
    """Text without control characters and outer white space; "" for anything else."""
    if not isinstance(value, str):
        return ""
    return " ".join(_CONTROL.sub(" ", value).split())


def _isrc(ids: object) -> str:
    return clean_text(ids.get("isrc")).upper() if isinstance(ids, dict) else ""


def _year(date: object) -> float | None:
    """The year of "1981", "1981-12" or "1981-12-09"; None for "0000" and null."""
    digits = clean_text(date)[:4]
    return float(digits) if digits.isdecimal() and digits != "0000" else None


def _number(value: object) -> float | None:
    usable = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if usable else None  # type: ignore[arg-type]


def _seconds(milliseconds: object) -> float | None:
    """A duration in seconds; 0 is how a missing one comes."""
    number = _number(milliseconds)
    return number / 1000.0 if number and number > 0 else None
