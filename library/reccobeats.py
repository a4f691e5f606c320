"""ReccoBeats: audio features by Spotify track id from a public web service, only if allowed.

Format (facts, November 2026): ``GET /v1/audio-features?ids=`` takes up to 40 ids and answers
``{"content": [{"href": ".../track/<id>", ...}]}`` in any order and without the unknown ones, so a
row is recognised by the last part of its ``href``, never by its place.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import pandas as pd
import requests

from library.resolve import CATEGORIES, LOOK_UP_COLUMNS
from music.errors import InputError
from music.features import FEATURE_COLUMNS, FEATURES

URL: Final = "https://api.reccobeats.com"
IDS_A_CALL: Final = 40
TIMEOUT_S: Final = (3.05, 15.0)
N_TRIES: Final = 3
LONGEST_WAIT_S: Final = 30.0  # a longer pause ends the look-up; what arrived is kept
DEFAULT_WAIT_S: Final = 5.0

_SPOTIFY_ID: Final = re.compile(r"[0-9A-Za-z]{22}")


@dataclass(frozen=True)
class Request:
    """What a look-up would send, to be shown before it is allowed."""

    host: str
    n_ids: int
    n_calls: int

    def __str__(self) -> str:
        return (
            f"{self.host} would receive {self.n_ids:,} Spotify track ids in {self.n_calls:,} calls,"
            " and nothing else about you but your internet address."
        )


class ReccoBeats:
    """A source of features (see `library.resolve.FeatureSource`) that asks a web service.

    Parameters
    ----------
    allowed_ids
        How many track ids the user allowed to send, after seeing `request`; 0 = none.
    url
        Where the service is.
    wait
        How to wait for so many seconds; may raise to cancel.
    progress
        Told before each call how far the look-up is, in [0, 1]; may raise to cancel.
    """

    letter = "r"

    def __init__(
        self,
        allowed_ids: int = 0,
        url: str = URL,
        wait: Callable[[float], None] = time.sleep,
        progress: Callable[[float, str], None] | None = None,
    ) -> None:
        self.allowed_ids = allowed_ids
        self.url = url.rstrip("/")
        self.notes: list[str] = []
        self._wait = wait
        self._progress = progress

    @property
    def host(self) -> str:
        """Who would be asked."""
        return urlsplit(self.url).hostname or self.url

    def request(self, tracks: pd.DataFrame) -> Request:
        """What a look-up of these tracks would send."""
        n = len(_ids(tracks))
        return Request(self.host, n, math.ceil(n / IDS_A_CALL))

    def look_up(self, tracks: pd.DataFrame) -> pd.DataFrame:
        """Features of the tracks the service knows; see `FeatureSource`.

        If it asks for a long pause or does not answer, what arrived is returned and `notes` says
        how much is missing.

        Raises
        ------
        InputError
            If more ids would be sent than were allowed; then nothing is sent.
        """
        self.notes = []
        ids = _ids(tracks)
        if len(ids) > self.allowed_ids:
            raise InputError(f"{self.request(tracks)} Allow it first.")
        rows: dict[str, dict[str, Any]] = {}
        with requests.Session() as session:
            for start in range(0, len(ids), IDS_A_CALL):
                if self._progress:
                    self._progress(start / len(ids), f"{self.host}: {start:,} of {len(ids):,} ids")
                wanted = ids[start : start + IDS_A_CALL]
                content, problem = self._call(session, wanted)
                if problem:
                    self.notes.append(
                        f"{self.host} {problem}; {start:,} of {len(ids):,} ids asked."
                    )
                    break
                rows.update({id_: row for id_, row in _rows(content) if id_ in wanted})
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(LOOK_UP_COLUMNS))
        return frame.rename_axis("track_id")

    def _call(self, session: requests.Session, ids: list[str]) -> tuple[Any, str]:
        """One call's content, or what went wrong in words."""
        problem = "did not answer"
        for attempt in range(N_TRIES):
            try:
                answer = session.get(
                    f"{self.url}/v1/audio-features", params={"ids": ",".join(ids)},
                    timeout=TIMEOUT_S, allow_redirects=False,
                )  # fmt: skip
            except requests.RequestException:
                problem = "did not answer"
                self._wait(0.5 * (attempt + 1))
                continue
            if answer.status_code == 429:
                pause = _pause_s(answer.headers.get("Retry-After"))
                problem = f"asks for a pause of {pause:,.0f} s"
                if pause > LONGEST_WAIT_S:
                    return None, problem
                self._wait(pause)
            elif answer.status_code >= 500:
                problem = f"has trouble (status {answer.status_code})"
                self._wait(0.5 * (attempt + 1))
            elif answer.status_code != 200:
                return None, f"refused (status {answer.status_code})"
            else:
                return _content(answer)
        return None, problem


def _content(answer: requests.Response) -> tuple[Any, str]:
    try:
        body = answer.json()
    except requests.JSONDecodeError:
        return None, "answered something that is no JSON"
    content = body.get("content") if isinstance(body, dict) else None
    return (content, "") if isinstance(content, list) else (None, "answered in another form")


def _rows(content: list[Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each answered track's id, out of its address, and its values by our columns."""
    for row in content:
        if not isinstance(row, dict) or not isinstance(row.get("href"), str):
            continue
        id_ = urlsplit(row["href"]).path.rpartition("/")[2]
        names = {f.name: f.column for f in FEATURES} | {name: name for name in CATEGORIES}
        values = {column: _number(row.get(name)) for name, column in names.items()}
        if any(values[column] is not None for column in FEATURE_COLUMNS):
            yield id_, {"source_id": str(row.get("id")), "match": "id", **values}


def _ids(tracks: pd.DataFrame) -> list[str]:
    """The ids a service can know; made-up and invented ones never leave the machine."""
    return [id_ for id_ in tracks.index if _SPOTIFY_ID.fullmatch(str(id_))]


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and math.isfinite(value) else None


def _pause_s(header: str | None) -> float:
    try:
        return max(float(header or DEFAULT_WAIT_S), 0.0)
    except ValueError:
        return DEFAULT_WAIT_S
