"""Finding a track by its title and artist: exactly first, then forgivingly, never across versions.

"Love" and "Love - Live" are different recordings; so are "Untitled 4" and "Untitled 5". A match
needs the same version words and the same numbers, whatever the spelling.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pandas as pd
from rapidfuzz import fuzz, process

from music.tracks import JOIN

SAME_LENGTH_S: Final = 2.0  # two files of one recording differ by less
TITLE_CUTOFF: Final = 86.0  # of 100; "teh damp" passes, another song does not
ARTIST_CUTOFF: Final = 84.0
SAME_CUTOFF: Final = 93.0  # for merging, where a mistake costs more than in a search

_GUEST: Final = re.compile(r"\s*[(\[]?\b(?:feat|ft|featuring)\b\.?\s.*?(?:[)\]]|$)", re.IGNORECASE)
_NOT_WORDS: Final = re.compile(r"[^\w\s]|_")
_VERSION_WORDS: Final = frozenset(
    (
        "live", "remix", "mix", "remaster", "remastered", "acoustic", "demo", "instrumental",
        "karaoke", "edit", "extended", "sped", "slowed", "reverb", "cover", "version", "mono",
        "stereo", "reprise", "interlude", "intro", "outro", "dub", "session", "take", "part", "pt",
        "vol", "ii", "iii", "iv",
    )
)  # fmt: skip


def fold(text: str) -> str:
    """A text as it compares: no case, accents, punctuation or guests.

    >>> fold("Löve (feat. Somebody) - Live!")
    'love live'
    """
    bare = _GUEST.sub(" ", text) or text
    marked = unicodedata.normalize("NFKD", bare.casefold().replace("&", " and "))
    plain = "".join(c for c in marked if not unicodedata.combining(c))
    folded = " ".join(_NOT_WORDS.sub(" ", plain.replace("'", "").replace("’", "")).split())
    return folded or " ".join(text.casefold().split())


def song_key(title: str, artists: str) -> str:
    """One recording's key: folded title and folded first artist.

    >>> song_key("Löve!", "The Damp; Somebody") == song_key("love", "the damp")
    True
    """
    return f"{fold(title)}\x1f{fold(artists.split(JOIN)[0])}"


def song_keys(tracks: pd.DataFrame) -> pd.Series:
    """`song_key` of each track; missing where title or artist is."""
    known = tracks["name"].notna() & tracks["artists"].notna()
    pairs = zip(tracks["name"][known], tracks["artists"][known], strict=True)
    keys = pd.Series([song_key(n, a) for n, a in pairs], index=tracks.index[known], dtype="str")
    return keys.reindex(tracks.index)


def same_version(a: str, b: str) -> bool:
    """Whether two folded titles carry the same version words and numbers.

    >>> same_version("untitled 4", "untitled 5")
    False
    """
    return _marks(a) == _marks(b)


def _marks(folded: str) -> frozenset[str]:
    words = folded.split()
    return frozenset(w for w in words if w in _VERSION_WORDS or any(c.isdigit() for c in w))


@dataclass(frozen=True)
class Match:
    """A track that was found: its id, how well it fits (100 = exactly), and what it is called."""

    track_id: str
    score: float
    name: str
    artists: str

    @property
    def exact(self) -> bool:
        """Whether title and artist were the same but for case, accents and punctuation."""
        return self.score == 100.0


class Matcher:
    """Looks tracks up by title and artist.

    Parameters
    ----------
    tracks
        A track table; of several tracks with the same title and artist the first is found.
    """

    def __init__(self, tracks: pd.DataFrame) -> None:
        known = tracks[tracks["name"].notna() & tracks["artists"].notna()]
        self._ids = known.index.tolist()
        self._names, self._artists = known["name"].tolist(), known["artists"].tolist()
        self._exact: dict[str, int] = {}
        for i, (name, artists) in enumerate(zip(self._names, self._artists, strict=True)):
            self._exact.setdefault(song_key(name, artists), i)

    @cached_property
    def _by_artist(self) -> dict[str, dict[int, str]]:
        """Folded first artist -> position -> folded title."""
        out: dict[str, dict[int, str]] = {}
        for key, i in self._exact.items():
            title, _, artist = key.partition("\x1f")
            out.setdefault(artist, {})[i] = title
        return out

    @cached_property
    def _by_title(self) -> dict[str, list[int]]:
        """Folded title -> positions."""
        out: dict[str, list[int]] = {}
        for key, i in self._exact.items():
            out.setdefault(key.partition("\x1f")[0], []).append(i)
        return out

    def find(self, title: str, artists: str) -> Match | None:
        """The track with this title by this artist, or None if nothing is near enough."""
        exact = self._exact.get(song_key(title, artists))
        if exact is not None:
            return self._match(exact, 100.0)
        return self._near(fold(title), fold(artists.split(JOIN)[0]))

    def misspelt(self, title: str, artists: str) -> Match | None:
        """The track by exactly this artist whose title differs by a letter or two, or None.

        Of two that are equally near none is taken.
        """
        mine = self._by_artist.get(fold(artists.split(JOIN)[0]), {})
        folded = fold(title)
        if folded in mine.values():
            return None  # spelled the same, and another recording for another reason
        near = process.extract(folded, mine, scorer=fuzz.ratio, limit=2, score_cutoff=SAME_CUTOFF)
        alike = [(other, score, i) for other, score, i in near if same_version(folded, other)]
        if not alike or (len(alike) == 2 and alike[0][1] == alike[1][1]):
            return None
        _, score, i = alike[0]
        return self._match(i, min(score, 99.0))

    def titled(self, title: str) -> list[Match]:
        """Every track with exactly this title (case, accents and punctuation aside)."""
        return [self._match(i, 100.0) for i in self._by_title.get(fold(title), [])]

    def _near(self, title: str, artist: str) -> Match | None:
        names = process.extract(
            artist, self._by_artist.keys(), scorer=fuzz.ratio, limit=3, score_cutoff=ARTIST_CUTOFF
        )
        best: Match | None = None
        for name, artist_score, _ in names:
            found = process.extract(
                title, self._by_artist[name], scorer=fuzz.ratio, limit=3, score_cutoff=TITLE_CUTOFF
            )
            for other, title_score, i in found:
                score = min(artist_score, title_score, 99.0)
                if same_version(title, other) and (best is None or score > best.score):
                    best = self._match(i, score)
        return best

    def _match(self, i: int, score: float) -> Match:
        return Match(self._ids[i], score, self._names[i], self._artists[i])
