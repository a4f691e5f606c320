"""Genres from the public Genrenator, for those who switch it on; offline whenever it fails.

It is a web service of strangers (binaryjazz.us) that answers with one invented genre as a JSON
string. Nothing about the listener is sent. What comes back is treated as hostile text.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Final

import requests

from llm.genre import Genre, invent_genre, is_real
from llm.safety import harmless, offensive
from music.errors import InputError
from music.vibe import Vibe

GENRENATOR: Final = "https://binaryjazz.us/wp-json/genrenator/v1/genre/"
TIMEOUT_S: Final = 3.0
_MOST_BYTES: Final = 2_000
_MOST_CHARS: Final = 48


def genrenator_genre(vibe: Vibe, seed: int = 0, url: str = GENRENATOR) -> Genre:
    """A genre named by the Genrenator and explained here; coined offline if that fails.

    Parameters
    ----------
    vibe
        What the reason is told from, and what an offline genre is made of; it is not sent.
    seed
        For the reason, and for a genre coined offline; the web's own answer has no seed.
    url
        Where the service is; only pages that let the user switch it on call this.

    Returns
    -------
    Genre
        Its `notes` say so when the service could not be used.
    """
    try:
        name = _asked(url)
        return invent_genre(vibe, seed, typed=name)
    except (requests.RequestException, ValueError, InputError) as error:
        why = "does not answer" if isinstance(error, requests.RequestException) else str(error)
        note = f"The Genrenator could not be used ({why}); this genre was coined here."
        return replace(invent_genre(vibe, seed), notes=(note,))


def _asked(url: str) -> str:
    """The name the service answers with.

    Raises
    ------
    InputError
        If the answer is no genre we can use.
    requests.RequestException
        If there is no answer.
    """
    with requests.get(url, timeout=TIMEOUT_S, stream=True, allow_redirects=False) as answer:
        answer.raise_for_status()
        if answer.status_code != requests.codes.ok:
            raise InputError(f"its answer has status {answer.status_code}")
        body = answer.raw.read(_MOST_BYTES + 1, decode_content=True)
    if len(body) > _MOST_BYTES:
        raise InputError("its answer is too long")
    try:
        name = json.loads(body)
    except ValueError as error:
        raise InputError("its answer is no JSON") from error
    if not isinstance(name, str) or not (clean := harmless(name, _MOST_CHARS)):
        raise InputError("its answer is no name")
    if offensive(clean) or is_real(clean):
        raise InputError("its answer is not a new genre")
    return clean
