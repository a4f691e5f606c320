"""Openly licensed music reviews, gathered from CritiqueBrainz when the listener asks for it.

Nothing is gathered by itself and nothing of it is shipped. Every row keeps its licence, its author
and its address, so that whoever trains on it can honour them.

References
----------
CritiqueBrainz web service 1, https://critiquebrainz.readthedocs.io/api.html (read 2026-11-20): GET
/ws/1/review/ with limit (at most 50) and offset; each review carries its licence.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import requests

from llm.train.texts import MIN_CHARS, clean
from music.errors import InputError, ModelError

CRITIQUEBRAINZ: Final = "https://critiquebrainz.org"
OPEN: Final = ("CC BY-SA 3.0", "CC BY 3.0", "CC0 1.0")  # no "NC": that is free to read, not open
PAGE: Final = 50
PAUSE_S: Final = 1.0  # a guest does not hurry
MAX_WAIT_S: Final = 60.0
TIMEOUT_S: Final = 30.0


@dataclass(frozen=True)
class Gathered:
    """What came: rows read equal rows kept plus everything in `dropped`.

    Parameters
    ----------
    by_licence
        Licence -> how many rows were kept.
    complete
        False if the server gave out or the number asked for was reached.
    """

    path: Path
    n_read: int
    by_licence: dict[str, int]
    dropped: dict[str, int] = field(default_factory=dict)
    complete: bool = True

    @property
    def n_kept(self) -> int:
        """Rows in the file."""
        return sum(self.by_licence.values())


def gather(
    out: Path,
    n: int,
    url: str = CRITIQUEBRAINZ,
    language: str = "en",
    licences: tuple[str, ...] = OPEN,
    pause_s: float = PAUSE_S,
    progress: Callable[[int], None] | None = None,
) -> Gathered:
    """Write up to n reviews to a JSON Lines file `llm.train.texts.read_texts` can read.

    Parameters
    ----------
    out
        A ``.jsonl`` file; written anew.
    n
        Most reviews to keep.
    url
        The server.
    language
        Two letters; others are dropped.
    licences
        Which licences will do.
    pause_s
        Rest between two pages, in seconds.
    progress
        Called with the number kept so far.

    Raises
    ------
    InputError
        If `n` is below 1.
    ModelError
        If the server gives nothing usable.
    """
    if n < 1:
        raise InputError(f"at least one review must be asked for, got {n}.")
    dropped: Counter[str] = Counter()
    kept: Counter[str] = Counter()
    seen: set[str] = set()
    n_read, complete = 0, True
    with out.open("w", encoding="utf-8") as file:
        for review in _reviews(url, pause_s):
            n_read += 1
            row, why = _row(review, url, language, licences)
            if row is None or row["id"] in seen:
                dropped[why or "met before"] += 1
                continue
            seen.add(row["id"])
            file.write(json.dumps(row, ensure_ascii=False) + "\n")
            kept[row["licence"]] += 1
            if progress:
                progress(sum(kept.values()))
            if sum(kept.values()) >= n:
                complete = False
                break
    if not kept:
        raise ModelError(f"{url} gave {n_read} reviews, and none that could be kept.")
    return Gathered(out, n_read, dict(kept), dict(dropped), complete)


def _reviews(url: str, pause_s: float) -> Iterator[dict[str, Any]]:
    offset = 0
    while True:
        page = _get(f"{url}/ws/1/review/", {"limit": str(PAGE), "offset": str(offset)})
        reviews = page.get("reviews")
        if not isinstance(reviews, list):
            raise ModelError(f"{url} answered without reviews.")
        yield from (review for review in reviews if isinstance(review, dict))
        offset += len(reviews)
        total = page.get("count")
        if not reviews or (isinstance(total, int) and offset >= total):
            return
        time.sleep(pause_s)


def _get(address: str, query: dict[str, str]) -> dict[str, Any]:
    for attempt in range(3):
        try:
            answer = requests.get(address, params=query, timeout=TIMEOUT_S)
            if answer.status_code == 200:
                told = answer.json()
                if isinstance(told, dict):
                    return told
                raise ModelError(f"{address} did not answer with an object.")
        except requests.exceptions.JSONDecodeError as error:
            raise ModelError(f"{address} did not answer in JSON.") from error
        except requests.RequestException as error:
            raise ModelError(f"{address} cannot be reached: {type(error).__name__}.") from error
        if answer.status_code not in (429, 502, 503) or attempt == 2:
            break
        time.sleep(_wait(answer.headers.get("Retry-After", "")))
    raise ModelError(f"{address} answered with status {answer.status_code}.")


def _wait(told: str) -> float:
    seconds = float(told) if told.isdigit() else 5.0
    if seconds > MAX_WAIT_S:
        raise ModelError(f"the server asks for a pause of {seconds:.0f} s; try again later.")
    return seconds


def _row(
    review: dict[str, Any], url: str, language: str, licences: tuple[str, ...]
) -> tuple[dict[str, str] | None, str]:
    """A row for the file, or why not."""
    licence, user = review.get("license"), review.get("user")
    name = str(licence.get("id", "")) if isinstance(licence, dict) else ""
    text = clean(str(review.get("text") or ""))
    if name not in licences:
        return None, f"licence {name or 'unknown'}"
    if review.get("language") != language:
        return None, f"language {review.get('language')}"
    if len(text) < MIN_CHARS:
        return None, f"shorter than {MIN_CHARS} characters"
    number = str(review.get("id", ""))
    return {
        "id": number,
        "text": text,
        "licence": name,
        "licence_url": str(licence.get("info_url", "")) if isinstance(licence, dict) else "",
        "author": str(user.get("display_name", "")) if isinstance(user, dict) else "",
        "source": f"{url}/review/{number}",
    }, ""
