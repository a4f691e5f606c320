"""What a wish means, against what titles and artists mean: for tracks nobody has tagged.

Without genres and features a title and a name are all there is. The sentence encoder has read a
lot about known artists, so "country songs" lies near Carrie Underwood although no word is shared.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import pandas as pd

from llm.semantic import Floats32, embed
from music.features import Floats
from music.tracks import split

MAX_TITLES: Final = 10_000  # above, only artists are read: titles would take minutes
TITLE_WEIGHT: Final = 1.25
ARTIST_WEIGHT: Final = 0.5
FADING: Final = 0.8  # how much an earlier sentence counts beside the one after it

Encoder = Callable[[Sequence[str]], Floats32]


class TrackMeaning:
    """The titles and artists of a catalogue as vectors; build it once, it takes 5 to 10 ms a name.

    Parameters
    ----------
    tracks
        A track table.
    titles
        Whether titles are read too; None = where there are at most `MAX_TITLES` tracks.
    encode
        Texts to unit vectors of shape (n_texts, 384); one that remembers saves the minutes.

    Raises
    ------
    ModelError
        If the extra ``semantic`` is not installed.
    """

    def __init__(
        self, tracks: pd.DataFrame, titles: bool | None = None, encode: Encoder = embed
    ) -> None:
        if titles is None:
            titles = len(tracks) <= MAX_TITLES
        cells = split(tracks["artists"])
        names = sorted({name for cell in cells for name in cell})
        vectors = encode([f"music by {name}" for name in names])
        place = {name: i for i, name in enumerate(names)}
        self._artists: Floats32 = np.stack(
            [_mean(vectors[[place[name] for name in cell]]) for cell in cells]
        )
        self._titles: Floats32 | None = encode(_texts(tracks)) if titles else None

    def score(self, sentences: Sequence[str]) -> Floats:
        """How near each track is to a wish, shape (n_tracks,), about standard; 0 = average."""
        if not sentences:
            return np.zeros(len(self._artists))
        age = np.arange(len(sentences))[::-1]
        asked = (FADING**age) @ np.stack([_asked(text) for text in sentences])  # (384,)
        total = ARTIST_WEIGHT * _standard(self._artists @ asked)
        if self._titles is not None:
            total += TITLE_WEIGHT * _standard(self._titles @ asked)
        return total


@lru_cache(maxsize=512)
def _asked(sentence: str) -> Floats32:
    """A sentence of a wish as a vector; each is encoded once, however long a conversation gets."""
    vector: Floats32 = embed([sentence])[0]
    vector.flags.writeable = False
    return vector


def _texts(tracks: pd.DataFrame) -> list[str]:
    artists = tracks["artists"].fillna("").str.replace("; ", ", ", regex=False)
    return (
        artists + " - " + tracks["name"].fillna("") + " (" + tracks["album"].fillna("") + ")"
    ).tolist()


def _mean(vectors: Floats32) -> Floats32:
    return vectors.mean(axis=0) if len(vectors) else np.zeros(vectors.shape[1], dtype=np.float32)


def _standard(values: Floats | Floats32) -> Floats:
    wide = values.astype(np.float64)
    return np.asarray((wide - wide.mean()) / max(float(wide.std()), 1e-9))
